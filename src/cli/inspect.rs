//! `stance inspect`: what a model is, its strongest terms, and what a given term does in it.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;
use stance::features::{Family, Key};
use stance::model::{Classifier, FORMAT_VERSION, Facts, Head};

use super::evaluate::Format;
use super::model::ModelArguments;
use super::output::Output;
use super::table::{UNDEFINED, long, table};

/// Say what a model is, what it was trained on, its strongest terms, and what a given term does
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Model file [default: models/stance.safetensors where it exists, else the built-in model]
    #[arg(env = "STANCE_MODEL", value_name = "MODEL")]
    model: Option<PathBuf>,

    /// Strongest terms to show of each label
    #[arg(long, default_value_t = 10, value_name = "N")]
    terms: usize,

    /// Show every feature that this text makes, with its weights; can be repeated
    #[arg(long, value_name = "TEXT")]
    term: Vec<String>,

    /// How to write; `csv` holds the terms only
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

#[derive(Serialize)]
struct Inspection<'a> {
    model: String,
    format_version: u32,
    features: usize,
    documents: u32,
    families: Vec<FamilyCount>,
    #[serde(flatten)]
    facts: &'a Facts,
    heads: Vec<HeadInspection<'a>>,
    terms: Vec<Term<'a>>,
}

#[derive(Serialize)]
struct FamilyCount {
    family: &'static str,
    features: usize,
    about: &'static str,
}

#[derive(Serialize)]
struct HeadInspection<'a> {
    name: &'a str,
    temperature: f32,
    labels: Vec<LabelInspection<'a>>,
}

#[derive(Serialize)]
struct LabelInspection<'a> {
    label: &'a str,
    bias: f32,
    strongest: Vec<Strong<'a>>,
}

/// A feature by its weight for one label.
#[derive(Serialize)]
struct Strong<'a> {
    feature: &'a str,
    weight: f32,
    document_frequency: u32,
    inverse_document_frequency: f32,
}

#[derive(Serialize)]
struct Term<'a> {
    term: &'a str,
    features: Vec<Made<'a>>,
}

/// A feature that a term makes.
#[derive(Serialize)]
struct Made<'a> {
    feature: String,
    /// How often the term makes it.
    times: u32,
    /// What the model knows of it, if it does.
    known: Option<Known<'a>>,
}

#[derive(Serialize)]
struct Known<'a> {
    document_frequency: u32,
    inverse_document_frequency: f32,
    /// By head and label.
    weights: BTreeMap<&'a str, BTreeMap<&'a str, f32>>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let chosen = ModelArguments { model: arguments.model.clone() };
    let model = chosen.load()?;
    let inspection = Inspection {
        model: chosen.name(),
        format_version: FORMAT_VERSION,
        features: model.vocabulary.len(),
        documents: model.vocabulary.documents(),
        families: families(&model),
        facts: &model.facts,
        heads: model
            .heads
            .iter()
            .map(|head| HeadInspection {
                name: &head.name,
                temperature: head.temperature,
                labels: (0..head.labels.len())
                    .map(|label| LabelInspection {
                        label: &head.labels[label],
                        bias: head.bias[label],
                        strongest: strongest(&model, head, label, arguments.terms),
                    })
                    .collect(),
            })
            .collect(),
        terms: arguments.term.iter().map(|text| term(&model, text)).collect(),
    };
    let mut out = Output::open(None)?;
    match arguments.format {
        Format::Table => out.write_all(in_words(&inspection).as_bytes())?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &inspection)?;
            writeln!(out)?;
        }
        Format::Csv if inspection.terms.is_empty() => strongest_in_rows(&inspection, &mut out)?,
        Format::Csv => terms_in_rows(&inspection, &mut out)?,
    }
    out.finish()
}

fn families(model: &Classifier) -> Vec<FamilyCount> {
    model
        .families
        .iter()
        .map(|family| {
            let facts = family.facts();
            let of_family = |name: &&String| name.split(':').next() == Some(facts.name);
            let features = model.vocabulary.names().iter().filter(of_family).count();
            FamilyCount { family: facts.name, features, about: facts.about }
        })
        .collect()
}

/// The features with the highest weights for a label; by name where weights are equal.
fn strongest<'a>(model: &'a Classifier, head: &Head, label: usize, most: usize) -> Vec<Strong<'a>> {
    let vocabulary = &model.vocabulary;
    let weights = head.weights.iter().skip(label).step_by(head.labels.len());
    let mut all: Vec<Strong<'_>> = vocabulary
        .names()
        .iter()
        .zip(weights)
        .zip(vocabulary.document_frequencies())
        .zip(0..)
        .map(|(((feature, &weight), &document_frequency), number)| Strong {
            feature,
            weight,
            document_frequency,
            inverse_document_frequency: vocabulary.inverse_document_frequency(number),
        })
        .collect();
    let stronger = |a: &Strong<'_>, b: &Strong<'_>| -> Ordering {
        b.weight.total_cmp(&a.weight).then_with(|| a.feature.cmp(b.feature))
    };
    all.sort_unstable_by(stronger);
    all.truncate(most);
    all
}

/// The features that a text makes, but for those that a sentence without words makes too; by family,
/// then by name.
fn term<'a>(model: &'a Classifier, text: &'a str) -> Term<'a> {
    let mut extractor = model.extractor();
    let mut of_none: Vec<Key> = Vec::new();
    extractor.extract("", |feature| of_none.push(feature.key()));
    let mut found: BTreeMap<(Family, String), (Key, u32)> = BTreeMap::new();
    extractor.extract(text, |feature| {
        if !of_none.contains(&feature.key()) {
            found.entry((feature.family, feature.name())).or_insert((feature.key(), 0)).1 += 1;
        }
    });
    let features = found
        .into_iter()
        .map(|((_, feature), (key, times))| Made {
            feature,
            times,
            known: model.vocabulary.number(key).map(|number| Known {
                document_frequency: model.vocabulary.document_frequencies()[number as usize],
                inverse_document_frequency: model.vocabulary.inverse_document_frequency(number),
                weights: model
                    .heads
                    .iter()
                    .map(|head| {
                        let labels = head.labels.iter().map(String::as_str);
                        let weights = head.weights_of(number).iter().copied();
                        (head.name.as_str(), labels.zip(weights).collect())
                    })
                    .collect(),
            }),
        })
        .collect();
    Term { term: text, features }
}

fn in_words(inspection: &Inspection<'_>) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_words(&mut out, inspection);
    out
}

fn write_words(out: &mut String, inspection: &Inspection<'_>) -> std::fmt::Result {
    let facts = inspection.facts;
    let list = |values: &mut dyn Iterator<Item = String>| {
        let values = values.collect::<Vec<_>>().join(", ");
        if values.is_empty() { UNDEFINED.to_owned() } else { values }
    };
    let mut rows = vec![
        ("format version", inspection.format_version.to_string()),
        ("trained by", format!("stance {}", facts.program)),
        ("sentences", facts.sentences.to_string()),
        ("data SHA-256", list(&mut facts.data_sha256.iter().cloned())),
    ];
    if inspection.documents as usize != facts.sentences {
        rows.push(("sentences with --counts", inspection.documents.to_string()));
    }
    let pairs = |(name, value): (&String, String)| format!("{name} {value}");
    rows.extend([
        (
            "parameters",
            list(&mut facts.parameters.iter().map(|(name, value)| pairs((name, value.clone())))),
        ),
        (
            "scores",
            list(&mut facts.scores.iter().map(|(name, v)| pairs((name, format!("{v:.4}"))))),
        ),
        ("features", inspection.features.to_string()),
    ]);
    for head in &inspection.heads {
        let labels = list(&mut head.labels.iter().map(|label| label.label.to_owned()));
        rows.push((
            "head",
            format!("{}: {labels}; temperature {:.4}", head.name, head.temperature),
        ));
    }
    let rows = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]);
    write!(out, "{}", table(&["model", &inspection.model], 2, rows))?;

    let rows = inspection.families.iter().map(|family| {
        vec![family.family.to_owned(), family.features.to_string(), family.about.to_owned()]
    });
    write!(out, "\n{}", table(&["family", "features", "holds"], 3, rows))?;

    for term in &inspection.terms {
        for head in &inspection.heads {
            write!(out, "\n{}", term_in_words(term, head))?;
        }
    }
    if inspection.terms.is_empty() {
        for head in &inspection.heads {
            for label in head.labels.iter().filter(|label| !label.strongest.is_empty()) {
                let rows = label.strongest.iter().map(|strong| {
                    vec![
                        strong.feature.to_owned(),
                        format!("{:.3}", strong.weight),
                        strong.document_frequency.to_string(),
                        format!("{:.3}", strong.inverse_document_frequency),
                    ]
                });
                let name = format!("{}: {}", head.name, label.label);
                write!(out, "\n{}", table(&[&name, "weight", "sentences", "idf"], 1, rows))?;
            }
        }
    }
    Ok(())
}

fn term_in_words(term: &Term<'_>, head: &HeadInspection<'_>) -> String {
    let labels = head.labels.iter().map(|label| label.label);
    let mut header = vec![format!("{}: {}", head.name, term.term)];
    header.extend(["times", "sentences", "idf"].map(str::to_owned));
    header.extend(labels.clone().map(str::to_owned));
    let rows = term.features.iter().map(|made| {
        let known = made.known.as_ref();
        let or_dash = |value: Option<String>| value.unwrap_or_else(|| UNDEFINED.to_owned());
        let mut row = vec![
            made.feature.clone(),
            made.times.to_string(),
            or_dash(known.map(|known| known.document_frequency.to_string())),
            or_dash(known.map(|known| format!("{:.3}", known.inverse_document_frequency))),
        ];
        row.extend(labels.clone().map(|label| {
            or_dash(known.map(|known| format!("{:+.3}", known.weights[head.name][label])))
        }));
        row
    });
    table(&header, 1, rows)
}

fn strongest_in_rows(inspection: &Inspection<'_>, out: &mut Output) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "head",
        "label",
        "feature",
        "weight",
        "document_frequency",
        "inverse_document_frequency",
    ])?;
    for head in &inspection.heads {
        for label in &head.labels {
            for strong in &label.strongest {
                writer.write_record([
                    head.name,
                    label.label,
                    strong.feature,
                    &long(Some(strong.weight.into())),
                    &strong.document_frequency.to_string(),
                    &long(Some(strong.inverse_document_frequency.into())),
                ])?;
            }
        }
    }
    writer.flush()?;
    Ok(())
}

fn terms_in_rows(inspection: &Inspection<'_>, out: &mut Output) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let mut header =
        ["term", "feature", "times", "document_frequency", "inverse_document_frequency"]
            .map(str::to_owned)
            .to_vec();
    for head in &inspection.heads {
        header.extend(head.labels.iter().map(|label| format!("{}:{}", head.name, label.label)));
    }
    writer.write_record(header)?;
    for term in &inspection.terms {
        for made in &term.features {
            let known = made.known.as_ref();
            let mut row = vec![
                term.term.to_owned(),
                made.feature.clone(),
                made.times.to_string(),
                known
                    .map_or_else(|| UNDEFINED.into(), |known| known.document_frequency.to_string()),
                long(known.map(|known| known.inverse_document_frequency.into())),
            ];
            for head in &inspection.heads {
                row.extend(head.labels.iter().map(|label| {
                    long(known.map(|known| known.weights[head.name][label.label].into()))
                }));
            }
            writer.write_record(row)?;
        }
    }
    writer.flush()?;
    Ok(())
}
