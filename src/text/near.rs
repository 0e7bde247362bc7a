//! Finds texts that are nearly the same.
//!
//! Two texts are compared by the terms they hold, each as often as it stands, marks and order left
//! aside: shared terms over all terms (Jaccard). The search is exact. A text of n terms that is to share
//! the part t of them with another must share one of its n − ⌈t·n⌉ + 1 rarest terms with it, so only
//! texts that do are looked at (Chaudhuri, Ganti and Kaushik, "A primitive operator for similarity joins
//! in data cleaning", ICDE 2006).

use rustc_hash::FxHashMap;

use super::tokens::{TokenKind, tokens};

/// Texts among which near ones can be found.
#[derive(Debug)]
pub struct NearTexts {
    least: f64,
    numbers: FxHashMap<String, u32>,
    /// In how many texts each term stands.
    frequencies: Vec<u32>,
    /// The terms of each text, rarest first, as `(frequency, number, occurrence)`.
    bags: Vec<Bag>,
    /// The texts that hold a term among their rarest, ascending.
    holders: FxHashMap<Item, Vec<u32>>,
}

type Item = (u32, u32, u32);
type Bag = Vec<Item>;

impl NearTexts {
    /// Texts that count as near where they share at least the part `least` of their terms, above 0
    /// and at most 1.
    pub fn new(texts: &[&str], least: f64) -> Self {
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        let mut frequencies: Vec<u32> = Vec::new();
        let counted: Vec<Vec<(u32, u32)>> = texts
            .iter()
            .map(|text| {
                let mut found: Vec<u32> = Vec::new();
                for token in tokens(text).filter(|token| token.kind != TokenKind::Mark) {
                    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                    found.push(*numbers.entry(token.term().into_owned()).or_insert(next));
                }
                let found = with_occurrence(found);
                frequencies.resize(numbers.len(), 0);
                for &(number, occurrence) in &found {
                    frequencies[number as usize] += u32::from(occurrence == 0);
                }
                found
            })
            .collect();
        let bags: Vec<Bag> =
            counted.iter().map(|found| rarest_first(found, &frequencies)).collect();
        let mut holders: FxHashMap<Item, Vec<u32>> = FxHashMap::default();
        for (text, bag) in bags.iter().enumerate() {
            for item in &bag[..rarest(bag.len(), least)] {
                holders.entry(*item).or_default().push(u32::try_from(text).unwrap_or(u32::MAX));
            }
        }
        Self { least, numbers, frequencies, bags, holders }
    }

    /// Of the texts that `wanted` takes, the one nearest to the text of that number, and the part of
    /// terms they share; the first of several. `None` where none is near.
    pub fn nearest(&self, text: usize, wanted: impl Fn(usize) -> bool) -> Option<(usize, f64)> {
        self.nearest_to(&self.bags[text], |other| other != text && wanted(other))
    }

    /// As [`NearTexts::nearest`], for a text that need not be one of them.
    pub fn nearest_text(&self, text: &str, wanted: impl Fn(usize) -> bool) -> Option<(usize, f64)> {
        // Terms that none of the texts holds get numbers of their own, above all others.
        let mut foreign: FxHashMap<String, u32> = FxHashMap::default();
        let mut found: Vec<u32> = Vec::new();
        for token in tokens(text).filter(|token| token.kind != TokenKind::Mark) {
            let term = token.term();
            found.push(self.numbers.get(term.as_ref()).copied().unwrap_or_else(|| {
                let next = self.frequencies.len() + foreign.len();
                let next = u32::try_from(next).unwrap_or(u32::MAX);
                *foreign.entry(term.into_owned()).or_insert(next)
            }));
        }
        let bag = rarest_first(&with_occurrence(found), &self.frequencies);
        self.nearest_to(&bag, wanted)
    }

    fn nearest_to(&self, bag: &Bag, wanted: impl Fn(usize) -> bool) -> Option<(usize, f64)> {
        let mut candidates: Vec<u32> = bag[..rarest(bag.len(), self.least)]
            .iter()
            .filter_map(|item| self.holders.get(item))
            .flatten()
            .copied()
            .filter(|&other| wanted(other as usize))
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut best: Option<(usize, f64)> = None;
        for other in candidates {
            let part = shared(bag, &self.bags[other as usize]);
            if part >= self.least && best.is_none_or(|(_, most)| part > most) {
                best = Some((other as usize, part));
                if part >= 1.0 {
                    break;
                }
            }
        }
        best
    }
}

/// Each term with 0 for its first occurrence, 1 for its second …
fn with_occurrence(mut found: Vec<u32>) -> Vec<(u32, u32)> {
    found.sort_unstable();
    let mut last = None;
    found
        .into_iter()
        .map(|number| {
            let occurrence = match last {
                Some((before, occurrence)) if before == number => occurrence + 1,
                _ => 0,
            };
            last = Some((number, occurrence));
            (number, occurrence)
        })
        .collect()
}

fn rarest_first(found: &[(u32, u32)], frequencies: &[u32]) -> Bag {
    let mut bag: Bag = found
        .iter()
        .map(|&(number, occurrence)| {
            (frequencies.get(number as usize).copied().unwrap_or(0), number, occurrence)
        })
        .collect();
    bag.sort_unstable();
    bag
}

/// How many of the rarest terms of a text one must share with it to be near.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the length")]
fn rarest(length: usize, least: f64) -> usize {
    // A hair is taken off so that 0.8 of 5, which is 4.000000001, does not become 5.
    let needed = (least * length as f64 - 1e-9).ceil().max(1.0) as usize;
    (length + 1).saturating_sub(needed).min(length)
}

fn shared(a: &Bag, b: &Bag) -> f64 {
    let (mut i, mut j, mut both) = (0, 0, 0usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        both += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    let all = a.len() + b.len() - both;
    if all == 0 { 0.0 } else { both as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_marks_and_order_do_not_count() {
        let near = NearTexts::new(
            &["The talks failed, he said.", "He said: “the TALKS failed”", "The army advanced."],
            0.8,
        );
        assert_eq!(near.nearest(0, |_| true), Some((1, 1.0)));
        assert_eq!(near.nearest(2, |_| true), None);
        assert_eq!(near.nearest(0, |other| other != 1), None);
        assert_eq!(near.nearest_text("the talks failed he said again", |_| true).unwrap().0, 0);
        assert_eq!(near.nearest_text("", |_| true), None);
    }

    proptest! {
        #[test]
        fn the_search_finds_what_comparing_all_pairs_finds(
            texts in prop::collection::vec("([abcd] ){0,9}", 1..12),
            least in 0.3f64..1.0,
        ) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let near = NearTexts::new(&texts, least);
            for a in 0..texts.len() {
                let mut best: Option<(usize, f64)> = None;
                for b in (0..texts.len()).filter(|&b| b != a) {
                    let part = shared(&near.bags[a], &near.bags[b]);
                    if part >= least && best.is_none_or(|(_, most)| part > most) {
                        best = Some((b, part));
                    }
                }
                prop_assert_eq!(near.nearest(a, |_| true), best);
                prop_assert_eq!(near.nearest_text(texts[a], |other| other != a), best);
            }
        }
    }
}
