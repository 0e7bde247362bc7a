//! The one error type of the library.
//!
//! Every message says what went wrong, where (`file:line` where there is one), what was expected
//! and what to do about it; it is lower case, without a full stop, and does not repeat its source.

use std::path::PathBuf;

/// What can go wrong in the library.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be opened, read or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was being done: `read`, `write`, `replace` …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's own reason.
        #[source]
        source: std::io::Error,
    },

    /// A table (labelled sentences, lexicon, states or counts) is not what it should be.
    #[error("{place}: {message}")]
    Table {
        /// `file:line`, or the file alone where the fault is the whole table's.
        place: String,
        /// What is wrong, what was expected and what to do.
        message: String,
    },

    /// A model file is damaged, foreign or from another version.
    #[error("{place}: {message}")]
    Model {
        /// The file, or `built-in model`.
        place: String,
        /// The fault by name.
        message: String,
    },

    /// The labelled data cannot make a model.
    #[error("cannot train: {message}")]
    Training {
        /// What is missing and what to do.
        message: String,
    },

    /// A parameter is outside its range.
    #[error("{name} must be {expected}, but is {got}")]
    Parameter {
        /// The parameter, spelled as on the command line without dashes.
        name: &'static str,
        /// The allowed range in words.
        expected: &'static str,
        /// What was given.
        got: String,
    },
}

/// Shorthand for results of this library.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn table(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Table { place: place.into(), message: message.into() }
    }

    pub(crate) fn model(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Model { place: place.into(), message: message.into() }
    }

    pub(crate) fn training(message: impl Into<String>) -> Self {
        Self::Training { message: message.into() }
    }
}
