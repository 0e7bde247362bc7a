//! Words in a row, words near each other, and characters within a word.

use super::extractor::Families;
use super::feature::{Atom, Family, Feature, Hash};
use super::sink::Sink;
use super::slots::Slots;
use super::units::{Unit, Units};
use super::words::{Change, Role, Words};

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
        Atom { text: words.stem(unit.word), hash: word.stem_hash, slots: word.slots }
    }
}

/// Emits the n-grams of a sentence's words; marks stand in none, but do not part their neighbours.
pub(super) fn words(units: &Units, words: &Words, families: Families, sink: &mut impl Sink) {
    let mut last: [Option<(Atom<'_>, usize)>; 3] = [None; 3];
    for unit in units.units.iter().filter(|unit| !unit.mark) {
        let now = atom(unit, words);
        let end = unit.end;
        if families.has(Family::Word) {
            sink.feature(&Feature { family: Family::Word, atoms: &[now], start: unit.start, end });
        }
        if unit.negated && unit.party.is_none() && families.has(Family::Negated) {
            let family = Family::Negated;
            sink.feature(&Feature { family, atoms: &[now], start: unit.start, end });
        }
        if let Some((before, start)) = last[0]
            && families.has(Family::Pair)
        {
            sink.feature(&Feature { family: Family::Pair, atoms: &[before, now], start, end });
        }
        if let (Some((second, _)), Some((first, start))) = (last[0], last[1])
            && families.has(Family::Triple)
        {
            let atoms = &[first, second, now];
            sink.feature(&Feature { family: Family::Triple, atoms, start, end });
        }
        if families.has(Family::Skip) {
            for (first, start) in last[1..].iter().copied().flatten() {
                sink.feature(&Feature { family: Family::Skip, atoms: &[first, now], start, end });
            }
        }
        last = [Some((now, unit.start)), last[0], last[1]];
    }
}

/// Units between two words that are near each other.
const NEAR: usize = 8;

/// Emits pairs of words, none of them a function word, that stand near each other, in text order.
pub(super) fn near(units: &Units, words: &Words, sink: &mut impl Sink) {
    // The telling words among the last few, by their place modulo the size.
    let mut before: [Option<(Atom<'_>, usize)>; NEAR] = [None; NEAR];
    for (at, unit) in units.units.iter().enumerate() {
        let word = words.word(unit.word);
        let now = (unit.party.is_none() && word.is_telling()).then(|| atom(unit, words));
        if let Some(now) = now
            && now.slots.has(Family::Near, 1)
        {
            for back in (1..=NEAR.min(at)).rev() {
                if let Some((first, start)) = before[(at - back) % NEAR] {
                    let atoms = &[first, now];
                    sink.feature(&Feature { family: Family::Near, atoms, start, end: unit.end });
                }
            }
        }
        let first = now.filter(|now| now.slots.has(Family::Near, 0));
        before[at % NEAR] = first.map(|first| (first, unit.start));
    }
}

/// Units between a word of change and what changes.
const CHANGE: usize = 5;
const UP: Atom<'static> = Atom::new("up");
const DOWN: Atom<'static> = Atom::new("down");

/// Emits words of change with the words near them in their clause.
pub(super) fn change(units: &Units, words: &Words, sink: &mut impl Sink) {
    let all = &units.units;
    for (at, unit) in all.iter().enumerate() {
        if unit.party.is_some() {
            continue;
        }
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
            if other.start != unit.start
                && !other.mark
                && other.clause == unit.clause
                && (other.party.is_some() || words.word(other.word).can_change())
            {
                let atoms = [class, atom(other, words)];
                let start = unit.start.min(other.start);
                let end = unit.end.max(other.end);
                sink.feature(&Feature { family: Family::Change, atoms: &atoms, start, end });
            }
        }
    }
}

/// Whether a unit's characters are features: those of numbers, marks and parties are not.
pub(super) fn has_characters(unit: &Unit, words: &Words) -> bool {
    let word = words.word(unit.word);
    unit.party.is_none() && word.role != Role::Article && word.is_spelled()
}

/// Emits the runs of 2 to 5 characters of a term between its edges.
pub(super) fn characters(term: &str, start: usize, end: usize, sink: &mut impl Sink) {
    let mut edged = String::with_capacity(term.len() + 2 * EDGE.len_utf8());
    edged.push(EDGE);
    edged.push_str(term);
    edged.push(EDGE);
    // Where the characters at hand begin, the last of them first, with the hash of all from there on.
    let mut open: [(usize, Hash); *CHARACTERS.end()] = [(0, Hash::new()); _];
    let mut count = 0;
    for (at, c) in edged.char_indices() {
        let behind = at + c.len_utf8();
        count = open.len().min(count + 1);
        open[..count].rotate_right(1);
        open[0] = (at, Hash::new());
        let mut size = 0;
        for (from, hash) in &mut open[..count] {
            hash.write(&edged.as_bytes()[at..behind]);
            size += 1;
            if size >= *CHARACTERS.start() {
                let text = &edged[*from..behind];
                let atoms = &[Atom { text, hash: hash.finish(), slots: Slots::ALL }];
                sink.feature(&Feature { family: Family::Characters, atoms, start, end });
            }
        }
    }
}
