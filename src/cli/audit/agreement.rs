//! Coders compared: accuracy, kappa, alpha, and the rows in dispute.

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::Result;
use serde::Serialize;
use stance::evaluation::agreement::{accuracy, cohens_kappa, krippendorffs_alpha};
use stance::report::visible;
use stance::training::{Columns, Corpus};

use super::super::output::{Output, say};
use super::super::terminal;
use super::{Arguments, Format};

#[derive(Debug, Serialize)]
struct Agreement<'a> {
    coders: &'a [String],
    labels: Vec<&'a str>,
    /// Rows that two coders or more labelled.
    rows: usize,
    krippendorffs_alpha: Option<f64>,
    pairs: Vec<Pair<'a>>,
    disputes: Vec<Dispute<'a>>,
}

#[derive(Debug, Serialize)]
struct Pair<'a> {
    coders: [&'a str; 2],
    rows: usize,
    accuracy: Option<f64>,
    cohens_kappa: Option<f64>,
    /// `[label of the first][label of the second]`, in the order of the labels.
    confusion: Vec<Vec<usize>>,
}

#[derive(Debug, Serialize)]
struct Dispute<'a> {
    place: String,
    labels: Vec<Option<&'a str>>,
    text: &'a str,
}

pub(super) fn write(arguments: &Arguments, format: Format, out: &mut Output) -> Result<()> {
    let columns = Columns { labels: arguments.coders.clone(), ..arguments.columns.columns() };
    let corpus = Corpus::read(&arguments.inputs, &columns)?;
    let mut agreement = compare(&arguments.coders, &corpus);
    let found = agreement.disputes.len();
    agreement.disputes.truncate(arguments.most(format));
    match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &agreement)?;
            out.write_all(b"\n")?;
        }
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(&mut *out);
            let coders = arguments.coders.iter().map(String::as_str);
            writer.write_record(std::iter::once("place").chain(coders).chain(["text"]))?;
            for dispute in &agreement.disputes {
                let labels = dispute.labels.iter().map(|label| label.unwrap_or_default());
                let place = std::iter::once(dispute.place.as_str());
                writer.write_record(place.chain(labels).chain([dispute.text]))?;
            }
            writer.flush()?;
            for line in summary(&agreement, found) {
                say(format_args!("{line}"));
            }
        }
        Format::Table => {
            for line in summary(&agreement, found) {
                writeln!(out, "{line}")?;
            }
            for dispute in &agreement.disputes {
                let labels: Vec<&str> = dispute.labels.iter().map(|l| l.unwrap_or("-")).collect();
                let line = format!("{}  {}  {}", dispute.place, labels.join(" / "), dispute.text);
                writeln!(out, "{}", terminal::clip(&visible(&line), terminal::columns()))?;
            }
        }
    }
    Ok(())
}

fn compare<'a>(coders: &'a [String], corpus: &'a Corpus) -> Agreement<'a> {
    let labels: BTreeSet<&str> =
        corpus.heads.iter().flat_map(|(_, labels)| labels.iter().map(String::as_str)).collect();
    let labels: Vec<&str> = labels.into_iter().collect();
    let rows: Vec<Vec<Option<usize>>> = corpus
        .examples
        .iter()
        .map(|example| {
            let named = example.labels.iter().zip(&corpus.heads);
            named
                .map(|(label, (_, of_head))| {
                    label.and_then(|at| {
                        labels.binary_search(&of_head.get(at as usize)?.as_str()).ok()
                    })
                })
                .collect()
        })
        .collect();
    let mut pairs = Vec::new();
    for second in 1..coders.len() {
        for first in 0..second {
            let both: Vec<(usize, usize)> =
                rows.iter().filter_map(|row| row[first].zip(row[second])).collect();
            let mut confusion = vec![vec![0; labels.len()]; labels.len()];
            both.iter().for_each(|&(a, b)| confusion[a][b] += 1);
            pairs.push(Pair {
                coders: [&coders[first], &coders[second]],
                rows: both.len(),
                accuracy: accuracy(&both),
                cohens_kappa: cohens_kappa(&both, labels.len()),
                confusion,
            });
        }
    }
    let given: Vec<Vec<usize>> =
        rows.iter().map(|row| row.iter().copied().flatten().collect()).collect();
    let disputes = corpus
        .examples
        .iter()
        .zip(&rows)
        .zip(&given)
        .filter(|(_, given)| given.windows(2).any(|pair| pair[0] != pair[1]))
        .map(|((example, row), _)| Dispute {
            place: corpus.place(example),
            labels: row.iter().map(|label| label.map(|at| labels[at])).collect(),
            text: &example.text,
        })
        .collect();
    Agreement {
        coders,
        rows: given.iter().filter(|given| given.len() >= 2).count(),
        krippendorffs_alpha: krippendorffs_alpha(&given, labels.len()),
        labels,
        pairs,
        disputes,
    }
}

fn summary(agreement: &Agreement<'_>, disputes: usize) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or("-".into(), |value| format!("{value:.3}"));
    let mut lines = vec![format!(
        "{} rows with two labels or more, {disputes} in dispute; Krippendorff's alpha {}",
        agreement.rows,
        number(agreement.krippendorffs_alpha)
    )];
    for pair in &agreement.pairs {
        lines.push(format!(
            "{} and {}: {} rows, accuracy {}, Cohen's kappa {}",
            visible(pair.coders[0]),
            visible(pair.coders[1]),
            pair.rows,
            number(pair.accuracy),
            number(pair.cohens_kappa)
        ));
        let mut unequal: Vec<(usize, &str, &str)> = Vec::new();
        for (a, line) in pair.confusion.iter().enumerate() {
            for (b, &count) in line.iter().enumerate().filter(|&(b, &count)| a != b && count > 0) {
                unequal.push((count, agreement.labels[a], agreement.labels[b]));
            }
        }
        unequal.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)).then(a.2.cmp(b.2)));
        for (count, a, b) in unequal {
            lines.push(format!("  {count} {} / {}", visible(a), visible(b)));
        }
    }
    lines
}
