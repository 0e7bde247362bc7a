//! How many parties a sentence names, and whether it is about matters inside one country.

use super::actors::kind;
use super::feature::{Atom, Family, Feature};
use super::lexicon::Kind;
use super::states::Class;
use super::units::Units;

const COUNTS: [Atom<'static>; 5] =
    [Atom::new("0"), Atom::new("1"), Atom::new("2"), Atom::new("3"), Atom::new("4+")];

fn number(count: usize, most: usize) -> Atom<'static> {
    COUNTS[count.min(most)]
}

/// Emits the number of different states, and how often bodies, groups and the lexicon's actors stand.
pub(super) fn counts(units: &Units, sink: &mut impl FnMut(&Feature<'_>)) {
    let end = units.units.last().map_or(0, |unit| unit.end);
    let mut emit = |what: Atom<'_>, count: Atom<'_>| {
        let atoms = [what, count];
        sink(&Feature { family: Family::Parties, atoms: &atoms, start: 0, end });
    };
    emit(Class::State.atom(), number(units.states, 4));
    let named = |class: Class| {
        units.units.iter().filter(|u| u.party.is_some_and(|(_, c)| c == class)).count()
    };
    let of_kind = |wanted: Kind| units.hits.iter().filter(|hit| hit.kind == wanted).count();
    let actors = [Kind::Official, Kind::Force, Kind::Civilian, Kind::Domestic];
    let found = [
        (Some(Class::Body.atom()), named(Class::Body) + named(Class::Alliance)),
        (Some(Class::Group.atom()), named(Class::Group)),
    ];
    let found = found.into_iter().chain(actors.map(|k| (kind(k), of_kind(k))));
    for (what, count) in found {
        if let (Some(what), 1..) = (what, count) {
            emit(what, number(count, 3));
        }
    }
}

const HAWKISH: Atom<'static> = Atom::new("hawkish");
const DIPLOMATIC: Atom<'static> = Atom::new("diplomatic");

/// Emits domestic terms against states, alone and with the telling terms on either side.
pub(super) fn domestic(units: &Units, sink: &mut impl FnMut(&Feature<'_>)) {
    let end = units.units.last().map_or(0, |unit| unit.end);
    let mut emit = |atoms: &[Atom<'_>]| {
        sink(&Feature { family: Family::Domestic, atoms, start: 0, end });
    };
    let count = |test: &dyn Fn(i8, Kind) -> bool| {
        units.hits.iter().filter(|hit| test(hit.stance, hit.kind)).count()
    };
    let terms = count(&|_, kind| kind == Kind::Domestic);
    let hawkish = number(count(&|pull, _| pull > 0), 2);
    let diplomatic = number(count(&|pull, _| pull < 0), 2);
    let states = number(units.states, 3);
    emit(&[number(terms, 3)]);
    let terms = number(terms, 2);
    emit(&[terms, states]);
    emit(&[terms, states, HAWKISH, hawkish]);
    emit(&[terms, states, DIPLOMATIC, diplomatic]);
}
