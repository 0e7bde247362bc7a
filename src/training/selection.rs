//! Counts features over the training sentences and keeps the strongest by chi-squared.
//!
//! For a feature and a label column, with `o_k` the sentences of label k that hold the feature and
//! `e_k` those expected were the two independent,
//!
//! ```text
//! χ² = Σₖ (o_k − e_k)² / e_k,    e_k = df · n_k / n
//! ```
//!
//! as scikit-learn's `chi2` has it for a matrix of zeros and ones. With several heads a feature has
//! its highest value. Ties are broken by name, so the choice does not depend on the rows' order.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::corpus::Corpus;
use crate::features::{Extractor, Key};
use crate::model::count;

/// The features of every training sentence, by number in order of first sight.
#[derive(Debug)]
pub(super) struct Counted {
    /// One a sentence: numbers ascending, with how often each stands in it.
    pub sentences: Vec<Vec<(u32, u32)>>,
    /// One a feature.
    pub keys: Vec<Key>,
    /// One a feature: the first sentence that holds it.
    first: Vec<u32>,
}

/// Sentences that one thread reads at a time.
const CHUNK: usize = 256;

impl Counted {
    /// Reads every sentence of a corpus.
    pub(super) fn read(corpus: &Corpus, extractor: &Extractor) -> Self {
        let found: Vec<Vec<(Key, u32)>> = corpus
            .examples
            .par_chunks(CHUNK)
            .map_init(
                || extractor.clone(),
                |extractor, chunk| {
                    chunk.iter().map(|example| keys(extractor, &example.text)).collect::<Vec<_>>()
                },
            )
            .flatten_iter()
            .collect();
        let mut numbers: FxHashMap<Key, u32> = FxHashMap::default();
        let mut out = Self { sentences: Vec::new(), keys: Vec::new(), first: Vec::new() };
        for (sentence, keys) in found.into_iter().enumerate() {
            let mut row: Vec<(u32, u32)> = keys
                .into_iter()
                .map(|(key, times)| {
                    let number = *numbers.entry(key).or_insert_with(|| {
                        out.keys.push(key);
                        out.first.push(u32::try_from(sentence).unwrap_or(u32::MAX));
                        u32::try_from(out.keys.len() - 1).unwrap_or(u32::MAX)
                    });
                    (number, times)
                })
                .collect();
            row.sort_unstable();
            out.sentences.push(row);
        }
        out
    }

    /// In how many sentences each feature stands.
    pub(super) fn document_frequencies(&self) -> Vec<u32> {
        let mut frequencies = vec![0; self.keys.len()];
        for (number, _) in self.sentences.iter().flatten() {
            frequencies[*number as usize] += 1;
        }
        frequencies
    }

    /// The highest chi-squared of each feature over the heads.
    pub(super) fn chi_squared(&self, corpus: &Corpus) -> Vec<f64> {
        let mut best = vec![0.0f64; self.keys.len()];
        for (head, (_, labels)) in corpus.heads.iter().enumerate() {
            let k = labels.len();
            let mut observed = vec![0u32; self.keys.len() * k];
            let mut of_label = vec![0u32; k];
            for (sentence, example) in self.sentences.iter().zip(&corpus.examples) {
                let Some(label) = example.labels[head] else { continue };
                of_label[label as usize] += 1;
                for (number, _) in sentence {
                    observed[*number as usize * k + label as usize] += 1;
                }
            }
            for (value, observed) in best.iter_mut().zip(observed.chunks(k)) {
                *value = value.max(chi_squared(observed, &of_label));
            }
        }
        best
    }

    /// The names of features, by reading again the first sentence that holds each.
    pub(super) fn names(
        &self,
        wanted: &[u32],
        corpus: &Corpus,
        extractor: &Extractor,
    ) -> Vec<String> {
        let place: FxHashMap<Key, usize> = wanted
            .iter()
            .enumerate()
            .map(|(place, &number)| (self.keys[number as usize], place))
            .collect();
        let mut sentences: Vec<u32> = wanted.iter().map(|&n| self.first[n as usize]).collect();
        sentences.sort_unstable();
        sentences.dedup();
        let named: Vec<(usize, String)> = sentences
            .par_chunks(CHUNK)
            .map_init(
                || extractor.clone(),
                |extractor, chunk| {
                    let mut named = Vec::new();
                    for &sentence in chunk {
                        let text = &corpus.examples[sentence as usize].text;
                        extractor.extract(text, |feature| {
                            if let Some(&place) = place.get(&feature.key())
                                && self.first[wanted[place] as usize] == sentence
                            {
                                named.push((place, feature.name()));
                            }
                        });
                    }
                    named
                },
            )
            .flatten_iter()
            .collect();
        let mut names = vec![String::new(); wanted.len()];
        for (place, name) in named {
            names[place] = name;
        }
        names
    }
}

fn keys(extractor: &mut Extractor, sentence: &str) -> Vec<(Key, u32)> {
    let mut found: Vec<Key> = Vec::new();
    extractor.extract(sentence, |feature| found.push(feature.key()));
    count(found)
}

/// Chi-squared of one feature: `observed` sentences of each label hold it, `of_label` there are.
pub(super) fn chi_squared(observed: &[u32], of_label: &[u32]) -> f64 {
    let all = f64::from(of_label.iter().sum::<u32>());
    let holding = f64::from(observed.iter().sum::<u32>());
    observed
        .iter()
        .zip(of_label)
        .map(|(&observed, &of_label)| {
            let expected = holding * f64::from(of_label) / all;
            if expected > 0.0 { (f64::from(observed) - expected).powi(2) / expected } else { 0.0 }
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::features::{Families, Family, Resources};
    use crate::training::Columns;

    /// scikit-learn 1.9.1:
    ///
    /// ```python
    /// x = [[1,0,1],[1,1,0],[0,1,0],[0,1,1],[0,0,1],[0,1,1],[0,0,1]]
    /// chi2(x, [0,0,1,1,2,2,2])[0]
    /// ```
    #[test]
    fn chi_squared_is_that_of_scikit_learn() {
        let of_label = [2, 2, 3];
        for (observed, expected) in
            [([2, 0, 0], 5.0), ([1, 2, 1], 0.958_333_333_333), ([1, 1, 3], 0.6)]
        {
            let value = chi_squared(&observed, &of_label);
            assert!((value - expected).abs() < 1e-9, "{observed:?}: {value}");
        }
    }

    #[test]
    fn a_feature_that_stands_in_no_sentence_has_chi_squared_0() {
        assert!(chi_squared(&[0, 0], &[3, 4]) == 0.0);
        assert!(chi_squared(&[2, 0], &[3, 0]) == 0.0);
    }

    fn corpus(rows: &str) -> Corpus {
        let file = ("rows.csv".to_owned(), format!("text,stance,sentiment\n{rows}").into_bytes());
        Corpus::parse(&[file], &Columns::default()).unwrap()
    }

    fn words() -> Extractor {
        Extractor::new(Families::none().with(Family::Word), Resources::default())
    }

    #[test]
    fn features_are_counted_by_sentence_and_named_by_the_first_that_holds_them() {
        let corpus = corpus("war on war,hawkish,\ntalks,diplomatic,\nwar talks,hawkish,\n");
        let counted = Counted::read(&corpus, &words());
        let names = counted.names(&[2, 0, 1], &corpus, &words());
        let found: BTreeMap<&str, (u32, u32)> = [2, 0, 1]
            .into_iter()
            .zip(&names)
            .map(|(number, name): (u32, _)| {
                let in_first = counted.sentences[0].iter().find(|(of, _)| *of == number);
                let frequency = counted.document_frequencies()[number as usize];
                (name.as_str(), (frequency, in_first.map_or(0, |(_, times)| *times)))
            })
            .collect();
        let expected = [("word:on", (1, 1)), ("word:talk", (2, 0)), ("word:war", (2, 2))];
        assert_eq!(found, expected.into());
    }

    #[test]
    fn a_feature_has_the_highest_chi_squared_of_the_heads_over_their_labelled_rows() {
        let corpus =
            corpus("war,hawkish,sad\nwar,hawkish,glad\ntalks,diplomatic,sad\ntalks,,glad\n");
        let counted = Counted::read(&corpus, &words());
        // Of the three rows with a stance, war stands in both hawkish ones and talks in the other; over
        // the four moods both are even.
        let mut found = counted.chi_squared(&corpus);
        found.sort_by(f64::total_cmp);
        let expected = [chi_squared(&[0, 2], &[1, 2]), chi_squared(&[1, 0], &[1, 2])];
        assert_eq!(found, expected);
        assert!((found[0] - 1.0).abs() < 1e-12 && (found[1] - 2.0).abs() < 1e-12);
    }
}
