//! How good predictions are: metrics, cross-validation, calibration.

pub mod calibration;
pub mod crossval;
pub mod metrics;
