//! Features: a sentence becomes named features, and named features become numbers.
//!
//! [`Extractor`] reads a sentence into units (words, masked parties, lexicon hits, clauses) and emits
//! [`Feature`]s. A [`Vocabulary`] holds the features that a model knows, in the order of their names,
//! with the weights that make a row of numbers of them. Nothing here depends on the order in which
//! sentences are read.

mod actors;
mod composition;
mod extractor;
mod feature;
mod groups;
mod keys;
mod lexicon;
mod ngrams;
mod parties;
mod pull;
mod sink;
mod slots;
mod spelling;
mod states;
mod units;
mod vocabulary;
mod words;

pub use extractor::{Extractor, Families, Resources};
pub(crate) use feature::parts;
pub use feature::{Atom, Family, FamilyFacts, Feature, Key, hash};
pub use lexicon::{Entry, GAP, Kind, Lexicon};
pub use sink::Sink;
pub(crate) use slots::SlotTable;
pub use slots::Slots;
pub use states::{Class, States};
pub use units::{Hit, Unit, Units};
pub(crate) use vocabulary::sublinear;
pub use vocabulary::{Row, Vocabulary};
pub use words::{MOST_WORDS, Role, Shape, Word, Words};
