//! Whatever the text or file: nothing breaks, nothing is lost, and the time stays linear.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "the helpers of tests fail as tests do: at once and loudly"
)]

/// What is done with arbitrary bytes, and what must hold then; `fuzz/` runs the same.
mod targets;

/// The targets on changed seeds, where no fuzzer is at hand.
mod fuzzing;
/// Twice the text takes about twice the time.
mod linear_time;
/// What holds for every text: places, probabilities, spellings, and a model's file.
mod properties;
