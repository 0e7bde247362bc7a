//! `stance suggest`: the sentences most worth labelling next.

use std::path::{Path, PathBuf};

use anyhow::Result;
use stance::model::Classifier;
use stance::text::sentences;
use stance::training::{Columns, Corpus, suggest};

use super::articles::Table;
use super::input;
use super::model::ModelArguments;
use super::output::{Output, say};

/// Pick the sentences most worth labelling next
///
/// Those on which the model hesitates, unlike each other and unlike those that have a label already,
/// as a table with empty label columns: fill them in and give the table to `train`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Texts without labels: articles, or tables whose names end in .csv
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    /// Sentences to pick
    #[arg(long, short, default_value_t = 100, value_name = "N")]
    n: usize,

    /// Column of a table that holds the sentences
    #[arg(long, default_value = "text", value_name = "COLUMN")]
    text: String,

    /// Take each line of an article as one sentence
    #[arg(long)]
    lines: bool,

    /// Labelled table whose sentences are known already; repeat for several
    #[arg(long, value_name = "CSV")]
    known: Vec<PathBuf>,

    /// Add what the model says of each sentence; it tempts people to agree
    #[arg(long)]
    show_guess: bool,

    /// Replace bytes that are not UTF-8 instead of failing
    #[arg(long)]
    lossy: bool,

    /// Write to a file, whole or not at all, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    model: ModelArguments,
}

/// A text without a label, and where it stands.
#[derive(Debug)]
struct Unlabelled {
    text: String,
    place: String,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let model = arguments.model.load()?;
    let mut pool: Vec<Unlabelled> = Vec::new();
    for path in &arguments.inputs {
        let document = input::document(path, arguments.lossy)?;
        let is_table = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
        if is_table {
            let table = Table::read(&document, "--text", &arguments.text, &[])?;
            let rows = table.rows.into_iter();
            pool.extend(rows.map(|row| Unlabelled { text: row.text, place: row.place }));
        } else if arguments.lines {
            for (line, text) in document.text.lines().enumerate() {
                let place = format!("{}:{}", document.name, line + 1);
                pool.push(Unlabelled { text: text.to_owned(), place });
            }
        } else {
            for (sentence, range) in sentences(&document.text).into_iter().enumerate() {
                let text = document.text[range].to_owned();
                pool.push(Unlabelled {
                    text,
                    place: format!("{}#{}", document.name, sentence + 1),
                });
            }
        }
    }
    let known = known(&arguments.known, &arguments.text, &model)?;
    let texts: Vec<&str> = pool.iter().map(|unlabelled| unlabelled.text.as_str()).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let suggestions = suggest(&model, &texts, &known, arguments.n);

    let mut out = Output::open(arguments.output.as_deref())?;
    let mut writer = csv::Writer::from_writer(&mut out);
    let mut header = vec!["text".to_owned()];
    header.extend(model.heads.iter().map(|head| head.name.clone()));
    header.extend(["place".to_owned(), "uncertainty".to_owned()]);
    if arguments.show_guess {
        header.extend(model.heads.iter().map(|head| format!("guess_{}", head.name)));
    }
    writer.write_record(header)?;
    for suggestion in &suggestions {
        let unlabelled = &pool[suggestion.text];
        writer.write_field(unlabelled.text.trim())?;
        for _ in &model.heads {
            writer.write_field("")?;
        }
        writer.write_field(&unlabelled.place)?;
        writer.write_field(format!("{:.4}", suggestion.uncertainty))?;
        if arguments.show_guess {
            for (head, said) in model.heads.iter().zip(&suggestion.prediction.heads) {
                writer.write_field(&head.labels[said.label])?;
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()?;
    drop(writer);
    out.finish()?;
    if suggestions.len() < arguments.n {
        say(format_args!(
            "{} sentences picked of {}: the others are too short, known, or nearly the same as one \
             that is picked",
            suggestions.len(),
            pool.len()
        ));
    }
    Ok(())
}

fn known(paths: &[impl AsRef<Path>], text: &str, model: &Classifier) -> Result<Vec<String>> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let usual = model.heads.iter().map(|head| head.name.clone()).collect();
    let columns = Columns { text: text.to_owned(), labels: Vec::new(), usual };
    let corpus = Corpus::read(paths, &columns)?;
    Ok(corpus.examples.into_iter().map(|example| example.text).collect())
}
