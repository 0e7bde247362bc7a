use crate::harness::{Folder, tiny_model};

fn model() -> &'static str {
    tiny_model().to_str().unwrap()
}

#[test]
fn a_model_says_what_it_is_and_what_it_was_trained_on() {
    let run = Folder::new().stance(&["inspect", model()]).succeeds();
    for part in [
        "format version  1\n",
        concat!("trained by      stance ", env!("CARGO_PKG_VERSION"), "\n"),
        "sentences       40\n",
        "data SHA-256    ",
        "l2 0.",
        "head            stance: diplomatic, hawkish, neutral; temperature ",
        "head            sentiment: negative, neutral, positive; temperature ",
        "\nfamily       features  holds\n",
        "\nstance: diplomatic ",
        "\nsentiment: positive ",
    ] {
        assert!(run.stdout.contains(part), "{part:?} is not in\n{run}");
    }
    assert_eq!(run.stderr, "", "{run}");
}

#[test]
fn the_strongest_terms_of_a_label_stand_in_falling_order_of_weight() {
    let run = Folder::new().stance(&["inspect", model(), "--terms", "5", "--format", "json"]);
    let json = run.succeeds().json();
    for label in json["heads"][0]["labels"].as_array().unwrap() {
        let strongest = label["strongest"].as_array().unwrap();
        let weights: Vec<f64> = strongest.iter().map(|s| s["weight"].as_f64().unwrap()).collect();
        assert!(weights.len() == 5 && weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
    }
    assert_eq!(
        json["features"],
        json["families"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["features"].as_u64().unwrap())
            .sum::<u64>()
    );
}

#[test]
fn a_term_is_stemmed_and_shown_with_the_weights_of_every_feature_it_makes() {
    let run = Folder::new()
        .stance(&["inspect", model(), "--term", "peace talks", "--format", "csv"])
        .succeeds();
    let rows = run.rows();
    let of = |feature: &str| {
        rows.iter()
            .find(|row| row["feature"] == feature)
            .unwrap_or_else(|| panic!("{feature} is not in\n{run}"))
    };
    for feature in ["word:peac", "word:talk", "pair:peac talk"] {
        assert_eq!(
            (of(feature)["term"].as_str(), of(feature)["times"].as_str()),
            ("peace talks", "1")
        );
    }
    assert!(of("word:talk")["stance:diplomatic"].parse::<f64>().unwrap() > 0.0, "{run}");
    assert_eq!(of("word:talk")["document_frequency"], "4", "{run}");
    assert!(!run.stdout.contains("parties:"), "what every sentence has is not the term's\n{run}");
}

#[test]
fn what_the_model_does_not_know_of_a_term_is_a_dash() {
    let run = Folder::new().stance(&["inspect", model(), "--term", "zyzzyva"]).succeeds();
    let lines: Vec<&str> = run.stdout.lines().filter(|l| l.starts_with("word:zyzzyva")).collect();
    assert_eq!(lines.len(), 2, "{run}");
    assert!(lines[0].ends_with(" -        -        -"), "{run}");
}

#[test]
fn several_terms_can_be_asked_for() {
    let run = Folder::new()
        .stance(&["inspect", model(), "--term", "truce", "--term", "army", "--format", "json"])
        .succeeds();
    let json = run.json();
    assert_eq!(
        (&json["terms"][0]["term"], &json["terms"][1]["term"]),
        (&"truce".into(), &"army".into())
    );
}

#[test]
fn the_model_comes_from_the_environment_or_is_the_built_in_one() {
    let run = Folder::new().stance(&["inspect", "--terms", "0"]).succeeds();
    run.prints("built-in model\n");
}
