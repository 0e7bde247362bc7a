//! `stance explain`: the words for and against each label, sentence by sentence.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use rayon::prelude::*;
use serde::Serialize;
use stance::features::Extractor;
use stance::model::{Classifier, Contribution, Explanation, Head, ReadWord};
use stance::report::{Look, Reading, Said, looks, read_sentence, visible, words_at};

use super::articles::{Article, ArticleArguments};
use super::model::ModelArguments;
use super::output::Output;
use super::terminal::{self, ColorArguments, Styled};

/// Say which words are for and against each label, sentence by sentence
///
/// The contributions of a sentence's terms and the bias sum up to the score of each label, and the
/// label with the highest score is given. Nothing is approximated.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    articles: ArticleArguments,

    /// How to write them [default: text on a terminal, else csv]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,

    /// Terms shown of each sentence, strongest first; the others are summed up in one line
    /// [default: 8 as text, else all]
    #[arg(long, value_name = "N")]
    top: Option<usize>,

    /// Explain this label column only
    #[arg(long, value_name = "NAME")]
    head: Option<String>,

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
    Text,
    Csv,
    Json,
    Jsonl,
}

/// Sentences that are taken apart before the first of them is written.
const AT_ONCE: usize = 512;
/// Reasons shown of a sentence where nothing else is said.
const SHOWN: usize = 8;

/// A sentence of an article.
#[derive(Debug)]
struct Sentence<'a> {
    document: &'a str,
    number: usize,
    place: Range<usize>,
    text: &'a str,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let model = arguments.model.load()?;
    let heads = arguments.model.heads(&model, arguments.head.as_deref())?;
    let articles = arguments.articles.read()?;
    let output = arguments.output.as_deref();
    let mut out = Output::open(output)?;
    let default = if terminal::is_read(output) { Format::Text } else { Format::Csv };
    let sentences = Sentences { articles, model: &model };
    match arguments.format.unwrap_or(default) {
        Format::Text => {
            let color = arguments.color.wanted(output);
            write_text(arguments, sentences, &heads, color, &mut out)?;
        }
        Format::Csv => write_csv(arguments, sentences, &heads, &mut out)?,
        Format::Json => write_json(arguments, sentences, &heads, &mut out, true)?,
        Format::Jsonl => write_json(arguments, sentences, &heads, &mut out, false)?,
    }
    out.finish()
}

/// The sentences of the articles, to be read by a model.
#[derive(Debug)]
struct Sentences<'a, I> {
    articles: I,
    model: &'a Classifier,
}

impl<I: Iterator<Item = Result<Article>>> Sentences<'_, I> {
    /// Reads every sentence with `read`, many at once, and gives them to `write` in their order.
    fn each<T: Send>(
        self,
        read: impl Fn(&mut Extractor, &str) -> T + Sync,
        mut write: impl FnMut(&Sentence<'_>, T) -> Result<()>,
    ) -> Result<()> {
        let model = self.model;
        let mut work = |articles: &[Article]| -> Result<()> {
            let sentences: Vec<Sentence<'_>> = articles.iter().flat_map(sentences).collect();
            for sentences in sentences.chunks(AT_ONCE) {
                let read: Vec<T> = sentences
                    .par_iter()
                    .map_init(
                        || model.extractor(),
                        |extractor, sentence| read(extractor, sentence.text),
                    )
                    .collect();
                for (sentence, read) in sentences.iter().zip(read) {
                    write(sentence, read)?;
                }
            }
            Ok(())
        };
        let (mut waiting, mut count) = (Vec::new(), 0);
        for article in self.articles {
            let article = article?;
            count += article.sentences.len();
            waiting.push(article);
            if count >= AT_ONCE {
                work(&waiting)?;
                waiting.clear();
                count = 0;
            }
        }
        work(&waiting)
    }
}

fn sentences(article: &Article) -> impl Iterator<Item = Sentence<'_>> {
    article.sentences.iter().enumerate().map(|(at, place)| Sentence {
        document: &article.name,
        number: at + 1,
        place: place.clone(),
        text: &article.text[place.clone()],
    })
}

/// The places of the strongest contributions to any label, strongest first; all where `most` is none.
fn strongest(contributions: &[Contribution], most: Option<usize>) -> Vec<usize> {
    let weight = |at: usize| {
        contributions[at].to_labels.iter().fold(0.0f64, |most, value| most.max(value.abs()))
    };
    let mut order: Vec<usize> = (0..contributions.len()).collect();
    order.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)).then(a.cmp(&b)));
    order.truncate(most.unwrap_or(order.len()));
    order
}

const COLUMNS: [&str; 12] = [
    "document",
    "sentence",
    "start",
    "end",
    "head",
    "label",
    "predicted",
    "probability",
    "term",
    "contribution",
    "places",
    "words",
];

fn write_csv(
    arguments: &Arguments,
    sentences: Sentences<'_, impl Iterator<Item = Result<Article>>>,
    heads: &[usize],
    out: &mut Output,
) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    let model = sentences.model;
    sentences.each(
        |extractor, text| model.explain(extractor, text),
        |sentence, explanations| {
            for &at in heads {
                let rows = rows(sentence, &model.heads[at], &explanations[at], arguments.top);
                for row in rows {
                    writer.write_record(row)?;
                }
            }
            Ok(())
        },
    )?;
    writer.flush()?;
    Ok(())
}

/// The rows of one head: for each label its bias, its terms and, as the last, the score they sum up to.
fn rows(
    sentence: &Sentence<'_>,
    head: &Head,
    explanation: &Explanation,
    top: Option<usize>,
) -> Vec<[String; 12]> {
    let order = strongest(&explanation.contributions, top);
    let said = &explanation.prediction;
    let sums = explanation.sums();
    let mut rows = Vec::new();
    for (label, name) in head.labels.iter().enumerate() {
        let mut row = |term: &str, value: f64, places: String, words: String| {
            rows.push([
                sentence.document.to_owned(),
                sentence.number.to_string(),
                sentence.place.start.to_string(),
                sentence.place.end.to_string(),
                head.name.clone(),
                name.clone(),
                (label == said.label).to_string(),
                format!("{:.4}", said.probabilities[label]),
                term.to_owned(),
                format!("{value:.8}"),
                places,
                words,
            ]);
        };
        row("(bias)", explanation.bias[label], String::new(), String::new());
        let mut rest = sums[label] - explanation.bias[label];
        for &at in &order {
            let contribution = &explanation.contributions[at];
            rest -= contribution.to_labels[label];
            let places: Vec<String> = contribution
                .places
                .iter()
                .map(|place| {
                    let offset = sentence.place.start;
                    format!("{}-{}", place.start + offset, place.end + offset)
                })
                .collect();
            row(
                &contribution.feature,
                contribution.to_labels[label],
                places.join(" "),
                words_at(&contribution.places, sentence.text),
            );
        }
        if order.len() < explanation.contributions.len() {
            row("(other terms)", rest, String::new(), String::new());
        }
        row("(score)", sums[label], String::new(), String::new());
    }
    rows
}

#[derive(Debug, Serialize)]
struct JsonSentence<'a> {
    document: &'a str,
    sentence: usize,
    start: usize,
    end: usize,
    text: &'a str,
    words: Vec<JsonWord<'a>>,
    heads: Vec<JsonHead<'a>>,
}

#[derive(Debug, Serialize)]
struct JsonWord<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    /// What a name is read as.
    read_as: Option<&'static str>,
    negated: bool,
    after_contrast: bool,
}

#[derive(Debug, Serialize)]
struct JsonHead<'a> {
    head: &'a str,
    label: &'a str,
    probabilities: BTreeMap<&'a str, f32>,
    scores: BTreeMap<&'a str, f64>,
    bias: BTreeMap<&'a str, f64>,
    terms: Vec<JsonTerm<'a>>,
    other_terms: BTreeMap<&'a str, f64>,
}

#[derive(Debug, Serialize)]
struct JsonTerm<'a> {
    term: &'a str,
    contributions: BTreeMap<&'a str, f64>,
    places: Vec<(usize, usize)>,
}

fn write_json(
    arguments: &Arguments,
    sentences: Sentences<'_, impl Iterator<Item = Result<Article>>>,
    heads: &[usize],
    out: &mut Output,
    array: bool,
) -> Result<()> {
    let mut first = true;
    if array {
        out.write_all(b"[")?;
    }
    let model = sentences.model;
    sentences.each(
        |extractor, text| (model.words(extractor, text), model.explain(extractor, text)),
        |sentence, (words, explanations)| {
            if array {
                out.write_all(if first { b"\n" } else { b",\n" })?;
            }
            first = false;
            let json = JsonSentence {
                document: sentence.document,
                sentence: sentence.number,
                start: sentence.place.start,
                end: sentence.place.end,
                text: sentence.text,
                words: words.iter().map(|word| json_word(sentence, word)).collect(),
                heads: heads
                    .iter()
                    .map(|&at| {
                        json_head(sentence, &model.heads[at], &explanations[at], arguments.top)
                    })
                    .collect(),
            };
            serde_json::to_writer(&mut *out, &json)?;
            if !array {
                out.write_all(b"\n")?;
            }
            Ok(())
        },
    )?;
    if array {
        out.write_all(b"\n]\n")?;
    }
    Ok(())
}

fn json_word<'a>(sentence: &Sentence<'a>, word: &ReadWord) -> JsonWord<'a> {
    JsonWord {
        start: sentence.place.start + word.place.start,
        end: sentence.place.start + word.place.end,
        text: &sentence.text[word.place.clone()],
        read_as: word.mask.map(stance::features::Class::mask),
        negated: word.negated,
        after_contrast: word.contrasted,
    }
}

fn json_head<'a>(
    sentence: &Sentence<'_>,
    head: &'a Head,
    explanation: &'a Explanation,
    top: Option<usize>,
) -> JsonHead<'a> {
    fn by_label<'a, T: Copy>(head: &'a Head, values: &[T]) -> BTreeMap<&'a str, T> {
        head.labels.iter().map(String::as_str).zip(values.iter().copied()).collect()
    }
    let order = strongest(&explanation.contributions, top);
    let sums = explanation.sums();
    let mut others = sums.clone();
    others.iter_mut().zip(&explanation.bias).for_each(|(other, bias)| *other -= bias);
    for &at in &order {
        let shown = &explanation.contributions[at].to_labels;
        others.iter_mut().zip(shown).for_each(|(other, value)| *other -= value);
    }
    if order.len() == explanation.contributions.len() {
        others.fill(0.0);
    }
    JsonHead {
        head: &head.name,
        label: &head.labels[explanation.prediction.label],
        probabilities: by_label(head, &explanation.prediction.probabilities),
        scores: by_label(head, &sums),
        bias: by_label(head, &explanation.bias),
        terms: order
            .iter()
            .map(|&at| {
                let contribution = &explanation.contributions[at];
                let offset = sentence.place.start;
                JsonTerm {
                    term: &contribution.feature,
                    contributions: by_label(head, &contribution.to_labels),
                    places: contribution
                        .places
                        .iter()
                        .map(|place| (place.start + offset, place.end + offset))
                        .collect(),
                }
            })
            .collect(),
        other_terms: by_label(head, &others),
    }
}

fn write_text(
    arguments: &Arguments,
    sentences: Sentences<'_, impl Iterator<Item = Result<Article>>>,
    heads: &[usize],
    color: bool,
    out: &mut Output,
) -> Result<()> {
    let most = arguments.top.unwrap_or(SHOWN);
    let model = sentences.model;
    let looks: Vec<Vec<Look>> = model.heads.iter().map(|head| looks(&head.labels)).collect();
    for &at in heads {
        let head = &model.heads[at];
        let key = head.labels.iter().zip(&looks[at]);
        let key = key.map(|(label, look)| name(label, *look, color)).collect::<Vec<_>>();
        writeln!(out, "{}: {}", visible(&head.name), key.join("  "))?;
    }
    sentences.each(
        |extractor, text| read_sentence(model, extractor, text, most),
        |sentence, reading: Reading| {
            writeln!(out, "\n{}:{}", visible(sentence.document), sentence.number)?;
            for &at in heads {
                let said = &reading.heads[at];
                writeln!(out, "  {}", shaded(sentence.text, said, &looks[at], color))?;
                write_head(out, &model.heads[at], &looks[at], said, color)?;
            }
            Ok(())
        },
    )
}

fn name(label: &str, look: Look, color: bool) -> String {
    let text = format!("{} {}", look.shape, visible(label));
    Styled { text, style: color.then(|| terminal::style(look.tone, 2)) }.to_string()
}

/// The sentence with each word in the colour of the label that it pulls to.
fn shaded(sentence: &str, said: &Said, looks: &[Look], color: bool) -> String {
    let mut text = String::new();
    let mut at = 0;
    for shade in said.shades.iter().filter(|_| color) {
        text.push_str(&visible(&sentence[at..shade.place.start]));
        let style = terminal::style(looks[shade.label].tone, shade.strength);
        let word = visible(&sentence[shade.place.clone()]);
        text.push_str(&Styled { text: word, style: Some(style) }.to_string());
        at = shade.place.end;
    }
    text.push_str(&visible(&sentence[at..]));
    text
}

/// Columns of a number with its sign.
const NUMBER: usize = 8;
/// Columns of the words of a reason.
const WORDS: usize = 34;

fn write_head(
    out: &mut Output,
    head: &Head,
    looks: &[Look],
    said: &Said,
    color: bool,
) -> Result<()> {
    let widths: Vec<usize> =
        head.labels.iter().map(|label| (terminal::width(label) + 2).max(NUMBER) + 1).collect();
    let bold = |text: String| {
        let style = color.then(|| anstyle::Style::new().bold());
        Styled { text, style }.to_string()
    };
    let mut line = |words: &str, cells: &[String], note: &str| {
        let mut text = terminal::pad(&terminal::clip(&visible(words), WORDS), WORDS);
        for (label, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let cell = terminal::pad_start(cell, *width);
            text.push_str(&if label == said.prediction.label { bold(cell) } else { cell });
        }
        let room = terminal::columns().saturating_sub(WORDS + 6 + widths.iter().sum::<usize>());
        let note = terminal::clip(&visible(note), room);
        writeln!(out, "    {}", format!("{text}  {note}").trim_end())
    };
    let signed = |values: &[f64]| -> Vec<String> {
        values.iter().map(|value| format!("{value:+.3}")).collect()
    };
    let labels: Vec<String> = head
        .labels
        .iter()
        .zip(looks)
        .map(|(label, look)| format!("{} {}", look.shape, visible(label)))
        .collect();
    line(&head.name, &labels, "")?;
    for reason in &said.reasons {
        line(&reason.text, &signed(&reason.to_labels), &reason.note)?;
    }
    if said.others > 0 {
        line(&format!("{} others", said.others), &signed(&said.rest), "")?;
    }
    line("bias", &signed(&said.bias), "")?;
    let scores: Vec<f64> = said.prediction.scores.iter().map(|&s| f64::from(s)).collect();
    line("score, the sum", &signed(&scores), "")?;
    let probabilities: Vec<String> =
        said.prediction.probabilities.iter().map(|p| format!("{:.1} %", p * 100.0)).collect();
    line("probability", &probabilities, "")?;
    Ok(())
}
