//! Finds features by key: a flat table with a bitmap in front of it.
//!
//! Most features of a sentence are not known to a model. The bitmap, which stays in the fastest
//! memory, answers for all but one in sixteen of those.

use super::feature::Key;

/// Numbers by key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Keys {
    /// A bit for each value of a key's upper bits, set where a key has it.
    bitmap: Vec<u64>,
    /// Keys with their numbers, [`NONE`] where there is none; at most half full.
    entries: Vec<(u64, u32)>,
}

const NONE: u32 = u32::MAX;

impl Keys {
    /// A table that will hold that many keys.
    pub(super) fn with_capacity(count: usize) -> Self {
        let size = (2 * count.max(32)).next_power_of_two();
        Self { bitmap: vec![0; 8 * size / 64], entries: vec![(0, NONE); size] }
    }

    /// Adds a key; says whether it is new. `number` is below [`u32::MAX`], and no more keys are added
    /// than were announced.
    pub(super) fn insert(&mut self, key: Key, number: u32) -> bool {
        let (block, bit) = self.bit(key);
        self.bitmap[block] |= bit;
        let mut at = self.home(key);
        loop {
            match self.entries[at] {
                (_, NONE) => {
                    self.entries[at] = (key.0, number);
                    return true;
                }
                (known, _) if known == key.0 => return false,
                _ => at = (at + 1) & (self.entries.len() - 1),
            }
        }
    }

    /// The number of a key.
    #[inline]
    pub(super) fn get(&self, key: Key) -> Option<u32> {
        let (block, bit) = self.bit(key);
        if self.bitmap[block] & bit == 0 { None } else { self.find(key) }
    }

    fn find(&self, key: Key) -> Option<u32> {
        let mut at = self.home(key);
        loop {
            match self.entries[at] {
                (_, NONE) => return None,
                (known, number) if known == key.0 => return Some(number),
                _ => at = (at + 1) & (self.entries.len() - 1),
            }
        }
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "masked to the size of the bitmap")]
    fn bit(&self, key: Key) -> (usize, u64) {
        let at = key.0 >> 32;
        (at as usize >> 6 & (self.bitmap.len() - 1), 1 << (at & 63))
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "masked to the size of the table")]
    fn home(&self, key: Key) -> usize {
        key.0 as usize & (self.entries.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_and_others_are_not() {
        let key = |n: u64| Key(n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut keys = Keys::with_capacity(1000);
        for n in 0..1000 {
            assert!(keys.insert(key(n), u32::try_from(n).unwrap()));
        }
        assert!(!keys.insert(key(7), 1));
        for n in 0..1000 {
            assert_eq!(keys.get(key(n)), u32::try_from(n).ok());
        }
        assert!((1000..100_000).all(|n| keys.get(key(n)).is_none()));
        assert_eq!(Keys::with_capacity(0).get(Key(0)), None);
    }

    #[test]
    fn keys_with_the_same_home_are_told_apart() {
        let mut keys = Keys::with_capacity(40);
        for n in 0..40 {
            assert!(keys.insert(Key(n << 50), u32::try_from(n).unwrap()));
        }
        assert!((0..40).all(|n| keys.get(Key(n << 50)) == u32::try_from(n).ok()));
        assert_eq!(keys.get(Key(41 << 50)), None);
    }
}
