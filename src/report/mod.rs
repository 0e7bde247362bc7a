//! What people read: sentences taken apart, articles summed up, and the page that shows them.
//!
//! Nothing here changes what the model says.

mod chart;
mod dates;
mod page;
mod reading;
mod summary;
mod wording;

pub use dates::Date;
pub use page::{PageFacts, write_page};
pub use reading::{LONGEST, Reading, SHADES, Said, Shade, ShownReason, read_sentence};
pub use summary::{Article, Detail, HeadSummary, Summary, TermSum, sum_up};
pub use wording::{Look, Tone, looks, visible, words_at};
