//! How labels look and how reasons read.
//!
//! A label has a tone (a colour) and a shape, so that nobody depends on seeing the colour. Text of the
//! input is shown as it stands, but never with its control characters.

use std::borrow::Cow;
use std::ops::Range;

use crate::features::{Class, Family};
use crate::model::{Explanation, ReadWord, Reason};

/// The colour of a label, by name; the page and the terminal each have their own shades of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "colours speak for themselves")]
pub enum Tone {
    Blue,
    Orange,
    Grey,
    Green,
    Purple,
    Brown,
    Teal,
    Red,
}

impl Tone {
    /// All tones.
    pub const ALL: [Self; 8] = [
        Self::Blue,
        Self::Orange,
        Self::Grey,
        Self::Green,
        Self::Purple,
        Self::Brown,
        Self::Teal,
        Self::Red,
    ];

    /// The tone's name, lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Orange => "orange",
            Self::Grey => "grey",
            Self::Green => "green",
            Self::Purple => "purple",
            Self::Brown => "brown",
            Self::Teal => "teal",
            Self::Red => "red",
        }
    }
}

/// How a label looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Its colour.
    pub tone: Tone,
    /// Its shape.
    pub shape: char,
}

const SHAPES: [char; 8] = ['●', '▲', '■', '◆', '▼', '★', '○', '△'];

/// The looks of a head's labels: those of the shipped model have settled ones, others get what is
/// left, in their order.
pub fn looks(labels: &[String]) -> Vec<Look> {
    let settled = |label: &str| {
        let (tone, shape) = match label {
            "diplomatic" => (Tone::Blue, '●'),
            "hawkish" => (Tone::Orange, '▲'),
            "neutral" => (Tone::Grey, '■'),
            "positive" => (Tone::Green, '◆'),
            "negative" => (Tone::Purple, '▼'),
            _ => return None,
        };
        Some(Look { tone, shape })
    };
    let taken: Vec<Look> = labels.iter().filter_map(|label| settled(label)).collect();
    // Grey is for what has no direction, so it is handed out last.
    let tones = Tone::ALL.into_iter().filter(|tone| *tone != Tone::Grey).chain([Tone::Grey]);
    let tones: Vec<Tone> =
        tones.filter(|tone| taken.iter().all(|look| look.tone != *tone)).collect();
    let shapes: Vec<char> =
        SHAPES.into_iter().filter(|shape| taken.iter().all(|look| look.shape != *shape)).collect();
    let mut free = (0..).map(|at| {
        let tone = tones.get(at % tones.len().max(1)).copied().unwrap_or(Tone::Grey);
        let shape = shapes.get(at % shapes.len().max(1)).copied().unwrap_or('●');
        Look { tone, shape }
    });
    labels.iter().filter_map(|label| settled(label).or_else(|| free.next())).collect()
}

/// Text without what would move a terminal's cursor or turn the direction of what follows: control
/// characters and bidirectional embeddings, overrides and isolates become `�`, line ends and tabs a
/// space. Characters keep their number and their length in UTF-16.
pub fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| {
        c.is_control()
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
            || matches!(c, '\u{2028}' | '\u{2029}')
    };
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let show = |c: char| match c {
        c if c.is_whitespace() => ' ',
        c if hidden(c) => '\u{fffd}',
        c => c,
    };
    Cow::Owned(text.chars().map(show).collect())
}

/// The words of a reason as they stand in the sentence, `…` where others stand between them and what
/// a name is read as behind it; the family of its features where it stands on the whole sentence.
pub(super) fn reason_text(
    reason: &Reason,
    explanation: &Explanation,
    words: &[ReadWord],
    sentence: &str,
) -> String {
    if let ([], Some(&first)) = (reason.words.as_slice(), reason.contributions.first()) {
        let feature = &explanation.contributions[first].feature;
        return format!("sentence: {}", feature.split(':').next().unwrap_or_default());
    }
    joined(reason, words, |word| {
        let text = sentence[word.place.clone()].to_owned();
        match word.mask {
            Some(class) => format!("{text} {}", mask(class)),
            None => text,
        }
    })
}

/// The words of a reason in lower case with names masked: equal for what counts as equal.
pub(super) fn reason_key(reason: &Reason, words: &[ReadWord], sentence: &str) -> String {
    joined(reason, words, |word| match word.mask {
        Some(class) => mask(class).to_owned(),
        None => sentence[word.place.clone()].to_lowercase(),
    })
}

fn mask(class: Class) -> &'static str {
    match class {
        Class::State => "⟨state⟩",
        Class::Alliance => "⟨alliance⟩",
        Class::Body => "⟨body⟩",
        Class::Group => "⟨group⟩",
        Class::Name => "⟨name⟩",
    }
}

fn joined(reason: &Reason, words: &[ReadWord], show: impl Fn(&ReadWord) -> String) -> String {
    let mut text = String::new();
    let mut last: Option<usize> = None;
    for &at in &reason.words {
        match last {
            None => {}
            Some(before) if before + 1 == at => text.push(' '),
            Some(_) => text.push_str(" … "),
        }
        text.push_str(&visible(&show(&words[at])));
        last = Some(at);
    }
    if !reason.words.is_empty() && reason.words.iter().all(|&at| words[at].negated) {
        text.push_str(" (negated)");
    }
    text
}

/// What a reason is made of: the families of its features with how many there are of each, and what
/// the lexicon and composition read there; of a reason that stands on the whole sentence, what was
/// counted in it.
pub(super) fn reason_note(reason: &Reason, explanation: &Explanation) -> String {
    let mut parts: Vec<(String, usize)> = Vec::new();
    for &number in &reason.contributions {
        let feature = &explanation.contributions[number].feature;
        let (name, atoms) = feature.split_once(':').unwrap_or((feature, ""));
        let part = match Family::named(name) {
            // Its atoms are bare counts.
            Some(family @ Family::Domestic) => return family.facts().about.to_owned(),
            Some(Family::Lexicon | Family::Composition) => {
                format!("{name} {}", atoms.trim_end_matches(" plain"))
            }
            _ if reason.words.is_empty() => atoms.to_owned(),
            _ => name.to_owned(),
        };
        match parts.iter_mut().find(|(known, _)| *known == part) {
            Some((_, times)) => *times += 1,
            None => parts.push((part, 1)),
        }
    }
    let shown = parts.into_iter().map(|(part, times)| match times {
        1 => part,
        times => format!("{part} ×{times}"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// The words at the places of a contribution, each once.
pub fn words_at(places: &[Range<usize>], sentence: &str) -> String {
    let mut texts: Vec<&str> = places.iter().map(|place| &sentence[place.clone()]).collect();
    texts.sort_unstable();
    texts.dedup();
    texts.join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_one_head_never_look_alike() {
        for labels in [
            vec!["diplomatic", "hawkish", "neutral"],
            vec!["negative", "neutral", "positive"],
            vec!["a", "b", "c", "d", "hawkish", "neutral", "x", "z"],
        ] {
            let labels: Vec<String> = labels.into_iter().map(str::to_owned).collect();
            let looks = looks(&labels);
            assert_eq!(looks.len(), labels.len());
            for (at, look) in looks.iter().enumerate() {
                for other in &looks[..at] {
                    assert!(look.tone != other.tone && look.shape != other.shape, "{looks:?}");
                }
            }
        }
        let many: Vec<String> = (0..30).map(|i| format!("label {i}")).collect();
        assert_eq!(looks(&many).len(), 30);
    }

    #[test]
    fn control_and_bidirectional_characters_are_not_let_through() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c\td\u{7}"), "a\u{fffd}[31mb\u{fffd}c d\u{fffd}");
        assert!(matches!(visible("“plain” – 的"), Cow::Borrowed(_)));
    }
}
