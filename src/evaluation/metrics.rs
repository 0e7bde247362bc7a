//! Precision, recall, F1 and what is made of them, from counts.
//!
//! Definitions are scikit-learn's: F1 of a label is 2·TP / (2·TP + FP + FN); macro is the plain mean
//! over the labels, weighted the mean by the labels' true counts. A value that is not defined (no row
//! predicted, none there) is `None`, never 0. A label that is there but never predicted has F1 0; one that
//! is neither enters no mean. All as in scikit-learn.

/// How often each label was predicted for each true label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    labels: usize,
    /// `counts[truth * labels + predicted]`.
    counts: Vec<u64>,
}

impl Confusion {
    /// Counts pairs `(truth, predicted)` of label numbers below `labels`.
    pub fn of(labels: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut counts = vec![0; labels * labels];
        for (truth, predicted) in pairs {
            counts[truth * labels + predicted] += 1;
        }
        Self { labels, counts }
    }

    /// Number of labels.
    pub fn labels(&self) -> usize {
        self.labels
    }

    /// Rows of that truth that were predicted so.
    pub fn count(&self, truth: usize, predicted: usize) -> u64 {
        self.counts[truth * self.labels + predicted]
    }

    /// All rows.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Rows of that truth.
    pub fn support(&self, label: usize) -> u64 {
        (0..self.labels).map(|other| self.count(label, other)).sum()
    }

    /// Rows predicted so.
    pub fn predicted(&self, label: usize) -> u64 {
        (0..self.labels).map(|other| self.count(other, label)).sum()
    }

    /// Share of the rows predicted so that are so.
    pub fn precision(&self, label: usize) -> Option<f64> {
        ratio(self.count(label, label), self.predicted(label))
    }

    /// Share of the rows that are so that are predicted so.
    pub fn recall(&self, label: usize) -> Option<f64> {
        ratio(self.count(label, label), self.support(label))
    }

    /// F1 of a label; `None` where it is neither there nor predicted.
    pub fn f1(&self, label: usize) -> Option<f64> {
        ratio(2 * self.count(label, label), self.support(label) + self.predicted(label))
    }

    /// Mean F1 over the labels that are there or predicted.
    pub fn macro_f1(&self) -> Option<f64> {
        let known: Vec<f64> = (0..self.labels).filter_map(|label| self.f1(label)).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }

    /// Mean F1 weighted by the labels' true counts.
    pub fn weighted_f1(&self) -> Option<f64> {
        let sum: f64 = (0..self.labels)
            .map(|label| self.f1(label).unwrap_or(0.0) * self.support(label) as f64)
            .sum();
        (self.total() > 0).then(|| sum / self.total() as f64)
    }

    /// Share of rows that are right.
    pub fn accuracy(&self) -> Option<f64> {
        ratio((0..self.labels).map(|label| self.count(label, label)).sum(), self.total())
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scikit-learn 1.9.1:
    ///
    /// ```python
    /// truth, predicted = [0, 0, 1, 1, 2, 2, 2], [0, 1, 1, 1, 2, 0, 2]
    /// precision_recall_fscore_support(truth, predicted, zero_division=numpy.nan)
    /// f1_score(truth, predicted, average="macro"), f1_score(truth, predicted, average="weighted")
    /// accuracy_score(truth, predicted)
    /// ```
    #[test]
    fn agrees_with_scikit_learn() {
        let truth = [0, 0, 1, 1, 2, 2, 2];
        let predicted = [0, 1, 1, 1, 2, 0, 2];
        let c = Confusion::of(3, truth.into_iter().zip(predicted));
        let close = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-9, "{a:?} {b}");
        close(c.precision(0), 0.5);
        close(c.recall(0), 0.5);
        close(c.precision(1), 0.666_666_666_7);
        close(c.recall(1), 1.0);
        close(c.precision(2), 1.0);
        close(c.recall(2), 0.666_666_666_7);
        close(c.f1(1), 0.8);
        close(c.macro_f1(), 0.7);
        close(c.weighted_f1(), 0.714_285_714_3);
        close(c.accuracy(), 0.714_285_714_3);
    }

    /// The same calls on truth [0, 0, 0, 1, 1, 2, 2, 2], predicted [0, 0, 3, 1, 0, 1, 0, 0]: label 2
    /// is never predicted, label 3 never there, and label 4 neither.
    #[test]
    fn agrees_with_scikit_learn_on_labels_that_are_not_there_or_not_predicted() {
        let truth = [0, 0, 0, 1, 1, 2, 2, 2];
        let predicted = [0, 0, 3, 1, 0, 1, 0, 0];
        let c = Confusion::of(5, truth.into_iter().zip(predicted));
        let all = |metric: fn(&Confusion, usize) -> Option<f64>| {
            (0..5).map(|label| metric(&c, label)).collect::<Vec<_>>()
        };
        assert_eq!(all(Confusion::precision), [Some(0.4), Some(0.5), None, Some(0.0), None]);
        assert_eq!(all(Confusion::recall), [Some(2.0 / 3.0), Some(0.5), Some(0.0), None, None]);
        assert_eq!(all(Confusion::f1), [Some(0.5), Some(0.5), Some(0.0), Some(0.0), None]);
        assert_eq!((c.macro_f1(), c.weighted_f1()), (Some(0.25), Some(0.3125)));
        assert_eq!(c.accuracy(), Some(0.375));
    }

    #[test]
    fn what_is_not_defined_is_none() {
        let c = Confusion::of(2, [(0, 0)]);
        assert_eq!((c.precision(1), c.recall(1), c.f1(1)), (None, None, None));
        assert_eq!(Confusion::of(2, []).accuracy(), None);
    }
}
