//! How good predictions are: metrics, their intervals, cross-validation, calibration.
//!
//! Everything here works on numbers of labels and on confidences; nothing knows a model or a file. A
//! value that is not defined is `None`, never 0.

pub mod assessment;
pub mod bootstrap;
pub mod calibration;
pub mod crossval;
pub mod metrics;
