//! Which sentences to label next.
//!
//! Of the sentences on which the model hesitates most, those are taken one by one that hesitate much
//! and resemble none taken before: the next is the one with the highest
//!
//! ```text
//! uncertainty · (1 − most cosine similarity to one taken),   uncertainty = 1 − (p₁ − p₂)
//! ```
//!
//! with p₁ and p₂ the two highest probabilities of a head (margin sampling), and the heads' mean where
//! there are several. None is nearly the same as another or as a sentence that is known already.

use rayon::prelude::*;

use crate::features::Row;
use crate::model::{Classifier, Prediction};
use crate::text::{NearTexts, TokenKind, tokens};

/// Sentences that are weighed against each other for each one taken.
const POOL: usize = 20;
/// Sentences with fewer words are left out: headings, bylines, rests of tables.
const LEAST_WORDS: usize = 4;
/// Texts that share this part of their terms are nearly the same.
pub const NEAR: f64 = 0.8;

/// A sentence worth labelling.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Its number among the texts.
    pub text: usize,
    /// 0 where the model is sure, 1 where two labels are equally probable.
    pub uncertainty: f64,
    /// What the model says of it.
    pub prediction: Prediction,
}

/// Ranks the at most `n` texts most worth labelling, first the one to begin with; `known` are texts
/// that have labels already.
pub fn suggest(model: &Classifier, texts: &[&str], known: &[&str], n: usize) -> Vec<Suggestion> {
    let mut uncertain: Vec<(f64, usize)> = texts
        .par_chunks(64)
        .enumerate()
        .map_init(
            || model.extractor(),
            |extractor, (chunk, texts)| {
                (chunk * 64..)
                    .zip(texts)
                    .filter(|(_, text)| is_long_enough(text))
                    .map(|(at, text)| (uncertainty(&model.predict(extractor, text.trim())), at))
                    .collect::<Vec<_>>()
            },
        )
        .flatten_iter()
        .collect();
    uncertain.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));

    let known = NearTexts::new(known, NEAR);
    let mut extractor = model.extractor();
    let mut pool: Vec<Candidate> = Vec::new();
    let most = n.saturating_mul(POOL);
    for (uncertainty, text) in uncertain {
        if pool.len() >= most {
            break;
        }
        if known.nearest_text(texts[text], |_| true).is_none() {
            let row = model.row(&mut extractor, texts[text].trim());
            pool.push(Candidate { text, uncertainty, row, similarity: 0.0 });
        }
    }

    let pooled: Vec<&str> = pool.iter().map(|candidate| texts[candidate.text]).collect();
    let near = NearTexts::new(&pooled, NEAR);
    let mut taken = vec![false; pool.len()];
    let mut open = vec![true; pool.len()];
    let mut suggestions = Vec::new();
    while suggestions.len() < n {
        let best = (0..pool.len())
            .filter(|&at| open[at])
            .reduce(|best, at| if pool[at].value() > pool[best].value() { at } else { best });
        let Some(best) = best else { break };
        open[best] = false;
        if near.nearest(best, |other| taken[other]).is_some() {
            continue;
        }
        taken[best] = true;
        let row = pool[best].row.clone();
        pool.par_iter_mut().for_each(|candidate| {
            candidate.similarity = candidate.similarity.max(cosine(&candidate.row, &row));
        });
        let text = pool[best].text;
        suggestions.push(Suggestion {
            text,
            uncertainty: pool[best].uncertainty,
            prediction: model.predict(&mut extractor, texts[text].trim()),
        });
    }
    suggestions
}

#[derive(Debug)]
struct Candidate {
    text: usize,
    uncertainty: f64,
    row: Row,
    /// The most to one that was taken.
    similarity: f64,
}

impl Candidate {
    fn value(&self) -> f64 {
        self.uncertainty * (1.0 - self.similarity)
    }
}

fn is_long_enough(text: &str) -> bool {
    tokens(text).filter(|token| token.kind == TokenKind::Word).nth(LEAST_WORDS - 1).is_some()
}

/// One less the distance of the two highest probabilities, the mean over the heads.
fn uncertainty(prediction: &Prediction) -> f64 {
    let of_head = |probabilities: &[f32]| {
        let (mut first, mut second) = (0.0f32, 0.0f32);
        for &p in probabilities {
            (first, second) = if p > first { (p, first) } else { (first, second.max(p)) };
        }
        1.0 - f64::from(first - second)
    };
    let sum: f64 = prediction.heads.iter().map(|head| of_head(&head.probabilities)).sum();
    sum / prediction.heads.len().max(1) as f64
}

/// Cosine of two rows of unit length.
fn cosine(a: &Row, b: &Row) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some(&(x, of_x)), Some(&(y, of_y))) = (a.get(i), b.get(j)) {
        if x == y {
            sum += f64::from(of_x) * f64::from(of_y);
        }
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::builtin;

    const TEXTS: [&str; 7] = [
        "The two sides agreed to resume peace talks next week.",
        "The army shelled the town and killed twelve people.",
        "The sanctions may or may not be lifted after the talks.",
        "The sanctions may, or may not, be lifted after the talks!",
        "He hopes the truce holds while the troops mass at the border.",
        "Sports",
        "",
    ];

    #[test]
    fn no_two_are_nearly_the_same_and_none_is_known_or_too_short() {
        let texts = suggest(builtin(), &TEXTS, &[TEXTS[4]], 10);
        let mut taken: Vec<usize> = texts.iter().map(|suggestion| suggestion.text).collect();
        taken.sort_unstable();
        assert!(taken == [0, 1, 2] || taken == [0, 1, 3], "{taken:?}");
    }

    #[test]
    fn the_first_is_the_most_uncertain_and_n_is_kept_to() {
        let texts = suggest(builtin(), &TEXTS, &[], 2);
        assert_eq!(texts.len(), 2);
        let model = builtin();
        let all = TEXTS[..5].iter().map(|t| uncertainty(&model.predict(&mut model.extractor(), t)));
        let most = all.fold(0.0, f64::max);
        assert!((texts[0].uncertainty - most).abs() < 1e-12);
        assert!(suggest(model, &TEXTS, &[], 0).is_empty());
    }
}
