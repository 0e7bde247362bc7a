//! `stance predict`: labels sentences.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::{Result, bail};
use sha2::{Digest as _, Sha256};
use stance::model::{Classifier, to_bytes};

use super::feed::{Feed, Job, OnError, Reading, Wanted};
use super::folder::Folder;
use super::labelling::{self, Worker};
use super::model::ModelArguments;
use super::output::{Output, say};
use super::pipeline::{self, Stages};
use super::progress::Progress;
use super::results::Results;
use super::rows::Format;
use super::walk::{self, Walk};

/// Label every sentence of articles, lines or tables
///
/// Prints one row a sentence. Memory does not grow with the input; a single line, or a record of a
/// table, may be up to 8 MiB long. Inputs that end in .gz or .zst are expanded.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Arguments {
    /// Articles, `-` for standard input; or lines or tables where asked for
    #[arg(default_value = "-", value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    /// Take each line as one sentence
    #[arg(long, conflicts_with_all = ["csv", "jsonl"])]
    lines: bool,

    /// Read CSV tables with the text in this column; all columns are kept
    #[arg(long, value_name = "COLUMN", conflicts_with = "jsonl")]
    csv: Option<String>,

    /// Read lines of JSON objects with the text in this field; all fields are kept
    #[arg(long, value_name = "FIELD")]
    jsonl: Option<String>,

    /// Label the text of a cell as one sentence instead of cutting it into sentences
    #[arg(long)]
    whole: bool,

    /// Read the texts in folders and the folders in them: .txt and .md, .csv with --csv, .jsonl
    /// with --jsonl
    #[arg(short, long)]
    recursive: bool,

    /// How to write the rows [default: table on a terminal, jsonl for --jsonl, else csv]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write to a file, whole or not at all, instead of standard output
    #[arg(short, long, value_name = "FILE", conflicts_with = "output_dir")]
    output: Option<PathBuf>,

    /// Write a file for each input into a folder, each whole or not at all
    #[arg(long, value_name = "FOLDER")]
    output_dir: Option<PathBuf>,

    /// Pass over inputs whose results are in the folder already
    #[arg(long, requires = "output_dir")]
    resume: bool,

    /// Write `uncertain` for labels below this confidence, and for sentences of which the model knows
    /// hardly a word; `evaluate` shows what a confidence is worth
    #[arg(long, value_name = "P", value_parser = confidence)]
    min_confidence: Option<f32>,

    /// Add the N strongest reasons of each label, with what they add to its score, as columns; slower
    #[arg(long, value_name = "N")]
    explain: Option<usize>,

    /// What to do with broken rows and unreadable files
    #[arg(long, value_enum, value_name = "WHAT", default_value = "fail")]
    on_error: OnError,

    /// Replace bytes that are not UTF-8 instead of taking them for an error
    #[arg(long)]
    lossy: bool,

    /// Most bytes that may come out of a compressed input, with K, M, G or T for powers of 1024
    #[arg(long, value_name = "SIZE", default_value = "64G", value_parser = size)]
    max_expanded: u64,

    #[command(flatten)]
    model: ModelArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, threads: usize) -> Result<()> {
    let wanted = arguments.wanted()?;
    let model = arguments.model.load()?;
    let folder = match &arguments.output_dir {
        Some(path) => {
            let run = summary(&wanted, &model)?;
            Some(Folder::open(path, wanted.format, &run, wanted.resume)?)
        }
        None => None,
    };
    let output = match folder {
        Some(_) => None,
        None => Some(Output::open(arguments.output.as_deref())?),
    };
    let walk = arguments.walk()?;
    let read = Arc::new(AtomicU64::new(0));
    let show = std::io::stderr().is_terminal()
        && (arguments.output.is_some() || folder.is_some() || !std::io::stdout().is_terminal());
    let progress = Progress::new(arguments.bytes(), Arc::clone(&read), show);
    let mut feed = Feed::new(&model, &wanted, folder.as_ref(), walk, read);
    let mut results = Results::new(&model, wanted.format, output, progress);
    let worker = Worker::new(&model, wanted.reasons);
    pipeline::run(
        threads,
        Stages {
            make: Job::default,
            fill: |job: &mut Job| feed.fill(job),
            start: || worker.clone(),
            work: |worker: &mut Worker<'_>, job: &mut Job| {
                if let Some(facts) = &job.facts {
                    labelling::label(worker, facts, &job.bytes, &mut job.labelled);
                }
            },
            hand: |job: &mut Job| results.take(job),
        },
    )?;
    results.finish(wanted.min_confidence.is_some())?;
    if feed.passed > 0 {
        say(format_args!("{} inputs had been labelled before", feed.passed));
    }
    Ok(())
}

impl Arguments {
    fn wanted(&self) -> Result<Wanted> {
        let reading = match (&self.csv, &self.jsonl) {
            (Some(column), _) => Reading::Csv(column.clone()),
            (_, Some(field)) => Reading::Jsonl(field.clone()),
            _ if self.lines => Reading::Lines,
            _ => Reading::Articles,
        };
        if self.whole && matches!(reading, Reading::Articles | Reading::Lines) {
            bail!("--whole is for the cells of --csv and --jsonl; --lines takes lines whole");
        }
        let for_people =
            self.output.is_none() && self.output_dir.is_none() && std::io::stdout().is_terminal();
        let format = match self.format {
            Some(format) => format,
            None if for_people => Format::Table,
            None if self.jsonl.is_some() => Format::Jsonl,
            None => Format::Csv,
        };
        Ok(Wanted {
            reading,
            format,
            whole: self.whole,
            lossy: self.lossy,
            on_error: self.on_error,
            min_confidence: self.min_confidence,
            reasons: self.explain,
            most: self.max_expanded,
            resume: self.resume,
        })
    }

    fn walk(&self) -> Result<Walk> {
        let endings = match (&self.csv, &self.jsonl) {
            (Some(_), _) => walk::TABLES,
            (_, Some(_)) => walk::OBJECTS,
            _ => walk::ARTICLES,
        };
        Walk::new(&self.inputs, endings, self.recursive, self.output_dir.as_deref())
    }

    /// How many bytes there are to read, if that can be told.
    fn bytes(&self) -> Option<u64> {
        let sizes = self.inputs.iter().map(|path| match path.metadata() {
            Ok(facts) if facts.is_file() && path != Path::new("-") => Some(facts.len()),
            _ => None,
        });
        sizes.sum()
    }
}

/// What shapes the results, in one line.
fn summary(wanted: &Wanted, model: &Classifier) -> Result<String> {
    let digest = Sha256::digest(to_bytes(model)?);
    let number = digest.first_chunk().map_or(0, |start| u64::from_be_bytes(*start));
    let reading = match &wanted.reading {
        Reading::Articles => "articles".to_owned(),
        Reading::Lines => "lines".to_owned(),
        Reading::Csv(column) => format!("csv {column:?}"),
        Reading::Jsonl(field) => format!("jsonl {field:?}"),
    };
    let whole = if wanted.whole { " whole" } else { "" };
    let lossy = if wanted.lossy { " lossy" } else { "" };
    let least = wanted.min_confidence.map_or_else(String::new, |p| format!(" from {p}"));
    let reasons = wanted.reasons.map_or_else(String::new, |n| format!(" with {n} reasons"));
    let version = env!("CARGO_PKG_VERSION");
    Ok(format!(
        "stance {version} {reading}{whole}{lossy}{least}{reasons} to {} by model {number:016x}",
        wanted.format.ending()
    ))
}

/// A confidence between 0 and 1.
fn confidence(text: &str) -> Result<f32, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "expected a number from 0 to 1".to_owned())
}

/// A number of bytes: `65536`, `64K`, `16G`.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not a size like 65536, 512M or 16G");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 0,
        "K" | "KB" | "KIB" => 10,
        "M" | "MB" | "MIB" => 20,
        "G" | "GB" | "GIB" => 30,
        "T" | "TB" | "TIB" => 40,
        _ => return Err(wrong()),
    };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(1 << shift).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(size("65536"), Ok(65536));
        assert_eq!(size("2K"), Ok(2048));
        assert_eq!(size("3GiB"), Ok(3 << 30));
        for wrong in ["", "G", "-1", "1.5G", "1X", "99999999T"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
