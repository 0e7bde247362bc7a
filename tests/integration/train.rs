use crate::harness::{Folder, TINY};

const TRAIN: [&str; 4] = ["train", "tiny.csv", "--output", "m.safetensors"];

#[test]
fn training_twice_gives_the_same_bytes_at_any_number_of_threads() {
    let folder = Folder::with_tiny();
    folder.stance(&TRAIN).succeeds();
    let (model, card) = (folder.read("m.safetensors"), folder.read("m.md"));
    folder.stance(&TRAIN).succeeds();
    assert!(model == folder.read("m.safetensors"));
    assert!(card == folder.read("m.md"));
    folder.stance(&[&TRAIN[..], &["--threads", "1"]].concat()).succeeds();
    assert!(model == folder.read("m.safetensors"));
}

#[test]
fn rows_in_another_order_give_the_same_labels() {
    let (header, rows) = TINY.split_once('\n').unwrap();
    let mut turned: Vec<&str> = rows.lines().collect();
    turned.reverse();
    let folder =
        Folder::with_tiny().file("turned.csv", format!("{header}\n{}\n", turned.join("\n")));
    folder.stance(&TRAIN).succeeds();
    folder.stance(&["train", "turned.csv", "--output", "turned.safetensors"]).succeeds();
    let texts = turned.join("\n");
    let predict = |model: &str| {
        let run = folder
            .stance_reading(&["predict", "--lines", "-", "--model", model], texts.as_bytes())
            .succeeds();
        run.rows()
            .iter()
            .map(|row| (row["stance"].clone(), row["sentiment"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(predict("m.safetensors"), predict("turned.safetensors"));
}

#[test]
fn a_trained_model_labels_its_own_sentences_right() {
    let folder = Folder::with_tiny();
    folder.stance(&TRAIN).succeeds();
    let run =
        folder.stance(&["evaluate", "tiny.csv", "--model", "m.safetensors", "--format", "json"]);
    let accuracy = run.succeeds().json()["heads"][0]["accuracy"]["value"].as_f64().unwrap();
    assert!(accuracy > 0.95, "{accuracy}");
}

#[test]
fn the_report_is_a_table_on_standard_error_and_nothing_on_standard_output() {
    let folder = Folder::with_tiny();
    let run = folder.stance(&TRAIN).succeeds();
    assert_eq!(run.stdout, "", "{run}");
    let expected = [
        "40 sentences, ",
        " features met, ",
        "\nstance\nlabels                     diplomatic 14, hawkish 14, neutral 12\n",
        "\nsentiment\nlabels                     negative 13, neutral 15, positive 12\n",
        ", converged\n",
        "confirmed by linfa-logistic",
        "macro F1, cross-validated  0.",
        "wrote m.safetensors and m.md\n",
    ];
    for part in expected {
        assert!(run.stderr.contains(part), "{part:?} is not in\n{run}");
    }
}

#[test]
fn the_report_is_json_on_standard_output_where_asked_for() {
    let folder = Folder::with_tiny();
    let run = folder.stance(&[&TRAIN[..], &["--json"]].concat()).succeeds();
    let report = run.json();
    assert_eq!(report["sentences"], 40);
    assert_eq!(report["heads"][0]["name"], "stance");
    let label = serde_json::json!({ "label": "diplomatic", "rows": 14 });
    assert_eq!(report["heads"][0]["labels"][0], label);
    assert_eq!(report["heads"][0]["confirmation"], "linfa");
    assert_eq!(report["heads"][1]["converged"], true);
    run.says("wrote m.safetensors and m.md");
}

#[test]
fn what_did_not_converge_is_warned_of_and_the_model_is_written() {
    let folder = Folder::with_tiny();
    let run =
        folder.stance(&[&TRAIN[..], &["--max-iterations", "1", "--json"]].concat()).succeeds();
    assert!(
        run.stderr.starts_with("warning: stance: not converged after 1 iterations, gradient norm ")
    );
    assert_eq!(run.json()["heads"][0]["converged"], false);
    assert!(folder.names().contains(&"m.safetensors".to_owned()));
}

#[test]
fn linfa_is_left_out_over_the_memory_budget_and_where_rows_are_weighted() {
    let confirmation = |folder: &Folder, more: &[&str]| {
        let run = folder.stance(&[&TRAIN[..], &["--json"], more].concat()).succeeds();
        run.json()["heads"][0]["confirmation"].as_str().unwrap().to_owned()
    };
    let folder = Folder::with_tiny();
    assert_eq!(confirmation(&folder, &["--dense-budget", "0"]), "over-budget");
    let weighted: Vec<String> = TINY
        .lines()
        .enumerate()
        .map(|(at, line)| format!("{},{line}", if at == 0 { "weight" } else { "2" }))
        .collect();
    let weighted = weighted.join("\n");
    let folder = Folder::new().file("tiny.csv", weighted);
    assert_eq!(confirmation(&folder, &[]), "weighted");
}

#[test]
fn the_card_says_what_the_model_was_made_of_and_how() {
    let folder = Folder::with_tiny();
    folder.stance(&TRAIN).succeeds();
    let card = String::from_utf8(folder.read("m.md")).unwrap();
    for part in [
        "# Model card: m.safetensors",
        "    stance train tiny.csv --output m.safetensors",
        "| stance | diplomatic | 14 |",
        "| l2 | ",
        "## Limits",
    ] {
        assert!(card.contains(part), "{part:?} is not in\n{card}");
    }
}

#[test]
fn no_card_is_written_where_none_is_wanted() {
    let folder = Folder::with_tiny();
    folder.stance(&[&TRAIN[..], &["--no-card"]].concat()).succeeds();
    assert_eq!(folder.names(), ["m.safetensors", "tiny.csv"]);
}

#[test]
fn a_file_that_is_no_card_is_not_replaced_by_one() {
    let folder = Folder::with_tiny().file("README.md", "mine");
    folder.stance(&["train", "tiny.csv", "--output", "README"]).fails_saying(
        "stance: README.md is where the model card goes, but holds something else; rename it, or use \
         another --output or --no-card",
    );
    folder.stance(&["train", "tiny.csv", "--output", "m.md"]).fails_saying(
        "stance: m.md is where the model card goes; end the model's name in .safetensors or use \
         --no-card",
    );
    assert_eq!(folder.read("README.md"), b"mine");
    assert_eq!(folder.names(), ["README.md", "tiny.csv"]);
}

#[test]
fn the_folder_of_the_usual_output_is_made() {
    let folder = Folder::with_tiny();
    folder.stance(&["train", "tiny.csv"]).succeeds();
    assert!(folder.path("models/stance.safetensors").exists());
    assert!(folder.path("models/stance.md").exists());
}

#[test]
fn other_label_columns_make_heads_of_their_own() {
    let table = TINY.replacen("stance,sentiment", "side,mood", 1);
    let folder = Folder::new().file("tiny.csv", table);
    folder.stance(&[&TRAIN[..], &["--label", "side"]].concat()).succeeds();
    let run = folder
        .stance_reading(&["predict", "--model", "m.safetensors"], b"The army shelled the harbour.")
        .succeeds();
    assert_eq!(run.rows()[0]["side"], "hawkish", "{run}");
}

#[test]
fn counts_teach_a_model_words_that_its_rows_lack() {
    let mut counts = String::from("term,stance:diplomatic,stance:hawkish,stance:neutral\n");
    counts += "*,500,500,500\nword:armi,1,90,1\nword:talk,90,1,1\nword:tank,1,90,1\n";
    let folder = Folder::with_tiny().file("counts.csv", counts);
    let arguments = [&TRAIN[..], &["--label", "stance", "--counts", "counts.csv"]].concat();
    folder.stance(&arguments).succeeds();
    let run = folder.stance(&["inspect", "m.safetensors", "--term", "tanks", "--format", "csv"]);
    let rows = run.succeeds().rows();
    let word = rows.iter().find(|row| row["feature"] == "word:tank").unwrap();
    let weight = |label: &str| word[label].parse::<f64>().unwrap();
    assert!(weight("stance:hawkish") > 0.0 && weight("stance:neutral") < 0.0, "{word:?}");
}

#[test]
fn an_unknown_family_is_refused_with_the_known_ones() {
    let folder = Folder::with_tiny();
    let run = folder.stance(&[&TRAIN[..], &["--only", "words"]].concat());
    assert!(
        run.stderr.starts_with("stance: unknown family of features `words`; known are word, pair"),
        "{run}"
    );
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_parameter_out_of_range_is_refused_with_its_range() {
    let folder = Folder::with_tiny();
    for (flag, value, said) in [
        ("--l2", "0", "stance: l2 must be a number above 0, but is 0"),
        ("--max-features", "0", "stance: max-features must be at least 1, but is 0"),
        ("--min-df", "0", "stance: min-df must be at least 1, but is 0"),
    ] {
        folder.stance(&[&TRAIN[..], &[flag, value]].concat()).fails_saying(said);
    }
    folder.stance(&[&TRAIN[..], &["--min-df", "many"]].concat()).refuses_usage("--min-df <N>");
    assert_eq!(folder.names(), ["tiny.csv"]);
}
