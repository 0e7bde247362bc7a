//! Another state, day, month, title or person in the same sentence.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::floors::{Tally, hold};
use super::subject::{Reader, real_sentences, rows};

/// Sentences that are looked at.
const SENTENCES: usize = 1_000;
/// Other states that are put into each.
const SWAPS: usize = 10;

/// A name in `data/states.csv`.
#[derive(Debug)]
struct Name {
    id: String,
    state: bool,
    form: String,
    term: String,
}

impl Name {
    /// What it can be replaced by: demonyms for one by demonyms for one, and so on.
    fn kind(&self) -> (&str, bool) {
        (&self.form, self.form.starts_with("demonym") && self.term.ends_with(['s', 'S']))
    }

    fn is_metonym(&self) -> bool {
        self.form.starts_with("metonym")
    }
}

/// All names, by their first word, the longest first.
struct Names {
    names: Vec<Name>,
    by_first: HashMap<String, Vec<usize>>,
    states: Vec<String>,
    by_state: BTreeMap<String, Vec<usize>>,
}

/// A name in a text: where it starts, and its number.
type Found = (usize, usize);

fn first_word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())]
}

impl Names {
    fn read() -> Self {
        let mut names: Vec<Name> = rows("data/states.csv")
            .into_iter()
            .map(|row| Name {
                id: row["id"].clone(),
                state: row["class"] == "state",
                form: row["form"].clone(),
                term: row["term"].clone(),
            })
            .collect();
        // In capitals, as in datelines and headlines, they are names too.
        let capitals: Vec<Name> = names
            .iter()
            .map(|name| Name {
                id: name.id.clone(),
                form: format!("{} in capitals", name.form),
                term: name.term.to_uppercase(),
                ..*name
            })
            .filter(|name| names.iter().all(|other| other.term != name.term))
            .collect();
        names.extend(capitals);
        names.sort_by_key(|name| std::cmp::Reverse(name.term.len()));
        let mut out = Self {
            names: Vec::new(),
            by_first: HashMap::new(),
            states: Vec::new(),
            by_state: BTreeMap::new(),
        };
        for (number, name) in names.iter().enumerate() {
            out.by_first.entry(first_word(&name.term).to_owned()).or_default().push(number);
            if name.state {
                out.by_state.entry(name.id.clone()).or_default().push(number);
            }
        }
        out.states = out.by_state.keys().cloned().collect();
        out.names = names;
        out
    }

    fn find(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let mut end = 0;
        for (start, c) in text.char_indices() {
            let inside = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
            if start < end || inside || !c.is_alphanumeric() {
                continue;
            }
            let rest = &text[start..];
            let matches = |&&number: &&usize| {
                let after = rest.strip_prefix(self.names[number].term.as_str());
                after.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            };
            let numbers = self.by_first.get(first_word(rest));
            if let Some(&number) = numbers.and_then(|numbers| numbers.iter().find(matches)) {
                found.push((start, number));
                end = start + self.names[number].term.len();
            }
        }
        found
    }

    /// The text with one state in the place of another, where both have names of the kinds that
    /// stand there and no name runs into its neighbours.
    fn swap(&self, text: &str, old: &str, new: &str, random: &mut fastrand::Rng) -> Option<String> {
        let found = self.find(text);
        let mut out = String::new();
        let mut expected: Vec<&str> = Vec::new();
        let mut at = 0;
        for (start, number) in found {
            let name = &self.names[number];
            expected.push(if name.id == old { new } else { &name.id });
            if name.id != old {
                continue;
            }
            let others: Vec<&Name> = self.by_state[new]
                .iter()
                .map(|&other| &self.names[other])
                .filter(|other| other.kind() == name.kind() && !other.is_metonym())
                .collect();
            out += &text[at..start];
            out += &random.choice(others)?.term;
            at = start + name.term.len();
        }
        out += &text[at..];
        let now: Vec<&str> =
            self.find(&out).into_iter().map(|(_, n)| self.names[n].id.as_str()).collect();
        (now == expected).then_some(out)
    }
}

#[test]
fn another_state_changes_no_label() {
    let names = Names::read();
    let mut random = fastrand::Rng::with_seed(1);
    let mut reader = Reader::new();
    let mut tally = Tally::new("swap states");
    let mut texts: Vec<&String> = real_sentences().iter().collect();
    random.shuffle(&mut texts);
    let (mut sentences, mut flipped) = (0, 0);
    for text in texts {
        let found = names.find(text);
        let states: BTreeSet<&str> = found
            .iter()
            .map(|&(_, n)| &names.names[n])
            .filter(|name| name.state && !name.is_metonym())
            .map(|name| name.id.as_str())
            .collect();
        let all: BTreeSet<&str> = found.iter().map(|&(_, n)| names.names[n].id.as_str()).collect();
        let Some(old) = random.choice(states) else { continue };
        let mut swapped = BTreeSet::new();
        for _ in 0..10 * SWAPS {
            let Some(new) = random.choice(&names.states) else { continue };
            if !all.contains(new.as_str()) {
                swapped.extend(names.swap(text, old, new, &mut random));
            }
            if swapped.len() == SWAPS {
                break;
            }
        }
        if swapped.is_empty() {
            continue;
        }
        let before = reader.labels(text);
        let failed = tally.tests();
        let mut same = true;
        for changed in &swapped {
            let after = reader.labels(changed);
            same &= before == after;
            tally.count(before == after, || format!("{text}\n    {changed}: {before:?} {after:?}"));
        }
        assert!(tally.tests() > failed);
        sentences += 1;
        flipped += usize::from(!same);
        if sentences == SENTENCES {
            break;
        }
    }
    eprintln!("{flipped} of {sentences} sentences change a label");
    tally.reaches(100.0);
}

/// Puts each of `words` in the place of another of them in 1,000 real sentences, or in all that
/// have one.
#[track_caller]
fn swapping(name: &str, words: &[&str], least: f64) {
    let mut reader = Reader::new();
    let mut tally = Tally::new(name);
    for text in real_sentences() {
        let bounded = |word: &&&str| {
            text.match_indices(**word).any(|(at, word)| {
                !text[..at].ends_with(char::is_alphanumeric)
                    && !text[at + word.len()..].starts_with(char::is_alphanumeric)
            })
        };
        let Some(old) = words.iter().find(bounded) else { continue };
        let before = reader.labels(text);
        for new in words.iter().filter(|new| *new != old) {
            let changed = text.replace(old, new);
            let after = reader.labels(&changed);
            tally.count(before == after, || format!("{changed}: {before:?}, then {after:?}"));
        }
        if tally.tests() >= SENTENCES * (words.len() - 1) {
            break;
        }
    }
    tally.reaches(least);
}

#[test]
fn another_day_changes_hardly_a_label() {
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    swapping("swap days", &days, 99.5);
}

#[test]
fn another_month_changes_hardly_a_label() {
    // Not March and May, which are words too.
    let months = [
        "January",
        "February",
        "April",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    swapping("swap months", &months, 99.5);
}

#[test]
fn another_form_of_address_changes_hardly_a_label() {
    swapping("swap Mr, Mrs, Ms, Dr", &["Mr", "Mrs", "Ms", "Dr"], 99.5);
}

#[test]
fn another_person_changes_no_label() {
    let sentences = [
        "After the raid {} called for restraint.",
        "The talks failed, and {} ordered an air strike.",
        "In the capital {} met the delegation for two hours.",
        "The foreign minister, {}, rejected the plan.",
        "\"We want peace,\" {} said, \"but not at any price.\"",
        "Officials said that {} would visit the front on Monday.",
        "The court sent {} to prison for fraud.",
        "The opposition blamed Mr. {} for the embargo.",
    ];
    let names = [
        "Brandtner",
        "Okonkwo-Reyes",
        "Silva Prado",
        "Aldous Wen",
        "Tamsin O'Farrell",
        "Nguyen",
        "de la Vega",
        "Ibragimov",
        "Müllerová",
        "Halvorsen",
    ];
    let mut reader = Reader::new();
    let mut tally = Tally::new("swap people");
    for sentence in sentences {
        let before = reader.labels(&sentence.replace("{}", "Marchetti"));
        for name in names {
            let changed = sentence.replace("{}", name);
            let after = reader.labels(&changed);
            tally.count(before == after, || format!("{changed}: {before:?}, then {after:?}"));
        }
    }
    hold(&[tally]);
}

#[test]
fn who_reports_it_changes_few_stances() {
    let mut reader = Reader::new();
    let mut tally = Tally::new("add \"officials said\"");
    for text in real_sentences().iter().step_by(20) {
        let Some(open) = text.strip_suffix('.').filter(|text| !text.contains(['"', '“'])) else {
            continue;
        };
        let changed = format!("{open}, officials said.");
        let (before, after) = (reader.stance(text), reader.stance(&changed));
        tally.count(before == after, || format!("{changed}: {before}, then {after}"));
    }
    hold(&[tally]);
}
