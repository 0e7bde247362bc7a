use std::collections::BTreeMap;

use std::path::Path;

use stance::features::{Lexicon, States};
use stance::training::{Counts, LEAST};

use super::*;

const CARD: &str = "data/README.md";

#[test]
fn the_lexicon_has_5000_terms_that_differ_by_their_stems() {
    let content = file(LEXICON);
    let header = content.lines().next().unwrap();
    assert_eq!(header, "term,stance,sentiment,kind");
    let mut faults = Vec::new();
    let mut places: BTreeMap<Box<str>, String> = BTreeMap::new();
    for (place, line) in lines(LEXICON, &content) {
        // Alone, a line gives its own stems, or says what is wrong with it.
        match Lexicon::from_csv(&format!("{header}\n{line}\n"), &place) {
            Err(e) => faults.push(e.to_string()),
            Ok(alone) => {
                for entry in alone.entries() {
                    if let Some(other) = places.insert(entry.stems.clone(), place.clone()) {
                        faults.push(format!("{place}: `{}` is {other}", entry.stems));
                    }
                }
            }
        }
    }
    holds("lines of the lexicon can be read, and no two are the same term", &faults);
    assert!(places.len() >= 5000, "{LEXICON}: {} terms", places.len());
}

#[test]
fn a_name_of_a_state_names_one_party_of_one_class() {
    let content = file(STATES);
    assert_eq!(content.lines().next(), Some("id,class,form,term"));
    let mut parties: BTreeMap<&str, (&str, String)> = BTreeMap::new();
    let mut classes: BTreeMap<&str, (&str, String)> = BTreeMap::new();
    let mut faults = Vec::new();
    for (place, line) in lines(STATES, &content) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let [id, class, form, term] = cells[..] else {
            faults.push(format!("{place}: expected 4 fields, got {}", cells.len()));
            continue;
        };
        if !["name", "demonym", "capital", "metonym"].contains(&form) {
            faults.push(format!("{place}: form `{form}`"));
        }
        if let Some((other, first)) = parties.insert(term, (id, place.clone())) {
            faults.push(format!("{place}: `{term}` of `{id}` is that of `{other}` at {first}"));
        }
        let (known, first) = classes.entry(id).or_insert((class, place.clone()));
        if *known != class {
            faults.push(format!("{place}: `{id}` is a {class} here and a {known} at {first}"));
        }
    }
    holds("a term of states.csv stands once, and a party has one class", &faults);
    // Reads the classes too.
    States::from_csv(&content, STATES).unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn every_counted_term_stands_in_three_sentences() {
    let content = file(COUNTS);
    let counts = Counts::from_csv(&content, COUNTS).unwrap_or_else(|e| panic!("{e}"));
    assert!(counts.len() > 1000, "{COUNTS}: {} terms", counts.len());
    let labels: Vec<String> = ["diplomatic", "hawkish", "neutral"].map(str::to_owned).into();
    let faults: Vec<String> = counts
        .names()
        .iter()
        .zip(0..)
        .filter_map(|(name, number)| {
            let (observed, _) = counts.observed("stance", &labels, number)?;
            let sentences: u32 = observed.iter().sum();
            (sentences < LEAST).then(|| format!("{COUNTS}: `{name}` stands in {sentences}"))
        })
        .collect();
    holds("a term is counted where it stands in three sentences or more", &faults);
}

#[test]
fn the_card_shows_the_tables_of_the_files() {
    let card = file(CARD);
    let tables = corpus_facts::tables(Path::new("data")).unwrap_or_else(|e| panic!("{e:#}"));
    let renewed = corpus_facts::with_tables(&card, &tables);
    let renewed = renewed.unwrap_or_else(|| panic!("{CARD} lacks {:?}", corpus_facts::MARKS));
    let differing: Vec<String> = lines(CARD, &card)
        .zip(renewed.lines().skip(1))
        .filter(|((_, old), new)| old != new)
        .map(|((place, old), new)| format!("{place}: `{old}` should be `{new}`"))
        .take(1)
        .collect();
    holds(
        "the card is current after `cargo run --example corpus_facts -- data/README.md`",
        &differing,
    );
    assert_eq!(card.len(), renewed.len(), "{CARD} has lines that no table has");
}
