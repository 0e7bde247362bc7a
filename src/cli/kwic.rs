//! `stance kwic`: a term in its context, with the labels of its sentences.

use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::ValueEnum;
use serde::Serialize;
use stance::model::{Classifier, Prediction};
use stance::report::{looks, visible};
use stance::text::{Pattern, Token, tokens};

use super::articles::{Article, ArticleArguments};
use super::model::ModelArguments;
use super::output::{Output, say};
use super::terminal::{self, ColorArguments, Styled};

/// Show a term in its context, with the label of each sentence
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Words in a row, in any case; `*` stands for any letters: "peace talks", "negotiat*"
    #[arg(value_name = "TERM")]
    term: String,

    #[command(flatten)]
    articles: ArticleArguments,

    /// Words shown on either side
    #[arg(long, default_value_t = 10, value_name = "N")]
    window: usize,

    /// How to write them [default: table on a terminal, else csv]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write to a file, whole or not at all, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    color: ColorArguments,

    #[command(flatten)]
    model: ModelArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Jsonl,
    Table,
}

/// One place where the term stands.
#[derive(Debug, Serialize)]
struct Line<'a> {
    document: &'a str,
    sentence: usize,
    start: usize,
    end: usize,
    before: String,
    term: &'a str,
    after: String,
    labels: Vec<LabelOfHead<'a>>,
}

#[derive(Debug, Clone, Serialize)]
struct LabelOfHead<'a> {
    head: &'a str,
    label: &'a str,
    confidence: f32,
    #[serde(skip)]
    number: usize,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let Some(pattern) = Pattern::new(&arguments.term) else {
        bail!("`{}` holds no word to look for", arguments.term);
    };
    let model = arguments.model.load()?;
    let articles = arguments.articles.read()?;
    let output = arguments.output.as_deref();
    let mut out = Output::open(output)?;
    let default = if terminal::is_read(output) { Format::Table } else { Format::Csv };
    let totals = match arguments.format.unwrap_or(default) {
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(&mut out);
            writer.write_record(header(&model))?;
            let totals = each_line(articles, arguments.window, &model, &pattern, |line| {
                write_csv(&mut writer, line)
            })?;
            writer.flush()?;
            totals
        }
        Format::Jsonl => each_line(articles, arguments.window, &model, &pattern, |line| {
            serde_json::to_writer(&mut out, line)?;
            Ok(out.write_all(b"\n")?)
        })?,
        Format::Table => {
            let color = arguments.color.wanted(output);
            each_line(articles, arguments.window, &model, &pattern, |line| {
                write_row(&mut out, &model, line, color)
            })?
        }
    };
    out.finish()?;
    totals.say(&arguments.term, &model);
    Ok(())
}

/// Gives every place of the term to `write`.
fn each_line(
    articles: impl Iterator<Item = Result<Article>>,
    window: usize,
    model: &Classifier,
    pattern: &Pattern,
    mut write: impl FnMut(&Line<'_>) -> Result<()>,
) -> Result<Totals> {
    let mut totals = Totals::new(model);
    let mut extractor = model.extractor();
    for article in articles {
        let article = article?;
        let mut last: Option<usize> = None;
        let mut labels: Vec<LabelOfHead<'_>> = Vec::new();
        for place in find(&article.text, &article.sentences, pattern) {
            let sentence = place.sentence;
            if last != Some(sentence) {
                let text = &article.text[article.sentences[sentence].clone()];
                labels = labels_of(model, &model.predict(&mut extractor, text));
                totals.count_sentence(&labels);
                last = Some(sentence);
            }
            totals.places += 1;
            write(&Line {
                document: &article.name,
                sentence: sentence + 1,
                start: place.term.start,
                end: place.term.end,
                before: context(&article.text, &article.sentences, &place, window, true),
                term: &article.text[place.term.clone()],
                after: context(&article.text, &article.sentences, &place, window, false),
                labels: labels.clone(),
            })?;
        }
    }
    Ok(totals)
}

/// A place of the term in a document.
#[derive(Debug)]
struct Found {
    sentence: usize,
    /// Bytes of the document.
    term: Range<usize>,
}

fn find(text: &str, ranges: &[Range<usize>], pattern: &Pattern) -> Vec<Found> {
    let mut found = Vec::new();
    for (sentence, range) in ranges.iter().enumerate() {
        let all: Vec<Token<'_>> = tokens(&text[range.clone()]).collect();
        let terms: Vec<_> = all.iter().map(Token::term).collect();
        for place in pattern.find(&terms) {
            let start = range.start + all[place.start].start;
            let end = range.start + all[place.end - 1].end();
            found.push(Found { sentence, term: start..end });
        }
    }
    found
}

/// The words before or behind a place, over the borders of sentences, with single spaces between.
fn context(
    text: &str,
    ranges: &[Range<usize>],
    place: &Found,
    window: usize,
    before: bool,
) -> String {
    let begin = ranges.first().map_or(0, |range| range.start);
    let end = ranges.last().map_or(text.len(), |range| range.end);
    if before {
        let words: Vec<&str> =
            text[begin..place.term.start].split_whitespace().rev().take(window).collect();
        words.into_iter().rev().collect::<Vec<_>>().join(" ")
    } else {
        let words: Vec<&str> = text[place.term.end..end].split_whitespace().take(window).collect();
        words.join(" ")
    }
}

fn labels_of<'a>(model: &'a Classifier, said: &Prediction) -> Vec<LabelOfHead<'a>> {
    model
        .heads
        .iter()
        .zip(&said.heads)
        .map(|(head, said)| LabelOfHead {
            head: &head.name,
            label: &head.labels[said.label],
            confidence: said.confidence(),
            number: said.label,
        })
        .collect()
}

fn header(model: &Classifier) -> Vec<String> {
    let fixed = ["document", "sentence", "start", "end", "before", "term", "after"];
    let mut header: Vec<String> = fixed.map(str::to_owned).into();
    for (at, head) in model.heads.iter().enumerate() {
        header.push(head.name.clone());
        header.push(match at {
            0 => "confidence".into(),
            _ => format!("{}_confidence", head.name),
        });
    }
    header
}

fn write_csv(writer: &mut csv::Writer<impl Write>, line: &Line<'_>) -> Result<()> {
    writer.write_field(line.document)?;
    for number in [line.sentence, line.start, line.end] {
        writer.write_field(number.to_string())?;
    }
    for text in [line.before.as_str(), line.term, line.after.as_str()] {
        writer.write_field(text)?;
    }
    for said in &line.labels {
        writer.write_field(said.label)?;
        writer.write_field(format!("{:.4}", said.confidence))?;
    }
    writer.write_record(None::<&[u8]>)?;
    Ok(())
}

/// Columns of the document's name and the sentence's number.
const PLACE: usize = 18;

fn write_row(out: &mut Output, model: &Classifier, line: &Line<'_>, color: bool) -> Result<()> {
    let mut labels = Vec::new();
    let mut taken = 0;
    for (said, head) in line.labels.iter().zip(&model.heads) {
        let look = looks(&head.labels)[said.number];
        let widest = head.labels.iter().map(|label| terminal::width(label)).max();
        let text = format!("{} {}", look.shape, visible(said.label));
        let text = terminal::pad(&text, widest.unwrap_or(0) + 2);
        taken += terminal::width(&text) + 2;
        let style = color.then(|| terminal::style(look.tone, 1));
        labels.push(Styled { text, style }.to_string());
    }
    let place = format!("{}:{}", visible(line.document), line.sentence);
    let place = terminal::pad(&terminal::clip_start(&place, PLACE), PLACE);
    let term = visible(line.term);
    let room = terminal::columns().saturating_sub(taken + PLACE + terminal::width(&term) + 6);
    let before = terminal::clip_start(&visible(&line.before), room / 2);
    let after = terminal::clip(&visible(&line.after), room / 2);
    writeln!(
        out,
        "{place}  {}  {}  {}  {}",
        terminal::pad_start(&before, room / 2),
        Styled { text: term, style: color.then(|| anstyle::Style::new().bold()) },
        terminal::pad(&after, room / 2),
        labels.join("  ").trim_end(),
    )?;
    Ok(())
}

/// How often the term stands, and in how many sentences of each label.
#[derive(Debug)]
struct Totals {
    places: usize,
    sentences: usize,
    labels: Vec<Vec<usize>>,
}

impl Totals {
    fn new(model: &Classifier) -> Self {
        let labels = model.heads.iter().map(|head| vec![0; head.labels.len()]).collect();
        Self { places: 0, sentences: 0, labels }
    }

    fn count_sentence(&mut self, said: &[LabelOfHead<'_>]) {
        self.sentences += 1;
        for (counts, said) in self.labels.iter_mut().zip(said) {
            counts[said.number] += 1;
        }
    }

    fn say(&self, term: &str, model: &Classifier) {
        let mut parts =
            vec![format!("`{term}` stands {} times in {} sentences", self.places, self.sentences)];
        for (head, counts) in model.heads.iter().zip(&self.labels).filter(|_| self.sentences > 0) {
            let counts: Vec<String> = head
                .labels
                .iter()
                .zip(counts)
                .map(|(label, count)| format!("{count} {label}"))
                .collect();
            parts.push(format!("{}: {}", head.name, counts.join(", ")));
        }
        say(format_args!("{}", visible(&parts.join("; "))));
    }
}
