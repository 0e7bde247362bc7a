//! What is known of a word by itself: its term, its stem, what it looks like, and the lists it
//! opens an entry of.
//!
//! Facts depend on the token's text alone, so each distinct text is looked at once and remembered.
//! The memory is bounded: past [`MOST_WORDS`] distinct texts it is emptied and filled anew, which
//! changes no result.

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;

use super::feature::hash;
use super::lexicon::Lexicon;
use super::states::States;
use crate::text::{Token, TokenKind};

/// Distinct token texts that are remembered at a time: about 30 MB.
pub const MOST_WORDS: usize = 1 << 16;

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

/// The facts of one distinct token text.
#[derive(Debug, Clone)]
pub struct Word {
    /// The normalised text.
    pub term: Box<str>,
    /// The Snowball stem of the term; for numbers the class in angle brackets.
    pub stem: Box<str>,
    /// Hash of the stem.
    pub stem_hash: u64,
    /// What it looks like.
    pub shape: Shape,
    /// What the word does to the words after it.
    pub role: Role,
    /// Whether it says that something rises or is high, falls or is low.
    pub change: Change,
    /// Whether lexicon entries begin with this stem.
    pub opens_lexicon: bool,
    /// Whether names of states or parties begin with this term.
    pub opens_state: bool,
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

/// Remembers the facts of every distinct token text it has met.
#[derive(Debug)]
pub struct Words {
    stemmer: SnowballEnglish,
    known: FxHashMap<Box<str>, u32>,
    words: Vec<Word>,
}

struct SnowballEnglish(Stemmer);

impl std::fmt::Debug for SnowballEnglish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Snowball English")
    }
}

impl Default for Words {
    fn default() -> Self {
        Self {
            stemmer: SnowballEnglish(Stemmer::create(Algorithm::English)),
            known: FxHashMap::default(),
            words: vec![party()],
        }
    }
}

/// What is known of the words of a party's name, whichever they are: nothing.
fn party() -> Word {
    let stem = "<party>";
    Word {
        term: stem.into(),
        stem: stem.into(),
        stem_hash: hash(stem),
        shape: Shape::Capital,
        role: Role::None,
        change: Change::None,
        opens_lexicon: false,
        opens_state: false,
    }
}

impl Words {
    /// The number of the facts of every party's name.
    pub const PARTY: u32 = 0;

    /// Empties the memory where it is full; between two sentences only, since it voids numbers.
    pub fn make_room(&mut self) -> bool {
        let full = self.words.len() >= MOST_WORDS;
        if full {
            self.known.clear();
            self.words.truncate(1);
        }
        full
    }

    /// The number under which the token's facts are kept.
    pub fn number(&mut self, token: &Token<'_>, lexicon: &Lexicon, states: &States) -> u32 {
        if let Some(&number) = self.known.get(token.text) {
            return number;
        }
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(self.look_at(token, lexicon, states));
        self.known.insert(token.text.into(), number);
        number
    }

    /// The facts kept under a number.
    #[inline]
    pub fn word(&self, number: u32) -> &Word {
        &self.words[number as usize]
    }

    fn look_at(&self, token: &Token<'_>, lexicon: &Lexicon, states: &States) -> Word {
        let term = token.term();
        let shape = shape(token);
        let stem: Box<str> = match shape {
            Shape::Year => "<year>".into(),
            Shape::Money => "<money>".into(),
            Shape::Percent => "<percent>".into(),
            Shape::Number => "<number>".into(),
            Shape::Mark => term.as_ref().into(),
            Shape::Capital | Shape::AllCapitals => match calendar(&term) {
                Some(mask) => mask.into(),
                None => self.stem(&term).into(),
            },
            Shape::Lower => self.stem(&term).into(),
        };
        let stem_hash = hash(&stem);
        let role = ROLES
            .iter()
            .find(|(_, terms)| terms.contains(&term.as_ref()))
            .map_or(Role::None, |(role, _)| *role);
        Word {
            change: match &*stem {
                stem if UP.contains(&stem) => Change::Up,
                stem if DOWN.contains(&stem) => Change::Down,
                _ => Change::None,
            },
            opens_lexicon: token.kind == TokenKind::Word && lexicon.opens(stem_hash),
            opens_state: token.kind == TokenKind::Word && states.opens(&term),
            term: term.into_owned().into(),
            stem,
            stem_hash,
            shape,
            role,
        }
    }

    fn stem(&self, term: &str) -> String {
        stem(&self.stemmer.0, term)
    }
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

/// Whether a token is a possessive ending, which is no unit.
pub(super) fn is_possessive(token: &Token<'_>) -> bool {
    matches!(token.text, "'s" | "’s" | "‘s" | "ʼs" | "＇s" | "'S" | "’S" | "‘S" | "ʼS" | "＇S")
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
