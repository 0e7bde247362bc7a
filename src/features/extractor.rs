//! Reads sentences and emits their features.
//!
//! Which features a sentence has depends on the sentence, the families that are switched on and the
//! resources (lexicon, states), and on nothing else.

use std::sync::Arc;

use super::composition::{self, Phrases};
use super::feature::{Family, Feature};
use super::lexicon::Lexicon;
use super::sink::Sink;
use super::slots::SlotTable;
use super::states::States;
use super::units::Units;
use super::words::Words;
use super::{actors, ngrams, parties, pull};

/// The families that are switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Families(u32);

impl Families {
    /// All families.
    pub fn all() -> Self {
        Family::ALL.into_iter().fold(Self(0), Self::with)
    }

    /// No family.
    pub const fn none() -> Self {
        Self(0)
    }

    /// These and one more.
    #[must_use]
    pub fn with(self, family: Family) -> Self {
        Self(self.0 | 1 << family as u32)
    }

    /// These without one.
    #[must_use]
    pub fn without(self, family: Family) -> Self {
        Self(self.0 & !(1 << family as u32))
    }

    /// Whether the family is on.
    #[inline]
    pub fn has(self, family: Family) -> bool {
        self.0 & 1 << family as u32 != 0
    }

    /// Whether the family of a feature's name is on.
    pub fn has_name(self, name: &str) -> bool {
        name.split_once(':')
            .and_then(|(family, _)| Family::named(family))
            .is_some_and(|f| self.has(f))
    }

    /// Those that are on, in the order of [`Family::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Family> {
        Family::ALL.into_iter().filter(move |&family| self.has(family))
    }
}

/// What is known beforehand and looked up in every sentence.
#[derive(Debug, Clone, Default)]
pub struct Resources {
    /// Terms with their pull.
    pub lexicon: Arc<Lexicon>,
    /// Names of parties.
    pub states: Arc<States>,
}

/// Reads sentences and emits their features; keeps what it has learned of words.
#[derive(Debug)]
pub struct Extractor {
    families: Families,
    resources: Resources,
    words: Words,
    units: Units,
    phrases: Phrases,
}

impl Clone for Extractor {
    /// A new extractor for the same features; it has read no words yet.
    fn clone(&self) -> Self {
        Self::looking_for(self.words.slots().cloned(), self.families, self.resources.clone())
    }
}

impl Extractor {
    /// An extractor of these families.
    pub fn new(families: Families, resources: Resources) -> Self {
        Self::looking_for(None, families, resources)
    }

    /// An extractor whose features tell whether they can be among those that are looked for: see
    /// [`Feature::is_possible`].
    pub(crate) fn looking_for(
        slots: Option<Arc<SlotTable>>,
        families: Families,
        resources: Resources,
    ) -> Self {
        Self {
            families,
            resources,
            words: Words::new(slots),
            units: Units::default(),
            phrases: Phrases::default(),
        }
    }

    /// The families that it emits.
    pub fn families(&self) -> Families {
        self.families
    }

    /// The lexicon and states that it looks words up in.
    pub fn resources(&self) -> &Resources {
        &self.resources
    }

    /// Reads a sentence into units.
    pub fn read(&mut self, sentence: &str) -> (&Units, &Words) {
        let Resources { lexicon, states } = &self.resources;
        self.units.read(sentence, &mut self.words, lexicon, states);
        (&self.units, &self.words)
    }

    /// Emits every feature of a sentence; one that occurs twice is emitted twice.
    pub fn extract(&mut self, sentence: &str, mut sink: impl FnMut(&Feature<'_>)) {
        self.extract_into(sentence, &mut sink);
    }

    /// As [`Extractor::extract`], into a sink that may know words of its own; returns the words by
    /// their numbers.
    #[inline]
    pub fn extract_into(&mut self, sentence: &str, sink: &mut impl Sink) -> &Words {
        self.read(sentence);
        let (units, words) = (&self.units, &self.words);
        if self.families.has(Family::Characters) {
            for unit in units.units.iter().filter(|unit| ngrams::has_characters(unit, words)) {
                sink.characters(unit.word, words, unit.start, unit.end);
            }
        }
        let families = self.families;
        let has = |family| families.has(family);
        ngrams::words(units, words, families, sink);
        if has(Family::Near) {
            ngrams::near(units, words, sink);
        }
        if has(Family::Change) {
            ngrams::change(units, words, sink);
        }
        if has(Family::Lexicon) {
            pull::lexicon(units, sink);
        }
        if has(Family::Composition) || has(Family::Direction) {
            self.phrases.read(units, words);
            if has(Family::Composition) {
                composition::acts(&self.phrases, units, sink);
            }
            if has(Family::Direction) {
                composition::directions(&self.phrases, units, sink);
            }
        }
        if has(Family::Actors) {
            actors::around(units, sink);
        }
        if has(Family::Parties) {
            parties::counts(units, sink);
        }
        if has(Family::Domestic) {
            parties::domestic(units, sink);
        }
        words
    }
}
