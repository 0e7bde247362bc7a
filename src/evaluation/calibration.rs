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
pub fn log_loss(scores: &[Vec<f32>], labels: &[u32], temperature: f64) -> f64 {
    let sum: f64 = scores
        .iter()
        .zip(labels)
        .map(|(scores, &label)| {
            -probabilities(scores, temperature)[label as usize].max(f64::MIN_POSITIVE).ln()
        })
        .sum();
    sum / labels.len() as f64
}

/// The temperature between 0.05 and 20 with the least log loss, by golden-section search on its
/// logarithm: the loss has one minimum there.
///
/// Returns 1 where there are no rows.
pub fn temperature(scores: &[Vec<f32>], labels: &[u32]) -> f64 {
    if labels.is_empty() {
        return 1.0;
    }
    let loss = |log: f64| log_loss(scores, labels, log.exp());
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

/// Expected calibration error of `(confidence, whether right)` pairs; `None` where there are none.
pub fn calibration_error(said: &[(f64, bool)]) -> Option<f64> {
    if said.is_empty() {
        return None;
    }
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
    let distance: f64 = bins.iter().map(|(_, sum, hits)| (*hits as f64 - sum).abs()).sum();
    Some(distance / said.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_that_are_twice_too_large_get_temperature_two() {
        // Three of four rows agree with odds of 3 to 1: the right score difference is ln 3.
        let scores = vec![vec![2.0 * 3.0f32.ln(), 0.0]; 4];
        let t = temperature(&scores, &[0, 0, 0, 1]);
        assert!((t - 2.0).abs() < 1e-3, "{t}");
    }

    #[test]
    fn confidence_of_nine_in_ten_that_is_always_right_is_off_by_a_tenth() {
        let error = calibration_error(&[(0.9, true), (0.9, true)]).unwrap();
        assert!((error - 0.1).abs() < 1e-12);
        assert_eq!(calibration_error(&[]), None);
    }
}
