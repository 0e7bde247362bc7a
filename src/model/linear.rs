//! A head: linear scores over features, and probabilities from scores.
//!
//! For labels k and a row of features with values vⱼ,
//!
//! ```text
//! score_k = bias_k + Σⱼ vⱼ · weight_jk        p_k = exp(score_k / T) / Σₗ exp(score_l / T)
//! ```
//!
//! with the temperature T fitted in calibration; the label is the one with the highest score, the
//! first in the order of labels where two are equal.

/// Scores one label column.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The column's name.
    pub name: String,
    /// The labels, ascending.
    pub labels: Vec<String>,
    /// `weights[feature * labels + label]`.
    pub weights: Vec<f32>,
    /// One a label.
    pub bias: Vec<f32>,
    /// Above 0; 1 leaves the probabilities as they were fitted.
    pub temperature: f32,
}

impl Head {
    /// The weights of one feature, one a label.
    #[inline]
    pub fn weights_of(&self, feature: u32) -> &[f32] {
        let k = self.labels.len();
        &self.weights[feature as usize * k..][..k]
    }

    /// One score a label.
    pub fn scores(&self, row: &[(u32, f32)]) -> Vec<f32> {
        let mut scores: Vec<f64> = self.bias.iter().map(|&b| f64::from(b)).collect();
        for &(feature, value) in row {
            for (score, &weight) in scores.iter_mut().zip(self.weights_of(feature)) {
                *score += f64::from(value) * f64::from(weight);
            }
        }
        #[allow(clippy::cast_possible_truncation, reason = "a score needs no more than f32")]
        scores.into_iter().map(|score| score as f32).collect()
    }

    /// One probability a label, summing to 1.
    pub fn probabilities(&self, scores: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; scores.len()];
        self.probabilities_into(scores, &mut out);
        out
    }

    /// As [`Head::probabilities`], into numbers that are there.
    pub(super) fn probabilities_into(&self, scores: &[f32], out: &mut [f32]) {
        let max = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for (p, score) in out.iter_mut().zip(scores) {
            *p = ((score - max) / self.temperature).exp();
            sum += *p;
        }
        out.iter_mut().for_each(|p| *p /= sum);
    }
}

/// The place of the highest value, the first where several are equal.
pub fn highest(values: &[f32]) -> usize {
    values
        .iter()
        .enumerate()
        .fold(0, |best, (at, value)| if *value > values[best] { at } else { best })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::three_terms;

    fn at(temperature: f32) -> Head {
        Head { temperature, ..three_terms().heads.remove(0) }
    }

    #[test]
    fn a_score_is_bias_plus_values_times_weights() {
        let scores = at(1.0).scores(&[(0, 0.6), (2, 0.8)]);
        let expected = [0.1 + 0.9 - 0.8, -0.2 - 0.6 + 2.0, 0.1 - 0.3 - 1.2];
        for (score, expected) in scores.iter().zip(expected) {
            assert!((score - expected).abs() < 1e-6, "{scores:?}");
        }
        assert_eq!(at(1.0).scores(&[]), at(1.0).bias);
    }

    #[test]
    fn of_equal_values_the_first_is_the_highest() {
        assert_eq!(highest(&[1.0, 2.0, 2.0]), 1);
        assert_eq!(highest(&[0.0, 0.0]), 0);
        assert_eq!(highest(&[-2.0, -1.0]), 1);
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one_and_keep_the_order_of_the_scores(
            scores in prop::collection::vec(-1e4f32..1e4, 3),
            temperature in 0.05f32..20.0,
        ) {
            let p = at(temperature).probabilities(&scores);
            prop_assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            prop_assert!(p.iter().all(|p| (0.0..=1.0).contains(p)));
            for (a, b) in [(0, 1), (1, 2), (0, 2)] {
                prop_assert!(scores[a] < scores[b] || p[a] >= p[b]);
            }
            prop_assert!(p[highest(&scores)] >= p[highest(&p)]);
        }

        #[test]
        fn adding_one_number_to_all_scores_changes_no_probability(
            scores in prop::collection::vec(-8.0f32..8.0, 3),
            shift in -64i16..64,
        ) {
            let shifted: Vec<f32> = scores.iter().map(|s| s + f32::from(shift)).collect();
            let (a, b) = (at(1.0).probabilities(&scores), at(1.0).probabilities(&shifted));
            for (a, b) in a.iter().zip(b) {
                prop_assert!((a - b).abs() < 1e-4);
            }
        }

        #[test]
        fn a_higher_temperature_makes_the_label_less_sure(
            scores in prop::collection::vec(-8.0f32..8.0, 3),
            temperature in 0.1f32..5.0,
        ) {
            let best = highest(&scores);
            let sure = at(temperature).probabilities(&scores)[best];
            prop_assert!(at(2.0 * temperature).probabilities(&scores)[best] <= sure + 1e-6);
        }
    }
}
