//! The model card: what a model was made of, how, how good it was found to be, and what it cannot do.
//!
//! Markdown. The same training gives the same card: no clock, no machine.

use std::fmt::Write as _;

use super::corpus::Corpus;
use super::report::Report;
use crate::model::{Classifier, FORMAT_VERSION};

/// The first line of every card, by which one is told from a file that someone else wrote.
pub const CARD_MARK: &str = "<!-- model card, written by `stance train` -->";

/// The card of a model that was just trained; `file` is the model's file name, `command` the command
/// that made it.
pub fn card(
    file: &str,
    command: &str,
    model: &Classifier,
    corpus: &Corpus,
    report: &Report,
) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out, file, command, model, corpus, report);
    out
}

fn write(
    out: &mut String,
    file: &str,
    command: &str,
    model: &Classifier,
    corpus: &Corpus,
    report: &Report,
) -> std::fmt::Result {
    let heads: Vec<String> = report.heads.iter().map(|h| format!("`{}`", h.name)).collect();
    writeln!(out, "{CARD_MARK}\n# Model card: {file}\n")?;
    writeln!(
        out,
        "A multinomial logistic regression over named features of one sentence, with a head for each \
         of: {}. Made by stance {}, file format {FORMAT_VERSION}:\n\n    {command}\n",
        heads.join(", "),
        model.facts.program,
    )?;

    writeln!(out, "## Data\n\n| file | SHA-256 |\n| --- | --- |")?;
    for (file, sha256) in corpus.files.iter().zip(&corpus.sha256) {
        writeln!(out, "| {} | {sha256} |", cell(file))?;
    }
    writeln!(
        out,
        "\n{} sentences.\n\n| head | label | rows |\n| --- | --- | ---: |",
        report.sentences
    )?;
    for head in &report.heads {
        for label in &head.labels {
            writeln!(out, "| {} | {} | {} |", cell(&head.name), cell(&label.label), label.rows)?;
        }
    }

    let families: Vec<&str> = model.families.iter().map(|family| family.facts().name).collect();
    writeln!(
        out,
        "\n## Features and parameters\n\n{} different features were met, {} kept. Families: {}.\n",
        report.features_met,
        report.features_kept,
        families.join(", ")
    )?;
    writeln!(out, "| parameter | value |\n| --- | ---: |")?;
    for (name, value) in &model.facts.parameters {
        writeln!(out, "| {} | {} |", cell(name), cell(value))?;
    }

    writeln!(out, "\n## Scores\n")?;
    writeln!(
        out,
        "| head | macro F1 | calibration error before | after | temperature | iterations | \
         gradient norm | weights |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    )?;
    for head in &report.heads {
        let held_out = |of: fn(&super::HeldOut) -> f64| {
            head.held_out.as_ref().map_or_else(|| "-".into(), |held| format!("{:.4}", of(held)))
        };
        writeln!(
            out,
            "| {} | {} | {} | {} | {:.4} | {}{} | {:.1e} | {} |",
            cell(&head.name),
            held_out(|h| h.macro_f1),
            held_out(|h| h.error_before),
            held_out(|h| h.error_after),
            head.temperature,
            head.iterations,
            if head.converged { "" } else { " (not converged)" },
            head.gradient_norm,
            head.confirmation.words(),
        )?;
    }
    writeln!(
        out,
        "\nMacro F1 and calibration error are cross-validated on the training rows; rows of one group \
         or with equal texts are never parted, but the features were chosen on all rows, which makes \
         these figures a little too good. `stance evaluate --cv` measures the whole training, and \
         `stance evaluate` the model on rows that it has not seen."
    )?;
    writeln!(out, "\n## Limits\n")?;
    LIMITS.iter().try_for_each(|limit| writeln!(out, "- {limit}"))
}

/// What no training of this kind of model escapes.
const LIMITS: [&str; 3] = [
    "It judges each sentence alone, by its words: what the sentences around it say does not count, and \
     irony and allusion escape it.",
    "It knows what stood in its training rows. On texts of another kind, time or language expect less; \
     a sentence of which it knows hardly a word gets about the training rows' mix of labels.",
    "Its probabilities hold for texts with the training rows' mix of labels; with another mix they are \
     off.",
];

/// A text that may stand in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Resources;
    use crate::training::{Columns, Counts, TrainParams, train};

    #[test]
    fn a_card_holds_data_parameters_scores_and_limits() {
        let rows = include_str!("../../tests/data/tiny.csv").replace(",neutral,", ",a|b,");
        let corpus =
            Corpus::parse(&[("rows.csv".into(), rows.into())], &Columns::default()).unwrap();
        let (params, counts) = (TrainParams::default(), Counts::default());
        let (model, report) = train(&corpus, &params, &Resources::default(), &counts).unwrap();
        let card = card("m.safetensors", "stance train rows.csv", &model, &corpus, &report);
        assert!(card.starts_with(CARD_MARK));
        for part in [
            "# Model card: m.safetensors\n",
            "\n    stance train rows.csv\n",
            &format!("| rows.csv | {} |\n", corpus.sha256[0]),
            "\n40 sentences.\n",
            "| stance | a\\|b | 12 |\n",
            "Families: word, pair",
            "| l2 | 0.5 |\n",
            "\n| stance | 0.",
            "\n## Limits\n\n- It judges each sentence alone",
        ] {
            assert!(card.contains(part), "{part:?} is not in\n{card}");
        }
    }
}
