//! How a training went, in numbers and in words.
//!
//! A [`Report`] holds what was measured; a [`Warning`] says in one line, lower case and without a full
//! stop, what is allowed but looks like a slip. Neither prints anything.

use std::fmt;

use serde::Serialize;

use super::solver::Confirmation;

/// How a training went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Training sentences.
    pub sentences: usize,
    /// Different features met.
    pub features_met: usize,
    /// Features kept.
    pub features_kept: usize,
    /// One a head.
    pub heads: Vec<HeadReport>,
}

/// How the training of one head went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadReport {
    /// The head's name.
    pub name: String,
    /// Its labels, ascending.
    pub labels: Vec<LabelRows>,
    /// Steps of the optimiser.
    pub iterations: u64,
    /// The objective at the solution.
    pub loss: f64,
    /// Norm of its gradient there.
    pub gradient_norm: f64,
    /// Whether that is below the tolerance.
    pub converged: bool,
    /// Who returned the weights.
    pub confirmation: Confirmation,
    /// Temperature of the probabilities.
    pub temperature: f64,
    /// Cross-validated scores of the training rows, where calibration was on.
    pub held_out: Option<HeldOut>,
}

/// A label and how many rows have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelRows {
    /// The label.
    pub label: String,
    /// Rows of it.
    pub rows: usize,
}

/// What cross-validation said of a head.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HeldOut {
    /// Macro F1.
    pub macro_f1: f64,
    /// Expected calibration error before the temperature.
    pub error_before: f64,
    /// Expected calibration error after it.
    pub error_after: f64,
}

impl Report {
    /// What a reader of the report should not miss.
    pub fn warnings(&self) -> Vec<Warning> {
        self.heads
            .iter()
            .filter(|head| !head.converged)
            .map(|head| Warning::NotConverged {
                head: head.name.clone(),
                iterations: head.iterations,
                gradient_norm: head.gradient_norm,
            })
            .collect()
    }
}

impl Confirmation {
    /// Who returned the weights, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Linfa => "confirmed by linfa-logistic",
            Self::OverBudget => "sparse solver alone: over --dense-budget",
            Self::Weighted => "sparse solver alone: rows are weighted",
        }
    }
}

/// What is allowed, but looks like a slip.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// Two labels that a reader takes for one.
    SimilarLabels {
        /// The head.
        head: String,
        /// The label that stands first in the order of labels.
        first: String,
        /// The other.
        second: String,
    },
    /// A label that hardly can be learned.
    LoneLabel {
        /// The head.
        head: String,
        /// The label.
        label: String,
    },
    /// Rows that a head cannot use.
    Unlabelled {
        /// The head.
        head: String,
        /// How many.
        rows: usize,
    },
    /// The optimiser ran out of steps.
    NotConverged {
        /// The head.
        head: String,
        /// Steps taken.
        iterations: u64,
        /// Norm of the gradient where it stopped.
        gradient_norm: f64,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SimilarLabels { head, first, second } => write!(
                f,
                "{head}: the labels `{first}` and `{second}` differ in case or spaces only; they \
                 are kept as two"
            ),
            Self::LoneLabel { head, label } => {
                write!(f, "{head}: the label `{label}` stands in one row only")
            }
            Self::Unlabelled { head, rows: 1 } => {
                write!(f, "{head}: 1 row without a label is left out")
            }
            Self::Unlabelled { head, rows } => {
                write!(f, "{head}: {rows} rows without a label are left out")
            }
            Self::NotConverged { head, iterations, gradient_norm } => write!(
                f,
                "{head}: not converged after {iterations} iterations, gradient norm \
                 {gradient_norm:.1e}; try a higher --max-iterations or --l2"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(converged: bool) -> HeadReport {
        HeadReport {
            name: "stance".into(),
            labels: vec![LabelRows { label: "hawkish".into(), rows: 3 }],
            iterations: 7,
            loss: 1.5,
            gradient_norm: 0.25,
            converged,
            confirmation: Confirmation::Linfa,
            temperature: 1.0,
            held_out: None,
        }
    }

    #[test]
    fn a_head_that_did_not_converge_is_warned_of() {
        let heads = vec![head(true), head(false)];
        let report = Report { sentences: 3, features_met: 2, features_kept: 1, heads };
        let said: Vec<String> = report.warnings().iter().map(Warning::to_string).collect();
        let expected = "stance: not converged after 7 iterations, gradient norm 2.5e-1; try a higher \
                        --max-iterations or --l2";
        assert_eq!(said, [expected]);
    }

    #[test]
    fn every_warning_is_one_lower_case_line_without_a_full_stop() {
        let name = || "x".to_owned();
        let all = [
            Warning::SimilarLabels { head: name(), first: name(), second: name() },
            Warning::LoneLabel { head: name(), label: name() },
            Warning::Unlabelled { head: name(), rows: 1 },
            Warning::Unlabelled { head: name(), rows: 2 },
            Warning::NotConverged { head: name(), iterations: 1, gradient_norm: 1.0 },
        ];
        for warning in all {
            let said = warning.to_string();
            assert!(
                said.starts_with("x: ") && !said.ends_with('.') && !said.contains('\n'),
                "{said}"
            );
        }
    }
}
