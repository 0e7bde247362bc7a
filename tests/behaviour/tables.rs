//! The tables of the codebook's rules.

use super::floors::{Tally, hold};
use super::subject::{Reader, model, rows};

/// One a rule; each is a file in `tables/`.
const TABLES: [&str; 10] = [
    "negation",
    "refusal",
    "conditionals",
    "contrast",
    "lifting",
    "calling",
    "condemnation",
    "threats",
    "domestic",
    "dual-track",
];

fn run(table: &str, reader: &mut Reader) -> Tally {
    let mut tally = Tally::new(table);
    let stance = &model().heads[0];
    for row in rows(&format!("tests/behaviour/tables/{table}.csv")) {
        let (text, changed, label) = (&row["text"], &row["changed"], &row["label"]);
        let mut probability = |text: &str| {
            let at = stance.labels.iter().position(|known| known == label);
            reader.read(text).heads[0].probabilities[at.unwrap_or_else(|| panic!("{label}?"))]
        };
        match row["test"].as_str() {
            "label" => {
                let said = reader.stance(text);
                tally.count(said == label, || format!("{text} is {label}, not {said}"));
            }
            "keeps" => {
                let (before, after) = (reader.stance(text), reader.stance(changed));
                tally.count(before == after, || {
                    format!("{text} is {before}, but {changed} {after}")
                });
            }
            "raises" => {
                let (before, after) = (probability(text), probability(changed));
                tally.count(after > before, || {
                    format!("{label} {before:.2} of {text}, but {after:.2} of {changed}")
                });
            }
            test => panic!("{table}: `{test}` is none of label, keeps, raises"),
        }
    }
    tally
}

#[test]
fn no_rule_of_the_codebook_is_kept_less_often_than_before() {
    let mut reader = Reader::new();
    let tallies = TABLES.map(|table| run(table, &mut reader));
    hold(&tallies);
}
