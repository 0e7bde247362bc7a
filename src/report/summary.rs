//! An article summed up: how many sentences of each label, its strongest terms, the sentences that
//! decide most.

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::dates::Date;
use super::reading::{Said, read_sentence};
use crate::features::Extractor;
use crate::model::Classifier;

/// A text to be summed up.
#[derive(Debug, Clone)]
pub struct Article {
    /// What it is called.
    pub name: String,
    /// When it appeared.
    pub date: Option<Date>,
    /// The text.
    pub text: String,
    /// Its sentences: bytes of the text, ascending.
    pub sentences: Vec<Range<usize>>,
}

/// How much of an article is told.
#[derive(Debug, Clone, Copy)]
pub struct Detail {
    /// Reasons of each sentence; defaults to 6.
    pub reasons: usize,
    /// Terms and deciding sentences of each label; defaults to 8.
    pub terms: usize,
    /// A sentence whose label is less probable than this is uncertain, as is one of which the model knows
    /// hardly a word; defaults to 0.6.
    pub min_confidence: f32,
    /// Sentences whose reasons are kept; of the others only the labels are; defaults to 3,000.
    pub most_read: usize,
}

impl Default for Detail {
    fn default() -> Self {
        Self { reasons: 6, terms: 8, min_confidence: 0.6, most_read: 3000 }
    }
}

/// An article summed up.
#[derive(Debug, Clone)]
pub struct Summary {
    /// What each head says of each sentence, `[sentence][head]`; those past
    /// [`Detail::most_read`] have no reasons.
    pub sentences: Vec<Vec<Said>>,
    /// One a head.
    pub heads: Vec<HeadSummary>,
}

/// What one head says of an article.
#[derive(Debug, Clone)]
pub struct HeadSummary {
    /// Sentences of each label.
    pub counts: Vec<usize>,
    /// The uncertain sentences, ascending.
    pub uncertain: Vec<usize>,
    /// For each label the terms that add most to its score over all sentences, the most first.
    pub terms: Vec<Vec<TermSum>>,
    /// For each label the sentences with that label whose score is farthest above the next, first the
    /// farthest.
    pub deciding: Vec<Vec<usize>>,
}

/// What a term adds over all sentences.
#[derive(Debug, Clone, PartialEq)]
pub struct TermSum {
    /// One word or two, in lower case, names masked.
    pub term: String,
    /// How often it stands.
    pub times: usize,
    /// The sum of what it adds to the label's score.
    pub sum: f64,
}

/// Sentences that are read before their terms are added up.
const AT_ONCE: usize = 1024;

/// Sums up an article.
pub fn sum_up(model: &Classifier, article: &Article, detail: &Detail) -> Summary {
    let mut sentences: Vec<Vec<Said>> = Vec::with_capacity(article.sentences.len());
    let mut terms: Vec<FxHashMap<String, (usize, Vec<f64>)>> =
        vec![FxHashMap::default(); model.heads.len()];
    for chunk in article.sentences.chunks(AT_ONCE) {
        let read: Vec<Vec<Said>> = chunk
            .par_iter()
            .map_init(
                || model.extractor(),
                |extractor: &mut Extractor, place| {
                    let text = &article.text[place.clone()];
                    read_sentence(model, extractor, text, detail.reasons).heads
                },
            )
            .collect();
        for mut heads in read {
            for (said, terms) in heads.iter_mut().zip(&mut terms) {
                for (term, values) in std::mem::take(&mut said.terms) {
                    let (times, sums) =
                        terms.entry(term).or_insert_with(|| (0, vec![0.0; values.len()]));
                    *times += 1;
                    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                }
                if sentences.len() >= detail.most_read {
                    said.reasons = Vec::new();
                    said.shades = Vec::new();
                }
            }
            sentences.push(heads);
        }
    }
    let heads = (0..model.heads.len())
        .map(|head| {
            let labels = model.heads[head].labels.len();
            HeadSummary {
                counts: (0..labels)
                    .map(|l| sentences.iter().filter(|s| s[head].prediction.label == l).count())
                    .collect(),
                uncertain: (0..sentences.len())
                    .filter(|&at| sentences[at][head].is_uncertain(detail.min_confidence))
                    .collect(),
                terms: (0..labels).map(|l| strongest(&terms[head], l, detail.terms)).collect(),
                deciding: (0..labels).map(|l| deciding(&sentences, head, l, detail)).collect(),
            }
        })
        .collect();
    Summary { sentences, heads }
}

fn strongest(
    terms: &FxHashMap<String, (usize, Vec<f64>)>,
    label: usize,
    most: usize,
) -> Vec<TermSum> {
    let mut strongest: Vec<(&String, usize, f64)> = terms
        .iter()
        .map(|(term, (times, sums))| (term, *times, sums[label]))
        .filter(|(_, _, sum)| *sum > 0.0)
        .collect();
    strongest.sort_unstable_by(|a, b| b.2.total_cmp(&a.2).then_with(|| a.0.cmp(b.0)));
    strongest
        .into_iter()
        .take(most)
        .map(|(term, times, sum)| TermSum { term: term.clone(), times, sum })
        .collect()
}

fn deciding(sentences: &[Vec<Said>], head: usize, label: usize, detail: &Detail) -> Vec<usize> {
    let margin = |said: &Said| {
        let scores = said.prediction.scores.iter().enumerate();
        let next = scores.filter(|(l, _)| *l != label).map(|(_, score)| *score);
        said.prediction.scores[label] - next.fold(f32::NEG_INFINITY, f32::max)
    };
    let mut order: Vec<(f32, usize)> = sentences
        .iter()
        .enumerate()
        .filter(|(_, heads)| heads[head].prediction.label == label)
        .map(|(at, heads)| (margin(&heads[head]), at))
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    order.into_iter().take(detail.terms.min(3)).map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::builtin;
    use crate::text::sentences;

    fn article(text: &str) -> Article {
        Article {
            name: "example".into(),
            date: None,
            text: text.into(),
            sentences: sentences(text),
        }
    }

    #[test]
    fn counts_add_up_and_terms_of_a_label_are_those_that_add_to_it() {
        let text = "The army shelled the town. The army shelled the port. Talks resumed in Geneva. \
                    The meeting is on Tuesday.";
        let summary = sum_up(builtin(), &article(text), &Detail::default());
        assert_eq!(summary.sentences.len(), 4);
        for head in &summary.heads {
            assert_eq!(head.counts.iter().sum::<usize>(), 4);
            assert!(head.terms.iter().flatten().all(|term| term.sum > 0.0));
        }
        let hawkish = builtin().heads[0].labels.iter().position(|l| l == "hawkish").unwrap();
        let shelled =
            summary.heads[0].terms[hawkish].iter().find(|t| t.term.contains("shelled")).unwrap();
        assert_eq!(shelled.times, 2);
        assert!(summary.heads[0].deciding[hawkish].contains(&0));
    }

    #[test]
    fn past_the_limit_sentences_are_labelled_without_reasons() {
        let text = "The army shelled the town. Talks resumed in Geneva.";
        let detail = Detail { most_read: 1, ..Detail::default() };
        let summary = sum_up(builtin(), &article(text), &detail);
        assert!(!summary.sentences[0][0].reasons.is_empty());
        assert!(summary.sentences[1][0].reasons.is_empty());
        assert_eq!(summary.heads[0].counts.iter().sum::<usize>(), 2);
    }
}
