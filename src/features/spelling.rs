//! How a token is written, in a form that is quick to compare and to hash.
//!
//! Words are short: sixteen bytes hold nearly all of them, and fit into two numbers.

/// The length of a text with all of it, where it has up to sixteen bytes; else with its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Spelling {
    start: u64,
    end: u64,
    length: u32,
}

/// Two odd constants with well-mixed bits, from the fraction of pi.
const MIX: [u64; 2] = [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7345];

impl Spelling {
    /// That of a text.
    #[inline]
    pub(super) fn of(text: &[u8]) -> Self {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let (start, end) = if let Some((start, end)) = ends::<8>(text) {
            (u64::from_le_bytes(start), u64::from_le_bytes(end))
        } else if let Some((start, end)) = ends::<4>(text) {
            (u32::from_le_bytes(start).into(), u32::from_le_bytes(end).into())
        } else if let [first, .., last] = text {
            // Of two or three bytes the second is the last or in the middle.
            (u16::from_le_bytes([*first, text[1]]).into(), (*last).into())
        } else {
            (text.first().copied().unwrap_or(0).into(), 0)
        };
        Self { start, end, length }
    }

    /// Whether the text is longer than what is compared here.
    #[inline]
    pub(super) const fn is_long(&self) -> bool {
        self.length > 16
    }

    /// A hash; texts that are long and have equal ends and lengths share it.
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "both halves of the product are taken")]
    pub(super) const fn hash(&self) -> u64 {
        let length = (self.length as u64).wrapping_mul(MIX[1]);
        let wide = (self.start ^ MIX[0] ^ length) as u128 * (self.end ^ MIX[1]) as u128;
        (wide as u64 ^ (wide >> 64) as u64).wrapping_mul(MIX[0])
    }
}

/// The first and the last bytes of a text.
#[inline]
fn ends<const COUNT: usize>(text: &[u8]) -> Option<([u8; COUNT], [u8; COUNT])> {
    Some((*text.first_chunk()?, *text.last_chunk()?))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn texts_of_up_to_sixteen_bytes_have_different_spellings() {
        let mut texts: HashSet<Vec<u8>> = HashSet::new();
        for length in 0..=17 {
            for at in 0..length {
                for byte in [0, 1, b'a', 0xff] {
                    let mut text = vec![b'a'; length];
                    text[at] = byte;
                    texts.insert(text);
                }
            }
        }
        texts.insert(Vec::new());
        let short = |text: &&Vec<u8>| text.len() <= 16;
        let spellings: HashSet<String> =
            texts.iter().filter(short).map(|text| format!("{:?}", Spelling::of(text))).collect();
        assert_eq!(spellings.len(), texts.iter().filter(short).count());
        assert!(texts.iter().all(|text| Spelling::of(text).is_long() == (text.len() > 16)));
    }
}
