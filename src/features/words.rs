//! What is known of a word by itself: its term, its stem, what it looks like, and the lists it
//! opens an entry of.
//!
//! Facts depend on the token's text alone, so each distinct text is looked at once and remembered.
//! The memory is bounded: past [`MOST_WORDS`] distinct texts it is emptied and filled anew, which
//! changes no result.

use std::sync::{Arc, LazyLock};

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;

use super::feature::hash;
use super::groups::Group;
use super::lexicon::{Lexicon, Opening};
use super::slots::{SlotTable, Slots};
use super::spelling::Spelling;
use super::states::States;
use crate::text::{Token, TokenKind};

/// Distinct token texts that are remembered at a time: about 6 MB.
pub const MOST_WORDS: usize = 1 << 15;

/// Bytes of long token texts that are remembered at a time.
const MOST_BYTES: usize = 4 << 20;

/// What a token is, as far as its own text tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A word in lower case.
    Lower,
    /// A word with a capital first letter.
    Capital,
    /// A word of two letters or more, all capitals.
    AllCapitals,
    /// A number that may be a year, 1800 to 2099.
    Year,
    /// A sum of money.
    Money,
    /// A share of a hundred.
    Percent,
    /// Any other number.
    Number,
    /// Punctuation or another symbol.
    Mark,
}

/// The facts of one distinct token text, in as much memory as is fetched at a time.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Word {
    spelling: Spelling,
    /// Where a long text is kept.
    place: u32,
    /// Hash of the stem.
    pub stem_hash: u64,
    /// Where the stem can stand in the features that are looked for.
    pub slots: Slots,
    /// The lexicon entries that begin with this stem.
    pub(super) lexicon: Option<Opening>,
    /// The names of states or parties that begin with this term.
    pub(super) states: Option<Group>,
    /// What it looks like.
    pub shape: Shape,
    /// What the word does to the words after it.
    pub role: Role,
    /// Whether it says that something rises or is high, falls or is low.
    pub change: Change,
    /// Bytes of its stem, as far as they matter.
    stem_length: u8,
    /// Whether it is a possessive ending, which makes no unit.
    pub(super) possessive: bool,
    /// Whether it is a mark behind which a capital letter tells nothing.
    pub(super) opens: Opens,
    /// Characters of its term, as far as they matter: its text can be spelled in more or fewer.
    pub(super) characters: u8,
}

/// Whether a mark opens a sentence or a quotation, by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opens {
    /// It opens none.
    Nothing,
    /// It opens one.
    Sentence,
    /// A full stop does unless it abbreviates.
    Stop,
    /// A quotation mark does or not by where it stands: how it is curled is a matter of typing.
    Quotation,
}

impl Word {
    /// Whether it is written in letters: no number and no mark.
    #[inline]
    pub fn is_spelled(&self) -> bool {
        matches!(self.shape, Shape::Lower | Shape::Capital | Shape::AllCapitals)
    }

    /// Whether it tells something by itself: no function word, number, mark or acronym.
    #[inline]
    pub(super) fn is_telling(&self) -> bool {
        self.stem_length > 3
            && matches!(self.shape, Shape::Lower | Shape::Capital)
            && self.role == Role::None
    }

    /// Whether it can be what rises or falls: no function word.
    #[inline]
    pub(super) fn can_change(&self) -> bool {
        self.stem_length > 2 && self.role == Role::None
    }
}

/// What a word does to its sentence, by its term alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing.
    None,
    /// Opens a clause: `who`, `because`, a comma.
    Clause,
    /// Introduces what decides: `but`, `however`.
    Contrast,
    /// Introduces what does not decide: `although`, `despite`.
    Concession,
    /// Turns what follows in its clause: `not`, `without`.
    Negator,
    /// A form of be or have that can make a passive.
    Auxiliary,
    /// `the`, `a`, `an`.
    Article,
    /// `said`, `told`, `adding`.
    Report,
    /// A day, a month or a form of address, capitalised but no name.
    Calendar,
}

/// Whether a word says that something rises or falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Neither.
    None,
    /// It rises, or is high.
    Up,
    /// It falls, or is low.
    Down,
}

const UP: &[&str] = &[
    "increas",
    "rise",
    "rose",
    "risen",
    "grow",
    "grew",
    "grown",
    "growth",
    "gain",
    "climb",
    "strengthen",
    "acceler",
    "expand",
    "expans",
    "improv",
    "improvement",
    "rebound",
    "boost",
    "surg",
    "jump",
    "higher",
    "upward",
    "strong",
    "strength",
    "stronger",
    "robust",
    "solid",
    "elev",
    "high",
    "above",
    "tighten",
    "tight",
    "tighter",
    "firm",
    "firmer",
    "upsid",
    "advanc",
    "heighten",
    "up",
    "more",
    "larger",
    "faster",
    "brisk",
    "rapid",
    "buoyant",
    "escal",
    "intensifi",
    "widen",
    "soar",
    "rais",
    "pickup",
    "recov",
    "recoveri",
    "upturn",
    "excess",
    "greater",
];

const DOWN: &[&str] = &[
    "declin", "fall", "fell", "fallen", "drop", "decreas", "slow", "slower", "slowdown", "weaken",
    "weak", "weaker", "weakness", "moder", "eas", "soften", "soft", "softer", "contract",
    "diminish", "reduc", "reduct", "lower", "downward", "subdu", "low", "below", "loosen", "cut",
    "shrink", "shrank", "subsid", "downsid", "reced", "restrain", "sluggish", "slack", "less",
    "smaller", "narrow", "deterior", "plung", "slump", "down", "fewer", "lessen", "damp", "dampen",
    "curtail", "downturn", "recess", "disinfl", "deceler", "abat", "dip", "shortfal",
];

const ROLES: &[(Role, &[&str])] = &[
    (
        Role::Clause,
        &[
            ",", ";", ":", "(", ")", "—", "–", "because", "after", "before", "when", "if",
            "unless", "which", "who", "since", "until", "as", "where",
        ],
    ),
    (Role::Contrast, &["but", "however", "yet", "nevertheless", "nonetheless", "instead"]),
    (
        Role::Concession,
        &["although", "though", "despite", "while", "whereas", "notwithstanding", "albeit"],
    ),
    (
        Role::Negator,
        &[
            "not", "n't", "never", "no", "without", "cannot", "neither", "nor", "hardly", "nobody",
            "nothing", "none",
        ],
    ),
    (
        Role::Auxiliary,
        &[
            "be", "is", "are", "was", "were", "been", "being", "has", "have", "had", "get", "got",
            "will", "would",
        ],
    ),
    (Role::Article, &["the", "a", "an"]),
    (
        Role::Calendar,
        &[
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
            "mr",
            "mrs",
            "ms",
            "dr",
            "i",
        ],
    ),
    (Role::Report, &["say", "said", "says", "saying", "told", "tells", "adding", "added"]),
];

/// The role of each term that has one.
static ROLE_OF: LazyLock<FxHashMap<&str, Role>> = LazyLock::new(|| {
    // Where a term stands in two lists, the first holds.
    ROLES.iter().rev().flat_map(|(role, terms)| terms.iter().map(|&term| (term, *role))).collect()
});

/// The change that each stem says that says one.
static CHANGE_OF: LazyLock<FxHashMap<&str, Change>> = LazyLock::new(|| {
    let of = |stems: &'static [&str], change| stems.iter().map(move |&stem| (stem, change));
    of(DOWN, Change::Down).chain(of(UP, Change::Up)).collect()
});

/// Remembers the facts of every distinct token text it has met.
#[derive(Debug)]
pub struct Words {
    stemmer: SnowballEnglish,
    /// Where words can stand in the features that are looked for; everywhere where there is none.
    slots: Option<Arc<SlotTable>>,
    /// The upper half of a spelling's hash, and the number of the word from 1; 0 for none. At most
    /// half full.
    table: Vec<(u32, u32)>,
    words: Vec<Word>,
    /// One a word: the normalised text, and the Snowball stem of it or, for numbers, their class in
    /// angle brackets.
    texts: Vec<(Box<str>, Box<str>)>,
    /// Token texts too long for their spelling.
    long: String,
    /// How often the memory was emptied.
    round: u32,
}

struct SnowballEnglish(Stemmer);

impl std::fmt::Debug for SnowballEnglish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Snowball English")
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Words {
    /// Remembers nothing yet; `slots` tells where words can stand in the features looked for.
    pub(crate) fn new(slots: Option<Arc<SlotTable>>) -> Self {
        Self {
            stemmer: SnowballEnglish(Stemmer::create(Algorithm::English)),
            slots,
            table: vec![(0, 0); 1 << 11],
            words: Vec::new(),
            texts: Vec::new(),
            long: String::new(),
            round: 0,
        }
    }

    /// Where words can stand in the features looked for.
    pub(crate) fn slots(&self) -> Option<&Arc<SlotTable>> {
        self.slots.as_ref()
    }

    /// Empties the memory where it is full; between two sentences only, since it voids numbers.
    pub fn make_room(&mut self) -> bool {
        let full = self.words.len() >= MOST_WORDS || self.long.len() >= MOST_BYTES;
        if full {
            *self = Self { round: self.round + 1, ..Self::new(self.slots.take()) };
        }
        full
    }

    /// How often the memory was emptied, which voided all numbers.
    pub fn round(&self) -> u32 {
        self.round
    }

    /// How many words are remembered: their numbers are below.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether no word is remembered.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The number under which the token's facts are kept, where it was met before.
    #[inline]
    pub(super) fn find(&self, text: &str, spelling: Spelling) -> Option<u32> {
        let (mut at, tag) = self.home(spelling);
        loop {
            match self.table[at] {
                (_, 0) => return None,
                (known, number) if known == tag && self.is_text(number - 1, text, spelling) => {
                    return Some(number - 1);
                }
                _ => at = (at + 1) & (self.table.len() - 1),
            }
        }
    }

    #[inline]
    fn is_text(&self, number: u32, text: &str, spelling: Spelling) -> bool {
        let word = self.word(number);
        word.spelling == spelling
            && (!spelling.is_long() || self.long[word.place as usize..].starts_with(text))
    }

    /// Where a spelling is looked for first, and what tells most others there apart.
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "each takes half of the hash")]
    fn home(&self, spelling: Spelling) -> (usize, u32) {
        let hash = spelling.hash();
        (hash as usize & (self.table.len() - 1), (hash >> 32) as u32)
    }

    /// Looks at a token that was not met before; returns the number of its facts.
    #[cold]
    pub(super) fn learn(&mut self, token: &Token<'_>, lexicon: &Lexicon, states: &States) -> u32 {
        let number = self.words.len();
        self.look_at(token, lexicon, states);
        if 2 * self.words.len() > self.table.len() {
            self.table = vec![(0, 0); 2 * self.table.len()];
            for number in 0..number {
                self.enter(number);
            }
        }
        self.enter(number);
        short(number)
    }

    /// Enters a word that is not in the table.
    fn enter(&mut self, number: usize) {
        let (mut at, tag) = self.home(self.words[number].spelling);
        while self.table[at].1 != 0 {
            at = (at + 1) & (self.table.len() - 1);
        }
        self.table[at] = (tag, short(number + 1));
    }

    /// The normalised text of the word with a number.
    #[inline]
    pub fn term(&self, number: u32) -> &str {
        &self.texts[number as usize].0
    }

    /// The Snowball stem of its term; for numbers the class in angle brackets.
    #[inline]
    pub fn stem(&self, number: u32) -> &str {
        &self.texts[number as usize].1
    }

    /// The facts kept under a number.
    #[inline]
    pub fn word(&self, number: u32) -> &Word {
        &self.words[number as usize]
    }

    fn look_at(&mut self, token: &Token<'_>, lexicon: &Lexicon, states: &States) {
        let term = token.term();
        let shape = shape(token);
        let stem: Box<str> = match shape {
            Shape::Year => "<year>".into(),
            Shape::Money => "<money>".into(),
            Shape::Percent => "<percent>".into(),
            Shape::Number => "<number>".into(),
            Shape::Mark => term.as_ref().into(),
            Shape::Lower => stem(&self.stemmer.0, &term).into(),
            Shape::Capital | Shape::AllCapitals => match calendar(&term) {
                Some(mask) => mask.into(),
                None => stem(&self.stemmer.0, &term).into(),
            },
        };
        let stem_hash = hash(&stem);
        let is_word = token.kind == TokenKind::Word;
        let spelling = Spelling::of(token.text.as_bytes());
        let place = short(self.long.len());
        if spelling.is_long() {
            self.long.push_str(token.text);
        }
        self.words.push(Word {
            spelling,
            place,
            stem_hash,
            slots: self.slots.as_ref().map_or(Slots::ALL, |table| table.slots(stem_hash)),
            lexicon: is_word.then(|| lexicon.opening(stem_hash)).flatten(),
            states: is_word.then(|| states.group(&term)).flatten(),
            shape,
            role: ROLE_OF.get(&*term).copied().unwrap_or(Role::None),
            change: CHANGE_OF.get(&*stem).copied().unwrap_or(Change::None),
            stem_length: u8::try_from(stem.len()).unwrap_or(u8::MAX),
            possessive: is_possessive(token.text),
            opens: match &*term {
                ":" | "?" | "!" | "(" => Opens::Sentence,
                "." => Opens::Stop,
                "\"" | "'" | "“" | "”" | "„" => Opens::Quotation,
                _ => Opens::Nothing,
            },
            characters: u8::try_from(term.chars().count()).unwrap_or(u8::MAX),
        });
        self.texts.push((term.into(), stem));
    }
}

/// What stands for days, months and forms of address: which one it is tells nothing. March and May
/// are words too, and stay.
fn calendar(term: &str) -> Option<&'static str> {
    match term {
        "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" => {
            Some("<day>")
        }
        "january" | "february" | "april" | "june" | "july" | "august" | "september" | "october"
        | "november" | "december" => Some("<month>"),
        "mr" | "mrs" | "ms" | "dr" => Some("<title>"),
        _ => None,
    }
}

/// Whether a token is a possessive ending, which makes no unit.
pub(super) fn is_possessive(text: &str) -> bool {
    matches!(text, "'s" | "’s" | "‘s" | "ʼs" | "＇s" | "'S" | "’S" | "‘S" | "ʼS" | "＇S")
}

/// A number below 2^32: texts, and so words, take less than 4 GiB.
fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The stem of a term: Snowball English, with the parts of `can't`, `won't` and `shan't` whole.
pub(super) fn stem(stemmer: &Stemmer, term: &str) -> String {
    match term {
        "n't" => "not".into(),
        "ca" => "can".into(),
        "wo" => "will".into(),
        "sha" => "shall".into(),
        _ => stemmer.stem(term).into_owned(),
    }
}

fn shape(token: &Token<'_>) -> Shape {
    match token.kind {
        TokenKind::Mark => Shape::Mark,
        TokenKind::Number => {
            let digits: String = token.text.chars().filter(char::is_ascii_digit).collect();
            if token.text.starts_with(['$', '€', '£', '¥']) {
                Shape::Money
            } else if token.text.ends_with('%') {
                Shape::Percent
            } else if digits.len() == 4
                && token.text.starts_with(&digits)
                && ("1800"..="2099").contains(&digits.as_str())
            {
                Shape::Year
            } else {
                Shape::Number
            }
        }
        TokenKind::Word => {
            let mut letters = token.text.chars().filter(|c| c.is_alphabetic());
            let first = letters.next().is_some_and(char::is_uppercase);
            let mut rest = letters.peekable();
            if !first {
                Shape::Lower
            } else if rest.peek().is_some() && rest.all(char::is_uppercase) {
                Shape::AllCapitals
            } else {
                Shape::Capital
            }
        }
    }
}
