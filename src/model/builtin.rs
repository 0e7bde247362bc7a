//! The model, lexicon and states that are compiled into the program.

use std::sync::{Arc, LazyLock};

use super::classifier::Classifier;
use super::file::from_bytes;
use crate::features::{Lexicon, States};

static MODEL: &[u8] = include_bytes!("../../models/default.safetensors");
static LEXICON: &str = include_str!("../../data/lexicon.csv");
static STATES: &str = include_str!("../../data/states.csv");

/// The model that labels stance and sentiment where no other is named.
///
/// A test reads it, so that a program with a broken one cannot be built and released.
pub fn builtin() -> &'static Classifier {
    #[allow(clippy::expect_used, reason = "compiled in, and read by a test")]
    static READ: LazyLock<Classifier> =
        LazyLock::new(|| from_bytes(MODEL, "built-in model").expect("the built-in model is whole"));
    &READ
}

/// The lexicon of `data/lexicon.csv`.
///
/// # Errors
/// Never in a released program: a test reads it.
pub fn builtin_lexicon() -> crate::Result<Arc<Lexicon>> {
    Lexicon::from_csv(LEXICON, "data/lexicon.csv").map(Arc::new)
}

/// The names of `data/states.csv`.
///
/// # Errors
/// Never in a released program: a test reads it.
pub fn builtin_states() -> crate::Result<Arc<States>> {
    States::from_csv(STATES, "data/states.csv").map(Arc::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_in_can_be_read() {
        assert_eq!(builtin().heads[0].name, "stance");
        assert_eq!(builtin().heads[0].labels, ["diplomatic", "hawkish", "neutral"]);
        assert_eq!(builtin().heads[1].labels, ["negative", "neutral", "positive"]);
        assert!(!builtin_lexicon().unwrap().entries().is_empty());
        assert!(builtin_states().unwrap().lines().next().is_some());
    }
}
