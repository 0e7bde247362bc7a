//! Splits labelled rows into folds.
//!
//! Rows of one group, and rows with the same text, always fall into one fold. The split depends on
//! the rows' groups and texts and on the seed, not on their order.

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

/// The fold of each row, below `folds`: rows with equal keys share one, and folds hold about
/// equally many rows.
///
/// Keys are dealt out largest first, in the order of their hash with the seed, each to the fold that
/// holds the fewest rows.
pub fn folds(keys: &[&str], folds: usize, seed: u64) -> Vec<usize> {
    let mut sizes: FxHashMap<&str, usize> = FxHashMap::default();
    for key in keys {
        *sizes.entry(key).or_default() += 1;
    }
    let mut order: Vec<(std::cmp::Reverse<usize>, [u8; 32], &str)> = sizes
        .iter()
        .map(|(&key, &size)| {
            let mut digest = Sha256::new();
            digest.update(seed.to_le_bytes());
            digest.update(key.as_bytes());
            (std::cmp::Reverse(size), digest.finalize().into(), key)
        })
        .collect();
    order.sort_unstable();
    let mut held = vec![0usize; folds];
    let mut fold_of: FxHashMap<&str, usize> = FxHashMap::default();
    for (std::cmp::Reverse(size), _, key) in order {
        let least = (0..folds).min_by_key(|&fold| held[fold]).unwrap_or(0);
        held[least] += size;
        fold_of.insert(key, least);
    }
    keys.iter().map(|key| fold_of[key]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_equal_keys_share_a_fold_and_folds_are_even() {
        let keys: Vec<String> = (0..100).map(|i| format!("g{}", i / 3)).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let split = folds(&keys, 5, 1);
        for (a, b) in keys.iter().zip(&split) {
            for (c, d) in keys.iter().zip(&split) {
                assert!(a != c || b == d, "{a} is in folds {b} and {d}");
            }
        }
        for fold in 0..5 {
            let held = split.iter().filter(|&&f| f == fold).count();
            assert!((18..=22).contains(&held), "fold {fold} holds {held}");
        }
    }

    #[test]
    fn the_split_does_not_depend_on_the_order_of_rows_but_on_the_seed() {
        let keys: Vec<String> = (0..50).map(|i| format!("t{i}")).collect();
        let forward: Vec<&str> = keys.iter().map(String::as_str).collect();
        let backward: Vec<&str> = keys.iter().rev().map(String::as_str).collect();
        let mut turned = folds(&backward, 5, 7);
        turned.reverse();
        assert_eq!(folds(&forward, 5, 7), turned);
        assert_ne!(folds(&forward, 5, 7), folds(&forward, 5, 8));
    }
}
