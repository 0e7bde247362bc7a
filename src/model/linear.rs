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
        let max = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut out: Vec<f32> =
            scores.iter().map(|score| ((score - max) / self.temperature).exp()).collect();
        let sum: f32 = out.iter().sum();
        out.iter_mut().for_each(|p| *p /= sum);
        out
    }
}

/// The place of the highest value, the first where several are equal.
pub fn highest(values: &[f32]) -> usize {
    values
        .iter()
        .enumerate()
        .fold(0, |best, (at, value)| if *value > values[best] { at } else { best })
}
