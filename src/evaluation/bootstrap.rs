//! Confidence intervals by the bootstrap.
//!
//! Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13: rows are drawn again
//! with replacement, as many as there are, and the interval lies between the 2.5th and the 97.5th
//! percentile of the values that the draws give. Rows that belong together are drawn together, or
//! near-copies would make the interval too narrow. The draws depend on the seed and the order of the
//! rows, and on nothing else.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::metrics::Confusion;

/// Where a value lies with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The 2.5th percentile.
    pub low: f64,
    /// The 97.5th percentile.
    pub high: f64,
}

/// Draws of rows.
#[derive(Debug)]
pub struct Bootstrap {
    draws: Vec<Confusion>,
}

impl Bootstrap {
    /// Draws `resamples` times from `rows` of true label, predicted label and key; rows with equal
    /// keys are drawn together.
    pub fn of(labels: usize, rows: &[(usize, usize, &str)], resamples: usize, seed: u64) -> Self {
        let mut place: FxHashMap<&str, usize> = FxHashMap::default();
        let mut units: Vec<Vec<(usize, usize)>> = Vec::new();
        for &(truth, predicted, key) in rows {
            let unit = *place.entry(key).or_insert_with(|| {
                units.push(Vec::new());
                units.len() - 1
            });
            units[unit].push((truth, predicted));
        }
        let mut random = fastrand::Rng::with_seed(seed);
        let draws = (0..resamples)
            .map(|_| {
                let drawn = (0..units.len()).flat_map(|_| &units[random.usize(..units.len())]);
                Confusion::of(labels, drawn.copied())
            })
            .collect();
        Self { draws }
    }

    /// The interval of a metric; `None` where no draw defines it.
    ///
    /// ```
    /// use stance::evaluation::bootstrap::Bootstrap;
    /// let rows = [(0, 0, "a"), (1, 1, "b"), (1, 0, "c"), (0, 0, "d")];
    /// let interval = Bootstrap::of(2, &rows, 200, 1).interval(|c| c.accuracy()).unwrap();
    /// assert!(interval.low < 0.75 && interval.high == 1.0);
    /// ```
    pub fn interval(&self, metric: impl Fn(&Confusion) -> Option<f64>) -> Option<Interval> {
        let mut values: Vec<f64> = self.draws.iter().filter_map(metric).collect();
        values.sort_by(f64::total_cmp);
        Some(Interval { low: percentile(&values, 0.025)?, high: percentile(&values, 0.975)? })
    }
}

/// The value below which that share of ascending values lies, between two values by a straight line
/// as `NumPy` has it.
fn percentile(values: &[f64], share: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let place = share * last as f64;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list is neither below 0 nor large"
    )]
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    Some(values[below] + (place - below as f64) * (values[above] - values[below]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(right: usize, all: usize, keys: &[String]) -> Vec<(usize, usize, &str)> {
        (0..all).map(|row| (0, usize::from(row >= right), keys[row].as_str())).collect()
    }

    #[test]
    fn the_interval_of_an_accuracy_is_about_that_of_the_binomial() {
        let keys: Vec<String> = (0..400).map(|i| i.to_string()).collect();
        let bootstrap = Bootstrap::of(2, &rows(300, 400, &keys), 2000, 1);
        let interval = bootstrap.interval(Confusion::accuracy).unwrap();
        // 0.75 ± 1.96 · √(0.75 · 0.25 / 400)
        assert!((interval.low - 0.7076).abs() < 0.006, "{interval:?}");
        assert!((interval.high - 0.7924).abs() < 0.006, "{interval:?}");
    }

    #[test]
    fn rows_that_are_drawn_together_widen_the_interval() {
        let alone: Vec<String> = (0..400).map(|i| i.to_string()).collect();
        let in_tens: Vec<String> = (0..400).map(|i| (i / 10).to_string()).collect();
        let width = |keys: &[String]| {
            let i = Bootstrap::of(2, &rows(300, 400, keys), 500, 1).interval(Confusion::accuracy);
            i.map(|i| i.high - i.low).unwrap()
        };
        assert!(width(&in_tens) > 2.0 * width(&alone));
    }

    #[test]
    fn the_same_seed_draws_the_same_rows() {
        let keys: Vec<String> = (0..50).map(|i| i.to_string()).collect();
        let interval =
            |seed| Bootstrap::of(2, &rows(30, 50, &keys), 100, seed).interval(Confusion::accuracy);
        assert_eq!(interval(3), interval(3));
    }

    #[test]
    fn what_no_draw_defines_has_no_interval() {
        assert_eq!(Bootstrap::of(2, &[], 10, 1).interval(Confusion::accuracy), None);
        assert_eq!(Bootstrap::of(2, &[(0, 0, "a")], 0, 1).interval(Confusion::accuracy), None);
        let never = Bootstrap::of(2, &[(0, 0, "a")], 10, 1).interval(|c| c.precision(1));
        assert_eq!(never, None);
    }

    #[test]
    fn a_percentile_between_two_values_lies_on_the_line_between_them() {
        assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0], 0.5), Some(2.5));
        assert_eq!(percentile(&[7.0], 0.975), Some(7.0));
        assert_eq!(percentile(&[], 0.5), None);
    }
}
