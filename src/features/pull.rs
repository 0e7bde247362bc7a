//! The pull of lexicon terms as features, and how a pull is spelled.

use super::feature::{Atom, Family, Feature};
use super::sink::Sink;
use super::units::{Hit, Units};

/// A pull on stance, −3 … +3, as an atom.
pub(super) fn stance(pull: i8) -> Atom<'static> {
    const ATOMS: [Atom<'static>; 7] = [
        Atom::new("diplomatic-3"),
        Atom::new("diplomatic-2"),
        Atom::new("diplomatic-1"),
        Atom::new("none"),
        Atom::new("hawkish-1"),
        Atom::new("hawkish-2"),
        Atom::new("hawkish-3"),
    ];
    ATOMS[place(pull)]
}

/// The side of a pull on stance, without its strength.
pub(super) fn side(pull: i8) -> Atom<'static> {
    const ATOMS: [Atom<'static>; 3] =
        [Atom::new("diplomatic"), Atom::new("none"), Atom::new("hawkish")];
    ATOMS[place(pull.signum()) - 2]
}

fn sentiment(pull: i8) -> Atom<'static> {
    const ATOMS: [Atom<'static>; 7] = [
        Atom::new("negative-3"),
        Atom::new("negative-2"),
        Atom::new("negative-1"),
        Atom::new("none"),
        Atom::new("positive-1"),
        Atom::new("positive-2"),
        Atom::new("positive-3"),
    ];
    ATOMS[place(pull)]
}

fn place(pull: i8) -> usize {
    usize::try_from(pull.clamp(-3, 3) + 3).unwrap_or_default()
}

const PLAIN: Atom<'static> = Atom::new("plain");
const NEGATED: Atom<'static> = Atom::new("negated");
const CONTRASTED: Atom<'static> = Atom::new("after-but");
const BOTH: Atom<'static> = Atom::new("negated-after-but");

/// Emits the pull of every lexicon term, and whether it is negated or stands after a contrast.
pub(super) fn lexicon(units: &Units, sink: &mut impl Sink) {
    for hit in &units.hits {
        let unit = &units.units[hit.first];
        let how = match (unit.negated, unit.contrasted) {
            (false, false) => PLAIN,
            (true, false) => NEGATED,
            (false, true) => CONTRASTED,
            (true, true) => BOTH,
        };
        let (start, end) = span(units, hit);
        let mut emit = |pull| {
            sink.feature(&Feature { family: Family::Lexicon, atoms: &[pull, how], start, end });
        };
        if hit.stance != 0 {
            emit(stance(hit.stance));
        }
        if hit.sentiment != 0 {
            emit(sentiment(hit.sentiment));
        }
    }
}

/// Where the words of a hit are.
pub(super) fn span(units: &Units, hit: &Hit) -> (usize, usize) {
    (units.units[hit.first].start, units.units[hit.end - 1].end)
}
