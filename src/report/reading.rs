//! One sentence taken apart for people: what it is labelled, and the reasons that weigh most.
//!
//! Reasons, the rest and the bias of a label always sum up to its score.

use std::ops::Range;

use super::wording::{reason_key, reason_note, reason_text};
use crate::features::Extractor;
use crate::model::{Classifier, Explanation, HeadPrediction, LEAST_KNOWN, ReadWord, shares};

/// A word of a sentence is shaded from this share of a score on, by one, two or three steps.
pub const SHADES: [f64; 3] = [0.08, 0.25, 0.6];
/// Sentences of more bytes are labelled, but not taken apart for people, who could not read it.
pub const LONGEST: usize = 20_000;

/// A sentence with what each head says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The words, as the model reads them.
    pub words: Vec<ReadWord>,
    /// One a head.
    pub heads: Vec<Said>,
}

/// What one head says of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Label, scores and probabilities.
    pub prediction: HeadPrediction,
    /// Whether the model knows hardly a word of the sentence.
    pub hardly_known: bool,
    /// What each label's score starts from.
    pub bias: Vec<f64>,
    /// The strongest reasons, strongest first.
    pub reasons: Vec<ShownReason>,
    /// How many others there are.
    pub others: usize,
    /// What the others add to each label's score.
    pub rest: Vec<f64>,
    /// The words that pull, in the order of the sentence.
    pub shades: Vec<Shade>,
    /// Each term of one or two words, names masked, with what it adds to each label.
    pub terms: Vec<(String, Vec<f64>)>,
}

/// A reason as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownReason {
    /// The words it stands on.
    pub text: String,
    /// What it is made of.
    pub note: String,
    /// What it adds to each label's score.
    pub to_labels: Vec<f64>,
}

/// A word that pulls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shade {
    /// Where it stands: bytes of the sentence.
    pub place: Range<usize>,
    /// The label that it adds most to.
    pub label: usize,
    /// How much, from 1 to 3.
    pub strength: usize,
}

impl Said {
    /// Whether the label is not to be relied on, as in
    /// [`Prediction::is_uncertain`](crate::model::Prediction::is_uncertain).
    pub fn is_uncertain(&self, min_confidence: f32) -> bool {
        self.hardly_known || self.prediction.confidence() < min_confidence
    }

    /// The `most` strongest of the reasons for or against the label that is given, in one line with what
    /// each adds to its score: `shelled +0.78; lifted -0.50`.
    pub fn in_short(&self, most: usize) -> String {
        let label = self.prediction.label;
        let mut strongest: Vec<&ShownReason> = self.reasons.iter().collect();
        strongest.sort_by(|a, b| b.to_labels[label].abs().total_cmp(&a.to_labels[label].abs()));
        let parts: Vec<String> = strongest
            .iter()
            .take(most)
            .map(|reason| format!("{} {:+.2}", reason.text, reason.to_labels[label]))
            .collect();
        parts.join("; ")
    }
}

/// Takes a sentence apart, with the `most` strongest reasons of each head.
pub fn read_sentence(
    model: &Classifier,
    extractor: &mut Extractor,
    sentence: &str,
    most: usize,
) -> Reading {
    if sentence.len() > LONGEST {
        return unread(model, extractor, sentence);
    }
    let words = model.words(extractor, sentence);
    let heads = model
        .explain(extractor, sentence)
        .iter()
        .map(|explanation| said(explanation, &words, sentence, most))
        .collect();
    Reading { words, heads }
}

/// A sentence that is too long to be taken apart: the rest is all.
fn unread(model: &Classifier, extractor: &mut Extractor, sentence: &str) -> Reading {
    let prediction = model.predict(extractor, sentence);
    let heads = model
        .heads
        .iter()
        .zip(prediction.heads)
        .map(|(head, said)| {
            let bias: Vec<f64> = head.bias.iter().map(|&b| f64::from(b)).collect();
            let rest = said.scores.iter().zip(&bias).map(|(&s, b)| f64::from(s) - b).collect();
            Said {
                prediction: said,
                hardly_known: prediction.known_features < LEAST_KNOWN,
                bias,
                reasons: Vec::new(),
                others: prediction.known_features,
                rest,
                shades: Vec::new(),
                terms: Vec::new(),
            }
        })
        .collect();
    Reading { words: Vec::new(), heads }
}

fn said(explanation: &Explanation, words: &[ReadWord], sentence: &str, most: usize) -> Said {
    let labels = explanation.bias.len();
    let reasons = explanation.reasons(words);
    let weight = |values: &[f64]| values.iter().fold(0.0f64, |most, v| most.max(v.abs()));
    let mut order: Vec<usize> = (0..reasons.len()).collect();
    order.sort_by(|&a, &b| {
        weight(&reasons[b].to_labels).total_cmp(&weight(&reasons[a].to_labels)).then(a.cmp(&b))
    });
    let shown = order
        .iter()
        .take(most)
        .map(|&at| ShownReason {
            text: reason_text(&reasons[at], explanation, words, sentence),
            note: reason_note(&reasons[at], explanation),
            to_labels: reasons[at].to_labels.clone(),
        })
        .collect();
    let mut rest = vec![0.0; labels];
    for &at in order.iter().skip(most) {
        rest.iter_mut().zip(&reasons[at].to_labels).for_each(|(sum, value)| *sum += value);
    }
    let shades = shares(&reasons, words.len(), labels)
        .iter()
        .zip(words)
        .filter_map(|(share, word)| {
            let label = (0..labels)
                .reduce(|best, label| if share[label] > share[best] { label } else { best })?;
            let strength = SHADES.iter().filter(|&&least| share[label] >= least).count();
            (strength > 0).then(|| Shade { place: word.place.clone(), label, strength })
        })
        .collect();
    let terms = reasons
        .iter()
        .filter(|reason| is_term(&reason.words))
        .map(|reason| (reason_key(reason, words, sentence), reason.to_labels.clone()))
        .collect();
    Said {
        prediction: explanation.prediction.clone(),
        hardly_known: explanation.known_features < LEAST_KNOWN,
        bias: explanation.bias.clone(),
        others: order.len().saturating_sub(most),
        reasons: shown,
        rest,
        shades,
        terms,
    }
}

/// One word, or two in a row.
fn is_term(words: &[usize]) -> bool {
    matches!(words, [_]) || matches!(words, [a, b] if a + 1 == *b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::builtin;

    fn check(sentence: &str, most: usize) -> Reading {
        let model = builtin();
        let reading = read_sentence(model, &mut model.extractor(), sentence, most);
        for said in &reading.heads {
            assert!(said.reasons.len() <= most);
            for (label, &score) in said.prediction.scores.iter().enumerate() {
                let sum = said.bias[label]
                    + said.rest[label]
                    + said.reasons.iter().map(|reason| reason.to_labels[label]).sum::<f64>();
                assert!((sum - f64::from(score)).abs() < 1e-5, "{sum} is not {score}");
            }
        }
        reading
    }

    #[test]
    fn bias_reasons_and_rest_sum_up_to_the_score() {
        for most in [0, 3, 1000] {
            check("They rejected the ceasefire, but will not attack Iran.", most);
            check("", most);
        }
    }

    #[test]
    fn a_sentence_of_megabytes_is_labelled_and_not_taken_apart() {
        let reading = check(&"peace talks ".repeat(100_000), 5);
        assert!(reading.words.is_empty());
        assert!(reading.heads[0].others > 0);
    }

    #[test]
    fn words_are_shaded_by_the_label_they_pull_to() {
        let sentence = "The army shelled the town.";
        let reading = check(sentence, 5);
        let short = reading.heads[0].in_short(2);
        assert!(short.contains("shelled +") && short.matches("; ").count() == 1, "{short}");
        let hawkish = builtin().heads[0].labels.iter().position(|l| l == "hawkish").unwrap();
        let shade =
            reading.heads[0].shades.iter().find(|s| &sentence[s.place.clone()] == "shelled");
        assert_eq!(shade.unwrap().label, hawkish);
    }
}
