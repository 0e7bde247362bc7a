//! Text as the classifier sees it: a document is cut into sentences, a sentence into tokens.
//!
//! Offsets are bytes into the text that was given, and always fall on character boundaries.

mod find;
mod near;
mod sentences;
mod tokens;

pub use find::Pattern;
pub use near::NearTexts;
pub use sentences::sentences;
pub use tokens::{Token, TokenKind, Tokens, tokens};

/// The line, from 1, in which a byte stands.
pub fn line_at(bytes: &[u8], at: usize) -> usize {
    bytes[..at].split(|&byte| byte == b'\n').count()
}
