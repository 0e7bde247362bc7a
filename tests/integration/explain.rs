use std::collections::BTreeMap;

use crate::harness::{Folder, Run, tiny_model};

const TEXT: &str =
    "They did not attack Iran, but the sanctions were lifted. Talks resumed; talks will go on.\n";

fn explain(arguments: &[&str]) -> Run {
    let model = tiny_model().display().to_string();
    let folder = Folder::new().file("a.txt", TEXT);
    folder.stance(&[&["explain", "a.txt", "--model", &model], arguments].concat())
}

/// The sum of the contributions before each `(score)`, and that score.
fn sums(run: &Run) -> Vec<(f64, f64)> {
    let mut sums = Vec::new();
    let mut sum = 0.0;
    for row in run.rows() {
        let value: f64 = row["contribution"].parse().unwrap();
        if row["term"] == "(score)" {
            sums.push((sum, value));
            sum = 0.0;
        } else {
            sum += value;
        }
    }
    sums
}

#[test]
fn bias_and_terms_sum_up_to_the_score_of_every_label() {
    for arguments in [&[][..], &["--top", "2"], &["--top", "0"]] {
        let run = explain(arguments).succeeds();
        let sums = sums(&run);
        assert!(sums.len() >= 2 * 3, "two sentences with three labels or more\n{run}");
        for (sum, score) in sums {
            assert!((sum - score).abs() < 1e-5, "{sum} is not {score}\n{run}");
        }
    }
}

#[test]
fn every_label_has_its_terms_and_places_are_offsets_into_the_input() {
    let run = explain(&["--head", "stance"]).succeeds();
    let mut terms: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in run.rows() {
        let key = (row["sentence"].clone(), row["label"].clone());
        terms.entry(key).or_default().push(row["term"].clone());
        assert_eq!(row["head"], "stance");
        let mut words: Vec<&str> = row["places"]
            .split_whitespace()
            .map(|place| {
                let (start, end) = place.split_once('-').unwrap();
                &TEXT[start.parse().unwrap()..end.parse().unwrap()]
            })
            .collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.join(" | "), row["words"], "{run}");
    }
    let first = terms.values().next().unwrap();
    let of_first: Vec<_> = terms.iter().filter(|((sentence, _), _)| sentence == "1").collect();
    assert_eq!(of_first.len(), 3, "one list a label\n{run}");
    assert!(of_first.iter().all(|(_, terms)| *terms == first), "the same terms\n{run}");
}

#[test]
fn one_label_of_each_sentence_is_predicted() {
    let rows = explain(&["--top", "1", "--head", "stance"]).succeeds().rows();
    for sentence in ["1", "2"] {
        let predicted: Vec<_> = rows
            .iter()
            .filter(|row| row["sentence"] == sentence && row["predicted"] == "true")
            .map(|row| row["label"].as_str())
            .collect();
        assert!(!predicted.is_empty() && predicted.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

#[test]
fn json_says_what_is_negated_and_what_a_name_is_read_as() {
    let sentences = explain(&["--format", "json"]).succeeds().json();
    let words = sentences[0]["words"].as_array().unwrap();
    let word = |text: &str| words.iter().find(|word| word["text"] == text).unwrap();
    assert_eq!(word("attack")["negated"], true);
    assert_eq!(word("lifted")["negated"], false);
    assert_eq!(word("lifted")["after_contrast"], true);
    assert_eq!(word("Iran")["read_as"], "<state>");
    let head = &sentences[0]["heads"][0];
    for (label, score) in head["scores"].as_object().unwrap() {
        let of = |part: &str| head[part][label].as_f64().unwrap();
        let terms = head["terms"].as_array().unwrap().iter();
        let sum: f64 = terms.map(|t| t["contributions"][label].as_f64().unwrap()).sum();
        assert!((of("bias") + sum + of("other_terms") - score.as_f64().unwrap()).abs() < 1e-5);
    }
    let lines = explain(&["--format", "jsonl"]).succeeds();
    assert_eq!(lines.stdout.lines().count(), 2, "{lines}");
}

#[test]
fn words_are_coloured_only_where_it_is_asked_for() {
    let plain = explain(&["--format", "text"]).succeeds().prints("score, the sum");
    assert!(!plain.stdout.contains('\u{1b}'), "{plain}");
    let colored = explain(&["--format", "text", "--color", "always"]).succeeds();
    assert!(colored.stdout.contains("\u{1b}["), "{colored}");
}

#[test]
fn control_characters_of_the_input_do_not_reach_the_terminal() {
    let model = tiny_model().display().to_string();
    let arguments = ["explain", "--format", "text", "--model", &model];
    let run = Folder::new().stance_reading(&arguments, b"Talks \x1b[2J\x07 began\xe2\x80\xae.");
    assert!(run.stdout.contains("Talks \u{fffd}[2J\u{fffd} began\u{fffd}."), "{run}");
}

#[test]
fn rows_of_a_table_are_articles() {
    let model = tiny_model().display().to_string();
    let folder =
        Folder::new().file("t.csv", "id,body\n1,\"Talks resumed. War ended.\"\n2,Talks.\n");
    let rows = folder
        .stance(&["explain", "t.csv", "--csv", "body", "--top", "0", "--model", &model])
        .succeeds()
        .rows();
    let mut sentences: Vec<_> =
        rows.iter().map(|row| format!("{}#{}", row["document"], row["sentence"])).collect();
    sentences.dedup();
    assert_eq!(sentences, ["t.csv:2#1", "t.csv:2#2", "t.csv:3#1"]);
    folder
        .stance(&["explain", "t.csv", "--csv", "text", "--model", &model])
        .fails_saying("stance: t.csv: no column `text`; there are id, body: name one with --csv");
}

#[test]
fn blank_inputs_have_no_sentence() {
    let folder = Folder::new();
    for (arguments, text) in [
        (&["explain", "--format", "json"][..], "\u{feff}"),
        (&["explain", "--format", "json", "--lines"], "\u{feff}\r\n\n \n"),
    ] {
        let run = folder.stance_reading(arguments, text.as_bytes()).succeeds();
        assert_eq!(run.json().as_array().unwrap().len(), 0, "{run}");
    }
}

#[test]
fn a_head_that_is_not_there_is_named_with_those_that_are() {
    let run = explain(&["--head", "mood"]);
    assert!(run.stderr.contains("has no head `mood`; it has stance, sentiment"), "{run}");
}
