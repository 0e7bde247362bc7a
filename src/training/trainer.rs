//! Trains a model: features of every sentence, selection, one fit a head, calibration.
//!
//! The same corpus, parameters and version give the same model, at any number of threads; the order
//! of the rows moves weights only by rounding.

use rustc_hash::FxHashMap;

use super::corpus::Corpus;
use super::counts::{Counts, log_odds};
use super::matrix::Matrix;
use super::report::{HeadReport, HeldOut, LabelRows, Report};
use super::selection::{self, Counted};
use super::solver::{self, SolverParams};
use super::validation;
use crate::error::{Error, Result};
use crate::evaluation::{calibration, crossval};
use crate::features::{Extractor, Families, Family, Key, Lexicon, Resources, Row, Vocabulary};
use crate::model::{Classifier, Facts, Head};

/// The parameters of training.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainParams {
    /// Families of features in use; defaults to all but characters, triple, skip and near.
    pub families: Families,
    /// Features kept by chi-squared, at least 1; defaults to 16,384.
    pub max_features: usize,
    /// Sentences that a feature must stand in, at least 1; defaults to 2.
    pub min_df: u32,
    /// Strength of the L2 penalty, above 0; defaults to 0.5.
    pub l2: f64,
    /// Most steps of the optimiser, at least 1; defaults to 500.
    pub max_iterations: u64,
    /// Converged where the gradient's norm is below this share of its norm at the start; defaults
    /// to 1e-4.
    pub tolerance: f64,
    /// Largest dense matrix that linfa-logistic is given, in bytes; defaults to 512 MiB.
    pub dense_budget: usize,
    /// Folds of the cross-validation that calibrates, 0 for none; defaults to 5.
    pub calibration_folds: usize,
    /// Seed of the folds; defaults to 1.
    pub seed: u64,
    /// How strongly the log-odds of counts enter, at least 0; defaults to 1.
    pub prior: f64,
    /// Power of a feature's own log-odds by which its value is scaled before the fit, 0 to 2; defaults to
    /// 0.25, without a lexicon to 0.
    pub scaling: f64,
}

impl Default for TrainParams {
    fn default() -> Self {
        Self {
            families: [Family::Characters, Family::Triple, Family::Skip, Family::Near]
                .into_iter()
                .fold(Families::all(), Families::without),
            max_features: 1 << 14,
            min_df: 2,
            l2: 0.5,
            max_iterations: 500,
            tolerance: 1e-4,
            dense_budget: 512 << 20,
            calibration_folds: 5,
            seed: 1,
            prior: 1.0,
            scaling: 0.25,
        }
    }
}

impl TrainParams {
    /// The defaults with that lexicon. Where it is empty, parts of words and pairs of words stand in for
    /// it, more features are kept, and the penalty is 0.1.
    pub fn suited_to(lexicon: &Lexicon) -> Self {
        if lexicon.entries().is_empty() {
            Self {
                families: Families::all(),
                max_features: 1 << 16,
                l2: 0.1,
                scaling: 0.0,
                ..Self::default()
            }
        } else {
            Self::default()
        }
    }
}

/// Trains a model.
///
/// # Errors
/// [`Error::Training`] where a head has fewer than two labels or no feature remains,
/// [`Error::Parameter`] where a parameter is out of range.
pub fn train(
    corpus: &Corpus,
    params: &TrainParams,
    resources: &Resources,
    counts: &Counts,
) -> Result<(Classifier, Report)> {
    check(corpus, params)?;
    let extractor = Extractor::new(params.families, resources.clone());
    let counted = Counted::read(corpus, &extractor);
    let (vocabulary, place) = choose(corpus, params, &extractor, &counted, counts)?;
    let rows: Vec<Vec<(u32, f32)>> = counted
        .sentences
        .iter()
        .map(|sentence| {
            let mut counts: Vec<(u32, u32)> = sentence
                .iter()
                .filter_map(|&(number, times)| Some((place[number as usize]?, times)))
                .collect();
            counts.sort_unstable();
            vocabulary.row(&counts)
        })
        .collect();
    let mut heads = Vec::new();
    let mut reports = Vec::new();
    for at in 0..corpus.heads.len() {
        let (head, report) = fit_head(corpus, params, &rows, &vocabulary, counts, at)?;
        heads.push(head);
        reports.push(report);
    }
    let report = Report {
        sentences: corpus.examples.len(),
        features_met: counted.keys.len(),
        features_kept: vocabulary.len(),
        heads: reports,
    };
    let facts = facts(corpus, params, &report);
    let model = Classifier {
        families: params.families,
        resources: resources.clone(),
        vocabulary,
        heads,
        facts,
    };
    Ok((model, report))
}

fn check(corpus: &Corpus, params: &TrainParams) -> Result<()> {
    let wrong = |name, expected, got: String| Err(Error::Parameter { name, expected, got });
    if params.max_features == 0 {
        return wrong("max-features", "at least 1", "0".into());
    }
    if params.min_df == 0 {
        return wrong("min-df", "at least 1", "0".into());
    }
    if !(params.l2.is_finite() && params.l2 > 0.0) {
        return wrong("l2", "a number above 0", params.l2.to_string());
    }
    if !(0.0..=2.0).contains(&params.scaling) {
        return wrong("scaling", "a number from 0 to 2", params.scaling.to_string());
    }
    if params.max_iterations == 0 {
        return wrong("max-iterations", "at least 1", "0".into());
    }
    for (name, labels) in &corpus.heads {
        match labels.as_slice() {
            [] => {
                return Err(Error::training(format!("no row has a label in the column `{name}`")));
            }
            [only] => {
                return Err(Error::training(format!(
                    "every row has the label `{only}` in the column `{name}`; a model needs two \
                     labels or more"
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The vocabulary, and for each feature that was met in the corpus its number there.
///
/// Features of the corpus and terms of the counts compete by the higher of their two chi-squared
/// values, of which the corpus and the counts each give one.
fn choose(
    corpus: &Corpus,
    params: &TrainParams,
    extractor: &Extractor,
    counted: &Counted,
    counts: &Counts,
) -> Result<(Vocabulary, Vec<Option<u32>>)> {
    let frequencies = counted.document_frequencies();
    let mut strength: FxHashMap<Key, Candidate> = FxHashMap::default();
    for (number, chi_squared) in counted.chi_squared(corpus).into_iter().enumerate() {
        if frequencies[number] >= params.min_df {
            let candidate = Candidate {
                chi_squared,
                frequency: frequencies[number],
                met: u32::try_from(number).ok(),
                term: None,
            };
            strength.insert(counted.keys[number], candidate);
        }
    }
    for (term, name) in counts.names().iter().enumerate() {
        let (Some(key), Ok(term)) = (Key::of_name(name), u32::try_from(term)) else { continue };
        let mut chi_squared = 0.0f64;
        let mut frequency = 0;
        for (head, labels) in &corpus.heads {
            if let Some((holding, of_label)) = counts.observed(head, labels, term) {
                chi_squared = chi_squared.max(selection::chi_squared(&holding, &of_label));
                frequency = frequency.max(holding.iter().sum());
            }
        }
        if frequency == 0 || !params.families.has_name(name) {
            continue;
        }
        let candidate = strength.entry(key).or_default();
        candidate.chi_squared = candidate.chi_squared.max(chi_squared);
        candidate.frequency += frequency;
        candidate.term = Some(term);
    }
    if strength.is_empty() {
        return Err(Error::training(
            "no feature remains after pruning; try a lower --min-df or more rows",
        ));
    }
    let mut wanted: Vec<(Key, Candidate)> = strength.into_iter().collect();
    let stronger = |a: &(Key, Candidate), b: &(Key, Candidate)| {
        b.1.chi_squared.total_cmp(&a.1.chi_squared).then_with(|| a.0.cmp(&b.0))
    };
    if wanted.len() > params.max_features {
        wanted.select_nth_unstable_by(params.max_features, stronger);
        wanted.truncate(params.max_features);
    }
    wanted.sort_unstable_by_key(|(key, _)| *key);

    let met: Vec<u32> = wanted.iter().filter_map(|(_, c)| c.met).collect();
    let mut names_of_met = counted.names(&met, corpus, extractor).into_iter();
    let mut named: Vec<(String, Candidate)> = wanted
        .into_iter()
        .map(|(_, candidate)| {
            let name = match (candidate.met, candidate.term) {
                (Some(_), _) => names_of_met.next().unwrap_or_default(),
                (None, Some(term)) => counts.names()[term as usize].clone(),
                (None, None) => String::new(),
            };
            (name, candidate)
        })
        .collect();
    named.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut place = vec![None; frequencies.len()];
    for (at, (_, candidate)) in named.iter().enumerate() {
        if let Some(met) = candidate.met {
            place[met as usize] = u32::try_from(at).ok();
        }
    }
    let documents =
        u32::try_from(corpus.examples.len()).unwrap_or(u32::MAX).saturating_add(counts.sentences());
    let (names, frequencies) = named.into_iter().map(|(n, c)| (n, c.frequency)).unzip();
    let vocabulary = Vocabulary::new(names, frequencies, documents).map_err(Error::training)?;
    Ok((vocabulary, place))
}

/// A feature that may enter the vocabulary.
#[derive(Debug, Clone, Copy, Default)]
struct Candidate {
    chi_squared: f64,
    /// Sentences that hold it, in the corpus and in the counts.
    frequency: u32,
    /// Its number among the features of the corpus.
    met: Option<u32>,
    /// Its number among the terms of the counts.
    term: Option<u32>,
}

/// The log-odds that the counts give each feature for each label of a head, or nothing where there
/// are none: `odds[feature * labels + label]`.
fn prior(
    head: &str,
    labels: &[String],
    vocabulary: &Vocabulary,
    counts: &Counts,
    strength: f64,
) -> Option<Vec<f64>> {
    let mut odds = vec![0.0; vocabulary.len() * labels.len()];
    let mut any = false;
    for (name, line) in vocabulary.names().iter().zip(odds.chunks_mut(labels.len())) {
        let term = Key::of_name(name).and_then(|key| counts.number(key));
        if let Some(term) = term
            && let Some((holding, of_label)) = counts.observed(head, labels, term)
        {
            for (odd, value) in line.iter_mut().zip(log_odds(&holding, &of_label)) {
                *odd = strength * value;
                any = true;
            }
        }
    }
    any.then_some(odds)
}

fn fit_head(
    corpus: &Corpus,
    params: &TrainParams,
    rows: &[Row],
    vocabulary: &Vocabulary,
    counts: &Counts,
    at: usize,
) -> Result<(Head, HeadReport)> {
    let (name, labels) = &corpus.heads[at];
    let keep: Vec<usize> = (0..corpus.examples.len())
        .filter(|&row| corpus.examples[row].labels[at].is_some())
        .collect();
    let gold: Vec<u32> = keep.iter().filter_map(|&row| corpus.examples[row].labels[at]).collect();
    let weights: Vec<f64> = keep
        .iter()
        .map(|&row| corpus.examples[row].weight * corpus.examples[row].head_weights[at])
        .collect();
    #[allow(clippy::float_cmp, reason = "1 is the exact default")]
    let weighted = weights.iter().any(|&w| w != 1.0);
    let odds = prior(name, labels, vocabulary, counts, params.prior);
    let scale = scales(&keep, rows, &gold, labels.len(), vocabulary.len(), params.scaling);
    let kept: Vec<Row> = keep
        .iter()
        .map(|&row| {
            let mut row = rows[row].clone();
            row.iter_mut().for_each(|(feature, value)| *value *= scale[*feature as usize]);
            if let Some(odds) = &odds {
                add_sums(&mut row, odds, vocabulary.len(), labels.len());
            }
            row
        })
        .collect();
    let columns = vocabulary.len() + if odds.is_some() { labels.len() } else { 0 };
    let matrix = &Matrix::from_rows(&kept, columns);
    let solver_params = SolverParams {
        l2: params.l2,
        max_iterations: params.max_iterations,
        tolerance: params.tolerance,
        dense_budget: params.dense_budget,
    };
    let solution = solver::fit(
        matrix,
        &gold,
        labels.len(),
        weighted.then_some(weights.as_slice()),
        &solver_params,
        None,
    )?;

    let (temperature, held_out) = if params.calibration_folds >= 2 {
        let keys = validation::keys(corpus);
        let keys: Vec<&str> = keep.iter().map(|&row| keys[row]).collect();
        let weights = weighted.then_some(weights.as_slice());
        calibrate(matrix, &gold, labels.len(), weights, params, &solver_params, &keys)?
    } else {
        (1.0, None)
    };

    let mut counts = vec![0; labels.len()];
    gold.iter().for_each(|&label| counts[label as usize] += 1);
    #[allow(clippy::cast_possible_truncation, reason = "a weight needs no more than f32")]
    let single = |values: &[f64]| values.iter().map(|&v| v as f32).collect::<Vec<f32>>();
    let mut folded = match &odds {
        Some(odds) => fold(&solution.weights, odds, vocabulary.len(), labels.len()),
        None => solution.weights,
    };
    for (line, &scale) in folded.chunks_mut(labels.len()).zip(&scale) {
        line.iter_mut().for_each(|weight| *weight *= f64::from(scale));
    }
    let head = Head {
        name: name.clone(),
        labels: labels.clone(),
        weights: single(&folded),
        bias: single(&solution.bias),
        temperature: single(&[temperature])[0],
    };
    let report = HeadReport {
        name: name.clone(),
        labels: labels
            .iter()
            .cloned()
            .zip(counts)
            .map(|(label, rows)| LabelRows { label, rows })
            .collect(),
        iterations: solution.iterations,
        loss: solution.loss,
        gradient_norm: solution.gradient_norm,
        converged: solution.converged,
        confirmation: solution.confirmation,
        temperature,
        held_out,
    };
    Ok((head, report))
}

/// By how much each feature's value is scaled: a power of its highest log-odds over the labels, after
/// Wang and Manning, "Baselines and Bigrams" (ACL 2012). To the fit a telling feature then costs less.
fn scales(
    keep: &[usize],
    rows: &[Row],
    gold: &[u32],
    labels: usize,
    features: usize,
    power: f64,
) -> Vec<f32> {
    if power <= 0.0 {
        return vec![1.0; features];
    }
    let mut holding = vec![0u32; features * labels];
    let mut of_label = vec![0u32; labels];
    for (&row, &label) in keep.iter().zip(gold) {
        of_label[label as usize] += 1;
        for (feature, _) in &rows[row] {
            holding[*feature as usize * labels + label as usize] += 1;
        }
    }
    holding
        .chunks(labels)
        .map(|holding| {
            let odds = log_odds(holding, &of_label);
            let strongest = odds.iter().fold(0.0f64, |most, odd| most.max(odd.abs()));
            #[allow(clippy::cast_possible_truncation, reason = "a scale needs no more than f32")]
            let scale = strongest.powf(power) as f32;
            scale
        })
        .collect()
}

/// Adds to a row, as one more column a label, the sum over its features of value times log-odds.
fn add_sums(row: &mut Row, odds: &[f64], features: usize, labels: usize) {
    let mut sums = vec![0.0; labels];
    for &(feature, value) in row.iter() {
        for (sum, odd) in sums.iter_mut().zip(&odds[feature as usize * labels..][..labels]) {
            *sum += f64::from(value) * odd;
        }
    }
    #[allow(clippy::cast_possible_truncation, reason = "a value needs no more than f32")]
    row.extend(
        sums.into_iter()
            .enumerate()
            .map(|(label, sum)| (u32::try_from(features + label).unwrap_or(u32::MAX), sum as f32)),
    );
}

/// Takes the weights of the sums into the weights of the features that they are sums of.
fn fold(weights: &[f64], odds: &[f64], features: usize, labels: usize) -> Vec<f64> {
    let (own, of_sums) = weights.split_at(features * labels);
    let mut folded = own.to_vec();
    for (line, odds) in folded.chunks_mut(labels).zip(odds.chunks(labels)) {
        for (odd, weights) in odds.iter().zip(of_sums.chunks(labels)) {
            for (weight, of_sum) in line.iter_mut().zip(weights) {
                *weight += odd * of_sum;
            }
        }
    }
    folded
}

/// Scores every row by a model that was fitted without its fold, and fits the temperature to them.
#[allow(clippy::too_many_arguments, reason = "one call, and each is a different thing")]
fn calibrate(
    matrix: &Matrix,
    gold: &[u32],
    label_count: usize,
    weights: Option<&[f64]>,
    params: &TrainParams,
    solver_params: &SolverParams,
    keys: &[&str],
) -> Result<(f64, Option<HeldOut>)> {
    let split = crossval::folds(keys, params.calibration_folds, params.seed);
    // A temperature does not need weights to the last digit. Each fit starts at zero: one that started
    // at the weights of all rows would remember those it is to be tested on.
    let rough = SolverParams {
        tolerance: solver_params.tolerance.max(1e-3),
        dense_budget: 0,
        ..solver_params.clone()
    };
    let mut scores = vec![Vec::new(); gold.len()];
    for fold in 0..params.calibration_folds {
        let inside: Vec<usize> = (0..gold.len()).filter(|&row| split[row] != fold).collect();
        let labels: Vec<u32> = inside.iter().map(|&row| gold[row]).collect();
        let weights: Option<Vec<f64>> =
            weights.map(|all| inside.iter().map(|&row| all[row]).collect());
        let part = matrix.select(&inside);
        let fitted = solver::fit(&part, &labels, label_count, weights.as_deref(), &rough, None)?;
        for row in (0..gold.len()).filter(|&row| split[row] == fold) {
            scores[row] = scores_of(matrix, row, &fitted, label_count);
        }
    }
    let temperature = calibration::temperature(&scores, gold, weights);
    let said = |temperature: f64| -> Vec<(f64, bool)> {
        scores
            .iter()
            .zip(gold)
            .map(|(scores, &label)| {
                let probabilities = calibration::probabilities(scores, temperature);
                let best = crate::model::highest(scores);
                (probabilities[best], best == label as usize)
            })
            .collect()
    };
    let pairs = scores.iter().zip(gold).map(|(s, &l)| (l as usize, crate::model::highest(s)));
    let confusion = crate::evaluation::metrics::Confusion::of(label_count, pairs);
    let held_out = confusion.macro_f1().map(|macro_f1| HeldOut {
        macro_f1,
        error_before: calibration::calibration_error(&said(1.0)).unwrap_or(0.0),
        error_after: calibration::calibration_error(&said(temperature)).unwrap_or(0.0),
    });
    Ok((temperature, held_out))
}

fn scores_of(matrix: &Matrix, row: usize, solution: &solver::Solution, k: usize) -> Vec<f32> {
    let mut scores = solution.bias.clone();
    let (columns, values) = matrix.row(row);
    for (&column, &value) in columns.iter().zip(values) {
        for (score, weight) in scores.iter_mut().zip(&solution.weights[column as usize * k..][..k])
        {
            *score += f64::from(value) * weight;
        }
    }
    #[allow(clippy::cast_possible_truncation, reason = "as in the model")]
    scores.into_iter().map(|score| score as f32).collect()
}

fn facts(corpus: &Corpus, params: &TrainParams, report: &Report) -> Facts {
    let parameters = [
        ("max-features", params.max_features.to_string()),
        ("min-df", params.min_df.to_string()),
        ("l2", params.l2.to_string()),
        ("max-iterations", params.max_iterations.to_string()),
        ("tolerance", params.tolerance.to_string()),
        ("scaling", params.scaling.to_string()),
        ("prior", params.prior.to_string()),
        ("calibration-folds", params.calibration_folds.to_string()),
        ("seed", params.seed.to_string()),
    ];
    let mut scores = std::collections::BTreeMap::new();
    for head in &report.heads {
        if let Some(held_out) = head.held_out {
            scores.insert(format!("{} cross-validated macro F1", head.name), held_out.macro_f1);
        }
    }
    Facts {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        data_sha256: corpus.sha256.clone(),
        sentences: corpus.examples.len(),
        parameters: parameters.map(|(name, value)| (name.to_owned(), value)).into(),
        scores,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{highest, to_bytes};
    use crate::training::{Columns, Confirmation};

    const TINY: &str = include_str!("../../tests/data/tiny.csv");

    fn corpus(rows: &str) -> Corpus {
        Corpus::parse(&[("rows.csv".into(), rows.into())], &Columns::default()).unwrap()
    }

    fn fitted(rows: &str, params: &TrainParams, counts: &Counts) -> (Classifier, Report) {
        train(&corpus(rows), params, &Resources::default(), counts).unwrap()
    }

    fn plain(rows: &str) -> (Classifier, Report) {
        fitted(rows, &TrainParams::default(), &Counts::default())
    }

    #[test]
    fn the_model_knows_the_strongest_features_and_no_more() {
        let params =
            TrainParams { max_features: 50, families: Families::all(), ..TrainParams::default() };
        let (model, report) = fitted(TINY, &params, &Counts::default());
        assert_eq!((model.vocabulary.len(), report.features_kept), (50, 50));
        assert!(report.features_met > 1000);
        assert!(model.vocabulary.document_frequencies().iter().all(|&df| df >= 2));
    }

    #[test]
    fn the_report_is_of_the_model() {
        let (model, report) = plain(TINY);
        assert_eq!(report.sentences, 40);
        for (head, said) in model.heads.iter().zip(&report.heads) {
            assert_eq!((&head.name, head.labels.len()), (&said.name, said.labels.len()));
            assert_eq!(said.labels.iter().map(|label| label.rows).sum::<usize>(), 40);
            assert!((f64::from(head.temperature) - said.temperature).abs() < 1e-6);
            assert!(said.converged && said.confirmation == Confirmation::Linfa, "{said:?}");
            let held_out = said.held_out.unwrap();
            assert!(held_out.error_after <= held_out.error_before + 0.05, "{held_out:?}");
        }
    }

    #[test]
    fn the_objective_of_the_model_is_the_loss_of_the_report() {
        let params = TrainParams { calibration_folds: 0, scaling: 0.0, ..TrainParams::default() };
        let (model, report) = fitted(TINY, &params, &Counts::default());
        let corpus = corpus(TINY);
        let mut extractor = model.extractor();
        for (at, head) in model.heads.iter().enumerate() {
            assert!((head.temperature - 1.0).abs() < 1e-6);
            let penalty: f32 = head.weights.iter().map(|w| w * w).sum();
            let losses = corpus.examples.iter().map(|example| {
                let said = model.predict(&mut extractor, &example.text);
                -f64::from(said.heads[at].probabilities[example.labels[at].unwrap() as usize]).ln()
            });
            let loss = losses.sum::<f64>() + 0.5 * params.l2 * f64::from(penalty);
            let reported = report.heads[at].loss;
            assert!((loss - reported).abs() < 1e-3 * reported, "{loss} is not {reported}");
        }
    }

    #[test]
    fn rows_in_another_order_give_weights_that_differ_by_rounding_only() {
        let (header, rows) = TINY.split_once('\n').unwrap();
        let mut lines: Vec<&str> = rows.lines().collect();
        lines.reverse();
        let turned = format!("{header}\n{}\n", lines.join("\n"));
        let params = TrainParams { tolerance: 1e-7, ..TrainParams::default() };
        let (one, _) = fitted(TINY, &params, &Counts::default());
        let (other, _) = fitted(&turned, &params, &Counts::default());
        assert_eq!(one.vocabulary, other.vocabulary);
        for (one, other) in one.heads.iter().zip(&other.heads) {
            for (a, b) in one.weights.iter().zip(&other.weights) {
                assert!((a - b).abs() < 1e-5, "{a} is not {b}");
            }
            assert!((one.temperature - other.temperature).abs() < 1e-3);
        }
    }

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        assert!(to_bytes(&plain(TINY).0).unwrap() == to_bytes(&plain(TINY).0).unwrap());
    }

    #[test]
    fn folding_the_sums_into_the_weights_changes_no_score() {
        let (features, labels) = (3, 2);
        let odds = [0.5, -0.5, 1.0, -1.0, 0.0, 0.0];
        let weights = [0.1, -0.1, 0.2, -0.2, 0.3, -0.3, 0.7, -0.7, -0.4, 0.4];
        let row: Row = vec![(0, 0.6), (1, 0.8)];
        let mut with_sums = row.clone();
        add_sums(&mut with_sums, &odds, features, labels);
        let score = |row: &Row, weights: &[f64], label: usize| -> f64 {
            row.iter().map(|&(f, v)| f64::from(v) * weights[f as usize * labels + label]).sum()
        };
        let folded = fold(&weights, &odds, features, labels);
        for label in 0..labels {
            let (one, other) = (score(&with_sums, &weights, label), score(&row, &folded, label));
            assert!((one - other).abs() < 1e-6, "{one} is not {other}");
        }
    }

    #[test]
    fn counts_bring_terms_that_no_row_holds() {
        let counts = "term,stance:diplomatic,stance:hawkish,stance:neutral\n*,500,500,500\n\
                      word:armi,1,90,1\nword:talk,90,1,1\nword:tank,1,90,1\n";
        let counts = Counts::from_csv(counts, "counts.csv").unwrap();
        let (model, _) = fitted(TINY, &TrainParams::default(), &counts);
        let tank = model.vocabulary.number(Key::of_name("word:tank").unwrap()).unwrap();
        assert_eq!(highest(model.heads[0].weights_of(tank)), 1);
        assert_eq!(model.vocabulary.documents(), 40 + 1500);
        let none = TrainParams { prior: 0.0, ..TrainParams::default() };
        let (model, _) = fitted(TINY, &none, &counts);
        let tank = model.vocabulary.number(Key::of_name("word:tank").unwrap()).unwrap();
        assert!(model.heads[0].weights_of(tank).iter().all(|w| w.abs() < 1e-6));
    }

    #[test]
    fn a_head_that_lacks_some_labels_is_fitted_on_the_rows_that_have_one() {
        let some: Vec<String> = TINY
            .lines()
            .enumerate()
            .map(
                |(at, line)| {
                    if at % 2 == 1 { line.replace(",positive,", ",,") } else { line.to_owned() }
                },
            )
            .collect();
        let (_, report) = plain(&some.join("\n"));
        let rows = |head: usize| report.heads[head].labels.iter().map(|l| l.rows).sum::<usize>();
        assert_eq!(rows(0), 40);
        assert!(rows(1) < 40);
    }

    #[test]
    fn what_cannot_be_trained_on_is_refused() {
        let message = |rows: &str, params: &TrainParams| {
            let trained = train(&corpus(rows), params, &Resources::default(), &Counts::default());
            trained.unwrap_err().to_string()
        };
        let usual = TrainParams::default();
        assert_eq!(
            message("text,stance\na,x\n", &usual),
            "cannot train: every row has the label `x` in the column `stance`; a model needs two labels or \
             more"
        );
        assert_eq!(
            message("text,stance\na,\n", &usual),
            "cannot train: no row has a label in the column `stance`"
        );
        let words = Families::none().with(crate::features::Family::Word);
        assert_eq!(
            message("text,stance\na,x\nb,y\n", &TrainParams { families: words, ..usual }),
            "cannot train: no feature remains after pruning; try a lower --min-df or more rows"
        );
    }
}
