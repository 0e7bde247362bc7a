use std::collections::BTreeSet;

use super::*;

const SURNAMES: &str = "tests/data/surnames.txt";

/// Names of leaders and officials, each one to three words as they are written in a sentence.
fn surnames() -> BTreeSet<String> {
    let content = file(SURNAMES);
    let names: Vec<&str> = content.lines().map(str::trim).filter(|name| !name.is_empty()).collect();
    let set: BTreeSet<String> = names.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(
        names,
        set.iter().map(String::as_str).collect::<Vec<_>>(),
        "{SURNAMES} is sorted, each name once"
    );
    set
}

/// The words of a text with hyphens and inner apostrophes, without a genitive `'s`.
fn written(text: &str) -> Vec<String> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’');
    text.split(|c| !part(c))
        .map(|word| word.replace('’', "'"))
        .map(|word| word.strip_suffix("'s").unwrap_or(&word).trim_matches(['-', '\'']).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// The first name of the list that stands in a text, also in capitals, as a plural or before a hyphen.
fn name_in(text: &str, names: &BTreeSet<String>) -> Option<String> {
    let words = written(text);
    let known = |name: &str| {
        let titled = || {
            let mut chars = name.chars();
            let capitals = name.chars().filter(|c| c.is_alphabetic()).count() > 3
                && !name.contains(char::is_lowercase);
            let first = chars.next()?;
            capitals.then(|| format!("{first}{}", chars.as_str().to_lowercase()))
        };
        names.contains(name)
            || titled().is_some_and(|titled| names.contains(&titled))
            || name.strip_suffix('s').is_some_and(|one| names.contains(one))
    };
    (0..words.len()).find_map(|at| {
        let longest = 3.min(words.len() - at);
        let whole = (1..=longest).map(|length| words[at..at + length].join(" "));
        let parts = words[at].split('-').map(str::to_owned);
        whole.chain(parts).find(|name| known(name))
    })
}

#[test]
fn names_are_found_in_any_writing_and_words_are_not() {
    let names: BTreeSet<String> = ["Wrenfield", "Van Orrel", "al-Tamar"].map(str::to_owned).into();
    let found = |text| name_in(text, &names);
    assert_eq!(found("Mr Wrenfield’s aides").as_deref(), Some("Wrenfield"));
    assert_eq!(found("the Wrenfield-era deal").as_deref(), Some("Wrenfield"));
    assert_eq!(found("WRENFIELD SAYS NO").as_deref(), Some("WRENFIELD"));
    assert_eq!(found("both Wrenfields").as_deref(), Some("Wrenfields"));
    assert_eq!(found("General al-Tamar, Van Orrel").as_deref(), Some("al-Tamar"));
    assert_eq!(found("a wrenfield of the Orrel valley, Wrenfielders"), None);
}

#[test]
fn no_leader_or_official_is_named() {
    let names = surnames();
    let faults: Vec<String> = corpus()
        .examples
        .iter()
        .filter_map(|e| Some((e, name_in(&e.text, &names)?)))
        .map(|(e, name)| format!("{}: {name}: {}", corpus().place(e), e.text))
        .collect();
    holds(
        "no sentence names a leader or official of tests/data/surnames.txt; write the office",
        &faults,
    );
}
