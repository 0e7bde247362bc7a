//! Whether probabilities mean what they say, and the temperature that makes them do so.
//!
//! Guo et al., "On Calibration of Modern Neural Networks" (ICML 2017): temperature scaling divides all
//! scores by one number, fitted on scores that the model gave to rows it had not seen; it moves no
//! label. The expected calibration error is the mean, over ten bins of confidence weighted by their
//! size, of the distance between accuracy and mean confidence.

/// Bins of the expected calibration error.
const BINS: usize = 10;

/// Softmax of scores at a temperature.
pub fn probabilities(scores: &[f32], temperature: f64) -> Vec<f64> {
    let max = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut out: Vec<f64> =
        scores.iter().map(|&s| ((f64::from(s) - f64::from(max)) / temperature).exp()).collect();
    let sum: f64 = out.iter().sum();
    out.iter_mut().for_each(|p| *p /= sum);
    out
}

/// Mean negative log-likelihood of the labels under scores at a temperature.
///
/// `weights`, where given, holds how much each row counts.
pub fn log_loss(
    scores: &[Vec<f32>],
    labels: &[u32],
    weights: Option<&[f64]>,
    temperature: f64,
) -> f64 {
    let (mut sum, mut rows) = (0.0, 0.0);
    for (row, (scores, &label)) in scores.iter().zip(labels).enumerate() {
        let weight = weights.map_or(1.0, |weights| weights[row]);
        let likely = probabilities(scores, temperature)[label as usize].max(f64::MIN_POSITIVE);
        sum -= weight * likely.ln();
        rows += weight;
    }
    sum / rows
}

/// The temperature between 0.05 and 20 with the least log loss, by golden-section search on its
/// logarithm: the loss has one minimum there.
///
/// Returns 1 where there are no rows.
pub fn temperature(scores: &[Vec<f32>], labels: &[u32], weights: Option<&[f64]>) -> f64 {
    if labels.is_empty() {
        return 1.0;
    }
    let loss = |log: f64| log_loss(scores, labels, weights, log.exp());
    let ratio = (5.0f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.05f64.ln(), 20.0f64.ln());
    let (mut a, mut b) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_a, mut at_b) = (loss(a), loss(b));
    while high - low > 1e-4 {
        if at_a < at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - ratio * (high - low);
            at_a = loss(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + ratio * (high - low);
            at_b = loss(b);
        }
    }
    f64::midpoint(low, high).exp()
}

/// What is said with about equal confidence, and how often it is right.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Bin {
    /// Lowest confidence of the bin.
    pub from: f64,
    /// Confidence below which the bin ends; the last holds 1 too.
    pub to: f64,
    /// Rows in it.
    pub rows: usize,
    /// Their mean confidence; `None` in an empty bin.
    pub confidence: Option<f64>,
    /// Share of them that is right; `None` in an empty bin.
    pub accuracy: Option<f64>,
}

/// Ten bins of `(confidence, whether right)` pairs, by ascending confidence.
pub fn reliability(said: &[(f64, bool)]) -> Vec<Bin> {
    let mut bins = [(0usize, 0.0, 0usize); BINS];
    for &(confidence, right) in said {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a confidence is between 0 and 1"
        )]
        let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
        let (count, sum, hits) = &mut bins[bin];
        *count += 1;
        *sum += confidence;
        *hits += usize::from(right);
    }
    bins.iter()
        .enumerate()
        .map(|(at, &(rows, sum, hits))| {
            let mean = |sum: f64| (rows > 0).then(|| sum / rows as f64);
            Bin {
                from: at as f64 / BINS as f64,
                to: (at + 1) as f64 / BINS as f64,
                rows,
                confidence: mean(sum),
                accuracy: mean(hits as f64),
            }
        })
        .collect()
}

/// Expected calibration error of `(confidence, whether right)` pairs; `None` where there are none.
pub fn calibration_error(said: &[(f64, bool)]) -> Option<f64> {
    if said.is_empty() {
        return None;
    }
    let distance: f64 = reliability(said)
        .iter()
        .filter_map(|bin| Some((bin.accuracy? - bin.confidence?).abs() * bin.rows as f64))
        .sum();
    Some(distance / said.len() as f64)
}

/// How right what is said with enough confidence is.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Coverage {
    /// Share of the rows that keep their label: those with at least `min_confidence`.
    pub share: f64,
    /// The least confidence among them.
    pub min_confidence: f64,
    /// Share of them that is right.
    pub accuracy: f64,
}

/// Accuracy of the most confident 100, 90 … 10 % of `(confidence, whether right)` pairs.
///
/// Rows with one confidence are kept or dropped together, so a share can be above the round one;
/// shares that are the same for that reason stand once.
pub fn coverage(said: &[(f64, bool)]) -> Vec<Coverage> {
    let mut order = said.to_vec();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut out: Vec<Coverage> = Vec::new();
    for tenths in (1..=10).rev() {
        let Some(least) = (order.len() * tenths).div_ceil(10).checked_sub(1) else { break };
        let min_confidence = order[least].0;
        let kept = order.partition_point(|(confidence, _)| *confidence >= min_confidence);
        let right = order[..kept].iter().filter(|(_, right)| *right).count();
        let now = Coverage {
            share: kept as f64 / order.len() as f64,
            min_confidence,
            accuracy: right as f64 / kept as f64,
        };
        if out.last() != Some(&now) {
            out.push(now);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_that_are_twice_too_large_get_temperature_two() {
        // Three of four rows agree with odds of 3 to 1: the right score difference is ln 3.
        let scores = vec![vec![2.0 * 3.0f32.ln(), 0.0]; 4];
        let t = temperature(&scores, &[0, 0, 0, 1], None);
        assert!((t - 2.0).abs() < 1e-3, "{t}");
    }

    #[test]
    fn confidence_of_nine_in_ten_that_is_always_right_is_off_by_a_tenth() {
        let error = calibration_error(&[(0.9, true), (0.9, true)]).unwrap();
        assert!((error - 0.1).abs() < 1e-12);
        assert_eq!(calibration_error(&[]), None);
    }

    #[test]
    fn bins_hold_their_rows_mean_confidence_and_accuracy() {
        let bins = reliability(&[(0.92, true), (0.98, false), (1.0, true), (0.35, true)]);
        assert_eq!(bins.len(), 10);
        assert_eq!(bins.iter().map(|bin| bin.rows).sum::<usize>(), 4);
        assert_eq!((bins[3].rows, bins[3].accuracy), (1, Some(1.0)));
        assert_eq!(bins[9].rows, 3);
        assert!((bins[9].confidence.unwrap() - 2.9 / 3.0).abs() < 1e-12);
        assert_eq!((bins[0].confidence, bins[0].accuracy), (None, None));
    }

    #[test]
    fn coverage_falls_from_all_rows_to_the_surest_tenth() {
        let said: Vec<(f64, bool)> = (1..=10).map(|i| (f64::from(i) / 10.0, i > 3)).collect();
        let table = coverage(&said);
        assert_eq!(table.len(), 10);
        let first = Coverage { share: 1.0, min_confidence: 0.1, accuracy: 0.7 };
        let last = Coverage { share: 0.1, min_confidence: 1.0, accuracy: 1.0 };
        assert_eq!((table[0], table[9]), (first, last));
    }

    #[test]
    fn rows_with_one_confidence_are_kept_or_dropped_together() {
        let all = Coverage { share: 1.0, min_confidence: 0.5, accuracy: 0.5 };
        assert_eq!(coverage(&[(0.5, true), (0.5, false)]), [all]);
        assert_eq!(coverage(&[]), []);
    }
}
