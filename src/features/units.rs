//! A sentence as a row of units: words, numbers, marks and masked parties, each with its clause
//! and whether it stands under a negation or after a contrast.
//!
//! A party's name is one unit however many words it has, and swallows an article before it and the
//! possessive after it, so that replacing one party's name by another of the same class changes no
//! unit; what its words would do by themselves, they do not do in it. Units are in text order and do
//! not overlap.

use super::lexicon::{Kind, Lexicon, NO_STEM, Opening};
use super::spelling::Spelling;
use super::states::{Class, States};
use super::words::{Opens, Role, Shape, Word, Words};
use crate::text::{Token, TokenKind, tokens};

/// Words after a negator that it turns, within its clause.
const NEGATION_REACH: usize = 6;

/// One unit of a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// Number of its facts in [`Words`] (of its first word, for a party).
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

impl Unit {
    /// What it does to the words after it; a party does nothing, whatever its words are.
    #[inline]
    pub(super) fn role(&self, words: &Words) -> Role {
        if self.party.is_some() { Role::None } else { words.word(self.word).role }
    }
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
    tokens: Vec<Cut>,
    /// One a unit: the hash of its stem, where it can be a word of the lexicon.
    stems: Vec<u64>,
    /// Units with whose stem entries of the lexicon begin.
    opening: Vec<(usize, Opening)>,
}

impl Units {
    /// Reads a sentence.
    pub fn read(&mut self, sentence: &str, words: &mut Words, lexicon: &Lexicon, states: &States) {
        words.make_room();
        self.units.clear();
        let any_state = self.cut(sentence, words, lexicon, states);
        self.parties.clear();
        if any_state {
            self.join_parties(sentence, words, states);
            self.parties.sort_unstable();
            self.parties.dedup();
        }
        self.states = self.parties.len();
        self.name_and_scope(sentence, words);
        self.look_up(lexicon);
    }

    /// Makes a unit of every token; says whether a name of a party may begin with one.
    fn cut(
        &mut self,
        sentence: &str,
        words: &mut Words,
        lexicon: &Lexicon,
        states: &States,
    ) -> bool {
        // First all tokens, then all words: so the processor can fetch those of many at a time.
        self.tokens.clear();
        self.tokens.extend(tokens(sentence).map(|token| Cut {
            start: token.start,
            end: token.end(),
            kind: token.kind,
            spelling: Spelling::of(token.text.as_bytes()),
        }));
        let mut any_state = false;
        for cut in &self.tokens {
            let text = &sentence[cut.start..cut.end];
            let word = match words.find(text, cut.spelling) {
                Some(word) => word,
                None => words.learn(&cut.token(sentence), lexicon, states),
            };
            let facts = words.word(word);
            if facts.possessive {
                continue;
            }
            any_state |= facts.states.is_some();
            self.units.push(Unit {
                word,
                start: cut.start,
                end: cut.end,
                party: None,
                clause: 0,
                negated: false,
                contrasted: false,
                mark: cut.kind == TokenKind::Mark,
            });
        }
        any_state
    }

    fn join_parties(&mut self, sentence: &str, words: &Words, states: &States) {
        let (mut read, mut write) = (0, 0);
        while read < self.units.len() {
            let unit = self.units[read];
            let found = words.word(unit.word).states.and_then(|group| {
                states.longest(group, |ahead| {
                    self.units.get(read + ahead).map(|u| &sentence[u.start..u.end])
                })
            });
            let Some((party, class, length)) = found else {
                self.units[write] = unit;
                write += 1;
                read += 1;
                continue;
            };
            if write > 0 && self.units[write - 1].role(words) == Role::Article {
                write -= 1;
            }
            let end = self.units[read + length - 1].end;
            self.units[write] = Unit { party: Some((party, class)), end, ..unit };
            if class == Class::State {
                self.parties.push(party);
            }
            write += 1;
            read += length;
            // The apostrophe of "the United States' offer" is a possessive like that of "Iran's".
            if sentence[..end].ends_with(['s', 'S'])
                && self.units.get(read).is_some_and(|next| {
                    next.mark && next.start == end && words.term(next.word) == "'"
                })
            {
                read += 1;
            }
        }
        self.units.truncate(write);
    }

    /// Makes one unit of each run of capitalised words that the lexicon does not know, but for the
    /// first word of a sentence or a quotation, and not in a headline that capitalises every word;
    /// and tells each unit its clause and what stands before it.
    fn name_and_scope(&mut self, sentence: &str, words: &Words) {
        let headline = self.is_headline(words);
        let mut scope = Scope::default();
        let mut write = 0;
        let mut openings = Openings { opening: true, ..Openings::default() };
        self.stems.clear();
        self.opening.clear();
        for read in 0..self.units.len() {
            let mut unit = self.units[read];
            let word = words.word(unit.word);
            let name = !headline
                && !openings.opening
                && is_capital(word)
                && unit.party.is_none()
                && word.characters > 1
                && word.lexicon.is_none()
                && word.role != Role::Calendar;
            openings.enter(&unit, word, sentence);
            if name {
                if write > 0 && matches!(self.units[write - 1].party, Some((_, Class::Name))) {
                    self.units[write - 1].end = unit.end;
                    continue;
                }
                unit.party = Some((u32::MAX, Class::Name));
            }
            let role = unit.role(words);
            scope.enter(&mut unit, role);
            let can_be_found = unit.party.is_none() && word.is_spelled();
            self.stems.push(if can_be_found { word.stem_hash } else { NO_STEM });
            if can_be_found && let Some(opening) = word.lexicon {
                self.opening.push((write, opening));
            }
            self.units[write] = unit;
            write += 1;
        }
        self.units.truncate(write);
    }

    /// Whether most of the longer words are capitalised.
    fn is_headline(&self, words: &Words) -> bool {
        let (mut all, mut capitals) = (0, 0);
        for unit in &self.units {
            let word = words.word(unit.word);
            if !unit.mark && word.characters > 3 && unit.party.is_none() {
                all += 1;
                capitals += usize::from(is_capital(word));
            }
        }
        all > 3 && capitals * 5 > all * 3
    }

    fn look_up(&mut self, lexicon: &Lexicon) {
        self.hits.clear();
        let mut behind = 0;
        for &(first, opening) in &self.opening {
            if first < behind {
                continue;
            }
            let Some(found) = lexicon.longest(opening, first, &self.stems) else { continue };
            let facts = &lexicon.entries()[found.number as usize];
            self.hits.push(Hit {
                entry: found.number,
                first,
                end: found.end,
                stance: facts.stance,
                sentiment: facts.sentiment,
                kind: facts.kind,
            });
            // Words in a gap are read on their own too.
            behind = if found.gapped { first + 1 } else { found.end };
        }
    }
}

/// A token without its text.
#[derive(Debug, Clone, Copy)]
struct Cut {
    start: usize,
    end: usize,
    kind: TokenKind,
    spelling: Spelling,
}

impl Cut {
    fn token(self, sentence: &str) -> Token<'_> {
        let text = &sentence[self.start..self.end];
        Token { text, start: self.start, kind: self.kind, joined: false }
    }
}

fn is_capital(word: &Word) -> bool {
    matches!(word.shape, Shape::Capital | Shape::AllCapitals)
}

/// Whether a capital letter tells nothing after the units so far.
#[derive(Debug, Default)]
struct Openings {
    opening: bool,
    /// Whether a full stop here would abbreviate.
    abbreviates: bool,
    /// Where the quotation marks before end, and whether they open: marks in a row do alike.
    quoted: (usize, bool),
}

impl Openings {
    #[inline]
    fn enter(&mut self, unit: &Unit, word: &Word, sentence: &str) {
        self.opening = unit.mark
            && match word.opens {
                Opens::Nothing => false,
                Opens::Sentence => true,
                Opens::Stop => !self.abbreviates,
                Opens::Quotation => {
                    let (end, opens) = self.quoted;
                    let again = unit.start > 0 && unit.start == end;
                    let opens = if again { opens } else { opens_at(&sentence[..unit.start]) };
                    self.quoted = (unit.end, opens);
                    opens
                }
            };
        self.abbreviates = word.role == Role::Calendar || word.characters == 1;
    }
}

/// What stands before a unit, as it is read on.
#[derive(Debug, Default)]
struct Scope {
    clause: u16,
    /// Words that a negator still turns.
    reach: usize,
    contrasted: bool,
}

impl Scope {
    #[inline]
    fn enter(&mut self, unit: &mut Unit, role: Role) {
        if matches!(role, Role::Clause | Role::Contrast | Role::Concession) {
            self.clause = self.clause.saturating_add(1);
            self.reach = 0;
        }
        unit.clause = self.clause;
        unit.contrasted = self.contrasted;
        self.contrasted |= role == Role::Contrast;
        if unit.mark {
            return;
        }
        unit.negated = self.reach > 0;
        self.reach = self.reach.saturating_sub(1);
        if role == Role::Negator {
            self.reach = NEGATION_REACH;
        }
    }
}

/// Whether a quotation mark behind that text opens a quotation, by where it stands: which way it is
/// curled, if at all, is a matter of typing.
fn opens_at(before: &str) -> bool {
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
            None => words.stem(unit.word),
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
