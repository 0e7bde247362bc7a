//! `stance evaluate`: measures a model, or its training, on labelled sentences.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;
use stance::evaluation::assessment::{Assessment, Draws, Measured, Summary};
use stance::training::{Columns, Corpus, Warning, cross_validate, judge};

use super::model::ModelArguments;
use super::output::{Output, say};
use super::table::{UNDEFINED, long, short, table};
use super::train::{ColumnArguments, KnowledgeArguments, ParamArguments, read, warn};

/// Measure a model on labelled sentences, or with --cv the training itself
///
/// Precision, recall and F1 of every label, macro and weighted F1 and accuracy with 95 % confidence
/// intervals, the confusion matrix, calibration, and accuracy at falling coverage, from which to
/// choose a --min-confidence for `predict`; where there is a column `source`, the figures of each.
#[derive(Debug, clap::Args)]
#[command(mut_group("ParamArguments", |group| group.requires("cv")))]
#[command(mut_group("KnowledgeArguments", |group| group.requires("cv")))]
pub(crate) struct Arguments {
    /// Tables with a text column and label columns, `-` for standard input
    #[arg(required = true, value_name = "CSV")]
    inputs: Vec<PathBuf>,

    /// Part the rows into K folds and judge each by a model trained on the others; no --model is used
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(2..))]
    cv: Option<u32>,

    /// Draws of the bootstrap that gives the confidence intervals, 0 for none
    #[arg(long, default_value_t = 1000, value_name = "N")]
    resamples: usize,

    /// How to write the figures
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,

    #[command(flatten)]
    columns: ColumnArguments,

    #[command(flatten)]
    model: ModelArguments,

    #[command(flatten)]
    params: ParamArguments,

    #[command(flatten)]
    knowledge: KnowledgeArguments,
}

/// How `evaluate` and `inspect` write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// Everything, nested
    Json,
    /// One figure a row
    Csv,
}

#[derive(Serialize)]
struct Evaluation {
    /// `None` in cross-validation.
    model: Option<String>,
    folds: Option<u32>,
    data: Vec<Data>,
    heads: Vec<Assessment>,
}

#[derive(Serialize)]
struct Data {
    file: String,
    sha256: String,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let evaluation = match arguments.cv {
        Some(folds) => arguments.cross_validate(folds)?,
        None => arguments.measure()?,
    };
    let mut out = Output::open(None)?;
    match arguments.format {
        Format::Table => out.write_all(in_words(&evaluation).as_bytes())?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &evaluation)?;
            writeln!(out)?;
        }
        Format::Csv => in_rows(&evaluation, &mut out)?,
    }
    out.finish()
}

impl Arguments {
    fn measure(&self) -> Result<Evaluation> {
        let model = self.model.load()?;
        let usual = model.heads.iter().map(|head| head.name.clone()).collect();
        let mut corpus = read(&self.inputs, &Columns { usual, ..self.columns.columns() })?;
        for (file, sha256) in corpus.files.iter().zip(&corpus.sha256) {
            if model.facts.data_sha256.contains(sha256) {
                say(format_args!(
                    "warning: the model was trained on {file}; the figures say nothing about other \
                     sentences, use --cv"
                ));
            }
        }
        // A label of one row is nothing to a model that is trained already.
        corpus.warnings.retain(|warning| matches!(warning, Warning::Unlabelled { .. }));
        warn(&corpus.warnings);
        let heads = judge(&model, &corpus)?
            .iter()
            .zip(&corpus.heads)
            .filter_map(|(rows, (name, _))| {
                let labels = &model.heads.iter().find(|head| head.name == *name)?.labels;
                Some(Assessment::of(name, labels, rows, self.draws()))
            })
            .collect();
        Ok(Evaluation { model: Some(self.model.name()), folds: None, data: data(&corpus), heads })
    }

    fn cross_validate(&self, folds: u32) -> Result<Evaluation> {
        let corpus = read(&self.inputs, &self.columns.columns())?;
        warn(&corpus.warnings);
        let (resources, counts) = self.knowledge.load(&corpus.heads)?;
        let params = self.params.params(&resources.lexicon)?;
        let judged = cross_validate(&corpus, &params, &resources, &counts, folds as usize, |_| ())?;
        for (fold, warning) in &judged.warnings {
            say(format_args!("warning: fold {fold}: {warning}"));
        }
        let heads = judged
            .heads
            .iter()
            .zip(&corpus.heads)
            .map(|(rows, (name, labels))| Assessment::of(name, labels, rows, self.draws()))
            .collect();
        Ok(Evaluation { model: None, folds: Some(folds), data: data(&corpus), heads })
    }

    fn draws(&self) -> Draws {
        Draws { resamples: self.resamples, seed: self.params.seed() }
    }
}

fn data(corpus: &Corpus) -> Vec<Data> {
    corpus
        .files
        .iter()
        .zip(&corpus.sha256)
        .map(|(file, sha256)| Data { file: file.clone(), sha256: sha256.clone() })
        .collect()
}

fn in_words(evaluation: &Evaluation) -> String {
    let files: Vec<&str> = evaluation.data.iter().map(|data| data.file.as_str()).collect();
    let files = files.join(", ");
    let mut out = match (&evaluation.model, evaluation.folds) {
        (Some(model), _) => format!("{model} on {files}\n"),
        (None, folds) => format!("training on {files}, {}-fold\n", folds.unwrap_or_default()),
    };
    for head in &evaluation.heads {
        // Writing to a string cannot fail.
        let _ = head_in_words(&mut out, head);
    }
    out
}

fn head_in_words(out: &mut String, head: &Assessment) -> std::fmt::Result {
    let labels: Vec<&str> = head.labels.iter().map(|label| label.label.as_str()).collect();
    writeln!(out, "\n{}: {} rows\n", head.head, head.rows)?;
    let rows = head.labels.iter().map(|label| {
        vec![
            label.label.clone(),
            label.rows.to_string(),
            label.predicted.to_string(),
            with_interval(label.precision),
            with_interval(label.recall),
            with_interval(label.f1),
        ]
    });
    let header = ["label", "rows", "predicted", "precision", "recall", "F1"];
    writeln!(out, "{}", table(&header, 1, rows))?;

    let rows = [
        ("accuracy", head.accuracy),
        ("macro F1", head.macro_f1),
        ("weighted F1", head.weighted_f1),
    ];
    let rows = rows.map(|(name, value)| vec![name.to_owned(), with_interval(value)]);
    writeln!(out, "{}", table(&["all labels", "95 % interval"], 1, rows))?;

    let mut header = vec!["truth \\ predicted"];
    header.extend(&labels);
    let rows = head.confusion.iter().zip(&labels).map(|(counts, label)| {
        std::iter::once((*label).to_owned()).chain(counts.iter().map(u64::to_string)).collect()
    });
    writeln!(out, "{}", table(&header, 1, rows))?;

    writeln!(
        out,
        "calibration error {}, without the temperature {}\n",
        short(head.calibration_error),
        short(head.calibration_error_before)
    )?;
    let rows = head.reliability.iter().filter(|bin| bin.rows > 0).map(|bin| {
        vec![
            format!("{:.1} to {:.1}", bin.from, bin.to),
            bin.rows.to_string(),
            short(bin.confidence),
            short(bin.accuracy),
        ]
    });
    writeln!(out, "{}", table(&["confidence", "rows", "mean", "accuracy"], 1, rows))?;

    let rows = head.coverage.iter().map(|at| {
        // Rounded down, so that it keeps the rows that it is said to keep.
        let threshold = (at.min_confidence * 1e4).floor() / 1e4;
        vec![
            format!("{threshold:.4}"),
            format!("{:.1} %", 100.0 * at.share),
            short(Some(at.accuracy)),
        ]
    });
    write!(out, "{}", table(&["--min-confidence", "rows kept", "accuracy"], 0, rows))?;

    if !head.sources.is_empty() {
        write!(out, "\n{}", summaries("source", &labels, &head.sources))?;
    }
    if let Some(spread) = &head.folds {
        let mut rows = spread.folds.clone();
        rows.extend([spread.mean.clone(), spread.deviation.clone()]);
        write!(out, "\n{}", summaries("fold", &labels, &rows))?;
    }
    Ok(())
}

fn summaries(name: &str, labels: &[&str], rows: &[Summary]) -> String {
    let mut header: Vec<String> =
        [name, "rows", "accuracy", "macro F1", "weighted F1", "calibration error"]
            .map(str::to_owned)
            .into();
    header.extend(labels.iter().map(|label| format!("F1 {label}")));
    let rows = rows.iter().map(|row| {
        let mut cells = vec![row.name.clone(), rows_of(row)];
        cells.extend(figures(row).map(|(_, value)| short(value)));
        cells.extend(row.f1.iter().map(|&value| short(value)));
        cells
    });
    table(&header, 1, rows)
}

/// Rows have no deviation.
fn rows_of(row: &Summary) -> String {
    if row.name == "deviation" { UNDEFINED.to_owned() } else { row.rows.to_string() }
}

fn figures(row: &Summary) -> [(&'static str, Option<f64>); 4] {
    [
        ("accuracy", row.accuracy),
        ("macro_f1", row.macro_f1),
        ("weighted_f1", row.weighted_f1),
        ("calibration_error", row.calibration_error),
    ]
}

fn with_interval(measured: Measured) -> String {
    match measured.interval {
        Some(i) => format!("{} ({:.3} to {:.3})", short(measured.value), i.low, i.high),
        None => short(measured.value),
    }
}

/// Writes one figure a row: `head, part, label, measure, value, low, high`.
fn in_rows(evaluation: &Evaluation, out: &mut Output) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["head", "part", "label", "measure", "value", "low", "high"])?;
    for head in &evaluation.heads {
        for row in head_in_rows(head) {
            writer.write_record(&row)?;
        }
    }
    writer.flush()?;
    Ok(())
}

fn head_in_rows(head: &Assessment) -> Vec<[String; 7]> {
    let mut out: Vec<[String; 7]> = Vec::new();
    let mut row = |part: &str, label: &str, measure: &str, value: String, limits: [String; 2]| {
        let [low, high] = limits;
        let text = str::to_owned;
        out.push([text(&head.head), text(part), text(label), text(measure), value, low, high]);
    };
    let none = || [String::new(), String::new()];
    let limits = |measured: Measured| {
        let i = measured.interval;
        [long(i.map(|i| i.low)), long(i.map(|i| i.high))]
    };
    for label in &head.labels {
        row("all", &label.label, "rows", label.rows.to_string(), none());
        row("all", &label.label, "predicted", label.predicted.to_string(), none());
        let measures = [("precision", label.precision), ("recall", label.recall), ("f1", label.f1)];
        for (name, value) in measures {
            row("all", &label.label, name, long(value.value), limits(value));
        }
    }
    row("all", "", "rows", head.rows.to_string(), none());
    let measures = [
        ("accuracy", head.accuracy),
        ("macro_f1", head.macro_f1),
        ("weighted_f1", head.weighted_f1),
    ];
    for (name, value) in measures {
        row("all", "", name, long(value.value), limits(value));
    }
    row("all", "", "calibration_error", long(head.calibration_error), none());
    let before = long(head.calibration_error_before);
    row("all", "", "calibration_error_before", before, none());
    for (truth, counts) in head.labels.iter().zip(&head.confusion) {
        for (predicted, count) in head.labels.iter().zip(counts) {
            let measure = format!("predicted:{}", predicted.label);
            row("confusion", &truth.label, &measure, count.to_string(), none());
        }
    }
    for bin in &head.reliability {
        let part = format!("confidence:{:.1}-{:.1}", bin.from, bin.to);
        row(&part, "", "rows", bin.rows.to_string(), none());
        row(&part, "", "confidence", long(bin.confidence), none());
        row(&part, "", "accuracy", long(bin.accuracy), none());
    }
    for at in &head.coverage {
        let part = format!("coverage:{:.4}", at.share);
        row(&part, "", "min_confidence", long(Some(at.min_confidence)), none());
        row(&part, "", "accuracy", long(Some(at.accuracy)), none());
    }
    let mut slices: Vec<(String, &Summary)> =
        head.sources.iter().map(|s| (format!("source:{}", s.name), s)).collect();
    if let Some(spread) = &head.folds {
        slices.extend(spread.folds.iter().map(|s| (format!("fold:{}", s.name), s)));
        slices.extend([("folds:mean".into(), &spread.mean)]);
        slices.extend([("folds:deviation".into(), &spread.deviation)]);
    }
    for (part, slice) in slices {
        row(&part, "", "rows", rows_of(slice), none());
        for (name, value) in figures(slice) {
            row(&part, "", name, long(value), none());
        }
        for (label, &f1) in head.labels.iter().zip(&slice.f1) {
            row(&part, &label.label, "f1", long(f1), none());
        }
    }
    out
}
