//! Cuts a sentence into tokens: words, numbers and marks, each with its place in the sentence.
//!
//! Invariant: `&sentence[token.start..token.end()] == token.text`, tokens stand in order and do not
//! overlap, and every alphanumeric character of the sentence stands in exactly one token. White
//! space, control characters, and the hyphens at which a word is cut stand in none. The time taken
//! is linear in the length of the sentence, and nothing is allocated.

use std::borrow::Cow;
use std::iter::FusedIterator;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenKind {
    /// Letters: a word, an abbreviation with its dots (`U.S.`), or a clitic (`'s`, `n't`).
    Word,
    /// Digits, with what is written together with them: `$148`, `3.5`, `40%`, `1980s`.
    Number,
    /// A punctuation mark or a symbol; a run of full stops or of dashes is one mark.
    Mark,
}

/// A piece of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token<'a> {
    /// The token as it is written.
    pub text: &'a str,
    /// The byte offset at which the token starts in the sentence.
    pub start: usize,
    /// What the token is made of.
    pub kind: TokenKind,
    /// Whether the token continues the one before it across a hyphen, which belongs to neither
    /// (`day` in `12-day`), or stands directly behind its digits (`km` in `10km`).
    pub joined: bool,
}

impl<'a> Token<'a> {
    /// The byte offset at which the token ends in the sentence.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The form in which tokens are counted and compared.
    ///
    /// That is NFKC in lower case (with `ss` for `ß`), apostrophes straight, and without soft
    /// hyphens, zero-width characters and inner hyphens. The dots of an abbreviation stay, or
    /// `U.S.` would be the pronoun `us`. Borrowed where nothing changes.
    ///
    /// ```
    /// let terms: Vec<_> = stance::text::tokens("Iran’s re-entry").map(|t| t.term()).collect();
    /// assert_eq!(terms, ["iran", "'s", "reentry"]);
    /// ```
    pub fn term(&self) -> Cow<'a, str> {
        // Not stopping at the first change is faster on words as short as they are.
        let changes =
            self.text.bytes().fold(false, |changes, byte| changes | CHANGES[usize::from(byte)]);
        if !changes {
            return Cow::Borrowed(self.text);
        }
        if self.kind == TokenKind::Mark {
            return mark_term(self.text);
        }
        if self.text.is_ascii() {
            let mut term = self.text.to_ascii_lowercase();
            if term.contains('-') {
                term.retain(|c| c != '-');
            }
            return Cow::Owned(term);
        }
        let term = folded(self.text);
        if term == self.text {
            return Cow::Borrowed(self.text);
        }
        Cow::Owned(term)
    }
}

/// The bytes with which a term can differ from the text.
const CHANGES: [bool; 256] = {
    let mut changes = [false; 256];
    let mut byte = 0u8;
    loop {
        changes[byte as usize] = byte.is_ascii_uppercase() || byte == b'-' || !byte.is_ascii();
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    changes
};

/// The term of a mark: only an ellipsis and an apostrophe have a plainer spelling.
fn mark_term(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| matches!(c, '.' | '…')) {
        return Cow::Borrowed("...");
    }
    if text.chars().all(is_apostrophe) {
        return Cow::Borrowed("'");
    }
    Cow::Borrowed(text)
}

/// NFKC, lower case, straight apostrophes, no hyphens and no invisible characters.
fn folded(text: &str) -> String {
    let mut term = String::with_capacity(text.len());
    if text.chars().all(is_composed_already) {
        text.chars().for_each(|c| fold_into(&mut term, c));
    } else {
        let visible = text.chars().filter(|&c| !is_invisible(c));
        visible.nfkc().for_each(|c| fold_into(&mut term, c));
    }
    term
}

/// Whether NFKC leaves a character as it is, for those that are frequent; normalising costs more.
fn is_composed_already(c: char) -> bool {
    // Latin-1 and Latin Extended-A letters, without the compatibility forms among them.
    let latin = matches!(c, 'À'..='ÿ' | 'Ā'..='ı' | 'Ĵ'..='ľ' | 'Ł'..='ň' | 'Ŋ'..='ž');
    c.is_ascii() || latin || is_apostrophe(c) && c != '＇'
}

fn fold_into(term: &mut String, c: char) {
    match c {
        '-' | '‐' | '‑' => {}
        'ß' | 'ẞ' => term.push_str("ss"),
        // The final form is a matter of place, not of spelling.
        'ς' => term.push('σ'),
        _ if is_apostrophe(c) => term.push('\''),
        _ if is_invisible(c) => {}
        _ if c.is_ascii() => term.push(c.to_ascii_lowercase()),
        _ => term.extend(c.to_lowercase()),
    }
}

/// Cuts a sentence into tokens.
///
/// A possessive and a contracted verb are tokens of their own (`Iran` `'s`, `do` `n't`), a dotted
/// abbreviation is one token (`U.S.`), and a compound is cut at its hyphens unless its first part is
/// a prefix (`cease` `fire`, but `re-open`).
///
/// ```
/// let tokens = stance::text::tokens("The U.S.-led talks didn't fail.");
/// let texts: Vec<_> = tokens.map(|token| token.text).collect();
/// assert_eq!(texts, ["The", "U.S.", "led", "talks", "did", "n't", "fail", "."]);
/// ```
pub fn tokens(sentence: &str) -> Tokens<'_> {
    Tokens { text: sentence, at: 0, clitic_end: 0, joined: false }
}

/// An iterator over the tokens of a sentence; [`tokens`] makes it.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    text: &'a str,
    /// Everything before this byte has been dealt with.
    at: usize,
    /// Where a clitic that starts at `at` ends, if there is one; else at most `at`.
    clitic_end: usize,
    /// Whether the token that starts at `at` continues the one before it.
    joined: bool,
}

/// What a byte says about the token that starts with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Letter,
    Digit,
    Stop,
    Dash,
    Currency,
    Apostrophe,
    Mark,
    /// Part of a longer character.
    Wide,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Mark; 256];
    let mut byte = 0u8;
    loop {
        classes[byte as usize] = match byte {
            0..=b' ' | 0x7f => Class::Blank,
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'.' => Class::Stop,
            b'-' => Class::Dash,
            b'$' => Class::Currency,
            b'\'' => Class::Apostrophe,
            0x80.. => Class::Wide,
            _ => Class::Mark,
        };
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    classes
};

/// Prefixes that do not stand alone, so that their hyphen is a matter of spelling. Words (`no-fly`,
/// `so-called`) and acronyms (`US-led`) of two letters are cut off like longer ones; single letters
/// (`e-mail`, `X-ray`, `F-16`) always stay on.
const PREFIXES: [&[u8; 2]; 7] = [b"co", b"re", b"de", b"bi", b"un", b"al", b"el"];

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    #[inline]
    fn next(&mut self) -> Option<Token<'a>> {
        if self.clitic_end > self.at {
            return Some(self.clitic());
        }
        let joined = std::mem::take(&mut self.joined);
        loop {
            let start = self.at;
            match CLASSES[usize::from(*self.text.as_bytes().get(start)?)] {
                Class::Blank => self.at += 1,
                Class::Letter => return Some(self.word(start, start + 1, joined)),
                Class::Digit => return Some(self.number(start, start + 1, joined)),
                Class::Stop | Class::Dash => return Some(self.run(start)),
                Class::Currency if self.is_numeric_at(start + 1) => {
                    return Some(self.number(start, start + 1, joined));
                }
                Class::Currency | Class::Apostrophe | Class::Mark => {
                    return Some(self.mark(start, start + 1));
                }
                Class::Wide => {
                    if let Some(token) = self.wide(start, joined) {
                        return Some(token);
                    }
                }
            }
        }
    }
}

impl FusedIterator for Tokens<'_> {}

impl<'a> Tokens<'a> {
    fn token(&self, start: usize, end: usize, kind: TokenKind, joined: bool) -> Token<'a> {
        Token { text: &self.text[start..end], start, kind, joined }
    }

    fn mark(&mut self, start: usize, end: usize) -> Token<'a> {
        self.at = end;
        self.token(start, end, TokenKind::Mark, false)
    }

    /// The run of full stops, or of dashes, that starts at `start`.
    fn run(&mut self, start: usize) -> Token<'a> {
        let rest = &self.text[start..];
        let is_stop = |c| matches!(c, '.' | '…');
        let of_stops = rest.starts_with(is_stop);
        let end = rest
            .find(|c| if of_stops { !is_stop(c) } else { !is_dash(c) })
            .map_or(self.text.len(), |length| start + length);
        self.mark(start, end)
    }

    /// The token that starts with a character beyond ASCII; none if that one is to be skipped.
    fn wide(&mut self, start: usize, joined: bool) -> Option<Token<'a>> {
        let c = self.char_at(start)?;
        let end = start + c.len_utf8();
        if is_apostrophe(c) {
            return Some(self.mark(start, end));
        }
        if c.is_alphabetic() {
            return Some(self.word(start, end, joined));
        }
        if c.is_numeric() {
            return Some(self.number(start, end, joined));
        }
        if matches!(c, '€' | '£' | '¥' | '₹' | '₽' | '₪' | '₩') && self.is_numeric_at(end)
        {
            return Some(self.number(start, end, joined));
        }
        if c == '…' || is_dash(c) {
            return Some(self.run(start));
        }
        if c.is_whitespace() || c.is_control() || is_invisible(c) || is_combining_mark(c) {
            self.at = end;
            return None;
        }
        Some(self.mark(start, end))
    }

    /// The clitic that starts here, and perhaps another behind it (`he'd've`).
    fn clitic(&mut self) -> Token<'a> {
        let (start, mut end) = (self.at, self.clitic_end);
        let apostrophe = self.apostrophe_at(end);
        if apostrophe > 0 {
            self.cut_clitic(start, &mut end, apostrophe);
        }
        self.at = end;
        self.cross_hyphen(TokenKind::Word);
        self.token(start, end, TokenKind::Word, false)
    }

    /// The word that starts at `start` and whose first letter ends at `first_end`.
    #[inline]
    fn word(&mut self, start: usize, first_end: usize, joined: bool) -> Token<'a> {
        let bytes = self.text.as_bytes();
        let end = self.letters_end(first_end);
        // Most words end like this; the others are looked at more closely.
        let skipped = match bytes.get(end).map(|&byte| CLASSES[usize::from(byte)]) {
            Some(Class::Blank) => Some(1),
            None | Some(Class::Mark | Class::Currency) => Some(0),
            Some(Class::Stop) if end > first_end => Some(0),
            _ => None,
        };
        if let Some(skipped) = skipped {
            self.at = end + skipped;
            return self.token(start, end, TokenKind::Word, joined);
        }
        let end = self.word_end(start, first_end, end, joined);
        self.at = end;
        self.cross_hyphen(TokenKind::Word);
        self.token(start, end, TokenKind::Word, joined)
    }

    /// Where the ASCII letters end that start at `at`.
    #[inline]
    fn letters_end(&self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        // Eight bytes at a time: a branch for each would be guessed wrong once a word.
        while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
            let others = others_than_letters(u64::from_le_bytes(*chunk));
            if others != 0 {
                return at + others.trailing_zeros() as usize / 8;
            }
            at += 8;
        }
        while bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            at += 1;
        }
        at
    }

    /// Where the word ends that has been read up to `end`; notes the clitic that follows it.
    fn word_end(&mut self, start: usize, first_end: usize, mut end: usize, joined: bool) -> usize {
        while let Some(c) = self.char_at(end) {
            let behind = end + c.len_utf8();
            if is_apostrophe(c) {
                if !self.is_letter_at(behind) || self.cut_clitic(start, &mut end, c.len_utf8()) {
                    break;
                }
                end = behind;
            } else if c == '.' && end == first_end {
                end = self.dotted_end(start).unwrap_or(end);
                let apostrophe = self.apostrophe_at(end);
                if apostrophe > 0 {
                    self.cut_clitic(start, &mut end, apostrophe);
                }
                break;
            } else if matches!(c, '-' | '‐' | '‑') {
                if joined || !self.is_prefix(start, end) || !self.is_word_at(behind) {
                    break;
                }
                end = behind;
            } else if c.is_alphanumeric() || is_combining_mark(c) {
                end = behind;
            } else if is_invisible(c) {
                let rest = self.text[end..].trim_start_matches(is_invisible);
                let behind = self.text.len() - rest.len();
                if !self.is_word_at(behind) {
                    break;
                }
                end = behind;
            } else {
                break;
            }
            end = self.letters_end(end);
        }
        end
    }

    /// The number that starts at `start`; its currency sign or first digit ends at `first_end`.
    fn number(&mut self, start: usize, first_end: usize, joined: bool) -> Token<'a> {
        let bytes = self.text.as_bytes();
        let mut end = first_end;
        loop {
            match bytes.get(end) {
                Some(b'0'..=b'9') => end += 1,
                Some(b',' | b'.' | b':' | b'/')
                    if bytes.get(end + 1).is_some_and(u8::is_ascii_digit) =>
                {
                    end += 2;
                }
                Some(0x80..) => match self.char_at(end) {
                    Some(c) if c.is_numeric() => end += c.len_utf8(),
                    _ => break,
                },
                _ => break,
            }
        }
        let ending = match *bytes.get(end..).unwrap_or_default() {
            [b'%', ..] => 1,
            [a, b, ..]
                if matches!(
                    [a.to_ascii_lowercase(), b.to_ascii_lowercase()],
                    [b's', b't'] | [b'n' | b'r', b'd'] | [b't', b'h']
                ) && !self.is_word_at(end + 2) =>
            {
                2
            }
            [b's' | b'S', ..] if !self.is_word_at(end + 1) => 1,
            _ => 0,
        };
        end += ending;
        let apostrophe = self.apostrophe_at(end);
        if apostrophe > 0 {
            self.cut_clitic(start, &mut end, apostrophe);
        }
        self.at = end;
        if ending == 0 && self.is_letter_at(end) {
            self.joined = true;
        } else {
            self.cross_hyphen(TokenKind::Number);
        }
        self.token(start, end, TokenKind::Number, joined)
    }

    /// Steps over a hyphen at which the token that ended here goes on.
    fn cross_hyphen(&mut self, kind: TokenKind) {
        let bytes = self.text.as_bytes();
        let length = match bytes.get(self.at..).unwrap_or_default() {
            [b'-', ..] => 1,
            // A hyphen (U+2010) or one that does not break (U+2011).
            [0xe2, 0x80, 0x90 | 0x91, ..] => 3,
            // An en dash (U+2013) between two numbers.
            [0xe2, 0x80, 0x93, digit, ..]
                if kind == TokenKind::Number && digit.is_ascii_digit() =>
            {
                3
            }
            _ => return,
        };
        let behind = self.at + length;
        let currency = bytes.get(behind) == Some(&b'$') && self.is_numeric_at(behind + 1);
        if self.is_word_at(behind) || currency {
            self.at = behind;
            self.joined = true;
        }
    }

    /// Cuts the word that ends at the apostrophe at `end` if a possessive or a contracted verb
    /// follows: notes the clitic, and moves `end` back to its start.
    fn cut_clitic(&mut self, start: usize, end: &mut usize, apostrophe: usize) -> bool {
        let bytes = self.text.as_bytes();
        let tail = *end + apostrophe;
        let at = |offset: usize| bytes.get(tail + offset).map_or(0, u8::to_ascii_lowercase);
        let length = match (at(0), at(1)) {
            (b'r' | b'v', b'e') | (b'l', b'l') => 2,
            (b's' | b'd' | b'm' | b't', _) => 1,
            _ => return false,
        };
        if self.is_word_at(tail + length) {
            return false;
        }
        if at(0) == b't' {
            // The n of n't goes with it, if something stays before it.
            if !(*end > start + 1 && matches!(bytes[*end - 1], b'n' | b'N')) {
                return false;
            }
            *end -= 1;
        }
        self.clitic_end = tail + length;
        true
    }

    /// Where the dotted abbreviation that starts at `start` ends, if one does: single letters, each
    /// but the last followed by a full stop, at least two of them.
    fn dotted_end(&self, start: usize) -> Option<usize> {
        let mut at = start;
        let mut letters = 0;
        while let Some(c) = self.char_at(at)
            && c.is_alphabetic()
            && !is_apostrophe(c)
        {
            let behind = at + c.len_utf8();
            if self.is_word_at(behind) {
                // A longer word starts here; the abbreviation was over before it.
                break;
            }
            letters += 1;
            at = behind;
            if self.text.as_bytes().get(at) != Some(&b'.') {
                break;
            }
            at += 1;
        }
        (letters >= 2).then_some(at)
    }

    /// Whether a hyphen behind `start..end` belongs to the word.
    fn is_prefix(&self, start: usize, end: usize) -> bool {
        match self.text.as_bytes()[start..end] {
            [letter] => letter.is_ascii_alphabetic(),
            [first, second] => {
                let first = first.to_ascii_lowercase();
                second.is_ascii_lowercase() && PREFIXES.contains(&&[first, second])
            }
            _ => false,
        }
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The length of the apostrophe at `at`, 0 if there is none.
    fn apostrophe_at(&self, at: usize) -> usize {
        match self.text.as_bytes().get(at) {
            Some(b'\'') => 1,
            Some(0x80..) => match self.char_at(at) {
                Some(c) if is_apostrophe(c) => c.len_utf8(),
                _ => 0,
            },
            _ => 0,
        }
    }

    fn is_letter_at(&self, at: usize) -> bool {
        match self.text.as_bytes().get(at) {
            Some(byte) if byte.is_ascii() => byte.is_ascii_alphabetic(),
            Some(_) => self.char_at(at).is_some_and(|c| c.is_alphabetic() && !is_apostrophe(c)),
            None => false,
        }
    }

    fn is_numeric_at(&self, at: usize) -> bool {
        match self.text.as_bytes().get(at) {
            Some(byte) if byte.is_ascii() => byte.is_ascii_digit(),
            Some(_) => self.char_at(at).is_some_and(char::is_numeric),
            None => false,
        }
    }

    /// Whether a letter, a digit or a combining mark stands at `at`.
    fn is_word_at(&self, at: usize) -> bool {
        match self.text.as_bytes().get(at) {
            Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric(),
            Some(_) => self.char_at(at).is_some_and(|c| {
                (c.is_alphanumeric() || is_combining_mark(c)) && !is_apostrophe(c)
            }),
            None => false,
        }
    }
}

/// Has the high bit of each byte set that is no ASCII letter.
fn others_than_letters(bytes: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let lower = (bytes | (ONES * 0x20)) & !HIGH;
    // Adding carries into the high bit of a byte from the letter on that is named.
    let from_a = lower + ONES * (0x80 - 0x61);
    let behind_z = lower + ONES * (0x80 - 0x7b);
    !(from_a & !behind_z & !bytes) & HIGH
}

/// The apostrophe in its spellings, the opening quotation mark that editors make of it included.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '＇')
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐'..='―' | '−' | '﹘' | '﹣' | '－')
}

/// Characters without a width of their own, which writing systems and editors leave inside words.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{e0000}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    /// Asserts the tokens of a sentence, which are written with a space between them, and with a
    /// `~` before a joined one.
    fn assert_tokens(sentence: &str, expected: &str) {
        let found: Vec<_> = tokens(sentence)
            .map(|token| format!("{}{}", if token.joined { "~" } else { "" }, token.text))
            .collect();
        assert_eq!(found.join(" "), expected, "sentence: {sentence:?}");
    }

    fn kinds(sentence: &str) -> Vec<TokenKind> {
        tokens(sentence).map(|token| token.kind).collect()
    }

    fn term(text: &str) -> String {
        tokens(text).map(|token| token.term()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn blank_text_has_no_token() {
        for text in ["", " ", "\t\r\n", "\0\u{1}\u{7f}", "\u{a0}\u{2003}", "\u{200b}\u{feff}"] {
            assert_tokens(text, "");
        }
    }

    #[test]
    fn possessives_and_contractions_are_tokens() {
        let table = [
            ("Iran's Iran’s IRAN'S", "Iran 's Iran ’s IRAN 'S"),
            ("don't can’t wonʼt DON'T", "do n't ca n’t wo nʼt DO N'T"),
            ("I'm we're they've she'll he'd", "I 'm we 're they 've she 'll he 'd"),
            ("he'd've", "he 'd 've"),
            ("the states' own", "the states ' own"),
            ("O'Brien l'Etat d’état o'clock", "O'Brien l'Etat d’état o'clock"),
            ("'no' ‘no’ 'tis", "' no ' ‘ no ’ ' tis"),
            ("U.S.'s G7's 1980's", "U.S. 's G7 's 1980 's"),
            ("n't 't 's", "n't ' t ' s"),
        ];
        for (sentence, expected) in table {
            assert_tokens(sentence, expected);
        }
    }

    #[test]
    fn dotted_abbreviations_are_one_token() {
        let table = [
            ("the U.S. and U.N. at 9 a.m.", "the U.S. and U.N. at 9 a.m."),
            ("U.S.S.R. U.S, e.g., С.Ш.А.", "U.S.S.R. U.S , e.g. , С.Ш.А."),
            ("J. F. Kennedy", "J . F . Kennedy"),
            ("U.S.-led U.S.Army", "U.S. ~led U.S. Army"),
            ("Sen. Ruiz. Ph.D.", "Sen . Ruiz . Ph . D ."),
            ("a.com", "a . com"),
        ];
        for (sentence, expected) in table {
            assert_tokens(sentence, expected);
        }
    }

    #[test]
    fn numbers_keep_what_is_written_with_them() {
        let table = [
            ("$148 billion, 3.5 or 1,000.", "$148 billion , 3.5 or 1,000 ."),
            ("€5 £3.20 ¥7 40% 10:30 9/11", "€5 £3.20 ¥7 40% 10:30 9/11"),
            ("1980s 2nd 1ST 30th 3½", "1980s 2nd 1ST 30th 3½"),
            ("10km $5bn", "10 ~km $5 ~bn"),
            ("2015-2016 2015–16 $5-$10", "2015 ~2016 2015 ~16 $5 ~$10"),
            ("12-day mid-2015", "12 ~day mid ~2015"),
            ("$ 5 US$5 5.", "$ 5 US $5 5 ."),
            ("٣٤", "٣٤"),
        ];
        for (sentence, expected) in table {
            assert_tokens(sentence, expected);
        }
        assert_eq!(kinds("$148 ½ 40% 2nd"), [TokenKind::Number; 4]);
        assert_eq!(kinds("G7 F-16 km"), [TokenKind::Word; 3]);
    }

    #[test]
    fn compounds_are_cut_at_hyphens_and_prefixes_stay_on() {
        let table = [
            ("cease-fire cease‐fire cease‑fire", "cease ~fire cease ~fire cease ~fire"),
            ("state-of-the-art", "state ~of ~the ~art"),
            ("co-operation re-open e-mail X-ray F-16", "co-operation re-open e-mail X-ray F-16"),
            ("US-led no-fly so-called", "US ~led no ~fly so ~called"),
            ("vis-a-vis", "vis ~a ~vis"),
            ("pre- and post-war -x a-", "pre - and post ~war - x a -"),
        ];
        for (sentence, expected) in table {
            assert_tokens(sentence, expected);
        }
    }

    #[test]
    fn marks_are_single_but_for_runs_of_stops_and_dashes() {
        let table = [
            ("“Go,” (he) said; [now]: why?!", "“ Go , ” ( he ) said ; [ now ] : why ? !"),
            ("a -- b – c — d––e", "a -- b – c — d –– e"),
            ("wait... and… so.", "wait ... and … so ."),
            ("and/or AT&T @a #b", "and / or AT & T @ a # b"),
            ("👍🏽 ☮️ ok", "👍 🏽 ☮ ok"),
        ];
        for (sentence, expected) in table {
            assert_tokens(sentence, expected);
        }
        assert_eq!(kinds("… -- “ 👍"), [TokenKind::Mark; 4]);
    }

    #[test]
    fn words_of_any_script_are_words() {
        let table = [
            ("Überfall naïve cafe\u{301}s", "Überfall naïve cafe\u{301}s"),
            ("мирные переговоры", "мирные переговоры"),
            ("محادثات السلام،", "محادثات السلام ،"),
            ("शांति वार्ता।", "शांति वार्ता ।"),
            ("和平会谈。", "和平会谈 。"),
            ("dis\u{ad}cuss peace\u{200b}", "dis\u{ad}cuss peace"),
        ];
        for (sentence, expected) in table {
            assert_tokens(sentence, expected);
        }
    }

    #[test]
    fn terms_are_equal_for_all_spellings() {
        let table = [
            (vec!["état", "ÉTAT", "e\u{301}tat", "É\u{ad}tat"], "état"),
            (vec!["don't", "Don’t", "DONʼT"], "do n't"),
            (vec!["co-operation", "Co‑operation", "cooperation"], "cooperation"),
            (vec!["Straße", "STRASSE", "STRAẞE"], "strasse"),
            (vec!["U.S.", "u.s."], "u.s."),
            (vec!["F-16", "f‑16"], "f16"),
            (vec!["ﬁre", "ｆｉｒｅ", "fi\u{200d}re"], "fire"),
            (vec!["ΟΔΟΣ", "οδος"], "οδοσ"),
            (vec!["…", "..."], "..."),
            (vec!["--"], "--"),
        ];
        for (spellings, expected) in table {
            for text in spellings {
                assert_eq!(term(text), expected, "text: {text:?}");
            }
        }
    }

    #[test]
    fn a_term_is_borrowed_where_nothing_changes() {
        for text in ["talks", "3.5", "'", "été", "мир", "“"] {
            let token = tokens(text).next().unwrap();
            assert!(matches!(token.term(), Cow::Borrowed(_)), "text: {text:?}");
        }
    }

    #[test]
    fn letters_are_told_from_all_other_bytes() {
        for byte in 0..=u8::MAX {
            let others = others_than_letters(u64::from_le_bytes([
                byte, b'a', byte, b'Z', 0, 0xff, byte, byte,
            ]));
            let expected = if byte.is_ascii_alphabetic() { 0 } else { 0x80 };
            assert_eq!(
                others.to_le_bytes(),
                [expected, 0, expected, 0, 0x80, 0x80, expected, expected]
            );
        }
    }

    #[test]
    fn the_time_is_linear() {
        let units = [
            "a",
            "a-",
            "a.",
            "a'",
            "'s",
            "n't",
            "1,",
            "1",
            "$",
            "-",
            ".",
            "…",
            "’",
            "é",
            "\u{301}",
            "\u{200b}",
            "a\u{200b}",
            "a\u{ad}",
            "会",
            "👍",
            "co-",
            "1-",
            " ",
        ];
        let time = |unit: &str, size: usize| {
            let sentence = unit.repeat(size / unit.len());
            let once = || {
                let start = Instant::now();
                std::hint::black_box(
                    tokens(&sentence).map(|token| token.term().len()).sum::<usize>(),
                );
                start.elapsed()
            };
            once().min(once()).min(once())
        };
        for unit in units {
            // Four times as long if linear, sixteen times if quadratic. A busy machine may take
            // longer now and then, so only a unit that never passes is at fault.
            let is_linear =
                || time(unit, 100_000) < time(unit, 25_000) * 10 + Duration::from_millis(5);
            assert!((0..5).any(|_| is_linear()), "more than linear time on {unit:?}");
        }
    }

    proptest! {
        #[test]
        fn every_alphanumeric_character_stands_in_exactly_one_token(
            sentence in "([A-Za-z]{1,9}|U\\.S\\.|[0-9]|[ .,:/!?…\"“”‘’'ʼ()$€%‐–—\\-]|é|e\u{301}|会|½|👍|\u{ad}|\u{200b}|n't|'s){0,60}"
        ) {
            check_invariant(&sentence)?;
        }

        #[test]
        fn any_text_keeps_the_invariant(sentence in any::<String>()) {
            check_invariant(&sentence)?;
        }

        #[test]
        fn a_term_does_not_depend_on_the_composition_of_its_letters(
            word in "[a-zA-ZÀ-ÖØ-öø-ÿĀ-ſα-ωΑ-Ω가-힣]{1,12}"
        ) {
            let (composed, decomposed): (String, String) = (word.nfc().collect(), word.nfd().collect());
            prop_assert_eq!(term(&composed), term(&decomposed));
        }

        #[test]
        fn a_term_is_its_own_term(word in "[a-zA-ZÀ-ÖØ-öø-ľŁ-ňŊ-žА-я]{1,12}") {
            let once = term(&word);
            prop_assert_eq!(term(&once), once);
        }
    }

    fn check_invariant(sentence: &str) -> Result<(), TestCaseError> {
        let mut at = 0;
        for token in tokens(sentence) {
            prop_assert!(token.start >= at && token.end() > token.start, "{:?}", token);
            prop_assert_eq!(&sentence[token.start..token.end()], token.text);
            prop_assert!(!sentence[at..token.start].contains(char::is_alphanumeric));
            prop_assert!(!token.term().is_empty(), "{:?}", token);
            at = token.end();
        }
        prop_assert!(!sentence[at..].contains(char::is_alphanumeric));
        Ok(())
    }
}
