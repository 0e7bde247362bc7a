use std::collections::{BTreeMap, BTreeSet};

use rust_stemmers::{Algorithm, Stemmer};
use stance::features::Lexicon;

use super::corpus_facts::StateFinder;
use super::*;

/// Sentences under each stance.
type Stances = [usize; 3];

fn labels() -> &'static [String] {
    &corpus().heads.iter().find(|(name, _)| name == "stance").unwrap().1
}

/// The stances of the sentences in which each thing stands that `things` finds in a text.
fn by_thing<T: Ord>(mut things: impl FnMut(&str) -> BTreeSet<T>) -> BTreeMap<T, Stances> {
    let mut found: BTreeMap<T, Stances> = BTreeMap::new();
    for example in &corpus().examples {
        for thing in things(&example.text) {
            found.entry(thing).or_default()[stance(example)] += 1;
        }
    }
    found
}

#[test]
fn states_named_in_20_sentences_stand_under_all_labels_and_none_over_60_percent() {
    let mut finder = StateFinder::new(&file(STATES)).unwrap();
    let found: Vec<String> = finder.states_of("Tehran and the Kremlin").into_iter().collect();
    assert_eq!(found, ["irn", "rus"]);
    let found = by_thing(|text| finder.states_of(text));
    let faults: Vec<String> = found
        .iter()
        .filter_map(|(id, stances)| {
            let total: usize = stances.iter().sum();
            let most = stances.iter().max()?;
            // Whole numbers: most / total > 0.6 without rounding.
            let uneven = 10 * most > 6 * total || stances.contains(&0);
            (total >= 20 && uneven).then(|| {
                let [d, h, n] = stances;
                format!(
                    "{id:<6} {d:>5} {h:>5} {n:>5}   {:.0} %",
                    100.0 * *most as f64 / total as f64
                )
            })
        })
        .collect();
    holds(
        &format!(
            "{CORPUS}: a state named in 20 sentences stands under all of {:?}, none over 60 %",
            labels()
        ),
        &faults,
    );
}

/// A word of one side, and why it may be.
#[derive(serde::Deserialize)]
struct Exception {
    word: String,
    label: String,
    why: String,
}

const EXCEPTIONS: &str = "tests/data/one-sided-words.csv";

fn exceptions() -> BTreeSet<(String, String)> {
    let content = file(EXCEPTIONS);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(content.as_bytes());
    let rows: Vec<Exception> = reader
        .deserialize()
        .map(|row| row.unwrap_or_else(|e| panic!("{EXCEPTIONS}: {e}")))
        .collect();
    let unexplained: Vec<String> = rows
        .iter()
        .filter(|row| row.why.is_empty() || !labels().contains(&row.label))
        .map(|row| {
            format!("{EXCEPTIONS}: `{}`: label `{}`, why `{}`", row.word, row.label, row.why)
        })
        .collect();
    holds("an exception has a label of the codebook and a reason", &unexplained);
    rows.into_iter().map(|row| (row.word, row.label)).collect()
}

#[test]
fn no_word_outside_the_lexicon_gives_a_stance_away() {
    let lexicon = Lexicon::from_csv(&file(LEXICON), LEXICON).unwrap_or_else(|e| panic!("{e}"));
    let strong: BTreeSet<&str> = lexicon
        .entries()
        .iter()
        .filter(|e| e.stance.abs() >= 2 || e.sentiment.abs() >= 2)
        .map(|e| &*e.stems)
        .collect();
    let stemmer = Stemmer::create(Algorithm::English);
    let exceptions = exceptions();
    let found = by_thing(|text| terms(text).collect());
    let faults: Vec<String> = found
        .iter()
        .filter_map(|(word, stances)| {
            let total: usize = stances.iter().sum();
            let (label, most) = labels().iter().zip(stances).max_by_key(|(_, count)| **count)?;
            let tells =
                total >= 50 && 10 * most > 9 * total && !strong.contains(&*stemmer.stem(word));
            let excused = exceptions.contains(&(word.clone(), label.clone()));
            (tells && !excused).then(|| format!("{word}: {label} in {most} of {total}"))
        })
        .collect();
    holds(
        &format!(
            "{CORPUS}: a word that is not strong in {LEXICON} and stands in 50 sentences has one stance in at most \
             90 % of them, or a line in {EXCEPTIONS}"
        ),
        &faults,
    );
}
