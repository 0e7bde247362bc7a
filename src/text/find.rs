//! Finds a term in a text.
//!
//! A term is one or several words. Words are compared as tokens, in lower case and without accents of
//! typography, so `talks` finds neither `talk` nor `stalks`; `*` in a word stands for any letters.

use std::ops::Range;

use super::tokens::{TokenKind, tokens};

/// A term to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    words: Vec<Word>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Whole(String),
    /// The parts between the stars.
    Parts(Vec<String>),
}

impl Pattern {
    /// The pattern of a term; `None` where it holds no word.
    pub fn new(term: &str) -> Option<Self> {
        let mut words = Vec::new();
        for piece in term.split_whitespace() {
            if piece.contains('*') {
                let parts = piece.to_lowercase().split('*').map(str::to_owned).collect();
                words.push(Word::Parts(parts));
            } else {
                let of_piece = tokens(piece).filter(|token| token.kind != TokenKind::Mark);
                words.extend(of_piece.map(|token| Word::Whole(token.term().into_owned())));
            }
        }
        (!words.is_empty()).then_some(Self { words })
    }

    /// The places of a sentence where the term stands, as numbers of its tokens; they do not overlap.
    ///
    /// ```
    /// use stance::text::{Pattern, tokens};
    /// let terms: Vec<_> = tokens("New peace talks, no Peace Talk.").map(|t| t.term()).collect();
    /// let pattern = Pattern::new("peace talk*").unwrap();
    /// assert_eq!(pattern.find(&terms), [1..3, 5..7]);
    /// ```
    pub fn find(&self, terms: &[impl AsRef<str>]) -> Vec<Range<usize>> {
        let length = self.words.len();
        let mut places = Vec::new();
        let mut at = 0;
        while at + length <= terms.len() {
            let here = &terms[at..at + length];
            if self.words.iter().zip(here).all(|(word, term)| word.is(term.as_ref())) {
                places.push(at..at + length);
                at += length;
            } else {
                at += 1;
            }
        }
        places
    }
}

impl Word {
    fn is(&self, term: &str) -> bool {
        match self {
            Self::Whole(word) => word == term,
            Self::Parts(parts) => {
                let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
                let Some(rest) = term.strip_prefix(first.as_str()) else { return false };
                let Some(mut rest) = rest.strip_suffix(last.as_str()) else { return false };
                // What stands first is taken first, which leaves most for the others.
                parts[1..parts.len() - 1].iter().all(|part| match rest.find(part.as_str()) {
                    Some(at) => {
                        rest = &rest[at + part.len()..];
                        true
                    }
                    None => false,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(term: &str, sentence: &str) -> Vec<String> {
        let all: Vec<_> = tokens(sentence).collect();
        let terms: Vec<_> = all.iter().map(super::super::tokens::Token::term).collect();
        let places = Pattern::new(term).unwrap().find(&terms);
        let text =
            |place: Range<usize>| &sentence[all[place.start].start..all[place.end - 1].end()];
        places.into_iter().map(|place| text(place).to_owned()).collect()
    }

    #[test]
    fn words_are_found_whole_in_any_case_and_spelling() {
        assert_eq!(
            found("talks", "Talks on talks; TALKS, talk, stalks"),
            ["Talks", "talks", "TALKS"]
        );
        assert_eq!(found("u.s.", "The U.S. and us"), ["U.S."]);
        assert_eq!(found("re-entry", "reentry, re-entry"), ["reentry", "re-entry"]);
    }

    #[test]
    fn a_star_stands_for_any_letters_or_none() {
        assert_eq!(
            found("negotiat*", "negotiate negotiators renegotiate"),
            ["negotiate", "negotiators"]
        );
        assert_eq!(found("*talk*", "talk stalks"), ["talk", "stalks"]);
        assert_eq!(found("a*b*a", "aba abba aa abab"), ["aba", "abba"]);
        assert_eq!(found("a*a", "a aa"), ["aa"]);
    }

    #[test]
    fn words_with_a_mark_between_are_no_term_of_two() {
        assert_eq!(found("peace talks", "peace, talks; peace talks"), ["peace talks"]);
        assert_eq!(Pattern::new(" , "), None);
    }
}
