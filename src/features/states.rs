//! Names of states, alliances, bodies and armed groups, so that who is named can be masked and how
//! many parties a sentence names can be counted.
//!
//! A term written with capitals matches text that is capitalised likewise or wholly in capitals;
//! an all-capitals term of up to four letters (`US`) matches only as it is written. Composed or not,
//! with straight apostrophes or curly ones, a name is the same name.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization as _;

use super::feature::{Atom, hash};
use super::groups::{Group, Groups};
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
        const ATOMS: [Atom<'static>; 5] = [
            Atom::new(Class::State.mask()),
            Atom::new(Class::Alliance.mask()),
            Atom::new(Class::Body.mask()),
            Atom::new(Class::Group.mask()),
            Atom::new(Class::Name.mask()),
        ];
        ATOMS[self as usize]
    }

    /// The class of that name.
    fn named(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(_, known)| *known == name).map(|(class, _)| *class)
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
    /// The words of all names, one name behind the other.
    words: Vec<Box<str>>,
    /// One a name; those whose first words have the same term together, the longest of them first.
    patterns: Vec<Pattern>,
    groups: Groups,
}

#[derive(Debug, Clone, Copy)]
struct Pattern {
    /// Hash of the first word's term.
    first: u64,
    /// Where its words are.
    start: u32,
    end: u32,
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
            let class = Class::named(&name.class).ok_or_else(|| {
                fault(format!(
                    "unknown class `{}`; known are state, alliance, body, group",
                    name.class
                ))
            })?;
            if name.term.is_empty() || name.id.is_empty() {
                return Err(fault("id and term must not be empty".into()));
            }
            if let Some((other, _)) = terms.get(&name.term)
                && *other != name.id
            {
                return Err(fault(format!("names both `{other}` and `{}`; keep one", name.id)));
            }
            terms.insert(name.term, (name.id, class));
        }
        let terms = terms.iter().map(|(term, (id, class))| (term.as_str(), id.as_str(), *class));
        Ok(Self::from_terms(terms))
    }

    /// Reads the lines that [`States::lines`] gives, in their order. Returns the first one that is not
    /// one of those or is out of order.
    ///
    /// # Errors
    /// That line.
    pub(crate) fn from_lines<'a>(lines: &[&'a str]) -> std::result::Result<Self, &'a str> {
        let mut terms = Vec::with_capacity(lines.len());
        let mut last = "";
        for line in lines {
            let mut fields = line.splitn(3, ',');
            let mut field = || fields.next().filter(|field| !field.is_empty()).ok_or(*line);
            let (id, class, term) = (field()?, field()?, field()?);
            let class = Class::named(class).ok_or(*line)?;
            if last >= term {
                return Err(line);
            }
            last = term;
            terms.push((term, id, class));
        }
        Ok(Self::from_terms(terms.into_iter()))
    }

    fn from_terms<'a>(terms: impl Iterator<Item = (&'a str, &'a str, Class)>) -> Self {
        let short = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let mut out = Self::default();
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        for (term, id, class) in terms {
            let next = short(numbers.len());
            let party = *numbers.entry(id).or_insert(next);
            if party == next {
                out.parties.push(id.to_owned());
            }
            let start = short(out.words.len());
            let units = tokens(term).filter(|token| !is_possessive(token.text));
            out.words.extend(units.map(|token| Box::from(plain(token.text))));
            if let Some(first) = tokens(term).next() {
                let (first, end) = (hash(&first.term()), short(out.words.len()));
                out.patterns.push(Pattern { first, start, end, party, class });
            }
            out.names.push((term.to_owned(), party, class));
        }
        let of = |pattern: &Pattern| &out.words[pattern.start as usize..pattern.end as usize];
        out.groups = Groups::of(
            &mut out.patterns,
            |pattern| pattern.first,
            |a, b| of(b).len().cmp(&of(a).len()).then_with(|| of(a).cmp(of(b))),
        );
        out
    }

    /// Every name as a line `id,class,term`, in the order of terms: what a model file keeps.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.names.iter().map(|(term, party, class)| {
            (self.parties[*party as usize].as_str(), class.name(), term.as_str())
        })
    }

    /// The group of names that begin with that term.
    pub(super) fn group(&self, term: &str) -> Option<Group> {
        self.groups.find(hash(term))
    }

    /// The longest name of a group that begins at place 0: the party's number, its class and how many
    /// tokens it takes. `text(i)` is the text of the token at place `i`.
    pub(super) fn longest<'t>(
        &self,
        group: Group,
        text: impl Fn(usize) -> Option<&'t str>,
    ) -> Option<(u32, Class, usize)> {
        self.patterns[self.groups.range(group)].iter().find_map(|pattern| {
            let words = &self.words[pattern.start as usize..pattern.end as usize];
            let mut places = words.iter().enumerate();
            places.all(|(at, word)| text(at).is_some_and(|text| same_name(word, text))).then_some((
                pattern.party,
                pattern.class,
                words.len(),
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
