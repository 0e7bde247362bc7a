//! Names of states, alliances, bodies and armed groups, so that who is named can be masked and how
//! many parties a sentence names can be counted.
//!
//! A term written with capitals matches text that is capitalised likewise or wholly in capitals;
//! an all-capitals term of up to four letters (`US`) matches only as it is written. Composed or not,
//! straight apostrophe or curly, a name is the same name.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization as _;

use super::feature::Atom;
use super::words::is_possessive;
use crate::error::{Error, Result};
use crate::text::tokens;

/// What a named party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A state, also a former, disputed or part one.
    State,
    /// An alliance or union of states.
    Alliance,
    /// An international body.
    Body,
    /// An armed group.
    Group,
    /// Any other name: a person, a town, a firm.
    Name,
}

impl Class {
    const NAMED: [(Self, &'static str); 4] = [
        (Self::State, "state"),
        (Self::Alliance, "alliance"),
        (Self::Body, "body"),
        (Self::Group, "group"),
    ];

    /// What stands in features for a party of this class.
    pub const fn mask(self) -> &'static str {
        match self {
            Self::State => "<state>",
            Self::Alliance => "<alliance>",
            Self::Body => "<body>",
            Self::Group => "<group>",
            Self::Name => "<name>",
        }
    }

    /// The atom of the mask.
    pub const fn atom(self) -> Atom<'static> {
        Atom::new(self.mask())
    }

    /// The class's name in the file.
    pub fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(class, _)| *class == self).map_or("", |(_, name)| name)
    }
}

/// One name of a party.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub(super) struct Name {
    /// The party that it names.
    pub id: String,
    /// What the party is.
    pub class: String,
    /// The name.
    pub term: String,
}

/// All names, found by their first word.
#[derive(Debug, Clone, Default)]
pub struct States {
    names: Vec<(String, u32, Class)>,
    parties: Vec<String>,
    by_first: FxHashMap<Box<str>, Vec<Pattern>>,
}

#[derive(Debug, Clone)]
struct Pattern {
    words: Vec<Box<str>>,
    party: u32,
    class: Class,
}

impl States {
    /// Reads lines with the columns `id`, `class` and `term`; `place` is the file's name for
    /// messages.
    ///
    /// # Errors
    /// Where a line lacks a column, a class is not known or one term names two parties.
    pub fn from_csv(text: &str, place: &str) -> Result<Self> {
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let mut terms: BTreeMap<String, (String, Class)> = BTreeMap::new();
        for record in reader.deserialize::<Name>() {
            let name = record.map_err(|e| {
                let at = e.position().map_or(0, csv::Position::line);
                Error::table(format!("{place}:{at}"), format!("expected id,class,form,term: {e}"))
            })?;
            let fault =
                |message: String| Error::table(format!("{place}: term `{}`", name.term), message);
            let class =
                Class::NAMED.iter().find(|(_, known)| *known == name.class).map(|(c, _)| *c);
            let class = class.ok_or_else(|| {
                fault(format!(
                    "unknown class `{}`; known are state, alliance, body, group",
                    name.class
                ))
            })?;
            if let Some((other, _)) = terms.get(&name.term)
                && *other != name.id
            {
                return Err(fault(format!("names both `{other}` and `{}`; keep one", name.id)));
            }
            terms.insert(name.term, (name.id, class));
        }
        Ok(Self::from_terms(terms.into_iter().map(|(term, (id, class))| (term, id, class))))
    }

    fn from_terms(terms: impl Iterator<Item = (String, String, Class)>) -> Self {
        let mut out = Self::default();
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        for (term, id, class) in terms {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            let party = *numbers.entry(id.clone()).or_insert(next);
            if party == next {
                out.parties.push(id);
            }
            let words: Vec<Box<str>> = tokens(&term)
                .filter(|token| !is_possessive(token))
                .map(|token| plain(token.text).into())
                .collect();
            if let Some(first) = tokens(&term).next() {
                let first: Box<str> = first.term().into_owned().into();
                out.by_first.entry(first).or_default().push(Pattern { words, party, class });
            }
            out.names.push((term, party, class));
        }
        for patterns in out.by_first.values_mut() {
            patterns.sort_by(|a, b| {
                b.words.len().cmp(&a.words.len()).then_with(|| a.words.cmp(&b.words))
            });
        }
        out
    }

    /// Every name as a line `id,class,term`, in the order of terms: what a model file keeps.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.names.iter().map(|(term, party, class)| {
            (self.parties[*party as usize].as_str(), class.name(), term.as_str())
        })
    }

    /// Whether a name begins with that term.
    pub fn opens(&self, term: &str) -> bool {
        self.by_first.contains_key(term)
    }

    /// The longest name that begins with `first` at place 0: the party's number, its class and how
    /// many tokens it takes. `text(i)` is the text of the token at place `i`.
    pub fn longest<'t>(
        &self,
        first: &str,
        text: impl Fn(usize) -> Option<&'t str>,
    ) -> Option<(u32, Class, usize)> {
        self.by_first.get(first)?.iter().find_map(|pattern| {
            let mut words = pattern.words.iter().enumerate();
            words.all(|(at, word)| text(at).is_some_and(|t| same_name(word, t))).then_some((
                pattern.party,
                pattern.class,
                pattern.words.len(),
            ))
        })
    }
}

/// Composed, with straight apostrophes.
fn plain(text: &str) -> String {
    text.nfc().map(|c| if matches!(c, '’' | '‘' | 'ʼ' | '＇') { '\'' } else { c }).collect()
}

fn same_name(name: &str, text: &str) -> bool {
    if text.is_ascii() { same_plain_name(name, text) } else { same_plain_name(name, &plain(text)) }
}

fn same_plain_name(name: &str, text: &str) -> bool {
    if name == text {
        return true;
    }
    let all_capitals = |s: &str| s.chars().all(|c| !c.is_lowercase());
    let short = all_capitals(name) && name.chars().filter(|c| c.is_alphabetic()).count() <= 4;
    !short && all_capitals(text) && name.chars().flat_map(char::to_uppercase).eq(text.chars())
}
