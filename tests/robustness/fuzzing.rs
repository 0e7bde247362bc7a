//! The targets on changed seeds, where no fuzzer is at hand.
//!
//! The changes are drawn from a fixed seed, so that a run can be had again. `STANCE_FUZZ_SECONDS`
//! runs each target that long, each time from another seed, which is shown.

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use super::targets::TARGETS;

/// Inputs a target where no time is given.
const INPUTS: u64 = 4_000;
/// The longest input.
const LONGEST: usize = 1 << 14;

const PIECES: [&[u8]; 24] = [
    b"\"",
    b"\"\"",
    b",",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b".",
    b"...",
    b"'s",
    b"n't",
    b"Mr. ",
    b"U.S.",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe2\x80\x9c",
    b"\xe2\x80\x99",
    b"e\xcc\x81",
    b"\xe2\x80\x8b",
    b"-",
    b"NaN",
    b"-1",
    b"99999999999999999999",
    b"{}[]",
];

fn change(random: &mut fastrand::Rng, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let at = random.usize(..=input.len());
    let length = random.usize(..32).min(input.len() - at);
    match random.u8(..9) {
        0 if at < input.len() => input[at] ^= 1 << random.u8(..8),
        1 if at < input.len() => input[at] = random.u8(..),
        2 => drop(input.drain(at..at + length)),
        3 => input.truncate(at),
        4 => {
            let copy = input[at..at + length].to_vec();
            let to = random.usize(..=input.len());
            input.splice(to..to, copy);
        }
        5 => {
            let other = random.choice(seeds).map_or(&[][..], Vec::as_slice);
            let from = random.usize(..=other.len());
            let piece = other[from..].iter().take(random.usize(..64)).copied().collect::<Vec<_>>();
            input.splice(at..at, piece);
        }
        6 => {
            let piece = random.choice(PIECES).unwrap_or_default();
            input.splice(at..at, piece.repeat(random.usize(1..40)));
        }
        _ => {
            input.splice(at..at, random.choice(PIECES).unwrap_or_default().to_vec());
        }
    }
    input.truncate(LONGEST);
}

#[test]
fn no_changed_seed_breaks_a_target() {
    let seconds = std::env::var("STANCE_FUZZ_SECONDS").ok().map(|s| s.parse::<u64>().unwrap());
    let start = if seconds.is_some() { fastrand::u64(..) } else { 1 };
    for target in &TARGETS {
        let seeds = (target.seeds)();
        seeds.iter().for_each(|seed| (target.run)(seed));
        let begun = Instant::now();
        let mut inputs = 0;
        while seconds.map_or(inputs < INPUTS, |s| begun.elapsed() < Duration::from_secs(s)) {
            let mut random = fastrand::Rng::with_seed(start.wrapping_add(inputs));
            let mut input = random.choice(&seeds).cloned().unwrap_or_default();
            for _ in 0..random.usize(1..12) {
                change(&mut random, &mut input, &seeds);
            }
            let whole = catch_unwind(|| (target.run)(&input)).is_ok();
            assert!(whole, "{} breaks on {:?}", target.name, input.escape_ascii().to_string());
            inputs += 1;
        }
        eprintln!(
            "{:<10} {inputs} inputs in {:.1?}, from seed {start}",
            target.name,
            begun.elapsed()
        );
    }
}
