//! Text in, prediction out.
//!
//! This is the plain path: it names features and looks them up one by one. Labelling an archive
//! takes another, faster path that gives the same scores.

use super::Facts;
use super::linear::{Head, highest};
use crate::features::{Extractor, Families, Resources, Row, Vocabulary};

/// A trained model.
#[derive(Debug, Clone)]
pub struct Classifier {
    /// Families of features in use.
    pub families: Families,
    /// Lexicon and states in use.
    pub resources: Resources,
    /// The features.
    pub vocabulary: Vocabulary,
    /// One a label column, all on the same features.
    pub heads: Vec<Head>,
    /// Where it comes from.
    pub facts: Facts,
}

/// What one head says of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadPrediction {
    /// Place of the label in the head's labels.
    pub label: usize,
    /// One score a label.
    pub scores: Vec<f32>,
    /// One probability a label.
    pub probabilities: Vec<f32>,
}

impl HeadPrediction {
    /// Probability of the label.
    pub fn confidence(&self) -> f32 {
        self.probabilities[self.label]
    }
}

/// What the model says of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// One a head of the model, in its order.
    pub heads: Vec<HeadPrediction>,
    /// How many different words and pairs of words of the sentence the model knows; of a model that has
    /// features of neither kind, how many features.
    pub known_features: usize,
}

/// Stands in the place of a label that is not to be relied on.
pub const UNCERTAIN: &str = "uncertain";

/// A sentence of which a model knows fewer words and pairs of words gets no label to be relied on: the
/// score is then mostly bias, and the features that every sentence has make it look sure.
pub const LEAST_KNOWN: usize = 3;

impl Prediction {
    /// Whether the model knows hardly a word of the sentence: fewer than [`LEAST_KNOWN`].
    pub fn is_hardly_known(&self) -> bool {
        self.known_features < LEAST_KNOWN
    }

    /// Whether a head's label is not to be relied on: its confidence is below `min_confidence`, or the
    /// model knows hardly a word of the sentence.
    ///
    /// ```
    /// let model = stance::model::builtin();
    /// let mut extractor = model.extractor();
    /// let said = model.predict(&mut extractor, "Asdf qwer zxcv.");
    /// assert!(said.is_uncertain(0, 0.5));
    /// let said = model.predict(&mut extractor, "The army launched an attack on the town.");
    /// assert!(!said.is_uncertain(0, 0.5));
    /// ```
    pub fn is_uncertain(&self, head: usize, min_confidence: f32) -> bool {
        self.is_hardly_known() || self.heads[head].confidence() < min_confidence
    }
}

impl Classifier {
    /// An extractor for this model; make one a thread, and keep it.
    pub fn extractor(&self) -> Extractor {
        Extractor::new(self.families, self.resources.clone())
    }

    /// The row of features of a sentence.
    pub fn row(&self, extractor: &mut Extractor, sentence: &str) -> Row {
        let mut found: Vec<u32> = Vec::new();
        extractor.extract(sentence, |feature| found.extend(self.vocabulary.number(feature.key())));
        self.vocabulary.row(&count(found))
    }

    /// Labels a sentence.
    ///
    /// ```
    /// let model = stance::model::builtin();
    /// let mut extractor = model.extractor();
    /// let said = model.predict(&mut extractor, "The two sides agreed to resume peace talks.");
    /// let stance = &model.heads[0];
    /// assert_eq!(stance.labels[said.heads[0].label], "diplomatic");
    /// ```
    pub fn predict(&self, extractor: &mut Extractor, sentence: &str) -> Prediction {
        let row = self.row(extractor, sentence);
        let heads = self
            .heads
            .iter()
            .map(|head| {
                let scores = head.scores(&row);
                let probabilities = head.probabilities(&scores);
                HeadPrediction { label: highest(&scores), scores, probabilities }
            })
            .collect();
        Prediction { heads, known_features: self.vocabulary.count_terms(&row) }
    }
}

/// Counts equal numbers; ascending.
pub(crate) fn count<T: Ord + Copy>(mut numbers: Vec<T>) -> Vec<(T, u32)> {
    numbers.sort_unstable();
    let mut counts: Vec<(T, u32)> = Vec::new();
    for number in numbers {
        match counts.last_mut() {
            Some((last, count)) if *last == number => *count += 1,
            _ => counts.push((number, 1)),
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::three_terms;

    #[test]
    fn an_explanation_is_of_the_prediction() {
        let model = three_terms();
        let mut extractor = model.extractor();
        let said = model.predict(&mut extractor, "They ended the war.");
        let explained = model.explain(&mut extractor, "They ended the war.");
        assert_eq!(said.heads, explained.into_iter().map(|e| e.prediction).collect::<Vec<_>>());
        assert_eq!(said.known_features, 1);
    }

    #[test]
    fn a_sentence_without_a_known_feature_has_the_scores_of_the_bias() {
        let model = three_terms();
        for text in ["", "   ", "Rain fell.", "!?", "🕊️", "Мир и хлеб"] {
            let said = model.predict(&mut model.extractor(), text);
            assert_eq!(said.heads[0].scores, model.heads[0].bias, "{text:?}");
            assert_eq!(said.known_features, 0, "{text:?}");
        }
    }

    #[test]
    fn a_label_is_uncertain_below_the_confidence_or_where_hardly_a_word_is_known() {
        let model = three_terms();
        let said = model.predict(&mut model.extractor(), "War and talks and a truce");
        let confidence = said.heads[0].confidence();
        assert_eq!(said.known_features, 3);
        assert!(!said.is_uncertain(0, confidence) && said.is_uncertain(0, confidence + 1e-3));
        let two = model.predict(&mut model.extractor(), "War, war and talks");
        assert!(two.is_hardly_known() && two.is_uncertain(0, 0.0));
    }

    #[test]
    fn equal_numbers_are_counted_in_ascending_order() {
        assert_eq!(count(vec![7, 2, 7, 7]), [(2, 1), (7, 3)]);
        assert_eq!(count(Vec::<u32>::new()), []);
    }

    #[test]
    fn a_model_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Classifier>();
    }
}
