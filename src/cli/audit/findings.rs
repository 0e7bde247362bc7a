//! Labels that are likely wrong: doubted by a model of the other rows, unlike those of nearly the
//! same text, or used by one source alone.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal as _, Write};

use anyhow::Result;
use serde::Serialize;
use stance::evaluation::calibration::probabilities;
use stance::evaluation::confident;
use stance::report::visible;
use stance::text::NearTexts;
use stance::training::{Corpus, CrossValidated, TrainParams, cross_validate};

use super::super::output::{Output, say};
use super::super::terminal;
use super::super::train::warn;
use super::{Arguments, Format};

/// What was found of one label column.
#[derive(Debug, Serialize)]
struct HeadFindings {
    head: String,
    rows: usize,
    doubted: usize,
    /// How many rows are estimated to have a label and should have another.
    estimates: Vec<Estimate>,
    findings: Vec<Finding>,
}

#[derive(Debug, Serialize)]
struct Estimate {
    label: String,
    other_label: String,
    rows: f64,
}

#[derive(Debug, Clone, Serialize)]
struct Finding {
    finding: Kind,
    place: String,
    label: String,
    /// The label that the model, or the row at `other_place`, gives.
    other_label: String,
    /// Doubted: probability of the other label less that of the label. Near-duplicate: the part of terms
    /// shared. One source: the rows.
    strength: f64,
    other_place: String,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Doubted,
    NearDuplicate,
    OneSource,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Doubted, Self::NearDuplicate, Self::OneSource];

    const fn name(self) -> &'static str {
        match self {
            Self::Doubted => "doubted",
            Self::NearDuplicate => "near-duplicate",
            Self::OneSource => "one-source",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Doubted => "doubted by a model of the other rows, most doubted first",
            Self::NearDuplicate => "labelled unlike a row that is nearly the same",
            Self::OneSource => "labels that only one source uses",
        }
    }
}

pub(super) fn write(arguments: &Arguments, format: Format, out: &mut Output) -> Result<()> {
    let corpus = Corpus::read(&arguments.inputs, &arguments.columns.columns())?;
    warn(&corpus.warnings);
    // Calibrating would train each fold's model several times over, to move no label.
    let (resources, counts) = arguments.knowledge.load(&corpus.heads)?;
    let params = arguments.params.params(&resources.lexicon)?;
    let params = TrainParams { calibration_folds: 0, ..params };
    let folds = arguments.cv as usize;
    let watched = std::io::stderr().is_terminal();
    let judged = cross_validate(&corpus, &params, &resources, &counts, folds, |fold| {
        if watched {
            say(format_args!("judged part {fold} of {folds}"));
        }
    })?;
    let texts: Vec<&str> = corpus.examples.iter().map(|example| example.text.as_str()).collect();
    let near = NearTexts::new(&texts, arguments.near);
    let most = arguments.most(format);
    let found: Vec<HeadFindings> =
        (0..corpus.heads.len()).map(|head| of_head(&corpus, head, &judged, &near, most)).collect();
    match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &found)?;
            out.write_all(b"\n")?;
        }
        Format::Csv => write_csv(&found, out)?,
        Format::Table => write_table(&found, out)?,
    }
    if format != Format::Table {
        for line in found.iter().flat_map(summary) {
            say(format_args!("{line}"));
        }
    }
    Ok(())
}

fn of_head(
    corpus: &Corpus,
    head: usize,
    judged: &CrossValidated<'_>,
    near: &NearTexts,
    most: usize,
) -> HeadFindings {
    let (name, labels) = &corpus.heads[head];
    let rows: Vec<(usize, usize)> = (0..corpus.examples.len())
        .filter_map(|row| Some((row, corpus.examples[row].labels[head]? as usize)))
        .collect();
    let given: Vec<usize> = rows.iter().map(|&(_, label)| label).collect();
    let probabilities: Vec<Vec<f64>> = judged.heads[head]
        .iter()
        .map(|judged| probabilities(&judged.scores, judged.temperature))
        .collect();
    let audit = confident::audit(&given, &probabilities);
    let finding = |finding, row: usize, label: usize, other: usize, strength, other_row| Finding {
        finding,
        place: corpus.place(&corpus.examples[row]),
        label: labels[label].clone(),
        other_label: labels[other].clone(),
        strength,
        other_place: match other_row {
            Some(other) => corpus.place(&corpus.examples[other]),
            None => String::new(),
        },
        text: corpus.examples[row].text.clone(),
    };
    let mut findings: Vec<Finding> = audit
        .doubts
        .iter()
        .take(most)
        .map(|doubt| {
            let (row, label) = rows[doubt.row];
            finding(Kind::Doubted, row, label, doubt.label, doubt.margin, None)
        })
        .collect();

    let mut twins: Vec<(f64, usize, usize)> = rows
        .iter()
        .filter_map(|&(row, label)| {
            let example = &corpus.examples[row];
            // Rows of one group are written to differ in little but the label.
            let differs = |other: usize| {
                let other = &corpus.examples[other];
                other.labels[head].is_some_and(|l| l as usize != label)
                    && (example.group.is_none() || example.group != other.group)
            };
            near.nearest(row, differs).map(|(other, part)| (part, row, other))
        })
        .collect();
    twins.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    findings.extend(twins.into_iter().take(most).filter_map(|(part, row, other)| {
        let label = corpus.examples[row].labels[head]? as usize;
        let other_label = corpus.examples[other].labels[head]? as usize;
        Some(finding(Kind::NearDuplicate, row, label, other_label, part, Some(other)))
    }));
    findings.extend(one_source(corpus, head).into_iter().take(most));

    let all = rows.len() as f64;
    let mut estimates: Vec<Estimate> = Vec::new();
    for (given, line) in audit.shares.iter().enumerate() {
        for (right, share) in line.iter().enumerate() {
            if given != right && *share > 0.0 {
                estimates.push(Estimate {
                    label: labels[given].clone(),
                    other_label: labels[right].clone(),
                    rows: share * all,
                });
            }
        }
    }
    estimates.sort_by(|a, b| b.rows.total_cmp(&a.rows).then_with(|| a.label.cmp(&b.label)));
    HeadFindings {
        head: name.clone(),
        rows: rows.len(),
        doubted: audit.doubts.len(),
        estimates,
        findings,
    }
}

/// Labels whose rows all come from one source, where there are several sources.
fn one_source(corpus: &Corpus, head: usize) -> Vec<Finding> {
    let mut sources: BTreeSet<&str> = BTreeSet::new();
    let mut of_label: BTreeMap<usize, BTreeMap<&str, usize>> = BTreeMap::new();
    for example in &corpus.examples {
        let (Some(source), Some(label)) = (&example.source, example.labels[head]) else { continue };
        sources.insert(source);
        *of_label.entry(label as usize).or_default().entry(source).or_default() += 1;
    }
    if sources.len() < 2 {
        return Vec::new();
    }
    of_label
        .into_iter()
        .filter_map(|(label, of_source)| {
            let mut of_source = of_source.into_iter();
            let (source, count) = of_source.next()?;
            of_source.next().is_none().then(|| Finding {
                finding: Kind::OneSource,
                place: String::new(),
                label: corpus.heads[head].1[label].clone(),
                other_label: String::new(),
                strength: count as f64,
                other_place: String::new(),
                text: format!("only the source `{source}` has it, in {count} rows"),
            })
        })
        .collect()
}

fn write_csv(found: &[HeadFindings], out: &mut Output) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "head",
        "finding",
        "place",
        "label",
        "other_label",
        "strength",
        "other_place",
        "text",
    ])?;
    for of_head in found {
        for finding in &of_head.findings {
            writer.write_record([
                &of_head.head,
                finding.finding.name(),
                &finding.place,
                &finding.label,
                &finding.other_label,
                &format!("{:.4}", finding.strength),
                &finding.other_place,
                &finding.text,
            ])?;
        }
    }
    writer.flush()?;
    Ok(())
}

fn write_table(found: &[HeadFindings], out: &mut Output) -> Result<()> {
    for of_head in found {
        for line in summary(of_head) {
            writeln!(out, "{line}")?;
        }
        for kind in Kind::ALL {
            let of_kind: Vec<&Finding> =
                of_head.findings.iter().filter(|finding| finding.finding == kind).collect();
            if of_kind.is_empty() {
                continue;
            }
            writeln!(out, "\n{}: {}", visible(&of_head.head), kind.title())?;
            for finding in of_kind {
                let places = match finding.other_place.as_str() {
                    "" => finding.place.clone(),
                    other => format!("{} and {other}", finding.place),
                };
                let labels = match finding.other_label.as_str() {
                    "" => finding.label.clone(),
                    other => format!("{} → {other}", finding.label),
                };
                let line = match kind {
                    Kind::OneSource => format!("{labels}: {}", finding.text),
                    _ => format!("{:.2}  {places}  {labels}  {}", finding.strength, finding.text),
                };
                writeln!(out, "{}", terminal::clip(&visible(&line), terminal::columns()))?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

fn summary(of_head: &HeadFindings) -> Vec<String> {
    let share = 100.0 * of_head.doubted as f64 / of_head.rows.max(1) as f64;
    let mut lines = vec![format!(
        "{}: {} of {} labels are doubted ({share:.1} %)",
        visible(&of_head.head),
        of_head.doubted,
        of_head.rows
    )];
    for estimate in of_head.estimates.iter().filter(|estimate| estimate.rows >= 0.5) {
        lines.push(format!(
            "  about {:.0} rows labelled {} may be {}",
            estimate.rows,
            visible(&estimate.label),
            visible(&estimate.other_label)
        ));
    }
    lines
}
