//! How good predictions are: metrics, their intervals, cross-validation, calibration. And how good
//! labels are: the agreement of coders, likely errors.
//!
//! Everything here works on numbers of labels and on confidences; nothing knows a model or a file. A
//! value that is not defined is `None`, never 0.

pub mod agreement;
pub mod assessment;
pub mod bootstrap;
pub mod calibration;
pub mod confident;
pub mod crossval;
pub mod metrics;
