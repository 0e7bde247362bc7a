use crate::harness::Folder;

const LINES: &[u8] = b"The army launched an attack on the border town.\n\
                       The ministers said that the talks had been long.\n\
                       Asdf qwer zxcv.\n";

#[test]
fn labels_below_the_confidence_become_uncertain_and_probabilities_stay() {
    let folder = Folder::new();
    let all = folder.stance_reading(&["predict", "--lines"], LINES).succeeds().rows();
    let confidence: Vec<f64> = all.iter().map(|row| row["confidence"].parse().unwrap()).collect();
    let least = f64::midpoint(confidence[0], confidence[1]).to_string();
    let run = folder.stance_reading(&["predict", "--lines", "--min-confidence", &least], LINES);
    let some = run.succeeds().rows();
    for (at, (before, after)) in all.iter().zip(&some).enumerate() {
        let sure = at < 2 && confidence[at] >= least.parse().unwrap();
        let expected = if sure { before["stance"].as_str() } else { "uncertain" };
        assert_eq!(after["stance"], expected, "{after:?}");
        for column in ["confidence", "diplomatic", "hawkish", "neutral", "sentiment_positive"] {
            assert_eq!(before[column], after[column]);
        }
    }
}

#[test]
fn each_head_is_uncertain_by_its_own_confidence() {
    let run =
        Folder::new().stance_reading(&["predict", "--lines", "--min-confidence", "0.9"], LINES);
    for row in run.succeeds().rows().iter().take(2) {
        for (head, confidence) in [("stance", "confidence"), ("sentiment", "sentiment_confidence")]
        {
            let below = row[confidence].parse::<f64>().unwrap() < 0.9;
            assert_eq!(row[head] == "uncertain", below, "{row:?}");
        }
    }
}

#[test]
fn a_sentence_of_which_hardly_a_word_is_known_is_counted_and_not_relied_on() {
    let folder = Folder::new();
    let run = folder.stance_reading(&["predict", "--lines"], LINES).succeeds();
    assert_ne!(run.rows()[2]["stance"], "uncertain");
    run.says(
        "warning: the model knows fewer than 3 words or pairs of words of 1 of 3 sentences; do not rely \
         on their labels; --min-confidence makes them `uncertain`",
    );
    let run = folder.stance_reading(&["predict", "--lines", "--min-confidence", "0"], LINES);
    let run = run.succeeds();
    assert_eq!(run.rows()[2]["stance"], "uncertain");
    run.says(
        "warning: the model knows fewer than 3 words or pairs of words of 1 of 3 sentences; they are \
         labelled `uncertain`",
    );
}

#[test]
fn a_confidence_is_a_number_from_0_to_1() {
    for wrong in ["1.1", "-0.1", "high", "NaN"] {
        let confidence = format!("--min-confidence={wrong}");
        let run = Folder::new().stance(&["predict", &confidence]);
        run.refuses_usage("expected a number from 0 to 1");
    }
}
