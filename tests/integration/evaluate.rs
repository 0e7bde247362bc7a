use crate::harness::{Folder, TINY, tiny_model};

/// Six sentences that the tiny model labels by words that it knows.
const OTHER: &str = "text,stance,source
The republic agreed to resume the peace talks.,diplomatic,b
Mediators praised the truce.,diplomatic,a
The army shelled the border post.,hawkish,a
The general threatened to attack the island.,hawkish,b
Prices rose by two percent in the second quarter.,neutral,a
The army agreed to a ceasefire on Friday.,hawkish,a
";

fn model() -> &'static str {
    tiny_model().to_str().unwrap()
}

#[test]
fn a_table_shows_every_figure_of_every_label() {
    let folder = Folder::new().file("other.csv", OTHER);
    let run = folder.stance(&["evaluate", "other.csv", "--model", model()]).succeeds();
    for part in [
        "stance: 6 rows",
        "label       rows  predicted",
        "diplomatic     2  ",
        "all labels            95 % interval",
        "truth \\ predicted  diplomatic  hawkish  neutral",
        "calibration error 0.",
        "--min-confidence  rows kept  accuracy",
        "\nsource  rows  accuracy",
    ] {
        assert!(run.stdout.contains(part), "{part:?} is not in\n{run}");
    }
    assert!(!run.stdout.contains("sentiment"), "{run}");
    assert_eq!(run.stderr, "", "{run}");
}

#[test]
fn figures_are_those_of_the_labels_that_predict_gives() {
    let folder = Folder::new().file("other.csv", OTHER);
    let run = folder.stance(&["evaluate", "other.csv", "--model", model(), "--format", "json"]);
    let head = &run.succeeds().json()["heads"][0];
    let texts: Vec<&str> = OTHER.lines().skip(1).filter_map(|l| l.split(',').next()).collect();
    let texts = texts.join("\n");
    let said = folder.stance_reading(&["predict", "--lines", "--model", model()], texts.as_bytes());
    let rows = said.succeeds().rows();
    let right = OTHER
        .lines()
        .skip(1)
        .zip(&rows)
        .filter(|(line, row)| line.split(',').nth(1) == Some(&row["stance"]))
        .count();
    let accuracy = head["accuracy"]["value"].as_f64().unwrap();
    assert!((accuracy - right as f64 / 6.0).abs() < 1e-12, "{head}");
    let least =
        rows.iter().map(|row| row["confidence"].parse::<f64>().unwrap()).fold(1.0, f64::min);
    let whole = &head["coverage"][0];
    assert_eq!(whole["share"], 1.0);
    assert!((whole["min_confidence"].as_f64().unwrap() - least).abs() < 1e-4, "{whole}");
}

#[test]
fn csv_holds_one_figure_a_row() {
    let folder = Folder::new().file("other.csv", OTHER);
    let run = folder.stance(&["evaluate", "other.csv", "--model", model(), "--format", "csv"]);
    let rows = run.succeeds().rows();
    let value = |part: &str, label: &str, measure: &str| {
        let found = rows
            .iter()
            .find(|row| row["part"] == part && row["label"] == label && row["measure"] == measure);
        found.map(|row| row["value"].clone())
    };
    assert_eq!(value("all", "hawkish", "rows").as_deref(), Some("3"));
    assert_eq!(value("source:a", "", "rows").as_deref(), Some("4"));
    assert!(value("all", "", "macro_f1").is_some());
    assert!(value("confusion", "hawkish", "predicted:neutral").is_some());
    assert!(value("coverage:1.0000", "", "min_confidence").is_some());
}

#[test]
fn what_is_not_defined_is_a_dash_and_never_zero() {
    let folder =
        Folder::new().file("one.csv", "text,stance\nThe army shelled the harbour.,hawkish\n");
    let run = folder.stance(&["evaluate", "one.csv", "--model", model()]).succeeds();
    let run =
        run.prints("\nneutral        0          0                       -                       -");
    let json = folder.stance(&["evaluate", "one.csv", "--model", model(), "--format", "json"]);
    let head = &json.succeeds().json()["heads"][0];
    assert_eq!(head["labels"][0]["recall"]["value"], serde_json::Value::Null, "{run}");
    assert_eq!(head["reliability"][0]["accuracy"], serde_json::Value::Null);
}

#[test]
fn evaluating_twice_prints_the_same() {
    let folder = Folder::with_tiny();
    let cv = ["evaluate", "tiny.csv", "--cv", "4", "--format", "json"];
    assert_eq!(folder.stance(&cv).succeeds().stdout, folder.stance(&cv).succeeds().stdout);
}

#[test]
fn cross_validation_judges_every_row_once_and_gives_mean_and_spread() {
    let folder = Folder::with_tiny();
    let run = folder.stance(&["evaluate", "tiny.csv", "--cv", "4", "--format", "json"]).succeeds();
    let json = run.json();
    assert_eq!((&json["model"], &json["folds"]), (&serde_json::Value::Null, &4.into()));
    for head in json["heads"].as_array().unwrap() {
        assert_eq!(head["rows"], 40);
        let folds = head["folds"]["folds"].as_array().unwrap();
        let rows: Vec<u64> = folds.iter().map(|fold| fold["rows"].as_u64().unwrap()).collect();
        assert_eq!(rows, [10, 10, 10, 10]);
        let mean = folds.iter().map(|f| f["accuracy"].as_f64().unwrap()).sum::<f64>() / 4.0;
        assert!((head["folds"]["mean"]["accuracy"].as_f64().unwrap() - mean).abs() < 1e-12);
        assert!(head["folds"]["deviation"]["accuracy"].is_number());
        assert!(
            head["accuracy"]["value"].as_f64().unwrap() < 1.0,
            "rows were judged by models that saw them"
        );
    }
    let table = folder.stance(&["evaluate", "tiny.csv", "--cv", "4"]).succeeds();
    table.prints("training on tiny.csv, 4-fold").prints("\ndeviation     -  ");
}

#[test]
fn equal_texts_and_groups_are_not_parted_by_cross_validation() {
    // The copies' labels are noise: a model that had seen one copy would know the other's.
    let rows = (0..24u8).flat_map(|i| {
        let stance = if i % 2 == 0 { "hawkish" } else { "neutral" };
        let name = String::from(char::from(b'a' + i)).repeat(2);
        [String::new(), format!("x{i}")]
            .map(|group| format!("The {name}ling said {name}dom.,{stance},{group}"))
    });
    let table = std::iter::once("text,stance,group".to_owned()).chain(rows);
    let table = table.collect::<Vec<_>>().join("\n");
    let folder = Folder::new().file("copies.csv", table);
    let run =
        folder.stance(&["evaluate", "copies.csv", "--cv", "4", "--format", "json"]).succeeds();
    let accuracy = run.json()["heads"][0]["accuracy"]["value"].as_f64().unwrap();
    assert!(accuracy < 0.8, "{accuracy}");
}

#[test]
fn training_flags_without_cv_are_wrong_usage() {
    let folder = Folder::with_tiny();
    folder.stance(&["evaluate", "tiny.csv", "--l2", "3"]).refuses_usage("--cv <K>");
    folder.stance(&["evaluate", "tiny.csv", "--counts", "tiny.csv"]).refuses_usage("--cv <K>");
    folder.stance(&["evaluate", "tiny.csv", "--cv", "1"]).refuses_usage("--cv <K>");
    folder.stance(&["evaluate"]).refuses_usage("<CSV>...");
}

#[test]
fn too_many_folds_are_refused() {
    let folder = Folder::with_tiny();
    folder.stance(&["evaluate", "tiny.csv", "--cv", "41"]).fails_saying(
        "stance: cv must be at least 2 and at most the number of groups and different texts, but is 41 \
         for 37",
    );
}

#[test]
fn a_label_that_the_model_does_not_know_is_named_with_its_first_row() {
    let folder = Folder::new().file("other.csv", OTHER.replace(",hawkish", ",dovish"));
    folder.stance(&["evaluate", "other.csv", "--model", model()]).fails_saying(
        "stance: other.csv:4: the model does not know the label `dovish` in the column `stance` (3 \
         rows); it knows `diplomatic`, `hawkish`, `neutral`",
    );
}

#[test]
fn a_column_that_the_model_has_no_head_for_is_named() {
    let folder = Folder::new().file("other.csv", OTHER);
    folder
        .stance(&["evaluate", "other.csv", "--model", model(), "--label", "source"])
        .fails_saying(
            "stance: other.csv: the model has no head `source`; it has `stance`, `sentiment`",
        );
    let folder = Folder::new().file("other.csv", OTHER.replace("stance", "side"));
    folder.stance(&["evaluate", "other.csv", "--model", model()]).fails_saying(
        "stance: other.csv:1: no column `stance` or `sentiment` in the header, which has `text`, `side`, \
         `source`; name the column with --label",
    );
}

#[test]
fn measuring_a_model_on_its_own_training_rows_is_warned_of() {
    let folder = Folder::with_tiny();
    let run = folder.stance(&["evaluate", "tiny.csv", "--model", model()]).succeeds();
    run.says(
        "warning: the model was trained on tiny.csv; the figures say nothing about other sentences, use \
         --cv",
    );
}

#[test]
fn rows_without_a_label_are_left_out_of_that_head_only() {
    let folder = Folder::new().file(
        "some.csv",
        "text,stance,sentiment\nThe army shelled the harbour.,hawkish,\nA storm came.,,negative\n\
         The talks resumed.,diplomatic,\n",
    );
    let run =
        folder.stance(&["evaluate", "some.csv", "--model", model(), "--format", "json"]).succeeds();
    let json = run.json();
    assert_eq!((&json["heads"][0]["rows"], &json["heads"][1]["rows"]), (&2.into(), &1.into()));
    run.says("warning: stance: 1 row without a label is left out\nwarning: sentiment: 2 rows without a label are left out");
}

#[test]
fn the_built_in_model_beats_always_saying_the_commonest_label() {
    let folder = Folder::with_tiny();
    let run = folder.stance(&["evaluate", "tiny.csv", "--format", "json"]).succeeds();
    let f1 = run.json()["heads"][0]["macro_f1"]["value"].as_f64().unwrap();
    assert!(TINY.lines().count() == 41 && f1 > 0.17 + 0.3, "{f1}");
}

#[test]
fn a_table_is_read_from_standard_input_too() {
    let arguments = ["evaluate", "-", "--model", model(), "--format", "json"];
    let run = Folder::new().stance_reading(&arguments, OTHER.as_bytes()).succeeds();
    assert_eq!(run.json()["data"][0]["file"], "-");
    let wrong = OTHER.replacen(",diplomatic", ",dovish", 1);
    Folder::new().stance_reading(&arguments, wrong.as_bytes()).fails_saying(
        "stance: -:2: the model does not know the label `dovish` in the column `stance` (1 row); it knows \
         `diplomatic`, `hawkish`, `neutral`",
    );
}
