//! From labelled sentences to a model.

mod corpus;
mod counts;
mod matrix;
mod selection;
mod solver;
mod trainer;

pub use corpus::{Columns, Corpus, DEFAULT_LABELS, Example, Place};
pub use counts::{Counts, LEAST};
pub use solver::Confirmation;
pub use trainer::{HeadReport, Report, TrainParams, train};
