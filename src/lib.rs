//! `stance` labels every sentence of a text diplomatic, hawkish or neutral.
#![deny(missing_docs)]

pub mod error;
pub mod evaluation;
pub mod features;
pub mod model;
pub mod report;
pub mod text;
pub mod training;

pub use error::{Error, Result};
