//! What models say of labelled rows: one model of all rows, or in cross-validation for each row a
//! model that was trained without it.

use rayon::prelude::*;

use super::corpus::{Corpus, Example};
use super::counts::Counts;
use super::report::Warning;
use super::trainer::{TrainParams, train};
use crate::error::{Error, Result};
use crate::evaluation::assessment::Judged;
use crate::evaluation::crossval;
use crate::features::Resources;
use crate::model::{Classifier, Prediction};

/// Rows that one thread reads at a time.
const CHUNK: usize = 64;

/// What a model says of the rows of a corpus: for each of the corpus's heads the rows that have a
/// label, with truths and scores in the order of the model's labels.
///
/// # Errors
/// [`Error::Table`] where the model has no head of that name, or does not know a label; the latter
/// names the first row with it.
pub fn judge<'a>(model: &Classifier, corpus: &'a Corpus) -> Result<Vec<Vec<Judged<'a>>>> {
    let heads = matched(model, corpus)?;
    let keys = keys(corpus);
    let predictions = predict(model, &corpus.examples.iter().collect::<Vec<_>>());
    Ok(heads
        .iter()
        .enumerate()
        .map(|(at, (of_model, numbers))| {
            let rows = corpus.examples.iter().zip(&predictions).zip(&keys);
            rows.filter_map(|((example, said), key)| {
                Some(Judged {
                    truth: numbers[example.labels[at]? as usize],
                    scores: said.heads[*of_model].scores.clone(),
                    temperature: model.heads[*of_model].temperature.into(),
                    key,
                    source: example.source.as_deref(),
                    fold: None,
                })
            })
            .collect()
        })
        .collect())
}

/// For each head of the corpus its place in the model, and for each of its labels the number that
/// the model gives it.
fn matched(model: &Classifier, corpus: &Corpus) -> Result<Vec<(usize, Vec<usize>)>> {
    let quoted = |names: &mut dyn Iterator<Item = &String>| {
        names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let mut heads = Vec::with_capacity(corpus.heads.len());
    for (at, (name, labels)) in corpus.heads.iter().enumerate() {
        let place = model.heads.iter().position(|head| head.name == *name).ok_or_else(|| {
            Error::table(
                corpus.files.join(", "),
                format!(
                    "the model has no head `{name}`; it has {}",
                    quoted(&mut model.heads.iter().map(|head| &head.name))
                ),
            )
        })?;
        let known = &model.heads[place].labels;
        let mut numbers = Vec::with_capacity(labels.len());
        for (number, label) in labels.iter().enumerate() {
            numbers.push(known.binary_search(label).map_err(|_| {
                let has = |example: &&Example| example.labels[at].map(|l| l as usize) == Some(number);
                let rows = corpus.examples.iter().filter(has).count();
                let first = corpus.examples.iter().find(has).map(|example| corpus.place(example));
                Error::table(
                    first.unwrap_or_else(|| corpus.files.join(", ")),
                    format!(
                        "the model does not know the label `{label}` in the column `{name}` ({rows} \
                         row{}); it knows {}",
                        if rows == 1 { "" } else { "s" },
                        quoted(&mut known.iter())
                    ),
                )
            })?);
        }
        heads.push((place, numbers));
    }
    Ok(heads)
}

/// For each row the key that it shares with the rows that must not be parted from it.
pub(super) fn keys(corpus: &Corpus) -> Vec<&str> {
    let rows: Vec<(Option<&str>, &str)> = corpus
        .examples
        .iter()
        .map(|example| (example.group.as_deref(), example.text.as_str()))
        .collect();
    crossval::keys(&rows)
}

fn predict(model: &Classifier, examples: &[&Example]) -> Vec<Prediction> {
    examples
        .par_chunks(CHUNK)
        .map_init(
            || model.extractor(),
            |extractor, chunk| {
                chunk
                    .iter()
                    .map(|example| model.predict(extractor, &example.text))
                    .collect::<Vec<_>>()
            },
        )
        .flatten_iter()
        .collect()
}

/// What cross-validation gives.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossValidated<'a> {
    /// For each head of the corpus the rows that have a label.
    pub heads: Vec<Vec<Judged<'a>>>,
    /// Warnings with the fold, from 1, in whose training they arose.
    pub warnings: Vec<(usize, Warning)>,
}

/// Parts the rows into folds and judges each fold by a model that is trained on the others, from
/// the choice of features on. Rows of one group and rows with equal texts are never parted.
///
/// `counts` enter every training as they are: counts of the same rows would tell each model of the
/// rows it is measured on. `done` is called with each fold, from 1, once it is judged.
///
/// # Errors
/// [`Error::Parameter`] where there are fewer than two folds or not enough rows for them, those of
/// [`train`], and [`Error::Training`] where the rows outside a fold have fewer than two labels.
pub fn cross_validate<'a>(
    corpus: &'a Corpus,
    params: &TrainParams,
    resources: &Resources,
    counts: &Counts,
    folds: usize,
    mut done: impl FnMut(usize),
) -> Result<CrossValidated<'a>> {
    let keys = keys(corpus);
    let mut different = keys.clone();
    different.sort_unstable();
    different.dedup();
    if folds < 2 || folds > different.len() {
        return Err(Error::Parameter {
            name: "cv",
            expected: "at least 2 and at most the number of groups and different texts",
            got: format!("{folds} for {}", different.len()),
        });
    }
    let split = crossval::folds(&keys, folds, params.seed);
    let mut judged: Vec<Vec<Option<Judged<'a>>>> =
        vec![vec![None; corpus.examples.len()]; corpus.heads.len()];
    let mut warnings = Vec::new();
    for fold in 0..folds {
        let (outside, inside): (Vec<usize>, Vec<usize>) =
            (0..split.len()).partition(|&row| split[row] != fold);
        check(corpus, &outside, fold)?;
        let (model, report) = train(&corpus.select(&outside), params, resources, counts)?;
        warnings.extend(report.warnings().into_iter().map(|warning| (fold + 1, warning)));
        let examples: Vec<&Example> = inside.iter().map(|&row| &corpus.examples[row]).collect();
        for (&row, said) in inside.iter().zip(predict(&model, &examples)) {
            let example = &corpus.examples[row];
            for (at, said) in said.heads.into_iter().enumerate() {
                judged[at][row] = example.labels[at].map(|label| Judged {
                    truth: label as usize,
                    scores: said.scores,
                    temperature: model.heads[at].temperature.into(),
                    key: keys[row],
                    source: example.source.as_deref(),
                    fold: Some(fold),
                });
            }
        }
        done(fold + 1);
    }
    let heads = judged.into_iter().map(|rows| rows.into_iter().flatten().collect()).collect();
    Ok(CrossValidated { heads, warnings })
}

fn check(corpus: &Corpus, rows: &[usize], fold: usize) -> Result<()> {
    for (at, (head, _)) in corpus.heads.iter().enumerate() {
        let mut labels: Vec<u32> =
            rows.iter().filter_map(|&row| corpus.examples[row].labels[at]).collect();
        labels.sort_unstable();
        labels.dedup();
        if labels.len() < 2 {
            return Err(Error::training(format!(
                "the rows outside fold {} have fewer than two labels in the column `{head}`; use \
                 other folds or more rows",
                fold + 1
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Columns;

    fn corpus(rows: &str) -> Corpus {
        Corpus::parse(&[("rows.csv".into(), rows.into())], &Columns::default()).unwrap()
    }

    fn tiny() -> Corpus {
        corpus(include_str!("../../tests/data/tiny.csv"))
    }

    fn parted(corpus: &Corpus, folds: usize) -> Result<CrossValidated<'_>> {
        let (params, counts) = (TrainParams::default(), Counts::default());
        cross_validate(corpus, &params, &Resources::default(), &counts, folds, |_| ())
    }

    #[test]
    fn truths_and_scores_are_in_the_order_of_the_models_labels() {
        // The corpus lacks the model's first label, so that its numbers are others.
        let model = crate::model::three_terms();
        let corpus = corpus("text,stance\nWar came.,hawkish\nRain fell.,neutral\n");
        let judged = judge(&model, &corpus).unwrap();
        assert_eq!(judged[0].iter().map(|row| row.truth).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(judged[0][1].scores, model.heads[0].bias);
        assert!((judged[0][0].temperature - 0.8).abs() < 1e-6);
    }

    #[test]
    fn labels_and_heads_that_the_model_lacks_are_named() {
        let model = crate::model::three_terms();
        let unknown = judge(&model, &corpus("text,stance\na,neutral\nb,dovish\n")).unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "rows.csv:3: the model does not know the label `dovish` in the column `stance` (1 row); it \
             knows `diplomatic`, `hawkish`, `neutral`"
        );
        let no_head = judge(&model, &corpus("text,sentiment\na,sad\n")).unwrap_err();
        assert_eq!(
            no_head.to_string(),
            "rows.csv: the model has no head `sentiment`; it has `stance`, `mood`"
        );
    }

    #[test]
    fn every_row_is_judged_once_and_groups_are_not_parted() {
        let corpus = tiny();
        let judged = parted(&corpus, 5).unwrap();
        for rows in &judged.heads {
            assert_eq!(rows.len(), 40);
            for (row, example) in rows.iter().zip(&corpus.examples) {
                let of_group = rows.iter().filter(|other| other.key == row.key);
                assert!(of_group.clone().all(|other| other.fold == row.fold));
                assert!(of_group.count() == 1 || example.group.is_some());
            }
        }
    }

    #[test]
    fn rows_are_judged_by_models_that_have_not_seen_them() {
        // A model of all rows knows that each has its own word; one without the row cannot.
        let rows: Vec<String> = (b'a'..=b'x')
            .map(|c| {
                let word = String::from(char::from(c)).repeat(5);
                format!("{word} {word},{}", if c % 2 == 0 { "x" } else { "y" })
            })
            .collect();
        let corpus = corpus(&format!("text,stance\n{}\n", rows.join("\n")));
        let params = TrainParams { min_df: 1, ..TrainParams::default() };
        let (resources, counts) = (Resources::default(), Counts::default());
        let judged = cross_validate(&corpus, &params, &resources, &counts, 4, |_| ()).unwrap();
        let right = |rows: &[Judged<'_>]| {
            rows.iter().filter(|row| crate::model::highest(&row.scores) == row.truth).count()
        };
        assert!(right(&judged.heads[0]) < 18);
        let (model, _) = train(&corpus, &params, &resources, &counts).unwrap();
        assert_eq!(right(&judge(&model, &corpus).unwrap()[0]), 24);
    }

    #[test]
    fn folds_are_counted_as_they_are_done() {
        let (corpus, mut done) = (tiny(), Vec::new());
        let (params, counts) = (TrainParams::default(), Counts::default());
        let resources = Resources::default();
        cross_validate(&corpus, &params, &resources, &counts, 3, |fold| done.push(fold)).unwrap();
        assert_eq!(done, [1, 2, 3]);
    }

    #[test]
    fn folds_that_cannot_be_are_refused() {
        let corpus = corpus("text,stance,group\na,x,g\nb,y,g\nc,x,h\n");
        assert_eq!(
            parted(&corpus, 3).unwrap_err().to_string(),
            "cv must be at least 2 and at most the number of groups and different texts, but is 3 for 2"
        );
        assert_eq!(
            parted(&corpus, 2).unwrap_err().to_string(),
            "cannot train: the rows outside fold 1 have fewer than two labels in the column `stance`; use \
             other folds or more rows"
        );
    }
}
