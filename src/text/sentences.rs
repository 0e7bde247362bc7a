//! Cuts a document into sentences.
//!
//! Lines are first put together into paragraphs, then every mark that can end a sentence is judged
//! in its place: by what stands behind it, and for a full stop by `sentencex`, which knows the
//! abbreviations of English. Its own walk over a text is not used, since it cuts no quotation and
//! can take more than linear time; it is asked mark by mark, with [`HEAD`] bytes before the mark.
//!
//! Invariant: the ranges are in order, do not overlap, are trimmed of white space and never empty,
//! and every character that is not white space stands in exactly one of them. The time taken is
//! linear in the length of the document.

use std::ops::Range;

use sentencex::languages::{English, Language};

/// How many bytes before a full stop are shown to `sentencex`.
const HEAD: usize = 96;

/// How many bytes behind a full stop are shown to `sentencex`, which itself looks at 30.
const TAIL: usize = 32;

/// How many characters a line has where a text was wrapped by hand or by a mail program.
const WRAPPED: std::ops::RangeInclusive<usize> = 45..=110;

/// How many characters a wrapped line may leave of its column, as not all writers fill it.
const SLACK: usize = 10;

/// How many bytes may stand in parentheses for them to hold a sentence together; a longer stretch
/// is rather a parenthesis that was never closed.
const ASIDE: usize = 400;

/// Returns the byte ranges of the sentences of a document, in order.
///
/// A blank line ends a sentence, and so does a line break, unless the lines are wrapped. A
/// quotation of several sentences is cut into them; who is quoted stays with the last.
///
/// ```
/// let document = "“We will talk. We hope,” he said. “If not, so be it.”";
/// let sentences = stance::text::sentences(document);
/// let texts: Vec<_> = sentences.into_iter().map(|range| &document[range]).collect();
/// assert_eq!(texts, ["“We will talk.", "We hope,” he said.", "“If not, so be it.”"]);
/// ```
pub fn sentences(document: &str) -> Vec<Range<usize>> {
    let mut found = Vec::with_capacity(document.len() / 128 + 1);
    let mut block = Vec::new();
    let mut at = 0;
    while at < document.len() {
        let end = document[at..].find('\n').map_or(document.len(), |length| at + length);
        let line = trimmed(document, at..end);
        if line.is_empty() {
            cut_block(document, &mut block, &mut found);
        } else {
            block.push(line);
        }
        at = end + 1;
    }
    cut_block(document, &mut block, &mut found);
    found
}

fn trimmed(document: &str, range: Range<usize>) -> Range<usize> {
    let text = document[range.clone()].trim_start();
    let start = range.end - text.len();
    start..start + text.trim_end().len()
}

/// Cuts lines between two blank ones, and takes them out of `block`.
fn cut_block(document: &str, block: &mut Vec<Range<usize>>, found: &mut Vec<Range<usize>>) {
    if let [line] = block.as_slice() {
        Paragraph::new(document, line.clone()).cut(found);
    } else if !block.is_empty() {
        let lines: Vec<Line<'_>> = block.iter().map(|l| Line::new(&document[l.clone()])).collect();
        let breaks = Breaks::of(&lines);
        let mut start = block[0].start;
        for (i, line) in block.iter().enumerate() {
            if i + 1 == block.len() || !breaks.go_on(&lines, i) {
                Paragraph::new(document, start..line.end).cut(found);
                start = block.get(i + 1).map_or(line.end, |next| next.start);
            }
        }
    }
    block.clear();
}

/// A line of a block, as far as it tells whether it was wrapped.
struct Line<'a> {
    text: &'a str,
    /// In characters; `usize::MAX` for a line too long to be wrapped.
    width: usize,
}

impl<'a> Line<'a> {
    fn new(text: &'a str) -> Self {
        let width = match text.len() {
            0..=440 => text.chars().count(),
            _ => usize::MAX,
        };
        Line { text, width }
    }

    fn first_word_width(&self) -> usize {
        self.text.split_whitespace().next().map_or(0, |word| word.chars().count())
    }

    fn starts_lower(&self) -> bool {
        let text = self.text.trim_start_matches(is_opening);
        text.chars().next().is_some_and(char::is_lowercase)
    }

    /// Whether the line starts like an item of a list.
    fn is_item(&self) -> bool {
        let word = self.text.split_whitespace().next().unwrap_or_default();
        let is_bullet = |c| matches!(c, '-' | '*' | '•' | '‣' | '◦' | '▪' | '●' | '–' | '—' | '·');
        word.starts_with(is_bullet) || is_list_marker(word)
    }

    fn ends_with_mark(&self) -> bool {
        let text = self.text.trim_end_matches(is_closing);
        text.ends_with(['.', '!', '?', '…', ':', ';'])
    }
}

/// What the breaks between the lines of a block are: of sentences, or of a column's width.
struct Breaks {
    /// Whether enough lines go on in lower case for those in upper case to do so as well: in
    /// English prose most do, in headlines none.
    wrapped: bool,
}

impl Breaks {
    fn of(lines: &[Line<'_>]) -> Self {
        let (mut lower, mut upper) = (0, 0);
        for i in 0..lines.len() - 1 {
            if !lines[i].ends_with_mark() && fills_column(lines, i, 0) {
                if lines[i + 1].starts_lower() {
                    lower += 1;
                } else {
                    upper += 1;
                }
            }
        }
        Breaks { wrapped: lower > 0 && 2 * lower >= upper }
    }

    /// Whether line `i` and the next belong to the same paragraph.
    fn go_on(&self, lines: &[Line<'_>], i: usize) -> bool {
        let [line, next] = &lines[i..i + 2] else { return false };
        if is_dateline(line.text) {
            return true;
        }
        if !fills_column(lines, i, SLACK) || line.text.ends_with([':', ';', '!', '?']) {
            return false;
        }
        self.wrapped || next.starts_lower() || line.text.ends_with(',')
    }
}

/// Whether the first word of the next line, and `slack` characters more, would not have fitted on
/// line `i`, in a column as wide as the lines around.
fn fills_column(lines: &[Line<'_>], i: usize, slack: usize) -> bool {
    let (line, next) = (&lines[i], &lines[i + 1]);
    let before = i.checked_sub(1).map_or(0, |before| lines[before].width);
    let before = if before > *WRAPPED.end() { 0 } else { before };
    let column = line.width.max(next.width).max(before);
    WRAPPED.contains(&column)
        && line.width + 1 + next.first_word_width() + slack > column
        && !next.is_item()
}

/// What a byte can be the start of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    /// `.`, `!` or `?`.
    Terminator,
    /// Perhaps a mark beyond ASCII that ends a sentence.
    Wide,
    Quote,
    Open,
    Close,
    /// A line break of another kind than `\n`.
    Break,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    classes[b'.' as usize] = Class::Terminator;
    classes[b'!' as usize] = Class::Terminator;
    classes[b'?' as usize] = Class::Terminator;
    classes[b'"' as usize] = Class::Quote;
    classes[b'(' as usize] = Class::Open;
    classes[b')' as usize] = Class::Close;
    classes[b'\r' as usize] = Class::Break;
    classes[0x0c] = Class::Break;
    // The first bytes of the characters of `is_terminator`.
    classes[0xe2] = Class::Wide;
    classes[0xe3] = Class::Wide;
    classes[0xef] = Class::Wide;
    classes[0xe0] = Class::Wide;
    classes[0xd8] = Class::Wide;
    classes[0xdb] = Class::Wide;
    classes
};

/// A paragraph while it is cut.
struct Paragraph<'a> {
    /// The document up to the end of the paragraph.
    text: &'a str,
    /// Where the paragraph starts.
    first: usize,
    /// Where the sentence starts that is being read.
    start: usize,
    /// Whether the sentence has a letter or a digit before `looked`.
    worded: bool,
    looked: usize,
    /// How many straight quotation marks have been passed.
    quotes: usize,
    /// Where a parenthesis of the sentence has been opened and not closed.
    open: Option<usize>,
    /// Where the next `)` stands, as far as that has been looked up.
    close: usize,
}

/// A mark that may end a sentence, with what belongs to it.
struct Ending {
    /// Where the mark starts.
    at: usize,
    /// Where the mark, or the run of them, ends.
    mark_end: usize,
    /// Where the closing marks behind it end.
    end: usize,
    /// Whether a quotation is closed behind it.
    quoted: bool,
    /// Whether a parenthesis is closed behind it.
    enclosed: bool,
}

impl<'a> Paragraph<'a> {
    fn new(document: &'a str, range: Range<usize>) -> Self {
        Paragraph {
            text: &document[..range.end],
            first: range.start,
            start: range.start,
            worded: false,
            looked: range.start,
            quotes: 0,
            open: None,
            close: 0,
        }
    }

    fn cut(mut self, found: &mut Vec<Range<usize>>) {
        let bytes = self.text.as_bytes();
        let before = found.len();
        let mut at = self.start;
        while at < bytes.len() {
            let class = CLASSES[usize::from(bytes[at])];
            if class == Class::Other {
                at += 1;
                continue;
            }
            match class {
                Class::Quote => self.quotes += 1,
                Class::Open => self.open = self.open.or(Some(at)),
                Class::Close => self.open = None,
                Class::Break if bytes[at] != b'\r' || bytes.get(at + 1) != Some(&b'\n') => {
                    at = self.end_sentence(at, found);
                    continue;
                }
                Class::Wide if self.is_separator(at) => {
                    at = self.end_sentence(at, found);
                    continue;
                }
                Class::Wide if self.terminator_at(at).is_none() => {
                    at += self.char_at(at).map_or(1, char::len_utf8);
                    continue;
                }
                Class::Terminator if self.is_inside_word(at) => {}
                Class::Terminator | Class::Wide => {
                    let ending = self.ending(at);
                    at = if self.ends_sentence(&ending) {
                        self.end_sentence(ending.end, found)
                    } else {
                        ending.end
                    };
                    continue;
                }
                Class::Other | Class::Break => {}
            }
            at += 1;
        }
        // Marks left over at the end belong to the sentence before them.
        if !self.has_word(self.text.len())
            && found.len() > before
            && let Some(last) = found.last_mut()
        {
            last.end = self.start + self.text[self.start..].trim_end().len();
            return;
        }
        self.end_sentence(self.text.len(), found);
    }

    /// Ends the sentence at `end`; returns where the next one starts.
    fn end_sentence(&mut self, end: usize, found: &mut Vec<Range<usize>>) -> usize {
        let length = self.text[self.start..end].trim_end().len();
        if length > 0 {
            found.push(self.start..self.start + length);
        }
        self.start = self.behind_space(end);
        self.worded = false;
        self.looked = self.start;
        self.open = None;
        self.start
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn behind_space(&self, at: usize) -> usize {
        self.text.len() - self.text[at..].trim_start().len()
    }

    fn is_separator(&self, at: usize) -> bool {
        matches!(self.char_at(at), Some('\u{2028}' | '\u{2029}'))
    }

    fn terminator_at(&self, at: usize) -> Option<char> {
        self.char_at(at).filter(|&c| is_terminator(c))
    }

    /// Whether the sentence has a letter or a digit before `end`.
    fn has_word(&mut self, end: usize) -> bool {
        if !self.worded && self.looked < end {
            self.worded = self.text[self.looked..end].contains(char::is_alphanumeric);
            self.looked = end;
        }
        self.worded
    }

    /// Whether the mark at `at` is a full stop inside a number, an abbreviation or an address: a
    /// quick answer for most of those; `said.The` is none.
    fn is_inside_word(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        bytes[at] == b'.'
            && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
            && !self.is_glued(at, at + 1)
    }

    /// Whether a sentence ends at `at` and the next starts at `next` without a space between.
    fn is_glued(&self, at: usize, next: usize) -> bool {
        let bytes = self.text.as_bytes();
        let [.., before, last] = bytes[self.start..at] else { return false };
        let rest = self.text[next..].trim_start_matches(is_opening);
        let mut behind = rest.chars();
        before.is_ascii_lowercase()
            && last.is_ascii_lowercase()
            && behind.next().is_some_and(char::is_uppercase)
            && behind.next().is_some_and(|c| c.is_lowercase() || c == ' ')
    }

    /// The mark at `at`, with the marks that follow it and all that they close.
    fn ending(&mut self, at: usize) -> Ending {
        let mut ending = Ending { at, mark_end: at, end: at, quoted: false, enclosed: false };
        while let Some(c) = self.terminator_at(ending.mark_end) {
            ending.mark_end += c.len_utf8();
        }
        ending.end = ending.mark_end;
        while let Some(c) = self.char_at(ending.end) {
            let behind = ending.end + c.len_utf8();
            match c {
                '"' | '\'' | '’' if self.closes_quotation(c, behind) => {
                    ending.quoted = true;
                    self.quotes += usize::from(c == '"');
                }
                '”' | '»' | '›' | '」' | '』' => ending.quoted = true,
                ')' | ']' | '）' => {
                    ending.enclosed = true;
                    self.open = None;
                }
                '[' => match self.reference_end(behind) {
                    Some(end) => {
                        ending.end = end;
                        continue;
                    }
                    None => break,
                },
                ' ' | '\u{a0}' | '\u{202f}' if self.closes_behind_space(behind) => {}
                // Of `Conn.).` only the last full stop ends the sentence.
                _ if is_terminator(c) => {
                    ending.at = ending.end;
                    ending.mark_end = behind;
                }
                _ => break,
            }
            ending.end = behind;
        }
        ending
    }

    /// Whether the straight quotation mark or apostrophe before `behind` closes a quotation.
    fn closes_quotation(&self, mark: char, behind: usize) -> bool {
        match self.char_at(behind) {
            Some(c) if c.is_alphanumeric() => mark == '"' && self.quotes % 2 == 1,
            _ => true,
        }
    }

    /// Whether a mark at `at`, set off by a space, closes a quotation.
    fn closes_behind_space(&self, at: usize) -> bool {
        match self.char_at(at) {
            Some('”' | '»' | '›') => true,
            Some('"') => {
                self.quotes % 2 == 1 && self.char_at(at + 1).is_none_or(char::is_whitespace)
            }
            _ => false,
        }
    }

    /// Where the note number ends whose bracket is open before `at`.
    fn reference_end(&self, at: usize) -> Option<usize> {
        let text = self.text.as_bytes().get(at..)?;
        let digits = text.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        (digits > 0 && text.get(digits) == Some(&b']')).then_some(at + digits + 1)
    }

    /// Whether the sentence ends with the mark.
    fn ends_sentence(&mut self, ending: &Ending) -> bool {
        if ending.end == self.text.len() || !self.has_word(ending.at) {
            return false;
        }
        let next = self.behind_space(ending.end);
        let mark = &self.text[ending.at..ending.mark_end];
        if next == ending.end {
            return mark.ends_with(['。', '！', '？', '｡', '．']) || self.is_glued(ending.at, next);
        }
        let Some(following) = Following::at(self.text, next) else { return false };
        let ends = match following.first {
            First::Lower => self.ends_before_lower_case(ending, &following),
            First::Mark => false,
            First::Upper | First::Digit => self.ends_before_upper_case(ending, &following),
            First::Other => true,
        };
        ends && !self.is_in_aside(ending.end) && !self.is_dateline(ending, next)
    }

    /// Whether a parenthesis that is open at `at` holds the sentence together.
    fn is_in_aside(&mut self, at: usize) -> bool {
        let Some(open) = self.open.filter(|&open| open > self.start) else { return false };
        if self.close < at {
            self.close = self.text[at..].find(')').map_or(self.text.len(), |length| at + length);
        }
        self.close < self.text.len() && self.close - open <= ASIDE
    }

    /// Whether all that stands before the mark is a dateline.
    fn is_dateline(&self, ending: &Ending, next: usize) -> bool {
        if self.start != self.first || ending.at - self.start > 100 {
            return false;
        }
        let text = &self.text[self.start..ending.end];
        // Interfax writes "MOSCOW. Jan 3 (Interfax) - ...".
        let is_place = text.len() > 3 && text.bytes().rev().skip(1).all(|b| b.is_ascii_uppercase());
        let dash = self.char_at(next).filter(|&c| is_dash(c)).map_or(0, char::len_utf8);
        is_dateline(text)
            || dash > 0 && is_dateline(&self.text[self.start..next + dash])
            || is_place && starts_with_month(&self.text[next..])
    }

    fn ends_before_lower_case(&self, ending: &Ending, following: &Following<'_>) -> bool {
        // A careless writer's sentence, or an abbreviation that nobody knows? Long ones are rare.
        let word = last_word(&self.text[self.start..ending.at]);
        following.plain
            && ending.end == ending.mark_end
            && ending.mark_end - ending.at == 1
            && self.text.as_bytes()[ending.at] == b'.'
            && word.len() >= 4
            && word.bytes().all(|byte| byte.is_ascii_lowercase())
            && !is_abbreviation(word)
            && self.sentencex_ends(ending)
    }

    fn ends_before_upper_case(&self, ending: &Ending, following: &Following<'_>) -> bool {
        let mark = &self.text[ending.at..ending.mark_end];
        if mark != "." {
            if ending.quoted {
                return !is_attribution(following.text);
            }
            return ending.enclosed || self.sentencex_ends(ending);
        }
        if ending.quoted {
            return true;
        }
        let sentence = &self.text[self.start..ending.at];
        let word = last_word(sentence);
        if word.len() == sentence.len() && is_list_marker(&self.text[self.start..ending.mark_end]) {
            return false;
        }
        if following.first == First::Digit {
            return !is_abbreviation(word) && !DAYS.contains(&word) && self.sentencex_ends(ending);
        }
        if TITLES.contains(&word) {
            return false;
        }
        if WORDS.contains(&word) {
            return true;
        }
        if (matches!(word, "a.m" | "p.m" | "A.M" | "P.M") || DAYS.contains(&word))
            && is_time(following.text)
        {
            return false;
        }
        // An acronym in running text is no abbreviation.
        let before = &sentence[..sentence.len() - word.len()];
        if is_acronym(word) && before.bytes().rev().take(24).any(|byte| byte.is_ascii_lowercase()) {
            return true;
        }
        // Its word that starts a sentence may not stand behind a quotation mark.
        if !following.plain && starts_sentence(following.text) {
            return true;
        }
        self.sentencex_ends(ending)
    }

    /// What `sentencex` says about the mark.
    fn sentencex_ends(&self, ending: &Ending) -> bool {
        let mut from =
            self.text.floor_char_boundary(ending.at.saturating_sub(HEAD)).max(self.start);
        // It finds its abbreviations behind white space only, not behind a bracket or a hyphen.
        let word = ending.at - last_word(&self.text[from..ending.at]).len();
        if word > from && !self.text[..word].ends_with(char::is_whitespace) {
            from = word;
        }
        let to = self.text.ceil_char_boundary((ending.mark_end + TAIL).min(self.text.len()));
        let window = &self.text[from..to];
        English {}.find_boundary(window, ending.at - from, ending.mark_end - from).is_some()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    Upper,
    Lower,
    Digit,
    /// A letter without case, or a symbol that can start a sentence.
    Other,
    /// A mark that cannot start a sentence.
    Mark,
}

/// What follows a mark and white space.
struct Following<'a> {
    /// From the first letter or digit on.
    text: &'a str,
    first: First,
    /// Whether the letter or digit comes without an opening mark.
    plain: bool,
}

impl<'a> Following<'a> {
    fn at(text: &'a str, next: usize) -> Option<Self> {
        // More opening marks than a few are no sentence, and looking at all of them again and again
        // would not be linear.
        for (i, (at, c)) in text[next..].char_indices().take(8).enumerate() {
            if is_opening(c) || is_dash(c) || i > 0 && matches!(c, ' ' | '’') {
                continue;
            }
            let first = match c {
                '.' | '…' if i > 0 => First::Other,
                'a'..='z' => First::Lower,
                'A'..='Z' => First::Upper,
                '0'..='9' | '$' | '€' | '£' | '¥' => First::Digit,
                '@' | '#' | '*' | '_' | '~' | '<' | '>' | '{' => First::Other,
                _ if c.is_ascii() => First::Mark,
                _ if is_closing(c) || is_terminator(c) => First::Mark,
                _ if c.is_lowercase() => First::Lower,
                _ if c.is_uppercase() => First::Upper,
                _ => First::Other,
            };
            return Some(Following { text: &text[next + at..], first, plain: i == 0 });
        }
        None
    }
}

/// Marks that end a sentence.
fn is_terminator(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '…'
            | '‼'
            | '⁇'
            | '⁈'
            | '⁉'
            | '。'
            | '｡'
            | '．'
            | '！'
            | '？'
            | '।'
            | '؟'
            | '۔'
    )
}

fn is_opening(c: char) -> bool {
    matches!(
        c,
        '"' | '`'
            | '\''
            | '“'
            | '‘'
            | '«'
            | '‹'
            | '„'
            | '‚'
            | '('
            | '['
            | '¿'
            | '¡'
            | '「'
            | '『'
    )
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | '›' | ')' | ']' | '」' | '』')
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―')
}

/// The word at the end of a text, with its inner full stops.
fn last_word(text: &str) -> &str {
    // No word that anything is known about is longer.
    let near = &text[text.ceil_char_boundary(text.len().saturating_sub(24))..];
    let is_outside =
        |c: char| c.is_whitespace() || is_opening(c) && c != '\'' || is_dash(c) || c == '/';
    // An apostrophe is inside the word in `can't`, and opens a quotation in `'Gen.`.
    near.rsplit(is_outside).next().unwrap_or_default().trim_start_matches('\'')
}

/// Whether a text is the number or letter of an item in a list: `1.`, `12)`, `(a)`, `iv.`.
fn is_list_marker(text: &str) -> bool {
    let Some(marker) = text.strip_suffix(['.', ')']) else { return false };
    let marker = marker.strip_prefix('(').unwrap_or(marker);
    let bytes = marker.as_bytes();
    match bytes {
        [letter] => letter.is_ascii_alphanumeric() && !matches!(letter, b'I' | b'i'),
        [_, ..] if bytes.len() <= 4 => {
            bytes.len() <= 3 && bytes.iter().all(u8::is_ascii_digit)
                || bytes.iter().all(|byte| matches!(byte, b'i' | b'v' | b'x'))
        }
        _ => false,
    }
}

/// Whether a text is no more than a dateline: `GENEVA, Jan. 3 (AP) -`.
fn is_dateline(text: &str) -> bool {
    if text.len() > 120 {
        return false;
    }
    let bare = text.trim_end_matches(|c| is_dash(c) || matches!(c, ' ' | '.' | ':'));
    let dashed = text.trim_end_matches(' ').ends_with(is_dash);
    let head = match bare.strip_suffix(')').and_then(|bare| bare.rsplit_once('(')) {
        Some((head, _)) => head,
        None if dashed => bare,
        None => return false,
    };
    let mut words = head.split_whitespace();
    let is_place = words.next().is_some_and(|word| {
        word.chars().filter(|c| c.is_alphabetic()).take(2).count() == 2
            && word.chars().all(|c| c.is_uppercase() || !c.is_alphabetic())
    });
    is_place && words.all(|word| !word.starts_with(char::is_lowercase))
}

fn is_acronym(word: &str) -> bool {
    word.len() > 1 && word != "NO" && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether a text starts with a word that rather starts a sentence than goes on with one.
fn starts_sentence(text: &str) -> bool {
    let near = &text[..text.floor_char_boundary(TAIL.min(text.len()))];
    let word = near.split([' ', '\'', '’']).next().unwrap_or_default();
    word == "I" || English {}.next_word_is_sentence_starter(word)
}

fn starts_with_month(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    MONTHS.iter().any(|month| text.starts_with(month))
}

/// Whether a text goes on with the day or the zone of a time of day.
fn is_time(text: &str) -> bool {
    const ZONES: [&str; 14] = [
        "EST", "EDT", "ET", "CST", "CDT", "CT", "PST", "PDT", "PT", "GMT", "BST", "CET", "UTC",
        "Eastern",
    ];
    let word = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    ZONES.contains(&word) || word.ends_with("day") || starts_with_month(text)
}

/// Whether a text names who has just asked or shouted: `Ms. Lopez asked.`
fn is_attribution(text: &str) -> bool {
    const ASKING: [&str; 9] = [
        "asked",
        "asks",
        "wondered",
        "demanded",
        "shouted",
        "exclaimed",
        "cried",
        "yelled",
        "replied",
    ];
    const SAYING: [&str; 7] = ["said", "says", "wrote", "added", "told", "tweeted", "posted"];
    for (i, word) in text.split_whitespace().take(6).enumerate() {
        let bare = word.trim_end_matches(['.', ',', ';', ':']);
        if i > 0 && (ASKING.contains(&bare) || SAYING.contains(&bare) && bare.len() < word.len()) {
            return true;
        }
        if !word.starts_with(|c: char| c.is_uppercase()) {
            return false;
        }
    }
    false
}

/// Abbreviations that a name follows, so that a sentence never ends with them.
const TITLES: [&str; 34] = [
    "Mr", "Mrs", "Ms", "Dr", "Sen", "Sens", "Gen", "Gens", "Lt", "Col", "Maj", "Capt", "Cpl",
    "Sgt", "Adm", "Cmdr", "Gov", "Govs", "Rep", "Reps", "Prof", "Rev", "Hon", "Amb", "Brig",
    "Messrs", "Supt", "Pres", "Msgr", "Cmdt", "Pvt", "vs", "Atty", "Asst",
];

/// Abbreviations before a number or a word in lower case that `sentencex` does not know, or holds
/// for sentences before a number.
const ABBREVIATIONS: [&str; 16] = [
    "approx", "assn", "chap", "corp", "dept", "est", "govt", "incl", "intl", "natl", "no", "nos",
    "para", "paras", "tel", "vol",
];

fn is_abbreviation(word: &str) -> bool {
    ABBREVIATIONS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Days as they stand before a date.
const DAYS: [&str; 10] = ["Mon", "Tue", "Tues", "Wed", "Thu", "Thur", "Thurs", "Fri", "Sat", "Sun"];

/// Words of plain English that `sentencex` holds for abbreviations.
const WORDS: [&str; 14] =
    ["me", "no", "No", "may", "May", "art", "ill", "id", "re", "miss", "man", "ark", "arc", "ok"];

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    /// Asserts the sentences of a document, which are written with `|` between them.
    fn assert_cut(expected: &str) {
        let document = expected.replace('|', " ");
        assert_sentences(&document, &expected.split('|').collect::<Vec<_>>());
    }

    fn assert_sentences(document: &str, expected: &[&str]) {
        let ranges = sentences(document);
        let found: Vec<_> = ranges.iter().map(|range| &document[range.clone()]).collect();
        assert_eq!(found, expected, "document: {document:?}");
    }

    #[test]
    fn a_document_of_nothing_has_no_sentence() {
        for document in ["", " ", "\n\n\t \r\n", "\u{a0}\u{2003}"] {
            assert_sentences(document, &[]);
        }
    }

    #[test]
    fn full_stops_question_and_exclamation_marks_end_sentences() {
        assert_cut("The talks failed.|Nobody knew why!|Will they resume?|Iran hopes so.");
        assert_cut("What?!|They left…|Then they came back...|The end.");
        assert_sentences("今天会谈。明天继续！", &["今天会谈。", "明天继续！"]);
        assert_cut("Élan was lost.|Über alles.|Đà Nẵng fell.");
    }

    #[test]
    fn an_ellipsis_before_lower_case_goes_on() {
        assert_cut("They waited ... and waited… and left.|The end.");
        assert_cut("They waited . . . and left.");
    }

    #[test]
    fn abbreviations_do_not_end_sentences() {
        assert_cut(
            "The U.S. Army met Lt. Gen. Ortiz of the U.N. Security Council on Jan. 3.|It left.",
        );
        assert_cut("Sen. Ruiz paid $3.5 million at No. 10 Main St. to Acme Inc. on Fri. Jan. 5.");
        assert_cut("J. F. Kennedy and George W. Bush, e.g., met Mr. Hill vs. Dr. Ng (see Vol. 3).");
        assert_cut("Rep. Lee (D-Conn.) Tuesday met Gov. Hall (R-Calif.).|They agreed.");
        assert_cut("They meet at 10 a.m. Monday and at 5 p.m. EST on the Corp. premises.");
        assert_cut("Yahoo! Inc. was sold.");
    }

    #[test]
    fn abbreviations_end_sentences_where_the_next_one_clearly_starts() {
        assert_cut("She lives in the U.S.|He does not.|They met at 10 a.m.|The talks failed.");
        assert_cut("They came from the U.S.|“We will stay,” she said.");
    }

    #[test]
    fn plain_words_are_no_abbreviations() {
        assert_cut("No.|Iran said no.|Oman told me.|It ends in May.|Qatar likes art.|Iran can't.");
        assert_cut("He met the head of RT.|Palestinian envoys came.");
    }

    #[test]
    fn quotations_are_cut_into_their_sentences() {
        assert_cut("“We met.|We talked,” she said.|“It helped.”");
        assert_cut("\"We met.|We talked,\" she said.|\"It helped.\"");
        assert_cut("‘We met.|We talked,’ she said.|‘It helped.’|They left.");
        assert_cut("'We met.|We talked,' she said.|'It helped.'|They left.");
        assert_cut("«We met.|We talked», she said.|« It helped. »|They left.");
        assert_cut("''We met.|We talked,'' she said.|''It helped.''|They left.");
        assert_cut("He said: “We will go.”|“We will stay.”|They left.");
        assert_cut("They call it “peace.”|The war goes on.|They call it “peace”.|It is war.");
    }

    #[test]
    fn who_speaks_stays_with_the_quotation() {
        assert_cut("\"Why?\" he asked.|“Stop!” the envoy cried.|“Stop!”, she said.");
        assert_cut(
            "“Why now?” Ms. Lopez asked.|“Is it late?” Ortega said.|“No!”|Ruiz said he would.",
        );
    }

    #[test]
    fn parentheses_inside_a_sentence_hold_it_together() {
        assert_cut("They agreed (he said so. It was late) and left.");
        assert_cut("(They agreed.|It was late.)|Then they left.");
        assert_cut("This is never closed (or is it.|Then it goes on.|So it does.");
    }

    #[test]
    fn a_dateline_stays_with_its_sentence() {
        assert_cut("WASHINGTON (Reuters) - The talks failed.|They left.");
        assert_cut("GENEVA, Jan. 3 (AP) — The talks failed.|They left.");
        assert_cut("GENEVA (Alpine News). The talks failed.|They left.");
        assert_cut("MOSCOW. Jan 3 (Interfax) - The talks failed.|They left.");
        assert_cut("SPRINGFIELD, Mass. - The talks failed.|They left.");
        assert_sentences("OSLO (AP) —\nTalks failed.", &["OSLO (AP) —\nTalks failed."]);
    }

    #[test]
    fn a_missing_space_does_not_hide_an_end() {
        let document = "The talks failed.Nobody knew why.[1] See example.com and v2.0.";
        let expected = ["The talks failed.", "Nobody knew why.[1]", "See example.com and v2.0."];
        assert_sentences(document, &expected);
    }

    #[test]
    fn marks_alone_are_no_sentence_of_a_paragraph() {
        assert_cut("Thanks. 👏 👏");
        assert_cut("He left. \"");
        assert_cut("... and then they left.|The end.");
    }

    #[test]
    fn blank_lines_end_sentences() {
        for line_end in ["\n\n", "\r\n\r\n", "\n \t\n", "\u{2029}", "\u{c}"] {
            let document = format!("A headline without a stop{line_end}and a text");
            assert_sentences(&document, &["A headline without a stop", "and a text"]);
        }
    }

    #[test]
    fn headlines_and_lists_are_cut_at_line_ends() {
        let document = "Talks resume in Oman\nIsrael warns of strikes\r\n- a ceasefire\n- an exchange \
                        of prisoners\n1. Aid\n2. Trade. More of it.";
        let expected = [
            "Talks resume in Oman",
            "Israel warns of strikes",
            "- a ceasefire",
            "- an exchange of prisoners",
            "1. Aid",
            "2. Trade.",
            "More of it.",
        ];
        assert_sentences(document, &expected);
    }

    #[test]
    fn headlines_of_one_width_are_not_taken_for_wrapped_text() {
        let document = "Foreign ministers of the two neighbours to meet in Geneva on Monday\n\
                        Parliament rejects the budget after a long and angry night of debate\n\
                        President of the central bank warns of a slow recovery in the spring";
        assert_sentences(document, &document.split('\n').collect::<Vec<_>>());
    }

    #[test]
    fn wrapped_lines_do_not_end_sentences() {
        let first = "The two sides met on Monday for the first time since the summer, and they\n\
                     agreed to meet again within the week. The minister said that General\n";
        let document = format!(
            "{first}Ortiz would come as well, which nobody had foreseen on the border to\nIran."
        );
        let cut = first.find(" The minister").unwrap();
        assert_sentences(&document, &[&document[..cut], &document[cut + 1..]]);
    }

    #[test]
    fn a_paragraph_a_line_is_cut_at_each_line() {
        let line = "The envoys of both countries, who had not met for a year, spoke for three hours \
                    about the border, the prisoners and the trade that both of them depend on";
        assert_sentences(&format!("{line}\n{line}\n{line}"), &[line, line, line]);
    }

    #[test]
    fn the_time_is_linear() {
        let units = [
            "a",
            "word ",
            ".",
            ". ",
            "? ",
            "\"",
            "“",
            "“ ",
            "U.S. ",
            "(",
            "(a. B ",
            "\n",
            "a b\n",
            ".)",
            "'",
            "A. “ ",
            "?” A ",
            ".[1]",
            "…",
            "会。",
            " ",
            "é",
            "\u{200b}",
            "Ab! (Ab",
            "mostly wrapped lines of a text that goes on and on without an end to it\n",
        ];
        let time = |unit: &str, size: usize| {
            let document = unit.repeat(size / unit.len());
            let once = || {
                let start = Instant::now();
                std::hint::black_box(sentences(&document));
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
        fn every_visible_character_stands_in_exactly_one_sentence(
            document in "([A-Za-z]{1,4}|U\\.S\\.|[ .!?…\"“”‘’'«»()\\[\\]0-9—\\-]|\r?\n|é|会|。|👍|\u{2028}|\u{a0}){0,80}"
        ) {
            check_invariant(&document)?;
        }

        #[test]
        fn any_text_keeps_the_invariant(document in "\\PC{0,60}", tail in any::<String>()) {
            check_invariant(&format!("{document}. {tail}"))?;
        }
    }

    fn check_invariant(document: &str) -> Result<(), TestCaseError> {
        let mut at = 0;
        for range in sentences(document) {
            prop_assert!(range.start >= at && range.end > range.start, "{:?}", range);
            prop_assert!(document[at..range.start].trim().is_empty());
            let text = &document[range.clone()];
            prop_assert_eq!(text, text.trim());
            at = range.end;
        }
        prop_assert!(document[at..].trim().is_empty());
        Ok(())
    }
}
