//! Why a sentence got its scores: what each feature added, and on which words it stands.
//!
//! Nothing is approximated. For every label
//!
//! ```text
//! score = bias + Σ contributions = bias + Σ reasons
//! ```
//!
//! since a contribution is value times weight, and reasons are the same contributions gathered by
//! the words they stand on.

use std::collections::BTreeMap;
use std::ops::Range;

use super::classifier::{Classifier, HeadPrediction};
use super::linear::highest;
use crate::features::{Class, Extractor, Family};

/// What one feature adds to the scores of one head.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// The feature's name.
    pub feature: String,
    /// What it adds to each label's score.
    pub to_labels: Vec<f64>,
    /// Where the words it stands for are: bytes of the sentence, one range an occurrence.
    pub places: Vec<Range<usize>>,
}

/// The prediction of one head taken apart: bias and contributions sum up to the scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What is explained.
    pub prediction: HeadPrediction,
    /// One a label.
    pub bias: Vec<f64>,
    /// One a feature, in the order of names.
    pub contributions: Vec<Contribution>,
    /// As in [`Prediction::known_features`](super::Prediction::known_features).
    pub known_features: usize,
}

/// A word as the model reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadWord {
    /// Where it stands: bytes of the sentence.
    pub place: Range<usize>,
    /// What it is read as, where it is a name: which state it is does not enter the score.
    pub mask: Option<Class>,
    /// Whether a negator before it in its clause turns it.
    pub negated: bool,
    /// Whether a contrast (`but`, `however`) stands before it.
    pub contrasted: bool,
}

/// Everything that stands on the same words of a sentence, gathered.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The words, ascending; none where it stands on the sentence as a whole, which is one reason for
    /// each family of features that does.
    pub words: Vec<usize>,
    /// What it adds to each label's score.
    pub to_labels: Vec<f64>,
    /// The contributions it is made of, ascending.
    pub contributions: Vec<usize>,
}

impl Explanation {
    /// Bias and contributions of each label, summed.
    pub fn sums(&self) -> Vec<f64> {
        let mut sums = self.bias.clone();
        for contribution in &self.contributions {
            add(&mut sums, &contribution.to_labels, 1.0);
        }
        sums
    }

    /// The contributions gathered by the words they stand on, in the order of the words.
    ///
    /// A feature that occurs several times is shared out evenly. Of words in a row all count; of two
    /// words with others between them (`skip:`) only the two.
    pub fn reasons(&self, words: &[ReadWord]) -> Vec<Reason> {
        let mut gathered: BTreeMap<(Vec<usize>, Option<Family>), Reason> = BTreeMap::new();
        for (number, contribution) in self.contributions.iter().enumerate() {
            let family = family(&contribution.feature);
            let share = 1.0 / contribution.places.len() as f64;
            for place in &contribution.places {
                let on = if is_of_sentence(&contribution.feature) {
                    (Vec::new(), family)
                } else {
                    (words_at(words, place, family == Some(Family::Skip)), None)
                };
                let reason = gathered.entry(on).or_insert_with_key(|(on, _)| Reason {
                    words: on.clone(),
                    to_labels: vec![0.0; self.bias.len()],
                    contributions: Vec::new(),
                });
                add(&mut reason.to_labels, &contribution.to_labels, share);
                if reason.contributions.last() != Some(&number) {
                    reason.contributions.push(number);
                }
            }
        }
        gathered.into_values().collect()
    }
}

/// What each word adds to each label's score, `[word][label]`: every reason is shared out evenly
/// among its words, so that words, reasons of the sentence as a whole and bias sum up to the score.
pub fn shares(reasons: &[Reason], words: usize, labels: usize) -> Vec<Vec<f64>> {
    let mut shares = vec![vec![0.0; labels]; words];
    for reason in reasons {
        let part = 1.0 / reason.words.len().max(1) as f64;
        for &word in &reason.words {
            add(&mut shares[word], &reason.to_labels, part);
        }
    }
    shares
}

impl Classifier {
    /// The words of a sentence as the model reads them, marks left out.
    pub fn words(&self, extractor: &mut Extractor, sentence: &str) -> Vec<ReadWord> {
        let (units, _) = extractor.read(sentence);
        units
            .units
            .iter()
            .filter(|unit| !unit.mark)
            .map(|unit| ReadWord {
                place: unit.start..unit.end,
                mask: unit.party.map(|(_, class)| class),
                negated: unit.negated,
                contrasted: unit.contrasted,
            })
            .collect()
    }

    /// Labels a sentence and says why, one explanation a head.
    ///
    /// ```
    /// let model = stance::model::builtin();
    /// let mut extractor = model.extractor();
    /// let said = model.explain(&mut extractor, "They rejected the ceasefire.");
    /// for (sum, score) in said[0].sums().iter().zip(&said[0].prediction.scores) {
    ///     assert!((sum - f64::from(*score)).abs() < 1e-5);
    /// }
    /// ```
    pub fn explain(&self, extractor: &mut Extractor, sentence: &str) -> Vec<Explanation> {
        let mut places: BTreeMap<u32, Vec<Range<usize>>> = BTreeMap::new();
        extractor.extract(sentence, |feature| {
            if let Some(number) = self.vocabulary.number(feature.key()) {
                places.entry(number).or_default().push(feature.start..feature.end);
            }
        });
        let counts: Vec<(u32, u32)> = places
            .iter()
            .map(|(&number, places)| (number, u32::try_from(places.len()).unwrap_or(u32::MAX)))
            .collect();
        let row = self.vocabulary.row(&counts);
        let known_features = self.vocabulary.count_terms(&row);
        self.heads
            .iter()
            .map(|head| {
                let scores = head.scores(&row);
                let probabilities = head.probabilities(&scores);
                Explanation {
                    prediction: HeadPrediction { label: highest(&scores), scores, probabilities },
                    bias: head.bias.iter().map(|&b| f64::from(b)).collect(),
                    contributions: row
                        .iter()
                        .zip(places.values())
                        .map(|(&(number, value), places)| Contribution {
                            feature: self.vocabulary.names()[number as usize].clone(),
                            to_labels: head
                                .weights_of(number)
                                .iter()
                                .map(|&weight| f64::from(weight) * f64::from(value))
                                .collect(),
                            places: places.clone(),
                        })
                        .collect(),
                    known_features,
                }
            })
            .collect()
    }
}

fn add(sums: &mut [f64], values: &[f64], share: f64) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value * share);
}

fn family(feature: &str) -> Option<Family> {
    feature.split_once(':').and_then(|(family, _)| Family::named(family))
}

/// Whether a feature counts something in the whole sentence and so stands on no word of it.
fn is_of_sentence(feature: &str) -> bool {
    match family(feature) {
        Some(Family::Parties | Family::Domestic) => true,
        Some(Family::Direction) => !feature.starts_with("direction:each "),
        _ => false,
    }
}

fn words_at(words: &[ReadWord], place: &Range<usize>, ends_only: bool) -> Vec<usize> {
    let first = words.partition_point(|word| word.place.end <= place.start);
    let end = words.partition_point(|word| word.place.start < place.end);
    if ends_only && end > first + 2 { vec![first, end - 1] } else { (first..end).collect() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::builtin;

    const SENTENCES: [&str; 5] = [
        "",
        "They did not reject the ceasefire, but the army shelled the town again.",
        "Ægypt’s envoy — “no talks”, he said — left… 🙂 的 talks talks talks",
        "The sanctions on the United States were lifted after peace talks with the United States.",
        "  \u{202e}peace\u{0301} <script>alert('war')</script> & \"truce\"",
    ];

    fn check(sentence: &str) {
        let model = builtin();
        let mut extractor = model.extractor();
        let words = model.words(&mut extractor, sentence);
        let prediction = model.predict(&mut extractor, sentence);
        let explained = model.explain(&mut extractor, sentence);
        assert_eq!(explained.len(), prediction.heads.len());
        for (explanation, said) in explained.iter().zip(&prediction.heads) {
            assert_eq!(explanation.prediction, *said);
            assert_eq!(explanation.known_features, prediction.known_features);
            let reasons = explanation.reasons(&words);
            let shares = shares(&reasons, words.len(), said.scores.len());
            for (label, &score) in said.scores.iter().enumerate() {
                let score = f64::from(score);
                let sum = explanation.sums()[label];
                assert!((sum - score).abs() < 1e-5, "contributions {sum}, score {score}");
                let bias = explanation.bias[label];
                let sum = bias + reasons.iter().map(|r| r.to_labels[label]).sum::<f64>();
                assert!((sum - score).abs() < 1e-5, "reasons {sum}, score {score}");
                let whole = reasons.iter().filter(|reason| reason.words.is_empty());
                let sum = bias
                    + whole.map(|reason| reason.to_labels[label]).sum::<f64>()
                    + shares.iter().map(|share| share[label]).sum::<f64>();
                assert!((sum - score).abs() < 1e-5, "words {sum}, score {score}");
            }
            for place in explanation.contributions.iter().flat_map(|c| &c.places) {
                assert!(sentence.get(place.clone()).is_some(), "{place:?} is no text");
            }
        }
    }

    #[test]
    fn contributions_and_bias_sum_up_to_the_score() {
        SENTENCES.into_iter().for_each(check);
    }

    proptest! {
        #[test]
        fn they_do_so_for_any_text(text in "\\PC{0,200}") {
            check(&text);
        }

        #[test]
        fn they_do_so_for_any_words(
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "peace", "talks", "war", "not", "but", "the", "army", "Iran", "UN", "agreed",
                    "to", "rejected", "lifted", "sanctions", "were", ",", ".", "—", "strike",
                    "he", "said", "calls", "for", "restraint", "Smith", "\n",
                ]),
                0..80,
            )
        ) {
            check(&words.join(" "));
        }
    }

    #[test]
    fn a_feature_that_stands_twice_has_two_places() {
        let model = crate::model::three_terms();
        let explained = model.explain(&mut model.extractor(), "Talks on a truce, and talks on war");
        let talk = &explained[0].contributions[0];
        assert_eq!(
            (talk.feature.as_str(), talk.places.as_slice()),
            ("word:talk", &[0..5, 22..27][..])
        );
    }

    #[test]
    fn a_negated_word_and_a_masked_state_are_read_as_such() {
        let model = builtin();
        let words =
            model.words(&mut model.extractor(), "They will not attack Iran, said the general.");
        let read: Vec<_> = words.iter().map(|w| (w.negated, w.mask)).collect();
        assert!(read[3].0, "attack is negated: {read:?}");
        assert_eq!(read[4].1, Some(Class::State));
        assert!(!read[6].0, "the general is not: {read:?}");
    }
}
