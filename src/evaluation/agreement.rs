//! How far coders agree on labels.
//!
//! Cohen, "A coefficient of agreement for nominal scales" (1960), for two coders:
//!
//! ```text
//! κ = (Pₒ − Pₑ) / (1 − Pₑ)
//! ```
//!
//! with Pₒ the share of rows on which they agree and Pₑ the share on which they would by chance, each
//! keeping to the shares of labels that they gave. Krippendorff, "Content Analysis" (2004), for any number of
//! coders and missing labels, nominal scale:
//!
//! ```text
//! α = 1 − (n − 1) · Σ_{c≠k} o_ck / Σ_{c≠k} n_c n_k
//! ```
//!
//! over the coincidences `o_ck` of pairs of labels within a row, each row with m ≥ 2 labels weighing
//! 1 / (m − 1). A value that is not defined is `None`.

/// Share of rows with two labels that have two equal ones.
pub fn accuracy(pairs: &[(usize, usize)]) -> Option<f64> {
    let equal = pairs.iter().filter(|(a, b)| a == b).count();
    (!pairs.is_empty()).then(|| equal as f64 / pairs.len() as f64)
}

/// Cohen's kappa of pairs of label numbers below `labels`; `None` where both coders gave one and the
/// same label throughout, or there are no pairs.
pub fn cohens_kappa(pairs: &[(usize, usize)], labels: usize) -> Option<f64> {
    let observed = accuracy(pairs)?;
    let (mut first, mut second) = (vec![0.0; labels], vec![0.0; labels]);
    for &(a, b) in pairs {
        first[a] += 1.0;
        second[b] += 1.0;
    }
    let all = pairs.len() as f64;
    let expected: f64 = first.iter().zip(&second).map(|(a, b)| a * b).sum::<f64>() / (all * all);
    (expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
}

/// Krippendorff's alpha for nominal labels; each row holds the numbers, below `labels`, that its
/// coders gave. `None` where no row has two labels or all labels are one.
pub fn krippendorffs_alpha(rows: &[Vec<usize>], labels: usize) -> Option<f64> {
    let mut totals = vec![0.0; labels];
    let mut disagreement = 0.0;
    for row in rows.iter().filter(|row| row.len() >= 2) {
        let mut counts = vec![0.0; labels];
        row.iter().for_each(|&label| counts[label] += 1.0);
        let given = row.len() as f64;
        let unequal: f64 = counts.iter().map(|count| count * (given - count)).sum();
        disagreement += unequal / (given - 1.0);
        totals.iter_mut().zip(&counts).for_each(|(total, count)| *total += count);
    }
    let all: f64 = totals.iter().sum();
    let expected: f64 = totals.iter().map(|total| total * (all - total)).sum();
    (expected > 0.0).then(|| 1.0 - (all - 1.0) * disagreement / expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: Option<f64>, b: f64) {
        assert!((a.unwrap() - b).abs() < 1e-9, "{a:?} is not {b}");
    }

    /// `cohen_kappa_score` of scikit-learn 1.9 and `krippendorff.alpha(level_of_measurement="nominal")`
    /// of krippendorff 0.9 on a = [0,0,1,1,2,2,2,0,1,2], b = [0,1,1,1,2,0,2,0,1,1].
    #[test]
    fn agrees_with_scikit_learn_and_with_the_package_krippendorff() {
        let a = [0, 0, 1, 1, 2, 2, 2, 0, 1, 2];
        let b = [0, 1, 1, 1, 2, 0, 2, 0, 1, 1];
        let pairs: Vec<(usize, usize)> = a.into_iter().zip(b).collect();
        close(accuracy(&pairs), 0.7);
        close(cohens_kappa(&pairs, 3), 0.558_823_529_4);
        let rows: Vec<Vec<usize>> = pairs.iter().map(|&(a, b)| vec![a, b]).collect();
        close(krippendorffs_alpha(&rows, 3), 0.568_181_818_2);
    }

    /// The example of Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), part C: four
    /// coders, twelve units, missing labels; nominal α = 0.743.
    #[test]
    fn alpha_of_four_coders_with_gaps_is_the_published_one() {
        let coders = ["12332141 2...", "12332241 25.3", ".3332342 251.", "12332441 251."];
        let coders = coders.map(|labels| labels.replace(' ', ""));
        let rows: Vec<Vec<usize>> = (0..12)
            .map(|unit| {
                let given =
                    coders.iter().filter_map(|labels| labels.chars().nth(unit)?.to_digit(10));
                given.map(|label| label as usize).collect()
            })
            .collect();
        close(krippendorffs_alpha(&rows, 6), 0.743_421_052_6);
    }

    #[test]
    fn what_is_not_defined_is_none() {
        assert_eq!(accuracy(&[]), None);
        assert_eq!(cohens_kappa(&[(1, 1), (1, 1)], 2), None);
        assert_eq!(krippendorffs_alpha(&[vec![0, 0], vec![1]], 2), None);
        assert_eq!(krippendorffs_alpha(&[vec![0], vec![1]], 2), None);
    }
}
