//! Which labels are likely wrong: confident learning.
//!
//! Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels" (JAIR 2021).
//! A row belongs confidently to label j where its probability of j, by a model that has not seen the
//! row, is at least the mean probability of j over the rows labelled j; where it does so for several,
//! to the most probable. Rows that belong confidently to another label than their own are doubted,
//! and how many they are for each pair of labels estimates how often one was written for the other.

/// What confident learning says of one labelling.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// Mean probability of each label over the rows that have it; `None` where none has.
    pub thresholds: Vec<Option<f64>>,
    /// `joint[given][confident]`: rows of a label that belong confidently to a label.
    pub joint: Vec<Vec<u64>>,
    /// Estimated share of all rows that have a label and should have another: `[given][right]`,
    /// summing to 1 with the diagonal.
    pub shares: Vec<Vec<f64>>,
    /// The doubted rows, most doubted first.
    pub doubts: Vec<Doubt>,
}

/// A row whose label is doubted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Doubt {
    /// The row.
    pub row: usize,
    /// The label that it belongs to confidently.
    pub label: usize,
    /// Probability of that label less probability of its own, −1 to 1: what doubts are ranked by.
    pub margin: f64,
}

/// A hair below a threshold counts as on it.
const HAIR: f64 = 1e-6;

/// Audits labels, numbers below the width of `probabilities`, by the probabilities that a model gave
/// to rows it had not seen, one row of them a label.
pub fn audit(labels: &[usize], probabilities: &[Vec<f64>]) -> Audit {
    let width = probabilities.first().map_or(0, Vec::len);
    let mut sums = vec![(0.0, 0usize); width];
    for (&label, row) in labels.iter().zip(probabilities) {
        sums[label].0 += row[label];
        sums[label].1 += 1;
    }
    let thresholds: Vec<Option<f64>> =
        sums.iter().map(|&(sum, count)| (count > 0).then(|| sum / count as f64)).collect();
    let mut joint = vec![vec![0u64; width]; width];
    let mut doubts = Vec::new();
    for (row, (&given, probabilities)) in labels.iter().zip(probabilities).enumerate() {
        let reached = |label: &usize| {
            thresholds[*label].is_some_and(|least| probabilities[*label] >= least - HAIR)
        };
        let confident = (0..width).filter(reached).reduce(|best, label| {
            if probabilities[label] > probabilities[best] { label } else { best }
        });
        let Some(confident) = confident else { continue };
        joint[given][confident] += 1;
        if confident != given {
            let margin = probabilities[confident] - probabilities[given];
            doubts.push(Doubt { row, label: confident, margin });
        }
    }
    doubts.sort_by(|a, b| b.margin.total_cmp(&a.margin).then(a.row.cmp(&b.row)));
    let counts: Vec<usize> = sums.iter().map(|&(_, count)| count).collect();
    Audit { shares: calibrated(&joint, &counts), thresholds, joint, doubts }
}

/// The joint with each line stretched to the number of rows that have its label, over all rows.
fn calibrated(joint: &[Vec<u64>], counts: &[usize]) -> Vec<Vec<f64>> {
    let all: usize = counts.iter().sum();
    joint
        .iter()
        .zip(counts)
        .enumerate()
        .map(|(given, (line, &count))| {
            let sum: u64 = line.iter().sum();
            let own = count as f64 / all.max(1) as f64;
            if sum == 0 {
                (0..line.len()).map(|label| if label == given { own } else { 0.0 }).collect()
            } else {
                line.iter().map(|&cell| own * cell as f64 / sum as f64).collect()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `compute_confident_joint`, `estimate_joint` and `find_label_issues(filter_by="confident_learning",
    /// return_indices_ranked_by="normalized_margin")` of cleanlab 2.9.
    #[test]
    fn agrees_with_cleanlab() {
        let labels = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2];
        let probabilities = [
            [0.8, 0.1, 0.1],
            [0.6, 0.3, 0.1],
            [0.1, 0.8, 0.1],
            [0.35, 0.25, 0.4],
            [0.2, 0.7, 0.1],
            [0.45, 0.5, 0.05],
            [0.7, 0.2, 0.1],
            [0.1, 0.6, 0.3],
            [0.1, 0.1, 0.8],
            [0.2, 0.5, 0.3],
        ]
        .map(Vec::from);
        let audit = audit(&labels, &probabilities);
        for (threshold, expected) in audit.thresholds.iter().zip([0.4625, 0.5, 0.55]) {
            assert!((threshold.unwrap() - expected).abs() < 1e-9);
        }
        assert_eq!(audit.joint, [[2, 1, 0], [1, 3, 0], [0, 1, 1]]);
        let rows: Vec<_> = audit.doubts.iter().map(|doubt| (doubt.row, doubt.label)).collect();
        assert_eq!(rows, [(2, 1), (6, 0), (9, 1)]);
        // cleanlab rounds to whole rows: 2.67 of 10 to 3, 1.33 to 1.
        for (line, rows) in audit.shares.iter().zip([[3, 1, 0], [1, 3, 0], [0, 1, 1]]) {
            for (share, rows) in line.iter().zip(rows) {
                assert!((share * 10.0 - f64::from(rows)).abs() < 0.5, "{:?}", audit.shares);
            }
        }
    }

    #[test]
    fn nothing_is_doubted_where_there_is_nothing() {
        let audit = audit(&[], &[]);
        assert!(audit.doubts.is_empty() && audit.joint.is_empty());
    }
}
