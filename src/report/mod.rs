//! What people read: sentences taken apart, articles summed up, and the page that shows them.
//!
//! Nothing here changes what the model says.

mod reading;
mod wording;

pub use reading::{LONGEST, Reading, SHADES, Said, Shade, ShownReason, read_sentence};
pub use wording::{Look, Tone, looks, visible, words_at};
