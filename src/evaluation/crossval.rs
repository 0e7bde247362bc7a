//! Splits labelled rows into folds.
//!
//! Rows of one group, and rows with the same text, always fall into one fold. The split depends on
//! the rows' groups and texts and on the seed, not on their order.

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

/// For each row, given as its group and its text, the key that it shares with every row that must
/// not be parted from it: rows of one group, rows with equal texts (but for case and spaces), and
/// rows that such rows hold together.
///
/// The key is the first of the joined rows' groups in ascending order, or of their texts where none
/// has a group, so it does not depend on the order of rows.
pub fn keys<'a>(rows: &[(Option<&'a str>, &'a str)]) -> Vec<&'a str> {
    let mut joined = Joined { parent: (0..rows.len()).collect() };
    let mut of_group: FxHashMap<&str, usize> = FxHashMap::default();
    let mut of_text: FxHashMap<String, usize> = FxHashMap::default();
    for (row, (group, text)) in rows.iter().enumerate() {
        if let Some(group) = group {
            joined.join(row, *of_group.entry(group).or_insert(row));
        }
        let plain = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        joined.join(row, *of_text.entry(plain).or_insert(row));
    }
    // A group comes before any text: `false` before `true`.
    let mut first: Vec<Option<(bool, &str)>> = vec![None; rows.len()];
    for (row, (group, text)) in rows.iter().enumerate() {
        let own = (group.is_none(), group.unwrap_or(text));
        let slot = &mut first[joined.root(row)];
        *slot = Some(slot.map_or(own, |known| known.min(own)));
    }
    (0..rows.len()).map(|row| first[joined.root(row)].map_or(rows[row].1, |(_, key)| key)).collect()
}

/// Disjoint sets of rows.
struct Joined {
    parent: Vec<usize>,
}

impl Joined {
    fn root(&mut self, mut row: usize) -> usize {
        while self.parent[row] != row {
            self.parent[row] = self.parent[self.parent[row]];
            row = self.parent[row];
        }
        row
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parent[one.max(other)] = one.min(other);
    }
}

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
    fn rows_of_one_group_or_text_share_a_key_and_so_do_rows_that_these_join() {
        let rows = [
            (Some("g2"), "The talks ended."),
            (Some("g1"), "the  talks ended."),
            (None, "The talks ended."),
            (Some("g2"), "The army advanced."),
            (None, "The army advanced."),
            (None, "A storm passed."),
        ];
        assert_eq!(keys(&rows), ["g1", "g1", "g1", "g1", "g1", "A storm passed."]);
        let mut turned = rows;
        turned.reverse();
        assert_eq!(keys(&turned), ["A storm passed.", "g1", "g1", "g1", "g1", "g1"]);
    }

    #[test]
    fn a_group_and_a_text_that_are_spelled_alike_are_two_things() {
        assert_eq!(keys(&[(Some("a"), "b"), (Some("c"), "a")]), ["a", "c"]);
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
