//! The model: from a sentence to labels, probabilities and reasons; and its file.
//!
//! A score is a sum of contributions, one a feature, and a bias: nothing else enters it.

mod builtin;
mod classifier;
mod explanation;
mod file;
mod labeler;
mod linear;

pub use builtin::{builtin, builtin_lexicon, builtin_states};
pub(crate) use classifier::count;
pub use classifier::{Classifier, HeadPrediction, LEAST_KNOWN, Prediction, UNCERTAIN};
pub use explanation::{Contribution, Explanation, ReadWord, Reason, shares};
pub use file::{FORMAT_VERSION, from_bytes, part_file, read, to_bytes, write};
pub use labeler::Labeler;
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

/// A model of three words and two heads, small enough to reckon by hand.
#[cfg(test)]
pub(crate) fn three_terms() -> Classifier {
    use crate::features::{Families, Family, Resources, Vocabulary};
    let names = ["word:talk", "word:truce", "word:war"].map(str::to_owned).into();
    let labels = |labels: &[&str]| labels.iter().map(|&label| label.to_owned()).collect();
    Classifier {
        families: Families::none().with(Family::Word),
        resources: Resources::default(),
        vocabulary: Vocabulary::new(names, vec![4, 1, 3], 9).unwrap(),
        heads: vec![
            Head {
                name: "stance".into(),
                labels: labels(&["diplomatic", "hawkish", "neutral"]),
                weights: vec![1.5, -1.0, -0.5, 2.0, -1.5, -0.5, -1.0, 2.5, -1.5],
                bias: vec![0.1, -0.2, 0.1],
                temperature: 0.8,
            },
            Head {
                name: "mood".into(),
                labels: labels(&["glad", "sad"]),
                weights: vec![0.5, -0.5, 1.0, -1.0, -2.0, 2.0],
                bias: vec![0.0, 0.0],
                temperature: 1.0,
            },
        ],
        facts: Facts { program: "0.0.0".into(), sentences: 9, ..Facts::default() },
    }
}
