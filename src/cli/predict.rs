//! `stance predict`: labels sentences.

use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use rayon::prelude::*;
use stance::features::Extractor;
use stance::model::{Classifier, LEAST_KNOWN, Prediction, UNCERTAIN};
use stance::text::sentences;

use super::input::{Document, document};
use super::model::ModelArguments;
use super::output::{Output, say};

/// Label every sentence of articles
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Articles, `-` for standard input
    #[arg(default_value = "-", value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    /// Take each line as one sentence
    #[arg(long)]
    lines: bool,

    /// How to write the rows
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write to a file, whole or not at all, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write `uncertain` for labels below this confidence, and for sentences of which the model knows
    /// hardly a word; `evaluate` shows what a confidence is worth
    #[arg(long, value_name = "P", value_parser = confidence)]
    min_confidence: Option<f32>,

    /// Replace bytes that are not UTF-8 instead of failing
    #[arg(long)]
    lossy: bool,

    #[command(flatten)]
    model: ModelArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Jsonl,
    Json,
    Table,
}

/// A confidence between 0 and 1.
fn confidence(text: &str) -> Result<f32, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "expected a number from 0 to 1".to_owned())
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let model = arguments.model.load()?;
    let mut out = Output::open(arguments.output.as_deref())?;
    let mut writer = csv::Writer::from_writer(&mut out);
    writer.write_record(header(&model))?;
    let (mut all, mut hardly_known) = (0, 0);
    for path in &arguments.inputs {
        let document = document(path, arguments.lossy)?;
        let ranges =
            if arguments.lines { lines(&document.text) } else { sentences(&document.text) };
        let predictions = predict(&model, &document, &ranges);
        all += predictions.iter().flatten().count();
        hardly_known += predictions.iter().flatten().filter(|said| said.is_hardly_known()).count();
        for (number, (range, said)) in ranges.iter().zip(&predictions).enumerate() {
            let said = said.as_ref().map(|said| (said, arguments.min_confidence));
            row(&mut writer, &model, &document, number + 1, range, said)?;
        }
    }
    writer.flush()?;
    drop(writer);
    out.finish()?;
    if hardly_known > 0 {
        let hint = match arguments.min_confidence {
            Some(_) => "they are labelled",
            None => "do not rely on their labels; --min-confidence makes them",
        };
        say(format_args!(
            "warning: the model knows fewer than {LEAST_KNOWN} words or pairs of words of {hardly_known} \
             of {all} sentences; {hint} `{UNCERTAIN}`"
        ));
    }
    Ok(())
}

fn predict(
    model: &Classifier,
    document: &Document,
    ranges: &[Range<usize>],
) -> Vec<Option<Prediction>> {
    ranges
        .par_chunks(64)
        .map_init(
            || model.extractor(),
            |extractor: &mut Extractor, chunk| {
                chunk
                    .iter()
                    .map(|range| {
                        let text = &document.text[range.clone()];
                        (!text.trim().is_empty()).then(|| model.predict(extractor, text))
                    })
                    .collect::<Vec<_>>()
            },
        )
        .flatten_iter()
        .collect()
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let begin = start;
            start += line.len();
            begin..begin + line.trim_end_matches(['\n', '\r']).len()
        })
        .collect()
}

fn header(model: &Classifier) -> Vec<String> {
    let mut columns: Vec<String> =
        ["document", "sentence", "start", "end"].map(str::to_owned).into();
    for (at, head) in model.heads.iter().enumerate() {
        columns.push(head.name.clone());
        columns.push(if at == 0 {
            "confidence".into()
        } else {
            format!("{}_confidence", head.name)
        });
        for label in &head.labels {
            columns.push(if at == 0 && !columns.contains(label) && label != "text" {
                label.clone()
            } else {
                format!("{}_{label}", head.name)
            });
        }
    }
    columns.push("text".into());
    columns
}

fn row<W: Write>(
    writer: &mut csv::Writer<W>,
    model: &Classifier,
    document: &Document,
    number: usize,
    range: &Range<usize>,
    said: Option<(&Prediction, Option<f32>)>,
) -> Result<()> {
    writer.write_field(&document.name)?;
    for value in [number, range.start, range.end] {
        writer.write_field(value.to_string())?;
    }
    for (at, head) in model.heads.iter().enumerate() {
        if let Some((said, least)) = said {
            let uncertain = least.is_some_and(|least| said.is_uncertain(at, least));
            let said = &said.heads[at];
            writer.write_field(if uncertain { UNCERTAIN } else { &head.labels[said.label] })?;
            writer.write_field(format!("{:.4}", said.confidence()))?;
            for p in &said.probabilities {
                writer.write_field(format!("{p:.4}"))?;
            }
        } else {
            for _ in 0..head.labels.len() + 2 {
                writer.write_field("")?;
            }
        }
    }
    writer.write_field(&document.text[range.clone()])?;
    writer.write_record(None::<&[u8]>)?;
    Ok(())
}
