//! The fast path: labels sentence after sentence without allocating for one.
//!
//! A model is compiled into tables once. What each of its features adds to the scores, and to the
//! square of the row's length, stands in one line of numbers; a feature that stands once in a
//! sentence is one line added. Features that depend on a word alone, its runs of characters, are
//! looked up and summed when the word is first met. What is added is corrected at the end for
//! features that stand more than once, and divided by the length.
//!
//! The scores are those of [`Classifier::predict`], which is the plain path, within 1e-5.

use std::sync::Arc;

use super::classifier::{Classifier, HeadPrediction, Prediction};
use super::linear::{Head, highest};
use crate::features::{
    Extractor, Feature, Sink, SlotTable, Vocabulary, Words, hash, parts, sublinear,
};

/// Features found in a sentence beyond which single precision does not do for their sum.
const MANY: usize = 1 << 12;

/// Labels sentence after sentence; clone one for every thread.
#[derive(Debug)]
pub struct Labeler<'m> {
    model: &'m Classifier,
    lines: Arc<Lines>,
    extractor: Extractor,
    found: Found<'m>,
    known: KnownWords,
    seen: Seen,
    said: Prediction,
}

impl Clone for Labeler<'_> {
    /// A labeler with the same tables; it knows no words yet.
    fn clone(&self) -> Self {
        Self::with(self.model, Arc::clone(&self.lines), self.extractor.clone())
    }
}

impl<'m> Labeler<'m> {
    /// Compiles a model.
    pub fn new(model: &'m Classifier) -> Self {
        let atoms = model.vocabulary.names().iter().filter_map(|name| parts(name)).flat_map(
            |(family, atoms)| atoms.enumerate().map(move |(at, atom)| (family, at, hash(atom))),
        );
        let slots = Arc::new(SlotTable::of(atoms));
        let extractor =
            Extractor::looking_for(Some(slots), model.families, model.resources.clone());
        Self::with(model, Arc::new(Lines::of(model)), extractor)
    }

    fn with(model: &'m Classifier, lines: Arc<Lines>, extractor: Extractor) -> Self {
        let heads = model.heads.iter().map(|head| HeadPrediction {
            label: 0,
            scores: vec![0.0; head.labels.len()],
            probabilities: vec![0.0; head.labels.len()],
        });
        Self {
            said: Prediction { heads: heads.collect(), known_features: 0 },
            found: Found { vocabulary: &model.vocabulary, features: Vec::new(), words: Vec::new() },
            known: KnownWords::default(),
            seen: Seen {
                bits: vec![0; model.vocabulary.len().div_ceil(64)],
                again: Vec::new(),
                times: vec![0; model.vocabulary.len()],
            },
            model,
            lines,
            extractor,
        }
    }

    /// What was said of the last sentence.
    pub fn said(&self) -> &Prediction {
        &self.said
    }

    /// Labels a sentence.
    ///
    /// ```
    /// use stance::model::{Labeler, builtin};
    /// let model = builtin();
    /// let mut labeler = Labeler::new(model);
    /// let said = labeler.label("The two sides agreed to resume peace talks.");
    /// assert_eq!(model.heads[0].labels[said.heads[0].label], "diplomatic");
    /// ```
    pub fn label(&mut self, sentence: &str) -> &Prediction {
        self.found.features.clear();
        self.found.words.clear();
        let words = self.extractor.extract_into(sentence, &mut self.found);
        if !self.found.words.is_empty() {
            self.known.learn(words, &self.model.vocabulary, &self.lines);
        }
        match self.lines.width {
            _ if self.found.features.len() + self.found.words.len() > MANY => self.sum_exactly(),
            4 => self.sum::<4>(),
            8 => self.sum::<8>(),
            12 => self.sum::<12>(),
            16 => self.sum::<16>(),
            32 => self.sum::<32>(),
            64 => self.sum::<64>(),
            _ => self.sum_exactly(),
        }
        &self.said
    }

    fn sum<const WIDTH: usize>(&mut self) {
        let line = self.lines.of_width::<WIDTH>();
        let sums = self.known.sums.as_chunks::<WIDTH>().0;
        let mut sum = [0.0; WIDTH];
        for &feature in &self.found.features {
            if self.seen.is_new(feature) {
                add(&mut sum, &line[feature as usize], 1.0);
            }
        }
        for &word in &self.found.words {
            let known = &self.known.words[word as usize];
            add(&mut sum, &sums[word as usize], 1.0);
            let (once, more) = self.known.features_of(known);
            for &feature in once {
                if !self.seen.is_new(feature) {
                    add(&mut sum, &line[feature as usize], -1.0);
                }
            }
            self.seen.again.extend_from_slice(more);
        }
        self.seen.repeats(|feature, times| {
            let mut line = line[feature as usize];
            let value = match self.lines.sublinear.get(times as usize) {
                Some(known) => *known,
                None => sublinear(times),
            };
            let square = line[WIDTH - 1];
            line[WIDTH - 2] = 0.0;
            line[WIDTH - 1] = (value + 1.0) * square;
            add(&mut sum, &line, value - 1.0);
        });
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number that is not large"
        )]
        let known = sum[WIDTH - 2] as usize;
        self.said.known_features = known;
        let length = sum[WIDTH - 1].sqrt();
        let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
        let mut at = 0;
        for (head, said) in self.model.heads.iter().zip(&mut self.said.heads) {
            for (score, bias) in said.scores.iter_mut().zip(&head.bias) {
                *score = bias + sum[at] * scale;
                at += 1;
            }
            judge(head, said);
        }
    }

    /// As the plain path does.
    fn sum_exactly(&mut self) {
        let mut found = std::mem::take(&mut self.found.features);
        for &word in &self.found.words {
            let (once, more) = self.known.features_of(&self.known.words[word as usize]);
            found.extend(once.iter().chain(more));
        }
        let row = self.model.vocabulary.row(&super::classifier::count(found));
        self.said.known_features = self.model.vocabulary.count_terms(&row);
        for (head, said) in self.model.heads.iter().zip(&mut self.said.heads) {
            said.scores = head.scores(&row);
            judge(head, said);
        }
    }
}

/// Takes label and probabilities from the scores.
fn judge(head: &Head, said: &mut HeadPrediction) {
    said.label = highest(&said.scores);
    head.probabilities_into(&said.scores, &mut said.probabilities);
}

#[inline]
fn add<const WIDTH: usize>(sum: &mut [f32; WIDTH], line: &[f32; WIDTH], times: f32) {
    for (sum, value) in sum.iter_mut().zip(line) {
        *sum += times * value;
    }
}

/// Numbers a line may have, for the sum of lines to be written out by the compiler.
const WIDTHS: [usize; 6] = [4, 8, 12, 16, 32, 64];

/// What each feature adds: a score for every label of every head, zeros, then one to the number of
/// known terms where it is one, and last its value squared to the square of the row's length.
#[derive(Debug)]
struct Lines {
    /// `1 + ln tf` for small tf.
    sublinear: [f32; 16],
    width: usize,
    values: Vec<f32>,
}

impl Lines {
    fn of(model: &Classifier) -> Self {
        let labels: usize = model.heads.iter().map(|head| head.labels.len()).sum();
        let wanted = labels + 2;
        let width = *WIDTHS.iter().find(|&&width| width >= wanted).unwrap_or(&wanted);
        let mut values = vec![0.0; width * model.vocabulary.len()];
        for (feature, line) in (0..).zip(values.chunks_exact_mut(width)) {
            let weights = model.heads.iter().flat_map(|head| head.weights_of(feature));
            let value = model.vocabulary.inverse_document_frequency(feature);
            for (cell, weight) in line.iter_mut().zip(weights) {
                *cell = value * weight;
            }
            line[width - 2] = f32::from(u8::from(model.vocabulary.is_term(feature)));
            line[width - 1] = value * value;
        }
        let sublinear = std::array::from_fn(|tf| sublinear(u32::try_from(tf).unwrap_or(1)));
        Self { sublinear, width, values }
    }

    fn of_width<const WIDTH: usize>(&self) -> &[[f32; WIDTH]] {
        self.values.as_chunks::<WIDTH>().0
    }
}

/// The known features of a sentence as they are found.
#[derive(Debug)]
struct Found<'m> {
    vocabulary: &'m Vocabulary,
    features: Vec<u32>,
    /// Words whose runs of characters stand in the sentence.
    words: Vec<u32>,
}

impl Sink for Found<'_> {
    #[allow(clippy::inline_always, reason = "each place that calls it knows family and atoms")]
    #[inline(always)]
    fn feature(&mut self, feature: &Feature<'_>) {
        if feature.is_possible()
            && let Some(number) = self.vocabulary.number(feature.key())
        {
            self.features.push(number);
        }
    }

    #[inline]
    fn characters(&mut self, word: u32, _: &Words, _: usize, _: usize) {
        self.words.push(word);
    }
}

/// What the runs of characters of each word add.
#[derive(Debug, Default)]
struct KnownWords {
    /// By the number of the word.
    words: Vec<KnownWord>,
    features: Vec<u32>,
    /// The sum of the lines of each word's different features.
    sums: Vec<f32>,
    round: u32,
}

/// Where a word's features begin: different ones first, then those that stand in it once more.
#[derive(Debug, Clone, Copy)]
struct KnownWord {
    start: u32,
    once: u32,
    more: u32,
}

impl KnownWords {
    #[inline]
    fn features_of(&self, word: &KnownWord) -> (&[u32], &[u32]) {
        let all = &self.features[word.start as usize..];
        let (once, rest) = all.split_at(word.once as usize);
        (once, &rest[..word.more as usize])
    }

    /// Looks up the words that are not known yet.
    #[inline]
    fn learn(&mut self, words: &Words, vocabulary: &Vocabulary, lines: &Lines) {
        if self.round != words.round() || self.words.len() < words.len() {
            self.learn_new(words, vocabulary, lines);
        }
    }

    #[cold]
    fn learn_new(&mut self, words: &Words, vocabulary: &Vocabulary, lines: &Lines) {
        if self.round != words.round() {
            *self = Self { round: words.round(), ..Self::default() };
        }
        let mut found: Vec<u32> = Vec::new();
        for number in self.words.len()..words.len() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            found.clear();
            if words.word(number).is_spelled() {
                let mut take =
                    |feature: &Feature<'_>| found.extend(vocabulary.number(feature.key()));
                take.characters(number, words, 0, 0);
            }
            found.sort_unstable();
            let start = self.features.len();
            self.features.extend(found.chunk_by(u32::eq).map(|equal| equal[0]));
            let once = self.features.len() - start;
            let more = found.chunk_by(u32::eq).flat_map(|equal| &equal[1..]);
            self.features.extend(more);
            let sum = self.sums.len();
            self.sums.resize(sum + lines.width, 0.0);
            for &feature in &self.features[start..start + once] {
                let line = &lines.values[feature as usize * lines.width..][..lines.width];
                for (sum, value) in self.sums[sum..].iter_mut().zip(line) {
                    *sum += value;
                }
            }
            let short = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
            let more = self.features.len() - start - once;
            self.words.push(KnownWord {
                start: short(start),
                once: short(once),
                more: short(more),
            });
        }
    }
}

/// Which features a sentence has been found to have.
#[derive(Debug)]
struct Seen {
    /// One a feature.
    bits: Vec<u64>,
    /// Features that were found once more, as often as they were.
    again: Vec<u32>,
    /// How often each feature was found once more; zeros between two sentences.
    times: Vec<u32>,
}

impl Seen {
    /// Notes a feature; says whether it is the first of its kind.
    #[inline]
    fn is_new(&mut self, feature: u32) -> bool {
        let block = &mut self.bits[feature as usize / 64];
        let bit = 1 << (feature % 64);
        let known = *block & bit != 0;
        *block |= bit;
        if known {
            self.again.push(feature);
        }
        !known
    }

    /// Tells how often each feature was found that was found more than once, and forgets all.
    fn repeats(&mut self, mut tell: impl FnMut(u32, u32)) {
        for &feature in &self.again {
            self.times[feature as usize] += 1;
        }
        for &feature in &self.again {
            let times = std::mem::take(&mut self.times[feature as usize]);
            if times > 0 {
                tell(feature, 1 + times);
            }
        }
        self.again.clear();
        self.bits.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{builtin, three_terms};

    /// Both paths say the same of a sentence; a label may differ where two scores are that close.
    fn assert_equal(model: &Classifier, labeler: &mut Labeler<'_>, sentence: &str) {
        let plain = model.predict(&mut model.extractor(), sentence);
        let fast = labeler.label(sentence);
        assert_eq!(plain.known_features, fast.known_features, "{sentence:?}");
        for (plain, fast) in plain.heads.iter().zip(&fast.heads) {
            let pairs = plain.scores.iter().zip(&fast.scores);
            let pairs = pairs.chain(plain.probabilities.iter().zip(&fast.probabilities));
            for (a, b) in pairs {
                assert!((a - b).abs() < 1e-5, "{a} is not {b}: {sentence:?}");
            }
            let gap = plain.scores[plain.label] - plain.scores[fast.label];
            assert!(plain.label == fast.label || gap < 1e-5, "{sentence:?}");
        }
    }

    /// Sentences of words that the model knows, names, negations, numbers and marks.
    fn sentence() -> impl Strategy<Value = String> {
        const WORDS: &str = "the The a not never no but However although and of to said reject rejected talks \
             peace peace ceasefire threatened attack attacked attacks troops minister agreed \
             agreement refused lift lifted was were sanctions sanctions nuclear deal Iran \
             United States US U.S. NATO Hamas UN Geneva Anna Berg Monday inflation rose fell \
             12 $5 40% 1998 election court 's n't , . ; : \" “ ” ( ) -- papa banana";
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        let word = prop_oneof![8 => prop::sample::select(words).prop_map(str::to_owned), 1 => "[a-zA-Z]{1,12}", 1 => "\\PC{0,4}"];
        prop::collection::vec((word, prop_oneof![9 => Just(" "), 1 => Just("")]), 0..60).prop_map(
            |parts| parts.into_iter().flat_map(|(word, space)| [word, space.to_owned()]).collect(),
        )
    }

    proptest! {
        #[test]
        fn scores_are_those_of_the_plain_path(sentences in prop::collection::vec(sentence(), 1..8)) {
            let model = builtin();
            // One labeler, so that what it knows of words is used again.
            let mut labeler = Labeler::new(model);
            for sentence in &sentences {
                assert_equal(model, &mut labeler, sentence);
            }
        }

        #[test]
        fn any_text_has_the_scores_of_the_plain_path(sentence in any::<String>()) {
            let model = builtin();
            assert_equal(model, &mut Labeler::new(model), &sentence);
        }
    }

    #[test]
    fn words_that_repeat_are_counted() {
        let model = builtin();
        let mut labeler = Labeler::new(model);
        for times in [1, 2, 3, 30, 300, 3000] {
            let sentence = "They rejected the ceasefire talks, banana papa. ".repeat(times);
            assert_equal(model, &mut labeler, &sentence);
            assert_equal(model, &mut labeler, "They met.");
        }
    }

    #[test]
    fn a_clone_says_the_same_and_models_of_other_widths_do() {
        let mut model = three_terms();
        for copies in [1, 2, 5, 11, 22, 40] {
            let head = model.heads[0].clone();
            model.heads = vec![head; copies];
            let mut labeler = Labeler::new(&model);
            for sentence in ["", "peace talks and war", "war war war", "nothing"] {
                assert_equal(&model, &mut labeler, sentence);
                assert_equal(&model, &mut labeler.clone(), sentence);
            }
        }
    }

    #[test]
    fn what_is_known_of_words_is_given_up_and_learnt_anew() {
        let model = builtin();
        let mut labeler = Labeler::new(model);
        for start in (0..3 * crate::features::MOST_WORDS).step_by(1000) {
            let sentence = (start..start + 1000).map(|n| format!("w{n:x}")).collect::<Vec<_>>();
            labeler.label(&sentence.join(" "));
        }
        assert_equal(model, &mut labeler, "The minister refused to lift the sanctions.");
    }
}
