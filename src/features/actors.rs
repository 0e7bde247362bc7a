//! Who stands before and after a telling term: a state, an official, soldiers, civilians, a court.

use super::feature::{Atom, Family, Feature};
use super::lexicon::Kind;
use super::pull::{self, side};
use super::sink::Sink;
use super::states::Class;
use super::units::Units;

/// Units before a term in which its actor is looked for.
const BEFORE: usize = 7;
/// Units after a term in which whom it strikes is looked for.
const AFTER: usize = 6;

const NOBODY: Atom<'static> = Atom::new("nobody");

/// What a unit is as an actor: the mask of a party, or the kind of the lexicon entry it begins.
fn actor(units: &Units, at: usize) -> Option<Atom<'static>> {
    if let Some((_, class)) = units.units[at].party {
        return match class {
            Class::Name => None,
            Class::Alliance => Some(Class::Body.atom()),
            class => Some(class.atom()),
        };
    }
    let hit = units.hits.binary_search_by_key(&at, |hit| hit.first).ok()?;
    kind(units.hits[hit].kind)
}

/// The actor that a lexicon kind is.
pub(super) fn kind(kind: Kind) -> Option<Atom<'static>> {
    match kind {
        Kind::Official => Some(Atom::new("official")),
        Kind::Force => Some(Atom::new("force")),
        Kind::Civilian => Some(Atom::new("civilian")),
        Kind::Domestic => Some(Atom::new("domestic")),
        _ => None,
    }
}

const TO: Atom<'static> = Atom::new("→");

/// Emits the nearest actors around every term with a pull on stance.
pub(super) fn around(units: &Units, sink: &mut impl Sink) {
    for hit in &units.hits {
        if hit.stance == 0 || kind(hit.kind).is_some() {
            continue;
        }
        let before = (hit.first.saturating_sub(BEFORE)..hit.first)
            .rev()
            .find_map(|at| actor(units, at))
            .unwrap_or(NOBODY);
        let after = (hit.end..units.units.len().min(hit.end + AFTER))
            .find_map(|at| actor(units, at))
            .unwrap_or(NOBODY);
        let (start, end) = pull::span(units, hit);
        let side = side(hit.stance);
        let mut emit = |atoms: &[Atom<'_>]| {
            sink.feature(&Feature { family: Family::Actors, atoms, start, end });
        };
        emit(&[before, TO, side]);
        emit(&[side, TO, after]);
        emit(&[before, side, after]);
    }
}
