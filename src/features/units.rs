//! A sentence as a row of units: words, numbers, marks and masked parties, each with its clause
//! and whether it stands under a negation or after a contrast.
//!
//! A party's name is one unit however many words it has, and swallows an article before it, so
//! and the possessive after it, so that replacing one party's name by another of the same class
//! changes no unit. Units are in text order and do not overlap.

use super::lexicon::{Kind, Lexicon};
use super::states::{Class, States};
use super::words::{Role, Shape, Words, is_possessive};
use crate::text::{TokenKind, tokens};

/// Words after a negator that it turns, within its clause.
const NEGATION_REACH: usize = 6;

/// One unit of a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// Number of its facts in [`Words`]; [`Words::PARTY`] for a party.
    pub word: u32,
    /// Byte offset into the sentence where it begins.
    pub start: usize,
    /// Byte offset where it ends.
    pub end: usize,
    /// The party it names, if it names one.
    pub party: Option<(u32, Class)>,
    /// Number of its clause, from 0.
    pub clause: u16,
    /// Whether a negator stands before it in its clause.
    pub negated: bool,
    /// Whether a contrast stands before it in the sentence.
    pub contrasted: bool,
    /// Whether it is a mark.
    pub mark: bool,
}

/// A lexicon entry found in a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// The entry's number.
    pub entry: u32,
    /// Its first unit.
    pub first: usize,
    /// The unit after its last.
    pub end: usize,
    /// Its pull on stance.
    pub stance: i8,
    /// Its pull on sentiment.
    pub sentiment: i8,
    /// What kind of word it is.
    pub kind: Kind,
}

/// What the features of one sentence are made from. Reused from sentence to sentence.
#[derive(Debug, Default)]
pub struct Units {
    /// The units in text order.
    pub units: Vec<Unit>,
    /// The lexicon entries in text order.
    pub hits: Vec<Hit>,
    /// Number of different states named.
    pub states: usize,
    parties: Vec<u32>,
}

impl Units {
    /// Reads a sentence.
    pub fn read(&mut self, sentence: &str, words: &mut Words, lexicon: &Lexicon, states: &States) {
        self.units.clear();
        self.hits.clear();
        self.cut(sentence, words, lexicon, states);
        self.mask_names(sentence, words);
        self.scope(words);
        self.look_up(words, lexicon);
        self.parties.clear();
        self.parties.extend(self.units.iter().filter_map(|u| match u.party {
            Some((party, Class::State)) => Some(party),
            _ => None,
        }));
        self.parties.sort_unstable();
        self.parties.dedup();
        self.states = self.parties.len();
    }

    fn cut(&mut self, sentence: &str, words: &mut Words, lexicon: &Lexicon, states: &States) {
        words.make_room();
        for token in tokens(sentence) {
            if is_possessive(&token) {
                continue;
            }
            let word = words.number(&token, lexicon, states);
            self.units.push(Unit {
                word,
                start: token.start,
                end: token.end(),
                party: None,
                clause: 0,
                negated: false,
                contrasted: false,
                mark: token.kind == TokenKind::Mark,
            });
        }
        self.join_parties(sentence, words, states);
    }

    fn join_parties(&mut self, sentence: &str, words: &Words, states: &States) {
        let (mut read, mut write) = (0, 0);
        while read < self.units.len() {
            let unit = self.units[read];
            let facts = words.word(unit.word);
            let found = if facts.opens_state {
                states.longest(&facts.term, |ahead| {
                    self.units.get(read + ahead).map(|u| &sentence[u.start..u.end])
                })
            } else {
                None
            };
            let Some((party, class, length)) = found else {
                self.units[write] = unit;
                write += 1;
                read += 1;
                continue;
            };
            if write > 0 && words.word(self.units[write - 1].word).role == Role::Article {
                write -= 1;
            }
            let end = self.units[read + length - 1].end;
            self.units[write] =
                Unit { word: Words::PARTY, party: Some((party, class)), end, ..unit };
            write += 1;
            read += length;
            // The apostrophe of "the United States' offer" is a possessive like that of "Iran's".
            if sentence[..end].ends_with(['s', 'S'])
                && self.units.get(read).is_some_and(|next| {
                    next.mark && next.start == end && &*words.word(next.word).term == "'"
                })
            {
                read += 1;
            }
        }
        self.units.truncate(write);
    }

    /// Makes one unit of each run of capitalised words that the lexicon does not know, but for the
    /// first word of a sentence or a quotation, and not in a headline that capitalises every word.
    fn mask_names(&mut self, sentence: &str, words: &Words) {
        let long = |unit: &&Unit| !unit.mark && unit.end - unit.start > 3 && unit.party.is_none();
        let capital = |unit: &Unit| {
            matches!(words.word(unit.word).shape, Shape::Capital | Shape::AllCapitals)
        };
        let all = self.units.iter().filter(long).count();
        let capitals = self.units.iter().filter(long).filter(|unit| capital(unit)).count();
        if all > 3 && capitals * 5 > all * 3 {
            return;
        }
        let mut write = 0;
        let (mut opening, mut abbreviates) = (true, false);
        // Where the quotation marks before end, and whether they open: marks in a row do alike.
        let mut quoted = (usize::MAX, false);
        for read in 0..self.units.len() {
            let unit = self.units[read];
            let facts = words.word(unit.word);
            let name = !opening
                && unit.party.is_none()
                && capital(&unit)
                && unit.end - unit.start > 1
                && !facts.opens_lexicon
                && facts.role != Role::Calendar;
            opening = unit.mark
                && match &*facts.term {
                    ":" | "?" | "!" | "(" => true,
                    "." => !abbreviates,
                    "\"" | "'" | "“" | "”" | "„" => {
                        let again = quoted.0 == unit.start;
                        let opens = if again { quoted.1 } else { opens(&sentence[..unit.start]) };
                        quoted = (unit.end, opens);
                        opens
                    }
                    _ => false,
                };
            abbreviates = facts.role == Role::Calendar || unit.end - unit.start == 1;
            if name && write > 0 && matches!(self.units[write - 1].party, Some((_, Class::Name))) {
                self.units[write - 1].end = unit.end;
                continue;
            }
            self.units[write] = unit;
            if name {
                self.units[write].party = Some((u32::MAX, Class::Name));
                self.units[write].word = Words::PARTY;
            }
            write += 1;
        }
        self.units.truncate(write);
    }

    fn scope(&mut self, words: &Words) {
        let (mut clause, mut reach, mut contrasted) = (0u16, 0, false);
        for unit in &mut self.units {
            let role = words.word(unit.word).role;
            if matches!(role, Role::Clause | Role::Contrast | Role::Concession) {
                clause = clause.saturating_add(1);
                reach = 0;
            }
            unit.clause = clause;
            unit.contrasted = contrasted;
            contrasted |= role == Role::Contrast;
            if unit.mark {
                continue;
            }
            if reach > 0 {
                unit.negated = true;
                reach -= 1;
            }
            if role == Role::Negator {
                reach = NEGATION_REACH;
            }
        }
    }

    fn look_up(&mut self, words: &Words, lexicon: &Lexicon) {
        let stem = |at: usize| {
            let unit = self.units.get(at)?;
            let facts = words.word(unit.word);
            let word = matches!(facts.shape, Shape::Lower | Shape::Capital | Shape::AllCapitals);
            (word && unit.party.is_none()).then_some(facts.stem_hash)
        };
        let mut at = 0;
        while at < self.units.len() {
            if words.word(self.units[at].word).opens_lexicon
                && let Some((number, end)) = lexicon.longest(at, stem)
            {
                let entry = &lexicon.entries()[number as usize];
                self.hits.push(Hit {
                    entry: number,
                    first: at,
                    end,
                    stance: entry.stance,
                    sentiment: entry.sentiment,
                    kind: entry.kind,
                });
                // Words in a gap are read on their own too.
                at = if entry.stems.contains(super::lexicon::GAP) { at + 1 } else { end };
            } else {
                at += 1;
            }
        }
    }
}

/// Whether a quotation mark behind that text opens a quotation, by where it stands: which way it is
/// curled, if at all, is a matter of typing.
fn opens(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| c.is_whitespace() || "([—–".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{builtin_lexicon, builtin_states};

    /// The units of a sentence, marks left out: names masked, the rest by stem.
    fn read(sentence: &str) -> String {
        let (lexicon, states) = (builtin_lexicon().unwrap(), builtin_states().unwrap());
        let (mut units, mut words) = (Units::default(), Words::default());
        units.read(sentence, &mut words, &lexicon, &states);
        let shown = units.units.iter().filter(|unit| !unit.mark).map(|unit| match unit.party {
            Some((_, class)) => class.mask(),
            None => &words.word(unit.word).stem,
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_state_takes_its_article_and_its_possessive_with_it() {
        for name in ["Iran's", "the United States'", "an Israeli", "Côte d’Ivoire’s", "US"] {
            assert_eq!(read(&format!("So {name} offer stands")), "so <state> offer stand");
        }
    }

    #[test]
    fn a_name_is_known_however_its_letters_and_apostrophes_are_typed() {
        for name in ["the People's Republic of China", "the People’s Republic of China"] {
            assert_eq!(read(&format!("So {name} left")), "so <state> left");
        }
        for name in ["Co\u{302}te d'Ivoire", "CÔTE D’IVOIRE", "Kurdistan Workers’ Party"] {
            let mask = if name.starts_with('K') { "<group>" } else { "<state>" };
            assert_eq!(read(&format!("so {name} left")), format!("so {mask} left"));
        }
    }

    #[test]
    fn which_day_month_or_form_of_address_it_is_tells_nothing() {
        assert_eq!(read("She met Mr. Brandt on Monday"), read("She met Mrs Brandt on Sunday"));
        assert_eq!(read("It fell in June 1990"), read("It fell in October 1985"));
        assert_ne!(read("the sunday market"), read("the monday market"));
    }

    #[test]
    fn a_name_behind_a_quotation_is_masked_however_the_quotation_is_typed() {
        for sentence in ["\"We go,\" Brandt said", "“We go,” Brandt said", "''We go,'' Brandt said"]
        {
            assert_eq!(read(sentence), "we go <name> said", "{sentence}");
        }
    }
}
