//! The model: from a sentence to labels, probabilities and reasons; and its file.
//!
//! A score is a sum of contributions, one a feature, and a bias: nothing else enters it.

mod builtin;
mod classifier;
mod file;
mod linear;

pub use builtin::{builtin, builtin_lexicon, builtin_states};
pub(crate) use classifier::count;
pub use classifier::{Classifier, Contribution, Explanation, HeadPrediction, Prediction};
pub use file::{FORMAT_VERSION, from_bytes, part_file, read, to_bytes, write};
pub use linear::{Head, highest};

/// What a model is, beside its numbers; kept in the file's metadata.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Version of the program that trained it.
    pub program: String,
    /// SHA-256 of each training file, in hexadecimal, in the order given.
    pub data_sha256: Vec<String>,
    /// Training sentences.
    pub sentences: usize,
    /// Parameters of the training by name.
    pub parameters: std::collections::BTreeMap<String, String>,
    /// Scores measured in training by name.
    pub scores: std::collections::BTreeMap<String, f64>,
}
