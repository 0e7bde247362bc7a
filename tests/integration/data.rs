//! The tables in `data/`: what always holds of them, told by the lines that break it.

use std::fmt::Display;
use std::sync::OnceLock;

use stance::text::{TokenKind, tokens};
use stance::training::{Columns, Corpus, Example};

/// No word and no state gives a label away.
mod balance;
/// Names of leaders and officials.
mod names;
/// Sentences that are nearly the same.
mod near;
/// The labelled sentences, each by itself.
mod sentences;
/// The lexicon, the states and the counts of terms.
mod tables;

/// The program that makes the tables of the card.
#[path = "../../examples/corpus_facts.rs"]
mod corpus_facts;

const CORPUS: &str = "data/labeled.csv";
const LEXICON: &str = "data/lexicon.csv";
const STATES: &str = "data/states.csv";
const COUNTS: &str = "data/term-counts.csv";

/// `data/labeled.csv`, read once.
fn corpus() -> &'static Corpus {
    static READ: OnceLock<Corpus> = OnceLock::new();
    READ.get_or_init(|| {
        Corpus::read(&[CORPUS], &Columns::default()).unwrap_or_else(|e| panic!("{e}"))
    })
}

fn file(name: &str) -> String {
    std::fs::read_to_string(name).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The lines of a file with `file:line` of each, without the header.
fn lines<'a>(name: &'a str, content: &'a str) -> impl Iterator<Item = (String, &'a str)> {
    let numbered = content.lines().enumerate().skip(1);
    numbered.map(move |(at, line)| (format!("{name}:{}", at + 1), line))
}

/// The number of a sentence's stance among the labels, which are in ascending order.
fn stance(example: &Example) -> usize {
    let head = corpus().heads.iter().position(|(name, _)| name == "stance").unwrap();
    example.labels[head].map_or(usize::MAX, |label| label as usize)
}

/// The words of a sentence as they are counted and compared, marks aside.
fn terms(text: &str) -> impl Iterator<Item = String> {
    tokens(text).filter(|t| t.kind != TokenKind::Mark).map(|t| t.term().into_owned())
}

/// Fails where there is a fault, and lists them all.
#[track_caller]
fn holds<T: Display>(rule: &str, faults: &[T]) {
    let listed: Vec<String> = faults.iter().map(T::to_string).collect();
    assert!(faults.is_empty(), "{rule}; broken {} times:\n{}", faults.len(), listed.join("\n"));
}
