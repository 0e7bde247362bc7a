//! What holds for every text: places, probabilities, spellings, and a model's file.

use proptest::prelude::*;
use stance::model::{builtin, from_bytes, to_bytes};
use stance::text::sentences;
use unicode_normalization::UnicodeNormalization as _;

use super::targets::{TARGETS, check_sentence};

const WORDS: [&str; 40] = [
    "the",
    "army",
    "attacked",
    "Iran",
    "the United States'",
    "Côte d’Ivoire",
    "talks",
    "truce",
    "not",
    "won't",
    "but",
    "although",
    "\"",
    "“peace”",
    "'war'",
    ",",
    "U.S.",
    "Mr. Brandt",
    "Müller",
    "40%",
    "$3.5m",
    "cease-fire",
    "rejected",
    "lifted",
    "sanctions",
    "called for",
    "on Tuesday",
    "Türkiye’s",
    "N'Djamena",
    "if",
    "1985",
    "Général",
    "agreed",
    "to",
    "refused",
    "NATO",
    "(AFP)",
    "—",
    ";",
    "said",
];

fn sentence() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(prop::sample::select(&WORDS[..]), 1..25);
    words.prop_map(|words| words.join(" ") + ".")
}

/// The labels and scores of a sentence.
fn read(text: &str) -> Vec<(usize, Vec<f32>)> {
    let said = builtin().predict(&mut builtin().extractor(), text);
    said.heads.into_iter().map(|head| (head.label, head.scores)).collect()
}

/// The labels of a document's sentences, each with its text, spaces made one.
fn labels(document: &str) -> Vec<(String, usize)> {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let read = |text: &str| (words(text), read(text)[0].0);
    sentences(document).into_iter().map(|place| read(&document[place])).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_keeps_what_every_target_promises(text in "(\\PC|[ \r\n\t\"'.]){0,300}") {
        TARGETS.iter().for_each(|target| (target.run)(text.as_bytes()));
    }

    #[test]
    fn any_bytes_keep_what_every_target_promises(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        TARGETS.iter().for_each(|target| (target.run)(&bytes));
    }

    #[test]
    fn probabilities_sum_to_one_and_reasons_belong_to_them(text in sentence()) {
        check_sentence(builtin(), &text);
    }

    #[test]
    fn scores_do_not_depend_on_how_letters_are_composed(text in sentence()) {
        prop_assert_eq!(read(&text.nfd().collect::<String>()), read(&text.nfc().collect::<String>()));
    }

    #[test]
    fn scores_do_not_depend_on_the_curl_of_apostrophes(text in sentence()) {
        prop_assert_eq!(read(&text.replace('’', "'")), read(&text.replace('\'', "’")));
    }

    #[test]
    fn scores_do_not_depend_on_the_curl_of_quotation_marks(text in sentence()) {
        prop_assert_eq!(read(&text.replace(['“', '”'], "\"")), read(&text));
    }

    #[test]
    fn scores_do_not_depend_on_the_width_of_spaces(text in sentence(), space in "[ \t\u{a0}]{1,3}|\r\n") {
        prop_assert_eq!(read(&text.replace(' ', &space)), read(&text));
    }

    #[test]
    fn labels_of_a_document_do_not_depend_on_its_line_ends(
        texts in prop::collection::vec(sentence(), 1..6),
        between in prop::sample::select(&[" ", "\n", "\n\n"][..]),
    ) {
        let document = texts.join(between);
        prop_assert_eq!(labels(&document.replace('\n', "\r\n")), labels(&document));
    }

    #[test]
    fn a_model_that_was_written_and_read_says_the_same(text in sentence()) {
        static AGAIN: std::sync::LazyLock<stance::model::Classifier> = std::sync::LazyLock::new(|| {
            from_bytes(&to_bytes(builtin()).unwrap(), "again").unwrap()
        });
        let said = AGAIN.predict(&mut AGAIN.extractor(), &text);
        prop_assert_eq!(said, builtin().predict(&mut builtin().extractor(), &text));
    }

    #[test]
    fn what_was_read_before_changes_nothing(texts in prop::collection::vec(sentence(), 2..6)) {
        let mut extractor = builtin().extractor();
        for text in texts.iter().chain(texts.iter().rev()) {
            let alone = builtin().predict(&mut builtin().extractor(), text);
            prop_assert_eq!(builtin().predict(&mut extractor, text), alone);
        }
    }
}
