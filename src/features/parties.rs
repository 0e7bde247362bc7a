//! How many parties a sentence names, and whether it is about matters inside one country.

use super::actors::kind;
use super::feature::{Atom, Family, Feature};
use super::lexicon::Kind;
use super::sink::Sink;
use super::states::Class;
use super::units::Units;

const COUNTS: [Atom<'static>; 5] =
    [Atom::new("0"), Atom::new("1"), Atom::new("2"), Atom::new("3"), Atom::new("4+")];

fn number(count: usize, most: usize) -> Atom<'static> {
    COUNTS[count.min(most)]
}

/// Emits the number of different states, and how often bodies, groups and the lexicon's actors stand.
pub(super) fn counts(units: &Units, sink: &mut impl Sink) {
    let end = units.units.last().map_or(0, |unit| unit.end);
    let mut emit = |what: Atom<'_>, count: Atom<'_>| {
        let atoms = [what, count];
        sink.feature(&Feature { family: Family::Parties, atoms: &atoms, start: 0, end });
    };
    emit(Class::State.atom(), number(units.states, 4));
    let (mut bodies, mut groups) = (0, 0);
    for (_, class) in units.units.iter().filter_map(|unit| unit.party) {
        bodies += usize::from(matches!(class, Class::Body | Class::Alliance));
        groups += usize::from(class == Class::Group);
    }
    let mut of_kind = [0; Kind::ALL.len()];
    units.hits.iter().for_each(|hit| of_kind[hit.kind as usize] += 1);
    let actors = [Kind::Official, Kind::Force, Kind::Civilian, Kind::Domestic];
    let found = [(Some(Class::Body.atom()), bodies), (Some(Class::Group.atom()), groups)];
    let found = found.into_iter().chain(actors.map(|k| (kind(k), of_kind[k as usize])));
    for (what, count) in found {
        if let (Some(what), 1..) = (what, count) {
            emit(what, number(count, 3));
        }
    }
}

const HAWKISH: Atom<'static> = Atom::new("hawkish");
const DIPLOMATIC: Atom<'static> = Atom::new("diplomatic");

/// Emits domestic terms against states, alone and with the telling terms on either side.
pub(super) fn domestic(units: &Units, sink: &mut impl Sink) {
    let end = units.units.last().map_or(0, |unit| unit.end);
    let mut emit = |atoms: &[Atom<'_>]| {
        sink.feature(&Feature { family: Family::Domestic, atoms, start: 0, end });
    };
    let (mut terms, mut hawkish, mut diplomatic) = (0, 0, 0);
    for hit in &units.hits {
        terms += usize::from(hit.kind == Kind::Domestic);
        hawkish += usize::from(hit.stance > 0);
        diplomatic += usize::from(hit.stance < 0);
    }
    let (hawkish, diplomatic) = (number(hawkish, 2), number(diplomatic, 2));
    let states = number(units.states, 3);
    emit(&[number(terms, 3)]);
    let terms = number(terms, 2);
    emit(&[terms, states]);
    emit(&[terms, states, HAWKISH, hawkish]);
    emit(&[terms, states, DIPLOMATIC, diplomatic]);
}
