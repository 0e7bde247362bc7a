//! Which words can stand where in the features that a model knows.
//!
//! A feature of a sentence can only be known to a model if each of its atoms stands at its place in
//! some known feature of that family. That is looked up once a word, so that most features of a
//! sentence need not be looked up at all. The answer errs on the safe side: a place that is not in
//! the set holds no known feature.

use super::feature::Family;

/// A set of places of atoms in features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots(u64);

impl Slots {
    /// Every place.
    pub const ALL: Self = Self(u64::MAX);

    /// Whether a place is in the set: that of atom `at`, from 0, in features of a family.
    #[inline]
    pub const fn has(self, family: Family, at: usize) -> bool {
        self.0 & Self::bit(family, at) != 0
    }

    /// With more families than places in the set, some share theirs.
    const fn bit(family: Family, at: usize) -> u64 {
        1 << ((family as usize * 4 + at) % 64)
    }
}

/// The places of all words in the features of a vocabulary.
#[derive(Debug)]
pub(crate) struct SlotTable(Vec<u64>);

/// Entries of the table; words that share one have each other's places too.
const ENTRIES: usize = 1 << 14;

impl SlotTable {
    /// The places of atoms in features, each named by `(family, place, hash of the atom)`.
    pub(crate) fn of(atoms: impl Iterator<Item = (Family, usize, u64)>) -> Self {
        let mut table = vec![0; ENTRIES];
        for (family, at, hash) in atoms {
            table[Self::entry(hash)] |= Slots::bit(family, at);
        }
        Self(table)
    }

    /// The places of an atom.
    pub(crate) fn slots(&self, hash: u64) -> Slots {
        Slots(self.0[Self::entry(hash)])
    }

    #[allow(clippy::cast_possible_truncation, reason = "masked to the size of the table")]
    const fn entry(hash: u64) -> usize {
        (hash >> 20) as usize & (ENTRIES - 1)
    }
}
