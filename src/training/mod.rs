//! From labelled sentences to a model.

mod card;
mod corpus;
mod counts;
mod matrix;
mod report;
mod selection;
mod solver;
mod suggestion;
mod trainer;
mod validation;

pub use card::{CARD_MARK, card};
pub use corpus::{Columns, Corpus, DEFAULT_LABELS, Example, Place, read_table};
pub use counts::{Counts, LEAST, builtin_counts};
pub use report::{HeadReport, HeldOut, LabelRows, Report, Warning};
pub use solver::Confirmation;
pub use suggestion::{NEAR, Suggestion, suggest};
pub use trainer::{TrainParams, train};
pub use validation::{CrossValidated, cross_validate, judge};
