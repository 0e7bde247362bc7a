//! The features that a model knows, and how counts of them become a row of numbers.
//!
//! The value of a feature that occurs `tf` times in a sentence is
//!
//! ```text
//! (1 + ln tf) · idf,   idf = ln((1 + n) / (1 + df)) + 1
//! ```
//!
//! with `df` of the `n` training sentences holding it, and the row is divided by its Euclidean norm:
//! scikit-learn's `TfidfVectorizer(sublinear_tf=True)`. Features are in the order of their names.

use std::ops::Range;

use super::feature::{Family, Key};
use super::keys::Keys;

/// A row of features: numbers ascending, each with its value.
pub type Row = Vec<(u32, f32)>;

/// The features of a model in the order of their names.
#[derive(Debug, Clone, PartialEq)]
pub struct Vocabulary {
    names: Vec<String>,
    document_frequencies: Vec<u32>,
    documents: u32,
    inverse: Vec<f32>,
    numbers: Keys,
    /// The numbers of words and of pairs: names are in order, so those of one family stand together.
    terms: [Range<u32>; 2],
}

impl Vocabulary {
    /// A vocabulary of named features with the number of training sentences that hold each, of
    /// `documents` in all. Returns the fault where a name is no feature's, names are not in
    /// ascending order or a frequency is 0 or above `documents`.
    ///
    /// # Errors
    /// A sentence that names the fault.
    pub fn new(
        names: Vec<String>,
        document_frequencies: Vec<u32>,
        documents: u32,
    ) -> Result<Self, String> {
        if names.len() != document_frequencies.len() {
            return Err(format!(
                "{} terms have {} document frequencies",
                names.len(),
                document_frequencies.len()
            ));
        }
        let mut numbers = Keys::with_capacity(names.len());
        for (number, name) in names.iter().enumerate() {
            if number > 0 && names[number - 1] >= *name {
                return Err(format!("term `{name}` stands twice or out of order"));
            }
            let key = Key::of_name(name).ok_or_else(|| format!("`{name}` is not a term"))?;
            let number = u32::try_from(number).map_err(|_| "has too many terms".to_owned())?;
            if !numbers.insert(key, number) {
                return Err(format!("term `{name}` has the key of another"));
            }
        }
        if let Some(at) = document_frequencies.iter().position(|&df| df == 0 || df > documents) {
            return Err(format!(
                "term `{}` has document frequency {} of {documents}",
                names[at], document_frequencies[at]
            ));
        }
        let inverse = document_frequencies
            .iter()
            .map(|&df| inverse_document_frequency(documents, df))
            .collect();
        let terms = [Family::Word, Family::Pair].map(|family| of_family(&names, family));
        Ok(Self { names, document_frequencies, documents, inverse, numbers, terms })
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no feature.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names, ascending.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// In how many training sentences each feature stands.
    pub fn document_frequencies(&self) -> &[u32] {
        &self.document_frequencies
    }

    /// Number of training sentences.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// The feature's number.
    #[inline]
    pub fn number(&self, key: Key) -> Option<u32> {
        self.numbers.get(key)
    }

    /// How many of a row's features are words or pairs of words; all of them in a vocabulary that has
    /// neither.
    pub fn count_terms(&self, row: &[(u32, f32)]) -> usize {
        row.iter().filter(|(number, _)| self.is_term(*number)).count()
    }

    /// Whether a feature is one of those that [`Vocabulary::count_terms`] counts.
    pub(crate) fn is_term(&self, number: u32) -> bool {
        self.terms.iter().any(|of| of.contains(&number)) || self.terms.iter().all(Range::is_empty)
    }

    /// Weight of a feature before the row is normalised.
    #[inline]
    pub fn inverse_document_frequency(&self, number: u32) -> f32 {
        self.inverse[number as usize]
    }

    /// Turns counts, ascending by feature number, into a row of unit length.
    pub fn row(&self, counts: &[(u32, u32)]) -> Row {
        let mut row: Row = counts
            .iter()
            .map(|&(number, count)| (number, sublinear(count) * self.inverse[number as usize]))
            .collect();
        let norm = row.iter().map(|(_, v)| v * v).sum::<f32>().sqrt();
        if norm > 0.0 {
            row.iter_mut().for_each(|(_, value)| *value /= norm);
        }
        row
    }
}

/// The numbers of the features of one family.
fn of_family(names: &[String], family: Family) -> Range<u32> {
    let prefix = format!("{}:", family.facts().name);
    let first = names.partition_point(|name| *name < prefix);
    let count = names[first..].iter().take_while(|name| name.starts_with(&prefix)).count();
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    number(first)..number(first + count)
}

/// `1 + ln tf`.
#[inline]
pub(crate) fn sublinear(count: u32) -> f32 {
    if count == 1 { 1.0 } else { 1.0 + (count as f32).ln() }
}

#[allow(clippy::cast_possible_truncation, reason = "a weight needs no more than f32")]
fn inverse_document_frequency(documents: u32, df: u32) -> f32 {
    (((1.0 + f64::from(documents)) / (1.0 + f64::from(df))).ln() + 1.0) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let names = ["word:peace", "word:talk", "word:treaty", "word:war"].map(str::to_owned);
        Vocabulary::new(names.into(), vec![2, 4, 1, 1], 4).unwrap()
    }

    /// scikit-learn 1.9.1:
    ///
    /// ```python
    /// documents = ["war talk war", "talk peace", "peace peace talk treaty", "talk"]
    /// v = TfidfVectorizer(sublinear_tf=True).fit(documents)
    /// v.idf_, v.transform(["war war war peace talk talk"]).toarray()
    /// ```
    #[test]
    fn a_row_is_that_of_scikit_learn() {
        let vocabulary = vocabulary();
        let idf = [1.510_825_623_766, 1.0, 1.916_290_731_874, 1.916_290_731_874];
        for (number, expected) in (0..).zip(idf) {
            let idf = f64::from(vocabulary.inverse_document_frequency(number));
            assert!((idf - expected).abs() < 1e-6, "{number}: {idf}");
        }
        let row = vocabulary.row(&[(0, 1), (1, 2), (3, 3)]);
        let expected = [(0, 0.327_188_605_937), (1, 0.366_672_670_187), (3, 0.870_918_348_115)];
        for ((number, value), (feature, expected)) in row.iter().zip(expected) {
            assert!(*number == feature && (f64::from(*value) - expected).abs() < 1e-6, "{row:?}");
        }
        assert_eq!(row.len(), expected.len());
    }

    #[test]
    fn words_and_pairs_of_a_row_are_counted_and_all_features_where_there_are_none() {
        let of = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            let frequencies = vec![1; names.len()];
            Vocabulary::new(names, frequencies, 1).unwrap()
        };
        let row = [(0, 0.5), (1, 0.5), (2, 0.5), (3, 0.5), (4, 0.5)];
        let all = ["lexicon:none plain", "negated:war", "pair:no war", "triple:a b c", "word:war"];
        assert_eq!(of(&all).count_terms(&row), 2);
        assert_eq!(of(&all[2..]).count_terms(&row[..2]), 1);
        assert_eq!(of(&all[..2]).count_terms(&row[..2]), 2);
        assert_eq!(of(&[]).count_terms(&[]), 0);
    }

    #[test]
    fn a_row_has_length_one_or_none() {
        let length = |counts: &[(u32, u32)]| -> f32 {
            vocabulary().row(counts).iter().map(|(_, value)| value * value).sum()
        };
        assert!((length(&[(0, 7), (2, 1), (3, 40)]) - 1.0).abs() < 1e-6);
        assert!((length(&[(1, 1)]) - 1.0).abs() < 1e-6);
        assert_eq!(vocabulary().row(&[]), []);
    }
}
