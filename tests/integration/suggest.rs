use crate::harness::{Folder, TINY, tiny_model};

const TEXT: &str = "The two sides may resume the talks next week. \
    The two sides may resume the talks next week! \
    The army shelled a town near the border. Sport. \
    The price of bread rose by a tenth in May.\n";

#[test]
fn sentences_are_picked_once_and_the_table_goes_back_into_training() {
    let model = tiny_model().display().to_string();
    let folder = Folder::new().file("a.txt", TEXT).file("tiny.csv", TINY);
    let run = folder.stance(&["suggest", "a.txt", "--n", "9", "--model", &model, "-o", "next.csv"]);
    let run = run.succeeds();
    assert!(run.stderr.starts_with("3 sentences picked of 5"), "{run}");
    let table = String::from_utf8(folder.read("next.csv")).unwrap();
    assert!(table.starts_with("text,stance,sentiment,place,uncertainty\n"), "{table}");
    assert_eq!(table.lines().count(), 4, "{table}");
    let filled = table.replace(",,,", ",neutral,neutral,");
    let folder = folder.file("next.csv", filled);
    folder.stance(&["train", "tiny.csv", "next.csv", "--output", "m.safetensors"]).succeeds();
}

#[test]
fn sentences_that_are_known_are_not_picked() {
    let model = tiny_model().display().to_string();
    let folder = Folder::new()
        .file("a.txt", TEXT)
        .file("known.csv", "text,stance\nThe army shelled a town near the border.,hawkish\n");
    let run = folder.stance(&["suggest", "a.txt", "--known", "known.csv", "--model", &model]);
    let rows = run.succeeds().rows();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| !row["text"].contains("shelled")));
}

#[test]
fn tables_are_read_by_column_and_guesses_are_shown_on_demand() {
    let model = tiny_model().display().to_string();
    let folder = Folder::new().file("t.csv", "body\nTalks on a truce began today.\n");
    let arguments = ["suggest", "t.csv", "--model", &model, "--text", "body", "--show-guess"];
    let rows = folder.stance(&arguments).succeeds().rows();
    assert_eq!(rows[0]["place"], "t.csv:2");
    assert_eq!(rows[0]["stance"], "");
    assert!(!rows[0]["guess_stance"].is_empty());
    folder
        .stance(&arguments[..4])
        .fails_saying("stance: t.csv: no column `text`; there are body: name one with --text");
}
