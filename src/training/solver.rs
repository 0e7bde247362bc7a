//! Fits a multinomial logistic regression; the only file that knows linfa, ndarray and argmin.
//!
//! The objective is that of `linfa-logistic`,
//!
//! ```text
//! J(W, b) = Σᵢ cᵢ · −log softmax(xᵢW + b)[yᵢ]  +  α/2 · ‖W‖²
//! ```
//!
//! with row weights cᵢ that linfa does not know (all 1 there); the bias b is not penalised. It is
//! minimised on sparse rows by argmin's L-BFGS with the line search of Moré and Thuente, the
//! optimiser under linfa-logistic. Where the dense matrix fits a memory budget and no row is
//! weighted, the solution is handed to linfa-logistic as its starting point, and what linfa
//! returns is the model. The result does not depend on the number of threads.

use std::sync::Mutex;

use argmin::core::{CostFunction, Executor, Gradient, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use linfa::prelude::{Dataset, Fit};
use linfa_logistic::MultiLogisticRegression;
use ndarray::{Array1, Array2};
use rayon::prelude::*;

use super::matrix::Matrix;
use crate::error::{Error, Result};

/// Number of past steps that L-BFGS remembers; linfa-logistic's own choice.
const MEMORY: usize = 10;

/// What the solver is given besides rows and labels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SolverParams {
    /// Strength α of the L2 penalty, above 0.
    pub l2: f64,
    /// Most steps of L-BFGS, at least 1.
    pub max_iterations: u64,
    /// The fit has converged where the norm of the gradient is below this share of its norm at
    /// zero weights.
    pub tolerance: f64,
    /// Largest dense matrix, in bytes, that linfa-logistic is given to confirm the solution.
    pub dense_budget: usize,
}

/// Who returned the weights of a fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirmation {
    /// linfa-logistic, started at the sparse solution.
    Linfa,
    /// The sparse solver alone: the dense matrix would be larger than the budget.
    OverBudget,
    /// The sparse solver alone: linfa-logistic has no row weights.
    Weighted,
}

/// A fitted model: weights by feature and label, and how the fit went.
#[derive(Debug, Clone)]
pub(super) struct Solution {
    /// `weights[feature * labels + label]`.
    pub weights: Vec<f64>,
    /// One a label.
    pub bias: Vec<f64>,
    /// Steps of L-BFGS.
    pub iterations: u64,
    /// The objective at the solution.
    pub loss: f64,
    /// Euclidean norm of the objective's gradient at the solution.
    pub gradient_norm: f64,
    /// Whether the gradient's norm fell below the tolerance.
    pub converged: bool,
    /// Who returned the weights.
    pub confirmation: Confirmation,
}

/// Fits one head: `labels[row]` is the label's number, below `label_count`; `weights[row]` is
/// the row's weight, above 0. `start`, where given, holds weights and then biases as they stand in
/// a [`Solution`]; else the fit starts at zero.
///
/// # Errors
/// If the optimiser gives up, which happens only for values that are not finite.
pub(super) fn fit(
    rows: &Matrix,
    labels: &[u32],
    label_count: usize,
    weights: Option<&[f64]>,
    params: &SolverParams,
    start: Option<Vec<f64>>,
) -> Result<Solution> {
    let objective =
        Objective { rows, labels, label_count, weights, l2: params.l2, last: Mutex::new(None) };
    let zero = vec![0.0; (rows.columns() + 1) * label_count];
    let at_zero = norm(&objective.at(&zero).1);
    let threshold = params.tolerance * at_zero.max(1.0);
    let point = minimise(&objective, start.unwrap_or(zero), threshold, params.max_iterations)?;

    let (point, confirmation) = if weights.is_some() {
        (point, Confirmation::Weighted)
    } else if rows.rows() * rows.columns() * size_of::<f64>() > params.dense_budget {
        (point, Confirmation::OverBudget)
    } else {
        let confirmed = confirm(&objective, &point.param, threshold, params.max_iterations)?;
        (Point { param: confirmed, iterations: point.iterations }, Confirmation::Linfa)
    };

    let (loss, gradient) = objective.at(&point.param);
    let gradient_norm = norm(&gradient);
    if !(loss.is_finite() && gradient_norm.is_finite()) {
        return Err(Error::training("the optimiser left the finite numbers; try a higher --l2"));
    }
    let mut all = point.param;
    let bias = all.split_off(rows.columns() * label_count);
    Ok(Solution {
        weights: all,
        bias,
        iterations: point.iterations,
        loss,
        gradient_norm,
        converged: gradient_norm <= threshold,
        confirmation,
    })
}

struct Point {
    param: Vec<f64>,
    iterations: u64,
}

fn minimise(
    objective: &Objective<'_>,
    start: Vec<f64>,
    threshold: f64,
    max_iterations: u64,
) -> Result<Point> {
    let failed = |e: argmin::core::Error| Error::training(format!("the optimiser gave up: {e}"));
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), MEMORY)
        .with_tolerance_grad(threshold)
        .and_then(|s| s.with_tolerance_cost(0.0))
        .map_err(failed)?;
    let outcome = Executor::new(objective, solver)
        .configure(|state| state.param(start).max_iters(max_iterations))
        .run();
    match outcome {
        Ok(result) => {
            // Where a line search finds no better point, which happens next to the optimum, the best
            // point so far stands; whether it has converged is judged by its gradient.
            let state = result.state();
            let iterations = state.get_iter();
            let param = state
                .get_best_param()
                .cloned()
                .ok_or_else(|| Error::training("the optimiser returned no weights"))?;
            Ok(Point { param, iterations })
        }
        Err(e) => Err(failed(e)),
    }
}

/// Hands the solution to linfa-logistic, which checks the gradient and goes on where it must.
fn confirm(
    objective: &Objective<'_>,
    start: &[f64],
    threshold: f64,
    max_iterations: u64,
) -> Result<Vec<f64>> {
    let (rows, k) = (objective.rows, objective.label_count);
    let mut dense = Array2::<f64>::zeros((rows.rows(), rows.columns()));
    for row in 0..rows.rows() {
        let (columns, values) = rows.row(row);
        for (&column, &value) in columns.iter().zip(values) {
            dense[(row, column as usize)] = f64::from(value);
        }
    }
    let targets = Array1::from_iter(objective.labels.iter().map(|&label| label as usize));
    let initial = Array2::from_shape_vec((rows.columns() + 1, k), start.to_vec())
        .map_err(|e| Error::training(e.to_string()))?;
    let fitted = MultiLogisticRegression::default()
        .alpha(objective.l2)
        .gradient_tolerance(threshold)
        .max_iterations(max_iterations)
        .initial_params(initial)
        .fit(&Dataset::new(dense, targets))
        .map_err(|e| Error::training(format!("linfa-logistic: {e}")))?;
    Ok(fitted.params().iter().chain(fitted.intercept().iter()).copied().collect())
}

struct Objective<'a> {
    rows: &'a Matrix,
    labels: &'a [u32],
    label_count: usize,
    weights: Option<&'a [f64]>,
    l2: f64,
    /// The optimiser asks for cost and gradient of the same point one after the other.
    last: Mutex<Option<Evaluated>>,
}

struct Evaluated {
    param: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
}

impl Objective<'_> {
    fn at(&self, param: &[f64]) -> (f64, Vec<f64>) {
        let k = self.label_count;
        let features = self.rows.columns();
        let (weights, bias) = param.split_at(features * k);

        // residual[row * k + label] = cᵢ (p − y)
        let mut residual = vec![0.0; self.rows.rows() * k];
        let losses: Vec<f64> = residual
            .par_chunks_mut(k)
            .enumerate()
            .map(|(row, scores)| {
                scores.copy_from_slice(bias);
                let (columns, values) = self.rows.row(row);
                for (&column, &value) in columns.iter().zip(values) {
                    let value = f64::from(value);
                    let line = &weights[column as usize * k..][..k];
                    for (score, weight) in scores.iter_mut().zip(line) {
                        *score += value * weight;
                    }
                }
                let max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let gold = self.labels[row] as usize;
                let own = scores[gold] - max;
                let mut sum = 0.0;
                for score in scores.iter_mut() {
                    *score = (*score - max).exp();
                    sum += *score;
                }
                let weight = self.weights.map_or(1.0, |w| w[row]);
                for score in scores.iter_mut() {
                    *score *= weight / sum;
                }
                scores[gold] -= weight;
                weight * (sum.ln() - own)
            })
            .collect();

        let penalty: f64 = weights.iter().map(|w| w * w).sum();
        let loss = losses.iter().sum::<f64>() + 0.5 * self.l2 * penalty;

        let mut gradient = vec![0.0; param.len()];
        let (by_feature, by_bias) = gradient.split_at_mut(features * k);
        by_feature.par_chunks_mut(k).with_min_len(256).enumerate().for_each(|(column, line)| {
            for (g, w) in line.iter_mut().zip(&weights[column * k..][..k]) {
                *g = self.l2 * w;
            }
            let (rows, values) = self.rows.column(column);
            for (&row, &value) in rows.iter().zip(values) {
                let value = f64::from(value);
                for (g, r) in line.iter_mut().zip(&residual[row as usize * k..][..k]) {
                    *g += value * r;
                }
            }
        });
        for line in residual.chunks(k) {
            for (g, r) in by_bias.iter_mut().zip(line) {
                *g += r;
            }
        }
        (loss, gradient)
    }

    fn evaluated<T>(&self, param: &[f64], take: impl Fn(&Evaluated) -> T) -> T {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match last.as_ref() {
            Some(known) if known.param == param => take(known),
            _ => {
                let (loss, gradient) = self.at(param);
                let now = Evaluated { param: param.to_vec(), loss, gradient };
                let out = take(&now);
                *last = Some(now);
                out
            }
        }
    }
}

impl CostFunction for &Objective<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, param: &Vec<f64>) -> std::result::Result<f64, argmin::core::Error> {
        Ok(self.evaluated(param, |e| e.loss))
    }
}

impl Gradient for &Objective<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, param: &Vec<f64>) -> std::result::Result<Vec<f64>, argmin::core::Error> {
        Ok(self.evaluated(param, |e| e.gradient.clone()))
    }
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use linfa::prelude::Predict as _;

    use super::*;

    const FEATURES: usize = 4;
    const LABELS: [u32; 10] = [0, 0, 0, 1, 1, 1, 2, 2, 2, 1];
    const WEIGHTS: [f64; 10] = [1.0, 1.0, 2.0, 0.5, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0];

    fn rows() -> Matrix {
        let dense: [[f32; FEATURES]; 10] = [
            [0.8, 0.0, 0.6, 0.0],
            [0.6, 0.8, 0.0, 0.0],
            [1.0, 0.0, 0.0, 0.0],
            [0.0, 0.6, 0.8, 0.0],
            [0.0, 1.0, 0.0, 0.0],
            [0.28, 0.96, 0.0, 0.0],
            [0.0, 0.0, 0.6, 0.8],
            [0.0, 0.0, 0.0, 1.0],
            [0.6, 0.0, 0.0, 0.8],
            [0.0, 0.0, 1.0, 0.0],
        ];
        let sparse = |row: &[f32; FEATURES]| (0..).zip(*row).filter(|(_, v)| *v > 0.0).collect();
        Matrix::from_rows(&dense.iter().map(sparse).collect::<Vec<_>>(), FEATURES)
    }

    fn params(dense_budget: usize) -> SolverParams {
        SolverParams { l2: 0.25, max_iterations: 1000, tolerance: 1e-7, dense_budget }
    }

    fn solved(weights: Option<&[f64]>, dense_budget: usize) -> Solution {
        fit(&rows(), &LABELS, 3, weights, &params(dense_budget), None).unwrap()
    }

    #[track_caller]
    fn is_close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
        }
    }

    /// scikit-learn 1.9.1, with x, y and w as above:
    ///
    /// ```python
    /// m = LogisticRegression(C=1 / 0.25, tol=1e-10, max_iter=10000).fit(x, y)
    /// m.coef_.T, m.intercept_
    /// ```
    #[test]
    fn the_optimum_is_that_of_scikit_learn() {
        let solution = solved(None, 0);
        is_close(
            &solution.weights,
            &[
                1.872_467_889_696,
                -1.469_649_240_951,
                -0.402_818_648_745,
                -0.175_857_181_820,
                1.106_406_619_838,
                -0.930_549_438_018,
                -0.292_448_615_382,
                0.697_037_812_326,
                -0.404_589_196_944,
                -1.019_393_633_477,
                -1.074_002_320_860,
                2.093_395_954_337,
            ],
        );
        is_close(&solution.bias, &[-0.255_514_309_934, 0.407_470_465_606, -0.151_956_155_673]);
        is_close(&[solution.loss], &[4.855_230_303_462]);
        assert!(solution.converged && solution.gradient_norm < 1e-6, "{solution:?}");
    }

    /// The same with `fit(x, y, sample_weight=w)`.
    #[test]
    fn the_optimum_with_row_weights_is_that_of_scikit_learn() {
        let solution = solved(Some(&WEIGHTS), usize::MAX);
        is_close(
            &solution.weights,
            &[
                2.030_386_848_845,
                -1.395_039_421_343,
                -0.635_347_427_502,
                -0.242_432_456_075,
                1.167_752_683_656,
                -0.925_320_227_581,
                -0.405_324_777_488,
                0.603_149_545_614,
                -0.197_824_768_126,
                -1.118_106_227_496,
                -1.265_099_277_826,
                2.383_205_505_322,
            ],
        );
        is_close(&solution.bias, &[-0.208_788_719_272, 0.275_457_797_153, -0.066_669_077_880]);
        is_close(&[solution.loss], &[5.329_359_036_297]);
        assert_eq!(solution.confirmation, Confirmation::Weighted);
    }

    #[test]
    fn a_row_of_weight_two_counts_like_two_rows() {
        let twice: Vec<usize> = (0..10).chain([3, 7]).collect();
        let labels: Vec<u32> = twice.iter().map(|&row| LABELS[row]).collect();
        let copied = fit(&rows().select(&twice), &labels, 3, None, &params(0), None).unwrap();
        let mut weights = [1.0; 10];
        (weights[3], weights[7]) = (2.0, 2.0);
        is_close(&solved(Some(&weights), 0).weights, &copied.weights);
    }

    #[test]
    fn the_gradient_is_that_of_finite_differences() {
        let rows = rows();
        let objective = Objective {
            rows: &rows,
            labels: &LABELS,
            label_count: 3,
            weights: Some(&WEIGHTS),
            l2: 0.25,
            last: Mutex::new(None),
        };
        let point: Vec<f64> = (0..15).map(|i| f64::from(i * i % 7) * 0.3 - 0.8).collect();
        let (_, gradient) = objective.at(&point);
        let step = 1e-5;
        for at in 0..point.len() {
            let moved = |by: f64| {
                let mut moved = point.clone();
                moved[at] += by;
                objective.at(&moved).0
            };
            let slope = (moved(step) - moved(-step)) / (2.0 * step);
            assert!((slope - gradient[at]).abs() < 1e-7, "{at}: {slope}, {}", gradient[at]);
        }
    }

    #[test]
    fn linfa_confirms_the_sparse_solution() {
        let (sparse, confirmed) = (solved(None, 0), solved(None, usize::MAX));
        assert_eq!(sparse.confirmation, Confirmation::OverBudget);
        assert_eq!(confirmed.confirmation, Confirmation::Linfa);
        assert!((sparse.loss - confirmed.loss).abs() < 1e-4 * sparse.loss);
        is_close(&sparse.weights, &confirmed.weights);
        is_close(&sparse.bias, &confirmed.bias);
    }

    #[test]
    fn linfa_goes_on_where_the_sparse_solver_stopped_early() {
        let early = SolverParams { max_iterations: 3, ..params(usize::MAX) };
        let confirmed = fit(&rows(), &LABELS, 3, None, &early, None).unwrap();
        let alone =
            fit(&rows(), &LABELS, 3, None, &SolverParams { dense_budget: 0, ..early }, None)
                .unwrap();
        assert!(!alone.converged && confirmed.loss < alone.loss);
    }

    #[test]
    fn probabilities_and_labels_are_those_of_linfa() {
        let rows = rows();
        let mut dense = Array2::<f64>::zeros((10, FEATURES));
        for row in 0..10 {
            let (columns, values) = rows.row(row);
            for (&column, &value) in columns.iter().zip(values) {
                dense[(row, column as usize)] = f64::from(value);
            }
        }
        let targets = Array1::from_iter(LABELS.iter().map(|&label| label as usize));
        let linfa = MultiLogisticRegression::default()
            .alpha(0.25)
            .gradient_tolerance(1e-8)
            .max_iterations(1000)
            .fit(&Dataset::new(dense.clone(), targets))
            .unwrap();
        let theirs = linfa.predict_probabilities(&dense);
        let labels = linfa.predict(&dense);
        let ours = solved(None, 0);
        for row in 0..10 {
            let (columns, values) = rows.row(row);
            let scores: Vec<f32> = (0..3)
                .map(|label| {
                    let parts = columns.iter().zip(values).map(|(&column, &value)| {
                        f64::from(value) * ours.weights[column as usize * 3 + label]
                    });
                    #[allow(clippy::cast_possible_truncation, reason = "as in the model")]
                    let score = (ours.bias[label] + parts.sum::<f64>()) as f32;
                    score
                })
                .collect();
            let probabilities = crate::evaluation::calibration::probabilities(&scores, 1.0);
            is_close(&probabilities, &theirs.row(row).to_vec());
            assert_eq!(crate::model::highest(&scores), labels[row]);
        }
    }

    #[test]
    fn one_step_is_not_convergence() {
        let params = SolverParams { max_iterations: 1, ..params(0) };
        let solution = fit(&rows(), &LABELS, 3, None, &params, None).unwrap();
        assert!(!solution.converged && solution.gradient_norm > 1e-3, "{solution:?}");
    }

    #[test]
    fn a_fit_that_starts_at_the_solution_stays_there() {
        let solution = solved(None, 0);
        let start = solution.weights.iter().chain(&solution.bias).copied().collect();
        let again = fit(&rows(), &LABELS, 3, None, &params(0), Some(start)).unwrap();
        assert!(again.iterations <= 1, "{}", again.iterations);
        is_close(&again.weights, &solution.weights);
    }

    #[test]
    fn the_same_rows_give_the_same_weights_at_any_number_of_threads() {
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let alone = one.install(|| solved(None, 0));
        assert_eq!(alone.weights, solved(None, 0).weights);
    }
}
