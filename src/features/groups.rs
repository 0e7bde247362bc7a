//! Things put together by a hash, and found by it.

use std::cmp::Ordering;
use std::num::NonZero;
use std::ops::Range;

use super::feature::Key;
use super::keys::Keys;

/// The number of a group, from 1.
pub(super) type Group = NonZero<u32>;

/// Where in a list the groups are.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    /// Where each begins, and where the last ends.
    starts: Vec<u32>,
    by_hash: Keys,
}

impl Default for Groups {
    fn default() -> Self {
        Self { starts: vec![0], by_hash: Keys::with_capacity(0) }
    }
}

impl Groups {
    /// Brings things with equal hashes together, each group in the given order.
    pub(super) fn of<T>(
        things: &mut [T],
        hash: impl Fn(&T) -> u64,
        order: impl Fn(&T, &T) -> Ordering,
    ) -> Self {
        // Things that come in the order of their texts are together already.
        let count = things.chunk_by(|a, b| hash(a) == hash(b)).count();
        let mut by_hash = Keys::with_capacity(count);
        let together = things
            .chunk_by(|a, b| hash(a) == hash(b))
            .zip(0..)
            .all(|(group, number)| by_hash.insert(Key(hash(&group[0])), number));
        if !together {
            things.sort_by_key(&hash);
            by_hash = Keys::with_capacity(count);
        }
        let mut starts = Vec::with_capacity(count + 1);
        let mut start = 0;
        for (group, number) in things.chunk_by_mut(|a, b| hash(a) == hash(b)).zip(0..) {
            group.sort_unstable_by(&order);
            if !together {
                by_hash.insert(Key(hash(&group[0])), number);
            }
            starts.push(start);
            start += u32::try_from(group.len()).unwrap_or(u32::MAX);
        }
        starts.push(start);
        Self { starts, by_hash }
    }

    /// The group with that hash.
    pub(super) fn find(&self, hash: u64) -> Option<Group> {
        NonZero::new(self.by_hash.get(Key(hash))? + 1)
    }

    /// Where in the list a group is.
    #[inline]
    pub(super) fn range(&self, group: Group) -> Range<usize> {
        let number = group.get() as usize - 1;
        self.starts[number] as usize..self.starts[number + 1] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_found_by_their_hash_in_order() {
        for mut things in [vec![13, 11, 25, 22, 21], vec![13, 25, 11, 22, 21], vec![]] {
            let groups = Groups::of(&mut things, |n| n / 10, u64::cmp);
            let found = |hash| groups.find(hash).map(|group| &things[groups.range(group)]);
            if !things.is_empty() {
                assert_eq!(found(1), Some(&[11, 13][..]));
                assert_eq!(found(2), Some(&[21, 22, 25][..]));
            }
            assert_eq!(found(3), None);
        }
    }
}
