//! What takes the features of a sentence.

use super::feature::Feature;
use super::ngrams;
use super::words::Words;

/// Takes the features of a sentence one by one; every closure that takes a feature is one.
pub trait Sink {
    /// Takes a feature.
    fn feature(&mut self, feature: &Feature<'_>);

    /// Takes all runs of characters of a word that stands at `start..end`. They depend on the word
    /// alone, so that a sink that knows the word can do without them.
    fn characters(&mut self, word: u32, words: &Words, start: usize, end: usize) {
        ngrams::characters(words.term(word), start, end, &mut |f: &Feature<'_>| {
            self.feature(f);
        });
    }
}

impl<F: FnMut(&Feature<'_>)> Sink for F {
    #[inline]
    fn feature(&mut self, feature: &Feature<'_>) {
        self(feature);
    }
}
