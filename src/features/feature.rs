//! A feature: a family and one to four atoms, with a name a person can read and a key a table can
//! be searched by.
//!
//! The name is `family:atom atom …`; an atom never holds a space, so a name can be taken apart
//! again. The key is a 64-bit hash of the same parts: two features of one sentence have equal keys
//! where they have equal names. Keys live in memory only; files hold names.

use super::slots::Slots;

/// The kinds of features. Each can be switched off by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "`Family::facts` says what each holds, for help and reports too")]
pub enum Family {
    Word,
    Pair,
    Triple,
    Skip,
    Near,
    Change,
    Characters,
    Negated,
    Lexicon,
    Composition,
    Direction,
    Actors,
    Parties,
    Domestic,
}

/// How a family is spelled and described.
#[derive(Debug, Clone, Copy)]
pub struct FamilyFacts {
    /// The prefix of the names.
    pub name: &'static str,
    /// What the family holds.
    pub about: &'static str,
}

impl Family {
    /// All families, in the order of help and reports.
    pub const ALL: [Self; 14] = [
        Self::Word,
        Self::Pair,
        Self::Triple,
        Self::Skip,
        Self::Near,
        Self::Change,
        Self::Characters,
        Self::Negated,
        Self::Lexicon,
        Self::Composition,
        Self::Direction,
        Self::Actors,
        Self::Parties,
        Self::Domestic,
    ];

    /// The facts of this family.
    pub const fn facts(self) -> FamilyFacts {
        let (name, about) = match self {
            Self::Word => ("word", "single stems, names masked: `word:negoti`"),
            Self::Pair => ("pair", "two stems in a row: `pair:peac talk`"),
            Self::Triple => ("triple", "three stems in a row: `triple:call for talk`"),
            Self::Skip => ("skip", "two stems with one or two between them: `skip:reject truce`"),
            Self::Near => {
                ("near", "two telling words within eight of each other: `near:inflat declin`")
            }
            Self::Change => ("change", "what rises or falls, is high or low: `change:down inflat`"),
            Self::Characters => {
                ("characters", "2 to 5 characters within a word: `characters:trea`")
            }
            Self::Negated => ("negated", "stems in the scope of a negator: `negated:attack`"),
            Self::Lexicon => ("lexicon", "pull and strength of lexicon terms: `lexicon:hawkish-3`"),
            Self::Composition => {
                ("composition", "what a predicate does to its object: `composition:end hawkish-3`")
            }
            Self::Direction => {
                ("direction", "pull of each phrase after composition, of the first and of all")
            }
            Self::Actors => ("actors", "who stands before and after a telling term"),
            Self::Parties => ("parties", "how many states, bodies, groups, officials … are named"),
            Self::Domestic => ("domestic", "matters inside one country against several states"),
        };
        FamilyFacts { name, about }
    }

    /// The family of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.facts().name == name)
    }
}

/// A piece of a feature's name with its hash, so that no text is hashed twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Atom<'a> {
    /// The text, without spaces.
    pub text: &'a str,
    /// [`hash`] of the text.
    pub hash: u64,
    /// Where it can stand in the features that are looked for.
    pub slots: Slots,
}

impl<'a> Atom<'a> {
    /// The atom of a text.
    pub const fn new(text: &'a str) -> Self {
        Self { text, hash: hash(text), slots: Slots::ALL }
    }
}

/// The hash by which atoms are compared: FNV-1a with a final mix.
pub const fn hash(text: &str) -> u64 {
    let mut hash = Hash::new();
    hash.write(text.as_bytes());
    hash.finish()
}

/// A [`hash`] on the way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
    /// That of no text.
    pub(super) const fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    /// Goes on with the next bytes.
    #[inline]
    pub(super) const fn write(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while at < bytes.len() {
            self.0 = (self.0 ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01B3);
            at += 1;
        }
    }

    /// The hash of all bytes so far.
    #[inline]
    pub(super) const fn finish(self) -> u64 {
        self.0 ^ self.0.rotate_left(29).wrapping_mul(SPREAD)
    }
}

/// A feature's 64-bit key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u64);

impl Key {
    /// The key of a family and its atoms' hashes, in order.
    #[inline]
    pub fn new(family: Family, atoms: &[u64]) -> Self {
        Self(atoms.iter().fold(Self::start(family), |key, &atom| Self::and(key, atom)))
    }

    /// The key of a feature's name, or `None` where the name is not one.
    ///
    /// ```
    /// use stance::features::{Family, Key, hash};
    /// let key = Key::new(Family::Pair, &[hash("peac"), hash("talk")]);
    /// assert_eq!(Key::of_name("pair:peac talk"), Some(key));
    /// assert_eq!(Key::of_name("no such family:x"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Self> {
        let (family, atoms) = parts(name)?;
        let mut key = Self::start(family);
        atoms.for_each(|atom| key = Self::and(key, hash(atom)));
        Some(Self(key))
    }

    #[inline]
    const fn start(family: Family) -> u64 {
        (family as u64 + 1).wrapping_mul(SPREAD)
    }

    #[inline]
    fn and(key: u64, atom: u64) -> u64 {
        let wide = u128::from(key.rotate_left(23) ^ atom) * u128::from(SPREAD);
        low(wide) ^ low(wide >> 64)
    }
}

/// The family and the atoms that a feature's name is made of, or `None` where it is not one.
pub(crate) fn parts(name: &str) -> Option<(Family, impl Iterator<Item = &str>)> {
    let (family, atoms) = name.split_once(':')?;
    Some((Family::named(family)?, atoms.split(' ')))
}

/// An odd constant with well-mixed bits: 2^64 divided by the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

#[allow(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
const fn low(wide: u128) -> u64 {
    wide as u64
}

/// One feature found at one place of a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Feature<'a> {
    /// Its kind.
    pub family: Family,
    /// What it is made of.
    pub atoms: &'a [Atom<'a>],
    /// Byte offset into the sentence where the words it stands for begin.
    pub start: usize,
    /// Byte offset where they end.
    pub end: usize,
}

impl Feature<'_> {
    /// The feature's key.
    #[inline]
    pub fn key(&self) -> Key {
        let mut hashes = [0; MOST_ATOMS];
        for (slot, atom) in hashes.iter_mut().zip(self.atoms) {
            *slot = atom.hash;
        }
        Key::new(self.family, &hashes[..self.atoms.len().min(MOST_ATOMS)])
    }

    /// Whether it can be one of those that are looked for, as far as its atoms tell each by itself.
    #[inline]
    pub fn is_possible(&self) -> bool {
        self.atoms.iter().enumerate().all(|(at, atom)| atom.slots.has(self.family, at))
    }

    /// The feature's name.
    pub fn name(&self) -> String {
        let mut name = String::from(self.family.facts().name);
        for (place, atom) in self.atoms.iter().enumerate() {
            name.push(if place == 0 { ':' } else { ' ' });
            name.push_str(atom.text);
        }
        name
    }
}

/// No feature has more atoms.
pub(super) const MOST_ATOMS: usize = 4;
