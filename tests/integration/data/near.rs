use rustc_hash::{FxHashMap, FxHashSet};

use super::*;
use stance::features::hash;

/// Two sentences of one group may share as much as they like; others at most this part of their
/// three-word shingles (Jaccard).
const MOST_SHARED: f64 = 0.7;

/// The three-word shingles of a text as hashes, ascending; a shorter text is one shingle.
fn shingles(text: &str) -> Vec<u64> {
    let words: Vec<String> = terms(text).collect();
    let mut found: Vec<u64> =
        words.windows(3.min(words.len().max(1))).map(|w| hash(&w.join(" "))).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn shared(a: &[u64], b: &[u64]) -> f64 {
    let both = a.iter().filter(|shingle| b.binary_search(shingle).is_ok()).count();
    both as f64 / (a.len() + b.len() - both) as f64
}

/// All pairs that share more than `MOST_SHARED`. Such a pair shares one of the first
/// n − ⌈t·n⌉ + 1 shingles of each, in whatever order common to both; the rarest first is fastest.
fn near_pairs(texts: &[&str]) -> Vec<(usize, usize, f64)> {
    let sets: Vec<Vec<u64>> = texts.iter().map(|text| shingles(text)).collect();
    let mut frequency: FxHashMap<u64, u32> = FxHashMap::default();
    sets.iter().flatten().for_each(|shingle| *frequency.entry(*shingle).or_default() += 1);
    let mut holders: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    let mut pairs = Vec::new();
    for (number, set) in sets.iter().enumerate() {
        let mut rarest: Vec<u64> = set.iter().copied().filter(|s| frequency[s] > 1).collect();
        rarest.sort_unstable_by_key(|s| (frequency[s], *s));
        // Shingles that stand in one text alone come first in the order, and find nobody.
        let alone = set.len() - rarest.len();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below the length"
        )]
        let needed = (MOST_SHARED * set.len() as f64).ceil() as usize;
        rarest.truncate((set.len() + 1 - needed).saturating_sub(alone));
        let mut seen = FxHashSet::default();
        for shingle in rarest {
            let holders = holders.entry(shingle).or_default();
            for &other in holders.iter().filter(|&&other| seen.insert(other)) {
                let part = shared(&sets[other], set);
                if part > MOST_SHARED {
                    pairs.push((other, number, part));
                }
            }
            holders.push(number);
        }
    }
    pairs.sort_unstable_by_key(|&(a, b, _)| (a, b));
    pairs
}

#[test]
fn near_sentences_are_found() {
    let found = near_pairs(&[
        "The two neighbours agreed on Monday to reopen the border crossing at noon.",
        "A court heard the case.",
        "The two neighbours agreed on Monday to reopen the border crossing at night.",
        "The two neighbours agreed on Monday.",
        "a court heard the CASE",
    ]);
    let pairs: Vec<(usize, usize)> = found.iter().map(|&(a, b, _)| (a, b)).collect();
    assert_eq!(pairs, [(0, 2), (1, 4)]);
    // Thirteen words, eleven shingles: ten shared of twelve.
    assert!((found[0].2 - 10.0 / 12.0).abs() < 1e-12);
}

#[test]
fn no_two_sentences_outside_a_group_are_nearly_the_same() {
    let examples = &corpus().examples;
    let texts: Vec<&str> = examples.iter().map(|e| e.text.as_str()).collect();
    let faults: Vec<String> = near_pairs(&texts)
        .into_iter()
        .map(|(a, b, part)| (&examples[a], &examples[b], part))
        .filter(|(a, b, _)| a.group.is_none() || a.group != b.group)
        .map(|(a, b, part)| {
            let (first, second) = (corpus().place(a), corpus().place(b));
            format!("{second}: shares {:.0} % with {first}: {}", 100.0 * part, b.text)
        })
        .collect();
    holds("sentences outside a group share at most 70 % of their three-word shingles", &faults);
}

#[test]
fn no_two_sentences_are_equal() {
    let mut first: FxHashMap<String, &Example> = FxHashMap::default();
    let mut faults = Vec::new();
    for example in &corpus().examples {
        let words = terms(&example.text).collect::<Vec<_>>().join(" ");
        if let Some(other) = first.insert(words, example) {
            let (one, two) = (corpus().place(other), corpus().place(example));
            faults.push(format!("{two}: is {one}: {}", example.text));
        }
    }
    holds("no two sentences are equal, within a group neither", &faults);
}
