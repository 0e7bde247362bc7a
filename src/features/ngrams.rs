//! Words in a row, words near each other, and characters within a word.

use super::feature::{Atom, Family, Feature, hash};
use super::units::{Unit, Units};
use super::words::{Change, Role, Shape, Words};

/// Shortest and longest run of characters.
const CHARACTERS: std::ops::RangeInclusive<usize> = 2..=5;
/// Stands for a word's edge.
const EDGE: char = '·';

/// The atom that stands for a unit: its stem, or the mask of the party it names.
pub(super) fn atom<'a>(unit: &Unit, words: &'a Words) -> Atom<'a> {
    if let Some((_, class)) = unit.party {
        class.atom()
    } else {
        let word = words.word(unit.word);
        Atom { text: &word.stem, hash: word.stem_hash }
    }
}

/// Emits the n-grams of a sentence's words; marks stand in none, but do not part their neighbours.
pub(super) fn words<'a>(
    units: &Units,
    words: &'a Words,
    has: impl Fn(Family) -> bool,
    sink: &mut impl FnMut(&Feature<'_>),
) {
    let mut last: [Option<(Atom<'a>, usize)>; 3] = [None; 3];
    for unit in units.units.iter().filter(|unit| !unit.mark) {
        let now = atom(unit, words);
        let mut emit = |family, atoms: &[Atom<'_>], start| {
            if has(family) {
                sink(&Feature { family, atoms, start, end: unit.end });
            }
        };
        emit(Family::Word, &[now], unit.start);
        if unit.negated && unit.party.is_none() {
            emit(Family::Negated, &[now], unit.start);
        }
        if let Some((before, start)) = last[0] {
            emit(Family::Pair, &[before, now], start);
        }
        if let (Some((second, _)), Some((first, start))) = (last[0], last[1]) {
            emit(Family::Triple, &[first, second, now], start);
        }
        for (first, start) in last[1..].iter().copied().flatten() {
            emit(Family::Skip, &[first, now], start);
        }
        last = [Some((now, unit.start)), last[0], last[1]];
    }
}

/// Units between two words that are near each other.
const NEAR: usize = 8;

/// Emits pairs of words, none of them a function word, that stand near each other, in text order.
pub(super) fn near(units: &Units, words: &Words, sink: &mut impl FnMut(&Feature<'_>)) {
    let telling = |unit: &&Unit| {
        !unit.mark && unit.party.is_none() && {
            let word = words.word(unit.word);
            word.stem.len() > 3
                && matches!(word.shape, Shape::Lower | Shape::Capital)
                && matches!(word.role, Role::None)
        }
    };
    for (at, first) in units.units.iter().enumerate().filter(|(_, unit)| telling(unit)) {
        let end = units.units.len().min(at + 1 + NEAR);
        for second in units.units[at + 1..end].iter().filter(telling) {
            let atoms = [atom(first, words), atom(second, words)];
            let (start, end) = (first.start, second.end);
            sink(&Feature { family: Family::Near, atoms: &atoms, start, end });
        }
    }
}

/// Units between a word of change and what changes.
const CHANGE: usize = 5;
const UP: Atom<'static> = Atom::new("up");
const DOWN: Atom<'static> = Atom::new("down");

/// Emits words of change with the words near them in their clause.
pub(super) fn change(units: &Units, words: &Words, sink: &mut impl FnMut(&Feature<'_>)) {
    let all = &units.units;
    for (at, unit) in all.iter().enumerate() {
        let class = match words.word(unit.word).change {
            Change::None => continue,
            Change::Up => UP,
            Change::Down => DOWN,
        };
        let class = if unit.negated {
            if class == UP { Atom::new("not-up") } else { Atom::new("not-down") }
        } else {
            class
        };
        for other in &all[at.saturating_sub(CHANGE)..all.len().min(at + 1 + CHANGE)] {
            let word = words.word(other.word);
            if other.start != unit.start
                && !other.mark
                && other.clause == unit.clause
                && word.role == Role::None
                && word.stem.len() > 2
            {
                let atoms = [class, atom(other, words)];
                let start = unit.start.min(other.start);
                let end = unit.end.max(other.end);
                sink(&Feature { family: Family::Change, atoms: &atoms, start, end });
            }
        }
    }
}

/// Whether a unit's characters are features: those of numbers, marks and parties are not.
pub(super) fn has_characters(unit: &Unit, words: &Words) -> bool {
    let word = words.word(unit.word);
    unit.party.is_none()
        && word.role != Role::Article
        && matches!(word.shape, Shape::Lower | Shape::Capital | Shape::AllCapitals)
}

/// Emits the runs of 2 to 5 characters of a term between its edges.
pub(super) fn characters(
    term: &str,
    start: usize,
    end: usize,
    sink: &mut impl FnMut(&Feature<'_>),
) {
    let mut edged = String::with_capacity(term.len() + 2 * EDGE.len_utf8());
    edged.push(EDGE);
    edged.push_str(term);
    edged.push(EDGE);
    let mut places: Vec<usize> = edged.char_indices().map(|(at, _)| at).collect();
    places.push(edged.len());
    let length = places.len() - 1;
    for size in CHARACTERS {
        for first in 0..(length + 1).saturating_sub(size) {
            let text = &edged[places[first]..places[first + size]];
            let atoms = [Atom { text, hash: hash(text) }];
            sink(&Feature { family: Family::Characters, atoms: &atoms, start, end });
        }
    }
}
