//! What a predicate does to its object: "rejected the ultimatum", "the blockade was lifted".
//!
//! The lexicon's acting terms (end, refuse, breach, blame, appeal, demand, keep, begin, negators) are
//! taken from right to left; each takes the nearest phrase after it in its clause, or, in a passive, the
//! nearest before it, and makes one phrase of both, whose pull is turned where the act turns it. So
//! "refused to lift the sanctions" is hawkish: *lift* turns *sanctions*, *refused to* turns that.

use super::feature::{Atom, Family, Feature};
use super::lexicon::Kind;
use super::pull::{self, stance};
use super::sink::Sink;
use super::units::{Hit, Units};
use super::words::{Role, Words};

/// Words that may stand between an act and its object.
const REACH: usize = 6;
/// Words that may stand between a negator and what it turns.
const NEGATOR_REACH: usize = 4;

/// A stretch of a sentence with one pull.
#[derive(Debug, Clone, Copy)]
struct Phrase {
    /// First unit, and the unit after the last.
    first: usize,
    end: usize,
    /// Pull on stance after composition.
    pull: i8,
    /// The hit that it is, where nothing was composed.
    plain: Option<usize>,
}

/// An act with what it acts on.
#[derive(Debug, Clone, Copy)]
struct Act {
    kind: Kind,
    passive: bool,
    object: i8,
    first: usize,
    end: usize,
}

/// The phrases and acts of one sentence. Reused from sentence to sentence.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// From right to left.
    phrases: Vec<Phrase>,
    acts: Vec<Act>,
    /// Hits that became the object of a passive.
    taken: Vec<usize>,
}

impl Phrases {
    /// Composes the lexicon hits of a sentence.
    pub(super) fn read(&mut self, units: &Units, words: &Words) {
        self.phrases.clear();
        self.acts.clear();
        self.taken.clear();
        for (at, hit) in units.hits.iter().enumerate().rev() {
            if hit.kind.acts() {
                self.act(units, words, at, hit);
            } else if hit.stance != 0 {
                self.push(hit, hit.stance, Some(at));
            }
        }
        self.taken.sort_unstable();
        let taken = &self.taken;
        self.phrases
            .retain(|phrase| phrase.plain.is_none_or(|at| taken.binary_search(&at).is_err()));
    }

    fn push(&mut self, hit: &Hit, pull: i8, plain: Option<usize>) {
        self.phrases.push(Phrase { first: hit.first, end: hit.end, pull, plain });
    }

    fn act(&mut self, units: &Units, words: &Words, at: usize, hit: &Hit) {
        let reach = if hit.kind == Kind::Negator { NEGATOR_REACH } else { REACH };
        let clause = units.units[hit.end - 1].clause;
        let object = self.phrases.last().copied().filter(|phrase| {
            phrase.first >= hit.end
                && phrase.first - hit.end <= reach
                && units.units[phrase.first].clause == clause
        });
        if let Some(object) = object {
            self.acts.push(Act {
                kind: hit.kind,
                passive: false,
                object: object.pull,
                first: hit.first,
                end: object.end,
            });
            self.phrases.pop();
            self.phrases.push(Phrase {
                first: hit.first,
                end: object.end,
                pull: turned(hit.kind, object.pull),
                plain: None,
            });
            return;
        }
        let subject = (hit.kind != Kind::Negator)
            .then(|| subject_of_passive(units, words, at, hit))
            .flatten();
        if let Some(subject) = subject {
            let object = units.hits[subject];
            self.acts.push(Act {
                kind: hit.kind,
                passive: true,
                object: object.stance,
                first: object.first,
                end: hit.end,
            });
            self.push(hit, turned(hit.kind, object.stance), None);
            self.taken.push(subject);
        } else if hit.stance != 0 {
            self.push(hit, hit.stance, Some(at));
        }
    }
}

/// The nearest telling term before a participle, with a form of be or have between them.
fn subject_of_passive(units: &Units, words: &Words, at: usize, hit: &Hit) -> Option<usize> {
    let clause = units.units[hit.first].clause;
    let near = |&before: &usize| hit.first - units.hits[before].first <= REACH;
    (0..at).rev().take_while(near).find(|&before| {
        let subject = &units.hits[before];
        subject.end <= hit.first
            && subject.stance != 0
            && !subject.kind.acts()
            && units.units[subject.first].clause == clause
            && units.units[subject.end..hit.first]
                .iter()
                .any(|unit| unit.role(words) == Role::Auxiliary)
    })
}

fn turned(kind: Kind, pull: i8) -> i8 {
    match kind {
        Kind::End | Kind::Refuse | Kind::Breach | Kind::Negator => -pull,
        Kind::Blame => 2,
        _ => pull,
    }
}

const fn act(kind: Kind) -> Atom<'static> {
    match kind {
        Kind::Negator => Atom::new("not"),
        Kind::End => Atom::new("end"),
        Kind::Refuse => Atom::new("refuse"),
        Kind::Breach => Atom::new("breach"),
        Kind::Blame => Atom::new("blame"),
        Kind::Appeal => Atom::new("appeal"),
        Kind::Demand => Atom::new("demand"),
        Kind::Keep => Atom::new("keep"),
        _ => Atom::new("begin"),
    }
}

const ACTIVE: Atom<'static> = Atom::new("active");
const PASSIVE: Atom<'static> = Atom::new("passive");

/// Emits each act with the pull of its object.
pub(super) fn acts(phrases: &Phrases, units: &Units, sink: &mut impl Sink) {
    for done in phrases.acts.iter().rev() {
        let voice = if done.passive { PASSIVE } else { ACTIVE };
        let atoms = [act(done.kind), voice, stance(done.object)];
        let (start, end) = (units.units[done.first].start, units.units[done.end - 1].end);
        sink.feature(&Feature { family: Family::Composition, atoms: &atoms, start, end });
    }
}

const EACH: Atom<'static> = Atom::new("each");
const FIRST: Atom<'static> = Atom::new("first");
const ALL: Atom<'static> = Atom::new("all");

/// Emits the pull of each phrase, of the first one and of all together.
pub(super) fn directions(phrases: &Phrases, units: &Units, sink: &mut impl Sink) {
    let mut emit = |atoms: [Atom<'_>; 2], start, end| {
        sink.feature(&Feature { family: Family::Direction, atoms: &atoms, start, end });
    };
    let mut sum = 0i32;
    for phrase in phrases.phrases.iter().rev() {
        sum += i32::from(phrase.pull);
        let (start, end) = (units.units[phrase.first].start, units.units[phrase.end - 1].end);
        emit([EACH, stance(phrase.pull)], start, end);
    }
    let whole = units.units.last().map_or(0, |unit| unit.end);
    let first = phrases.phrases.last();
    emit([FIRST, first.map_or(pull::stance(0), |phrase| stance(phrase.pull))], 0, whole);
    emit([ALL, bucket(sum)], 0, whole);
}

const fn bucket(sum: i32) -> Atom<'static> {
    match sum {
        ..=-7 => Atom::new("diplomatic-7"),
        -6..=-4 => Atom::new("diplomatic-4"),
        -3..=-2 => Atom::new("diplomatic-2"),
        -1 => Atom::new("diplomatic-1"),
        0 => Atom::new("none"),
        1 => Atom::new("hawkish-1"),
        2..=3 => Atom::new("hawkish-2"),
        4..=6 => Atom::new("hawkish-4"),
        7.. => Atom::new("hawkish-7"),
    }
}
