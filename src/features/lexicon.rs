//! The lexicon: terms whose pull on stance and sentiment is known beforehand, and what kind of
//! word each is.
//!
//! Terms are matched by stems, the longest phrase at a place first. Entries are kept in the order of
//! their stems, so the lexicon of a model does not depend on the order of lines in its file.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_stemmers::{Algorithm, Stemmer};

use super::feature::hash;
use super::groups::{Group, Groups};
use super::words::stem;
use crate::error::{Error, Result};
use crate::text::{TokenKind, tokens};

/// Stands in a phrase for one to `WIDEST_GAP` words.
pub const GAP: &str = "…";
/// Most words that a gap stands for.
pub(super) const WIDEST_GAP: usize = 4;

/// What kind of word a lexicon entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "each is explained by its name and in data/README.md")]
pub enum Kind {
    Verb,
    Noun,
    Adjective,
    Adverb,
    Phrase,
    Negator,
    End,
    Refuse,
    Breach,
    Blame,
    Appeal,
    Demand,
    Keep,
    Begin,
    Report,
    Contrast,
    Concession,
    Condition,
    Hedge,
    Domestic,
    Official,
    Force,
    Civilian,
}

impl Kind {
    /// All kinds with their names in the file.
    pub const ALL: [(Self, &'static str); 23] = [
        (Self::Verb, "verb"),
        (Self::Noun, "noun"),
        (Self::Adjective, "adjective"),
        (Self::Adverb, "adverb"),
        (Self::Phrase, "phrase"),
        (Self::Negator, "negator"),
        (Self::End, "end"),
        (Self::Refuse, "refuse"),
        (Self::Breach, "breach"),
        (Self::Blame, "blame"),
        (Self::Appeal, "appeal"),
        (Self::Demand, "demand"),
        (Self::Keep, "keep"),
        (Self::Begin, "begin"),
        (Self::Report, "report"),
        (Self::Contrast, "contrast"),
        (Self::Concession, "concession"),
        (Self::Condition, "condition"),
        (Self::Hedge, "hedge"),
        (Self::Domestic, "domestic"),
        (Self::Official, "official"),
        (Self::Force, "force"),
        (Self::Civilian, "civilian"),
    ];

    /// The kind's name in the file.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        let matching = |(kind, known): &(Self, &str)| (*known == name).then_some(*kind);
        Self::ALL.iter().find_map(matching)
    }

    /// Whether such a word acts on an object: ends, refuses, breaches, begins it …
    pub fn acts(self) -> bool {
        matches!(
            self,
            Self::Negator
                | Self::End
                | Self::Refuse
                | Self::Breach
                | Self::Blame
                | Self::Appeal
                | Self::Demand
                | Self::Keep
                | Self::Begin
        )
    }
}

/// One term of the lexicon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The term's stems with single spaces between, [`GAP`] for a gap.
    pub stems: Box<str>,
    /// −3 strongly diplomatic … 0 none … +3 strongly hawkish.
    pub stance: i8,
    /// −3 negative … +3 positive.
    pub sentiment: i8,
    /// What kind of word it is.
    pub kind: Kind,
}

/// One line of a lexicon file.
#[derive(Debug, Clone, serde::Deserialize)]
pub(super) struct Line {
    /// The term as people write it.
    pub term: String,
    /// −3 … +3.
    pub stance: i8,
    /// −3 … +3.
    pub sentiment: i8,
    /// One of [`Kind::ALL`].
    pub kind: String,
}

/// All entries, found by their first stem.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    entries: Vec<Entry>,
    /// Hashes of the stems of all entries, one entry behind the other; [`NO_STEM`] for a gap.
    stems: Vec<u64>,
    /// One an entry; those with the same first stem together, the longest of them first.
    patterns: Vec<Pattern>,
    groups: Groups,
}

/// The stems of one entry.
#[derive(Debug, Clone, Copy)]
struct Pattern {
    /// The second stem; [`NO_STEM`] for a gap, or where there is none.
    second: u64,
    /// Where its stems are.
    start: u32,
    end: u32,
    /// The entry's number.
    number: u32,
    gapped: bool,
}

/// An entry that was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Its number.
    pub number: u32,
    /// The place after its last word.
    pub end: usize,
    /// Whether it has a gap.
    pub gapped: bool,
}

/// Stands among hashes of stems where there is none.
pub(super) const NO_STEM: u64 = 0;

impl Lexicon {
    /// Reads `term,stance,sentiment,kind` lines; `place` is the file's name for messages.
    ///
    /// Of two lines whose terms have the same stems, the later holds, so that a person's own lines
    /// can be put after the shipped ones.
    ///
    /// # Errors
    /// Where a line lacks a column, a value is not in −3 … +3 or a kind is not known.
    pub fn from_csv(text: &str, place: &str) -> Result<Self> {
        let stemmer = Stemmer::create(Algorithm::English);
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let mut entries = BTreeMap::new();
        for record in reader.deserialize::<Line>() {
            let line = record.map_err(|e| {
                let at = e.position().map_or(0, csv::Position::line);
                Error::table(
                    format!("{place}:{at}"),
                    format!("expected term,stance,sentiment,kind: {e}"),
                )
            })?;
            let fault =
                |message: String| Error::table(format!("{place}: term `{}`", line.term), message);
            let kind = Kind::named(&line.kind).ok_or_else(|| {
                let known: Vec<&str> = Kind::ALL.iter().map(|(_, name)| *name).collect();
                fault(format!("unknown kind `{}`; known are {}", line.kind, known.join(", ")))
            })?;
            for (column, value) in [("stance", line.stance), ("sentiment", line.sentiment)] {
                if !(-3..=3).contains(&value) {
                    return Err(fault(format!("{column} must be -3 to 3, but is {value}")));
                }
            }
            let stems = stems_of(&stemmer, &line.term);
            if stems.is_empty() || stems.starts_with(GAP) || stems.ends_with(GAP) {
                return Err(fault("a term must begin and end with a word".into()));
            }
            entries.insert(
                stems.clone(),
                Entry { stems: stems.into(), stance: line.stance, sentiment: line.sentiment, kind },
            );
        }
        Ok(Self::from_entries(entries.into_values().collect()))
    }

    /// Builds the lexicon from entries whose stems differ.
    pub fn from_entries(entries: Vec<Entry>) -> Self {
        let mut stems = Vec::with_capacity(3 * entries.len());
        let mut patterns = Vec::with_capacity(entries.len());
        for (number, entry) in (0..).zip(&entries) {
            let start = stems.len();
            stems.extend(
                entry.stems.split(' ').map(|stem| if stem == GAP { NO_STEM } else { hash(stem) }),
            );
            let second = stems.get(start + 1).copied().unwrap_or(NO_STEM);
            let short = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
            let gapped = stems[start..].contains(&NO_STEM);
            let (start, end) = (short(start), short(stems.len()));
            patterns.push(Pattern { second, start, end, number, gapped });
        }
        let of = |pattern: &Pattern| &stems[pattern.start as usize..pattern.end as usize];
        let groups = Groups::of(
            &mut patterns,
            |pattern| of(pattern).first().copied().unwrap_or(NO_STEM),
            |a, b| {
                let rank = |pattern: &Pattern| {
                    let stems = of(pattern);
                    (Reverse(stems.len()), pattern.gapped, pattern.number)
                };
                rank(a).cmp(&rank(b))
            },
        );
        Self { entries, stems, patterns, groups }
    }

    /// All entries, by their stems.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that begin with the stem of that hash.
    pub(super) fn opening(&self, stem: u64) -> Option<Opening> {
        let group = self.groups.find(stem)?;
        let next = self.patterns[self.groups.range(group)]
            .iter()
            .map(|pattern| if pattern.second == NO_STEM { u32::MAX } else { bit(pattern.second) })
            .fold(0, |all, next| all | next);
        Some(Opening { group, next })
    }

    /// The longest entry that begins at `at`, where its first stem stands. `stems` are hashes, or
    /// [`NO_STEM`] where no word of the lexicon can stand: at a mark or at a name.
    #[inline]
    pub(super) fn longest(&self, opening: Opening, at: usize, stems: &[u64]) -> Option<Found> {
        let next = stems.get(at + 1).copied().unwrap_or(NO_STEM);
        if opening.next & bit(next) == 0 {
            return None;
        }
        self.patterns[self.groups.range(opening.group)].iter().find_map(|pattern| {
            if pattern.second != next && pattern.second != NO_STEM {
                return None;
            }
            let end = if pattern.end - pattern.start == 1 {
                at + 1
            } else {
                let wanted = &self.stems[pattern.start as usize..pattern.end as usize];
                matches(wanted, at, stems)?
            };
            Some(Found { number: pattern.number, end, gapped: pattern.gapped })
        })
    }
}

/// The entries that begin with one stem.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opening {
    group: Group,
    /// The [`bit`]s of the stems that can follow; all where any can.
    next: u32,
}

/// One of 32 bits for each stem.
#[inline]
const fn bit(stem: u64) -> u32 {
    1 << (stem >> 59)
}

/// Where the entry ends that begins at `at`, if it stands there.
fn matches(pattern: &[u64], mut at: usize, stems: &[u64]) -> Option<usize> {
    let stem = |at: usize| stems.get(at).copied().filter(|&stem| stem != NO_STEM);
    let mut place = 0;
    while place < pattern.len() {
        if pattern[place] == NO_STEM {
            let wanted = *pattern.get(place + 1)?;
            let mut width = 1;
            while stem(at + width)? != wanted {
                width += 1;
                if width > WIDEST_GAP {
                    return None;
                }
            }
            at += width;
        } else {
            if stem(at)? != pattern[place] {
                return None;
            }
            at += 1;
        }
        place += 1;
    }
    Some(at)
}

fn stems_of(stemmer: &Stemmer, term: &str) -> String {
    let mut stems: Vec<String> = Vec::new();
    for piece in term.split_whitespace() {
        if piece == GAP || piece == "..." {
            stems.push(GAP.into());
            continue;
        }
        for token in tokens(piece) {
            if token.kind != TokenKind::Mark && token.text != "'s" {
                stems.push(stem(stemmer, &token.term()));
            }
        }
    }
    stems.join(" ")
}
