//! Another spelling of the same sentence: quotes, composed letters, line ends, spaces.

use unicode_normalization::UnicodeNormalization as _;

use super::floors::Tally;
use super::subject::{Reader, real_sentences};

/// Of 5,000 real sentences that `spell` changes, none may change a label.
#[track_caller]
fn changes_no_label(name: &str, spell: impl Fn(&str) -> String) {
    let mut reader = Reader::new();
    let mut tally = Tally::new(name);
    let all = real_sentences();
    for text in all.iter().step_by(all.len() / 5_000).chain(OWN.map(str::to_owned).iter()) {
        let spelled = spell(text);
        if spelled != *text {
            let (before, after) = (reader.labels(text), reader.labels(&spelled));
            tally.count(before == after, || format!("{spelled:?}: {before:?}, then {after:?}"));
        }
    }
    tally.reaches(100.0);
}

const OWN: [&str; 6] = [
    "Côte d'Ivoire's president said: \"We won't attack São Tomé and Príncipe.\"",
    "\"We are ready for peace,\" Brandt said, \"but not at any price.\"",
    "Türkiye and Curaçao didn't sign the 'final' accord.",
    "Général Léger's men (\"the lions\") shelled N'Djamena.",
    "The rebels' chief said: 'We'll fight on.'",
    "Réunion's naïve envoy, Señor Muñoz, called the façade of talks a \"coup d'état\".",
];

fn curly(text: &str) -> String {
    let mut before = ' ';
    let turn = |c| {
        let opens = before.is_whitespace() || matches!(before, '(' | '[' | '—' | '–' | '“' | '‘');
        before = match (c, opens) {
            ('"', true) => '“',
            ('"', false) => '”',
            ('\'', true) => '‘',
            ('\'', false) => '’',
            _ => c,
        };
        before
    };
    text.chars().map(turn).collect()
}

fn straight(text: &str) -> String {
    text.replace(['“', '”'], "\"").replace(['‘', '’'], "'")
}

#[test]
fn curly_quotes_change_no_label() {
    changes_no_label("curly quotes", curly);
}

#[test]
fn straight_quotes_change_no_label() {
    changes_no_label("straight quotes", straight);
}

#[test]
fn decomposed_letters_change_no_label() {
    changes_no_label("NFD", |text| text.nfd().collect());
}

#[test]
fn composed_letters_change_no_label() {
    changes_no_label("NFC", |text| text.nfd().nfc().collect::<String>() + " ");
}

#[test]
fn line_ends_and_spaces_within_a_sentence_change_no_label() {
    changes_no_label("CRLF", |text| text.replacen(' ', "\r\n", 3));
    changes_no_label("double spaces", |text| text.replace(' ', "  "));
    changes_no_label("no-break spaces", |text| text.replace(' ', "\u{a0}"));
    changes_no_label("spaces around", |text| format!(" \t{text} \n"));
}
