//! The lexicon: terms whose pull on stance and sentiment is known beforehand, and what kind of
//! word each is.
//!
//! Terms are matched by stems, the longest phrase at a place first. Entries are kept in the order of
//! their stems, so the lexicon of a model does not depend on the order of lines in its file.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;

use super::feature::hash;
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
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
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
    /// Hashes of each entry's stems; `None` for a gap.
    stems: Vec<Vec<Option<u64>>>,
    by_first: FxHashMap<u64, Vec<u32>>,
}

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
        let stems: Vec<Vec<Option<u64>>> = entries
            .iter()
            .map(|e| e.stems.split(' ').map(|s| (s != GAP).then(|| hash(s))).collect())
            .collect();
        let mut by_first: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for (number, entry) in stems.iter().enumerate() {
            if let Some(Some(first)) = entry.first() {
                by_first.entry(*first).or_default().push(u32::try_from(number).unwrap_or(u32::MAX));
            }
        }
        for numbers in by_first.values_mut() {
            numbers.sort_by_key(|&n| {
                let entry = &stems[n as usize];
                (Reverse(entry.len()), entry.contains(&None), n)
            });
        }
        Self { entries, stems, by_first }
    }

    /// All entries, by their stems.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether an entry begins with the stem of that hash.
    pub fn opens(&self, stem: u64) -> bool {
        self.by_first.contains_key(&stem)
    }

    /// The longest entry that begins at `at`: its number and the place after its last word.
    /// `stem(i)` is the hash of the stem at place `i`, or `None` where no word of the lexicon can
    /// stand: past the end, at a mark or at a name.
    pub fn longest(&self, at: usize, stem: impl Fn(usize) -> Option<u64>) -> Option<(u32, usize)> {
        let candidates = self.by_first.get(&stem(at)?)?;
        candidates.iter().find_map(|&number| {
            let end = matches(&self.stems[number as usize], at, &stem)?;
            Some((number, end))
        })
    }
}

fn matches(
    pattern: &[Option<u64>],
    mut at: usize,
    stem: &impl Fn(usize) -> Option<u64>,
) -> Option<usize> {
    let mut place = 0;
    while place < pattern.len() {
        if let Some(wanted) = pattern[place] {
            if stem(at)? != wanted {
                return None;
            }
            at += 1;
        } else {
            let wanted = pattern.get(place + 1).copied().flatten()?;
            let mut width = 1;
            while stem(at + width)? != wanted {
                width += 1;
                if width > WIDEST_GAP {
                    return None;
                }
            }
            at += width;
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
