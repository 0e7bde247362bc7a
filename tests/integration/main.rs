//! Tests of the program as its users meet it: command in; exit code, standard output and standard
//! error out.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do: at once and loudly"
)]

/// Runs the program and shows everything where a test fails.
mod harness;

/// `--min-confidence`: where no label is given.
mod abstaining;
/// `stance audit`.
mod audit;
/// Input that is not as it should be: what is said, and that nothing is lost.
mod bad_input;
/// The tables in `data/`.
mod data;
/// `stance evaluate`.
mod evaluate;
/// `stance explain`.
mod explain;
/// `stance inspect`.
mod inspect;
/// `stance kwic`.
mod kwic;
/// `stance predict`: what it reads and writes.
mod predict;
/// `stance report`, but for what a browser makes of it: see tests/browser.
mod report;
/// `stance predict` over many files: whole files only, and taking up a run again.
mod resume;
/// `stance completions` and `stance man`.
mod shell;
/// `stance suggest`.
mod suggest;
/// `stance train`.
mod train;
