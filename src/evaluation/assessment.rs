//! All that is measured of one head on labelled rows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bootstrap::{Bootstrap, Interval};
use super::calibration::{self, Bin, Coverage};
use super::metrics::Confusion;
use crate::model::highest;

/// A labelled row with what a model says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged<'a> {
    /// Number of the true label.
    pub truth: usize,
    /// One a label.
    pub scores: Vec<f32>,
    /// Of the model that gave the scores.
    pub temperature: f64,
    /// Rows with equal keys belong together, see [`super::crossval::keys`].
    pub key: &'a str,
    /// Which slice of the data the row is from.
    pub source: Option<&'a str>,
    /// The fold that was left out when its model was trained, in cross-validation.
    pub fold: Option<usize>,
}

impl Judged<'_> {
    fn predicted(&self) -> usize {
        highest(&self.scores)
    }

    /// Confidence at a temperature, and whether the label is right.
    fn said(&self, temperature: f64) -> (f64, bool) {
        let predicted = self.predicted();
        let probabilities = calibration::probabilities(&self.scores, temperature);
        (probabilities[predicted], predicted == self.truth)
    }
}

/// A measured value with its interval; both `None` where it is not defined.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measured {
    /// The value on the rows.
    pub value: Option<f64>,
    /// Its 95 % confidence interval.
    pub interval: Option<Interval>,
}

/// How well one label is found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelScores {
    /// The label.
    pub label: String,
    /// Rows that have it.
    pub rows: u64,
    /// Rows that are given it.
    pub predicted: u64,
    /// Share of the rows given it that have it.
    pub precision: Measured,
    /// Share of the rows that have it that are given it.
    pub recall: Measured,
    /// Their harmonic mean.
    pub f1: Measured,
}

/// The figures of a slice of the rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The slice: a source, or a fold from 1.
    pub name: String,
    /// Rows in it.
    pub rows: usize,
    /// Share of rows that are right.
    pub accuracy: Option<f64>,
    /// Macro F1.
    pub macro_f1: Option<f64>,
    /// Weighted F1.
    pub weighted_f1: Option<f64>,
    /// Expected calibration error.
    pub calibration_error: Option<f64>,
    /// F1 of each label.
    pub f1: Vec<Option<f64>>,
}

/// Mean and spread over folds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spread {
    /// One a fold.
    pub folds: Vec<Summary>,
    /// Mean of each figure over the folds that define it; `rows` is the mean rounded down.
    pub mean: Summary,
    /// Sample standard deviation of each figure; `None` where fewer than two folds define it.
    pub deviation: Summary,
}

/// All that is measured of one head.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// The head's name.
    pub head: String,
    /// Rows measured.
    pub rows: usize,
    /// One a label.
    pub labels: Vec<LabelScores>,
    /// Share of rows that are right.
    pub accuracy: Measured,
    /// Mean F1 over the labels.
    pub macro_f1: Measured,
    /// Mean F1 weighted by the labels' rows.
    pub weighted_f1: Measured,
    /// `confusion[truth][predicted]`, in rows.
    pub confusion: Vec<Vec<u64>>,
    /// Expected calibration error of the scores as they were fitted.
    pub calibration_error_before: Option<f64>,
    /// Expected calibration error with the models' temperatures.
    pub calibration_error: Option<f64>,
    /// The bins that it is made of.
    pub reliability: Vec<Bin>,
    /// Accuracy of the rows that keep their label at falling coverage.
    pub coverage: Vec<Coverage>,
    /// One a source, by name; empty where no row has one.
    pub sources: Vec<Summary>,
    /// The folds, in cross-validation.
    pub folds: Option<Spread>,
}

/// How intervals are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// How often; 0 for no intervals.
    pub resamples: usize,
    /// Seed of the draws.
    pub seed: u64,
}

impl Assessment {
    /// Measures what was said of `rows`, whose truths and scores count `labels` in that order.
    pub fn of(head: &str, labels: &[String], rows: &[Judged<'_>], draws: Draws) -> Self {
        let k = labels.len();
        let confusion = confusion(k, rows.iter());
        let keyed: Vec<(usize, usize, &str)> =
            rows.iter().map(|row| (row.truth, row.predicted(), row.key)).collect();
        let bootstrap = Bootstrap::of(k, &keyed, draws.resamples, draws.seed);
        let measured = |metric: &dyn Fn(&Confusion) -> Option<f64>| {
            let value = metric(&confusion);
            Measured { value, interval: value.and_then(|_| bootstrap.interval(metric)) }
        };
        let said: Vec<(f64, bool)> = rows.iter().map(|row| row.said(row.temperature)).collect();
        let before: Vec<(f64, bool)> = rows.iter().map(|row| row.said(1.0)).collect();
        Self {
            head: head.to_owned(),
            rows: rows.len(),
            labels: labels
                .iter()
                .enumerate()
                .map(|(at, label)| LabelScores {
                    label: label.clone(),
                    rows: confusion.support(at),
                    predicted: confusion.predicted(at),
                    precision: measured(&|c| c.precision(at)),
                    recall: measured(&|c| c.recall(at)),
                    f1: measured(&|c| c.f1(at)),
                })
                .collect(),
            accuracy: measured(&Confusion::accuracy),
            macro_f1: measured(&Confusion::macro_f1),
            weighted_f1: measured(&Confusion::weighted_f1),
            confusion: (0..k)
                .map(|truth| (0..k).map(|predicted| confusion.count(truth, predicted)).collect())
                .collect(),
            calibration_error_before: calibration::calibration_error(&before),
            calibration_error: calibration::calibration_error(&said),
            reliability: calibration::reliability(&said),
            coverage: calibration::coverage(&said),
            sources: sources(k, rows),
            folds: folds(k, rows),
        }
    }
}

fn confusion<'a>(labels: usize, rows: impl Iterator<Item = &'a Judged<'a>>) -> Confusion {
    Confusion::of(labels, rows.map(|row| (row.truth, row.predicted())))
}

fn summary(name: String, labels: usize, rows: &[&Judged<'_>]) -> Summary {
    let confusion = confusion(labels, rows.iter().copied());
    let said: Vec<(f64, bool)> = rows.iter().map(|row| row.said(row.temperature)).collect();
    Summary {
        name,
        rows: rows.len(),
        accuracy: confusion.accuracy(),
        macro_f1: confusion.macro_f1(),
        weighted_f1: confusion.weighted_f1(),
        calibration_error: calibration::calibration_error(&said),
        f1: (0..labels).map(|label| confusion.f1(label)).collect(),
    }
}

fn sources(labels: usize, rows: &[Judged<'_>]) -> Vec<Summary> {
    let mut by_source: BTreeMap<&str, Vec<&Judged<'_>>> = BTreeMap::new();
    for row in rows {
        if let Some(source) = row.source {
            by_source.entry(source).or_default().push(row);
        }
    }
    by_source.into_iter().map(|(source, rows)| summary(source.to_owned(), labels, &rows)).collect()
}

fn folds(labels: usize, rows: &[Judged<'_>]) -> Option<Spread> {
    let mut by_fold: BTreeMap<usize, Vec<&Judged<'_>>> = BTreeMap::new();
    for row in rows {
        by_fold.entry(row.fold?).or_default().push(row);
    }
    let folds: Vec<Summary> = by_fold
        .into_iter()
        .map(|(fold, rows)| summary((fold + 1).to_string(), labels, &rows))
        .collect();
    let over = |name: &str, of: fn(&[f64]) -> Option<f64>| {
        let figure = |figure: &dyn Fn(&Summary) -> Option<f64>| {
            of(&folds.iter().filter_map(figure).collect::<Vec<_>>())
        };
        Summary {
            name: name.to_owned(),
            rows: rows.len() / folds.len().max(1),
            accuracy: figure(&|fold| fold.accuracy),
            macro_f1: figure(&|fold| fold.macro_f1),
            weighted_f1: figure(&|fold| fold.weighted_f1),
            calibration_error: figure(&|fold| fold.calibration_error),
            f1: (0..labels).map(|label| figure(&|fold| fold.f1[label])).collect(),
        }
    };
    let (mean, deviation) = (over("mean", mean), over("deviation", deviation));
    Some(Spread { folds, mean, deviation })
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: Draws = Draws { resamples: 50, seed: 1 };

    fn row(truth: usize, scores: [f32; 2], source: &'static str, fold: usize) -> Judged<'static> {
        Judged {
            truth,
            scores: scores.into(),
            temperature: 2.0,
            key: "k",
            source: Some(source),
            fold: Some(fold),
        }
    }

    fn four() -> Vec<Judged<'static>> {
        vec![
            row(0, [2.0, 0.0], "wire", 0),
            row(1, [0.0, 1.0], "wire", 1),
            row(1, [3.0, 0.0], "paper", 0),
            row(0, [1.0, 0.0], "paper", 1),
        ]
    }

    fn labels() -> Vec<String> {
        vec!["a".into(), "b".into()]
    }

    #[test]
    fn rows_are_counted_by_truth_and_prediction() {
        let all = Assessment::of("stance", &labels(), &four(), DRAWS);
        assert_eq!(all.confusion, [[2, 0], [1, 1]]);
        assert_eq!((all.labels[1].rows, all.labels[1].predicted), (2, 1));
        assert_eq!(all.accuracy.value, Some(0.75));
        assert_eq!(all.labels[1].precision.value, Some(1.0));
    }

    #[test]
    fn the_temperature_enters_the_calibration_error_and_not_the_labels() {
        let all = Assessment::of("stance", &labels(), &four(), DRAWS);
        let mean = |t: f64| -> f64 {
            [2.0f64, 1.0, 3.0, 1.0].iter().map(|d| 1.0 / (1.0 + (-d / t).exp())).sum::<f64>() / 4.0
        };
        let confidence: f64 = all
            .reliability
            .iter()
            .filter_map(|bin| Some(bin.confidence? * bin.rows as f64))
            .sum::<f64>()
            / 4.0;
        assert!((confidence - mean(2.0)).abs() < 1e-6);
        assert_ne!(all.calibration_error, all.calibration_error_before);
    }

    #[test]
    fn sources_stand_by_name_and_folds_with_mean_and_deviation() {
        let all = Assessment::of("stance", &labels(), &four(), DRAWS);
        let named: Vec<(&str, Option<f64>)> =
            all.sources.iter().map(|s| (s.name.as_str(), s.accuracy)).collect();
        assert_eq!(named, [("paper", Some(0.5)), ("wire", Some(1.0))]);
        let folds = all.folds.unwrap();
        assert_eq!(
            folds.folds.iter().map(|f| f.accuracy).collect::<Vec<_>>(),
            [Some(0.5), Some(1.0)]
        );
        assert_eq!(folds.mean.accuracy, Some(0.75));
        assert!((folds.deviation.accuracy.unwrap() - 0.125f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn what_no_row_defines_is_none_and_has_no_interval() {
        let rows = [row(0, [1.0, 0.0], "wire", 0)];
        let all = Assessment::of("stance", &labels(), &rows, DRAWS);
        assert_eq!(all.labels[1].recall, Measured { value: None, interval: None });
        assert_eq!(all.folds.unwrap().deviation.accuracy, None);
        let none = Assessment::of("stance", &labels(), &[], DRAWS);
        assert_eq!((none.accuracy.value, none.calibration_error), (None, None));
    }
}
