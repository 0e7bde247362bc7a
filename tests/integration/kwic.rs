use crate::harness::{Folder, Run, tiny_model};

const TEXT: &str =
    "Peace talks began. The peace talk, he said, was long.\n\nPeace, talks: no TALKS!\n";

fn kwic(arguments: &[&str]) -> Run {
    let model = tiny_model().display().to_string();
    let folder = Folder::new().file("a.txt", TEXT);
    folder.stance(&[&["kwic", "--model", &model], arguments].concat())
}

#[test]
fn a_term_is_shown_in_its_context_with_the_labels_of_its_sentence() {
    let run = kwic(&["talks", "a.txt", "--window", "2"]).succeeds();
    let rows = run.rows();
    let shown: Vec<_> =
        rows.iter().map(|row| [&row["before"], &row["term"], &row["after"]]).collect();
    assert_eq!(
        shown,
        [
            ["Peace", "talks", "began. The"],
            ["long. Peace,", "talks", ": no"],
            ["talks: no", "TALKS", "!"]
        ]
    );
    for row in &rows {
        let (start, end): (usize, usize) =
            (row["start"].parse().unwrap(), row["end"].parse().unwrap());
        assert_eq!(TEXT[start..end], row["term"]);
        assert!(!row["stance"].is_empty() && !row["sentiment_confidence"].is_empty());
    }
    assert!(run.stderr.starts_with("`talks` stands 3 times in 2 sentences; stance: "), "{run}");
}

#[test]
fn a_star_stands_for_any_letters_and_marks_part_words() {
    let terms = |term: &str| -> Vec<String> {
        kwic(&[term, "a.txt"]).succeeds().rows().iter().map(|row| row["term"].clone()).collect()
    };
    assert_eq!(terms("peace talk*"), ["Peace talks", "peace talk"]);
    assert!(terms("truce").is_empty());
}

#[test]
fn a_term_without_a_word_is_refused() {
    kwic(&[",", "a.txt"]).fails_saying("stance: `,` holds no word to look for");
}

#[test]
fn it_is_written_as_a_table_and_as_json_lines() {
    let table = kwic(&["talks", "a.txt", "--format", "table"]).succeeds();
    let at: Vec<_> =
        table.stdout.lines().map(|line| line.to_lowercase().find("  talks  ")).collect();
    assert!(at.len() == 3 && at.iter().all(Option::is_some), "the term in one column\n{table}");
    let json = kwic(&["talks", "a.txt", "--format", "jsonl"]).succeeds();
    let line: serde_json::Value =
        serde_json::from_str(json.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(line["labels"][0]["head"], "stance");
}
