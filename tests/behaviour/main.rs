//! What the model understands, rule by rule of the codebook, and what must not sway it.
//!
//! The tables in `tables/` are to be read by people; a row is one test:
//!
//! | test | passes where |
//! | --- | --- |
//! | `label` | `text` has the stance `label` |
//! | `keeps` | `text` and `changed` have the same stance |
//! | `raises` | the probability of `label` is higher in `changed` than in `text` |
//!
//! The rate of every table is printed and may not fall below its floor in `floors.csv`:
//!
//! ```text
//! cargo test --test behaviour -- --nocapture
//! STANCE_MODEL=other.safetensors cargo test --test behaviour -- --nocapture
//! STANCE_WRITE_FLOORS=1 cargo test --test behaviour     # after a new model; look at the diff
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "the helpers of tests fail as tests do: at once and loudly"
)]

/// The rates that no table may fall below.
mod floors;
/// The model in question, and what it says.
mod subject;

/// Another spelling of the same sentence: quotes, composed letters, line ends, spaces.
mod spelling;
/// Another state, day, month, title or person in the same sentence.
mod swaps;
/// The tables of the codebook's rules.
mod tables;
