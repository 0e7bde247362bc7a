use std::collections::BTreeMap;

use super::*;

/// Where each sentence breaks a rule, with its text.
fn faulty(fault: impl Fn(&Example) -> Option<String>) -> Vec<String> {
    let place = |e: &Example, fault| format!("{}: {fault}: {}", corpus().place(e), e.text);
    corpus().examples.iter().filter_map(|e| fault(e).map(|fault| place(e, fault))).collect()
}

fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

#[test]
fn columns_are_the_documented_ones() {
    let content = file(CORPUS);
    assert_eq!(
        content.lines().next(),
        Some("text,stance,sentiment,group,source,weight,sentiment_weight")
    );
    assert!(corpus().warnings.is_empty(), "{:?}", corpus().warnings);
}

#[test]
fn labels_are_the_six_of_the_codebook() {
    let known = |labels: &[&str]| labels.iter().map(|&l| l.to_owned()).collect::<Vec<_>>();
    assert_eq!(
        corpus().heads,
        [
            ("stance".to_owned(), known(&["diplomatic", "hawkish", "neutral"])),
            ("sentiment".to_owned(), known(&["negative", "neutral", "positive"])),
        ]
    );
    let unlabelled = faulty(|e| e.labels.contains(&None).then(|| "lacks a label".to_owned()));
    holds("every sentence has both labels", &unlabelled);
}

#[test]
fn every_sentence_has_a_source_and_a_weight_of_a_tenth_to_ten() {
    let faults = faulty(|e| match &e.source {
        None => Some("no source".to_owned()),
        Some(_) if !(0.1..=10.0).contains(&e.weight) => Some(format!("weight {}", e.weight)),
        Some(_) => None,
    });
    holds("a sentence has a source and a weight from 0.1 to 10", &faults);
}

#[test]
fn a_group_holds_two_sentences_or_more() {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for group in corpus().examples.iter().filter_map(|e| e.group.as_deref()) {
        *sizes.entry(group).or_default() += 1;
    }
    let faults = faulty(|e| {
        let group = e.group.as_deref()?;
        (sizes[group] < 2).then(|| format!("alone in group {group}"))
    });
    holds("a group has two sentences or more", &faults);
}

#[test]
fn sentences_have_5_to_60_words_and_20_to_30_on_average() {
    let faults = faulty(|e| {
        let words = words(&e.text);
        (!(5..=60).contains(&words)).then(|| format!("{words} words"))
    });
    holds("a sentence has 5 to 60 words", &faults);
    let total: usize = corpus().examples.iter().map(|e| words(&e.text)).sum();
    let mean = total as f64 / corpus().examples.len() as f64;
    assert!((20.0..=30.0).contains(&mean), "{CORPUS}: {mean:.1} words on average");
}

#[test]
fn sentences_are_clean_text() {
    let faults = faulty(|e| {
        let text = e.text.as_str();
        let odd =
            |c: char| c.is_control() || matches!(c, '\u{fffd}' | '\u{feff}' | '|' | '<' | '>');
        if let Some(c) = text.chars().find(|&c| odd(c)) {
            return Some(format!("holds {c:?}"));
        }
        let spaced = text.trim() != text || text.contains("  ");
        spaced.then(|| "spaces at an end or two in a row".to_owned())
    });
    holds("a sentence is one line without markup or stray spaces", &faults);
}
