//! The tables of the data card, counted from the files in `data/`.
//!
//! `cargo run --example corpus_facts` prints them; with a file named, as in
//! `cargo run --example corpus_facts -- data/README.md`, they replace what stands between its two marks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context as _, Result};
use stance::features::{Class, Extractor, Families, Kind, Lexicon, Resources, States};
use stance::text::{TokenKind, tokens};
use stance::training::{Columns, Corpus, Counts, Example};

/// Between these lines of a card stand the tables.
pub(crate) const MARKS: [&str; 2] = [
    "<!-- tables: begin; made by `cargo run --example corpus_facts -- data/README.md` -->",
    "<!-- tables: end -->",
];

/// Regions, roughly, with the ids of `states.csv` in each.
const REGIONS: [(&str, &str); 7] = [
    ("North America", "usa can qbc grl bmu"),
    (
        "Latin America and the Caribbean",
        "mex gtm blz slv hnd nic cri pan cub hti dom jam tto bhs brb grd dma lca vct kna atg pri cym vgb flk \
         col ven ecu per bol bra chl arg ury pry guy sur guf cuw abw vir glp",
    ),
    (
        "Europe without the former Soviet Union",
        "gbr eng sct wls nir irl fra deu ddr nazi aut che nld bel lux ita vat smr mco and lie esp cat bsq prt \
         grc cyp ncy mlt dnk fro swe nor fin isl pol cze csk svk hun aus-hun svn hrv srb scg yug bih srp mne \
         mkd alb kos bgr rou pru gib",
    ),
    (
        "Former Soviet Union",
        "est lva ltu mda trn gag ukr blr rus sun cri-ua don lug che-ru dag ing tat geo abk ose nose arm aze \
         nkr kaz uzb tkm kgz tjk",
    ),
    (
        "Middle East and North Africa",
        "tur irn irq kur syr lbn isr pse gaz wbk gol jer-e jor egy sau yem syem omn are qat bhr kwt mar esh \
         dza tun lby ceu",
    ),
    (
        "Africa south of the Sahara",
        "sdn ssd drf abe eth tig eri dji som sol pun ken uga tza zan rwa bdi cod cog kat kiv caf tcd cmr amb \
         gnq gab stp ago cab zmb zwe mwi moz mdg mus cha syc com myt bwa nam zaf lso swz nga bia ner mli aza \
         bfa sen cas gmb gin gnb sle lbr civ gha tgo ben mrt cpv reu",
    ),
    (
        "Asia and the Pacific",
        "chn tib xin hkg mac twn mng prk kor kor-p jpn vnm svn-vn nvn lao khm tha mmr rak mys sgp brn idn ace \
         wpa tls phl png bou aus nzl fji slb vut wsm ton tuv kir nru plw mhl fsm cok niu ncl pyf gum mch ind \
         pak kas bgd lka mdv npl btn sik afg pcl spr sen-is dok kur-is scs",
    ),
];

#[allow(dead_code, reason = "a test takes the tables from here")]
fn main() -> Result<()> {
    let tables = tables(Path::new("data"))?;
    match std::env::args_os().nth(1) {
        None => std::io::stdout().write_all(tables.as_bytes())?,
        Some(card) => {
            let place = card.display();
            let old = std::fs::read_to_string(&card).with_context(|| format!("reading {place}"))?;
            let new = with_tables(&old, &tables)
                .with_context(|| format!("{place}: no lines {} and {}", MARKS[0], MARKS[1]))?;
            std::fs::write(&card, new).with_context(|| format!("writing {place}"))?;
        }
    }
    Ok(())
}

/// The card with these tables between its marks; `None` where it lacks them.
pub(crate) fn with_tables(card: &str, tables: &str) -> Option<String> {
    let (before, rest) = card.split_once(MARKS[0])?;
    let (_, after) = rest.split_once(MARKS[1])?;
    Some(format!("{before}{}\n\n{tables}\n{}{after}", MARKS[0], MARKS[1]))
}

/// All tables in Markdown, of the files in `folder`.
///
/// # Errors
/// Where a file cannot be read or is not what it should be.
pub(crate) fn tables(folder: &Path) -> Result<String> {
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))
    };
    let labeled = ("labeled.csv".to_owned(), read("labeled.csv")?.into_bytes());
    let corpus = Corpus::parse(&[labeled], &Columns::default())?;
    let names = read("states.csv")?;
    let parts = [
        by_label(&corpus)?,
        by_source(&corpus)?,
        by_length(&corpus)?,
        by_decade(&corpus)?,
        by_region(&corpus, &names)?,
        agreement(&read("agreement.csv")?)?,
        lexicon(&read("lexicon.csv")?)?,
        names_by_class(&names)?,
        term_counts(&read("term-counts.csv")?)?,
    ];
    Ok(parts.join("\n"))
}

/// Sentences, and the sum of their weights, under each label of a head.
#[derive(Default, Clone)]
struct Tally {
    sentences: usize,
    weight: f64,
    /// For each head the sentences under each label.
    labels: Vec<Vec<usize>>,
}

impl Tally {
    fn add(&mut self, corpus: &Corpus, example: &Example) {
        self.sentences += 1;
        self.weight += example.weight;
        self.labels.resize_with(corpus.heads.len(), Vec::new);
        for (head, (counts, (_, labels))) in self.labels.iter_mut().zip(&corpus.heads).enumerate() {
            counts.resize(labels.len(), 0);
            if let Some(label) = example.labels[head] {
                counts[label as usize] += 1;
            }
        }
    }

    fn cells(&self) -> String {
        let counts: Vec<String> = self.labels.iter().flatten().map(usize::to_string).collect();
        format!("{} | {} |", self.sentences, counts.join(" | "))
    }
}

/// The head of a table of tallies, whose first column has that name.
fn header(out: &mut String, corpus: &Corpus, first: &str) -> Result<()> {
    let labels: Vec<String> = corpus
        .heads
        .iter()
        .flat_map(|(head, labels)| {
            // Both heads have a label `neutral`.
            labels
                .iter()
                .map(move |l| if head == "stance" { l.clone() } else { format!("{l} in tone") })
        })
        .collect();
    writeln!(out, "| {first} | sentences | {} |", labels.join(" | "))?;
    Ok(writeln!(out, "| --- | ---: |{}", " ---: |".repeat(labels.len()))?)
}

fn total(corpus: &Corpus) -> Tally {
    let mut all = Tally::default();
    corpus.examples.iter().for_each(|example| all.add(corpus, example));
    all
}

fn percent(part: f64, whole: f64) -> String {
    format!("{:.1} %", 100.0 * part / whole)
}

fn by_label(corpus: &Corpus) -> Result<String> {
    let mut out = String::from("### Sentences by label\n\n");
    let [(_, stances), (_, sentiments)] = &corpus.heads[..] else {
        anyhow::bail!("labeled.csv: expected the heads stance and sentiment");
    };
    writeln!(out, "| stance | {} | all | share | weighed share |", sentiments.join(" | "))?;
    writeln!(out, "| --- |{}", " ---: |".repeat(sentiments.len() + 3))?;
    let all = total(corpus);
    let sum = |keep: &dyn Fn(&Example) -> bool| {
        let kept = corpus.examples.iter().filter(|e| keep(e));
        kept.fold((0usize, 0.0), |(n, weight), e| (n + 1, weight + e.weight))
    };
    let rows = (0..).zip(stances).map(|(number, label)| (Some(number), label.as_str()));
    for (number, label) in rows.chain([(None, "all")]) {
        let stance = |e: &Example| number.is_none() || e.labels[0] == number;
        let (sentences, weight) = sum(&stance);
        let cells: Vec<String> = (0..)
            .zip(sentiments)
            .map(|(tone, _)| sum(&|e| stance(e) && e.labels[1] == Some(tone)).0.to_string())
            .collect();
        writeln!(
            out,
            "| {label} | {} | {sentences} | {} | {} |",
            cells.join(" | "),
            percent(sentences as f64, all.sentences as f64),
            percent(weight, all.weight)
        )?;
    }
    let shares = |share: &dyn Fn(u32) -> String| -> Vec<String> {
        (0..).zip(sentiments).map(|(tone, _)| share(tone)).collect()
    };
    let plain =
        shares(&|tone| percent(sum(&|e| e.labels[1] == Some(tone)).0 as f64, all.sentences as f64));
    let weighed = shares(&|tone| percent(sum(&|e| e.labels[1] == Some(tone)).1, all.weight));
    writeln!(out, "| share | {} | | | |", plain.join(" | "))?;
    writeln!(out, "| weighed share | {} | | | |", weighed.join(" | "))?;
    let groups: BTreeSet<&str> =
        corpus.examples.iter().filter_map(|e| e.group.as_deref()).collect();
    let grouped = corpus.examples.iter().filter(|e| e.group.is_some()).count();
    writeln!(out, "\n{grouped} sentences stand in {} groups.", groups.len())?;
    Ok(out)
}

fn by_source(corpus: &Corpus) -> Result<String> {
    let mut sources: BTreeMap<&str, Tally> = BTreeMap::new();
    for example in &corpus.examples {
        sources.entry(example.source.as_deref().unwrap_or("-")).or_default().add(corpus, example);
    }
    let mut out = String::from("### Sentences by slice\n\n");
    header(&mut out, corpus, "slice (column `source`)")?;
    for (source, tally) in &sources {
        writeln!(out, "| {source} | {}", tally.cells())?;
    }
    writeln!(out, "| all | {}", total(corpus).cells())?;
    writeln!(out, "\n| slice | mean weight | share of all weight |\n| --- | ---: | ---: |")?;
    let whole = total(corpus).weight;
    for (source, tally) in &sources {
        let mean = tally.weight / tally.sentences as f64;
        writeln!(out, "| {source} | {mean:.2} | {} |", percent(tally.weight, whole))?;
    }
    Ok(out)
}

fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

fn by_length(corpus: &Corpus) -> Result<String> {
    const BANDS: [RangeInclusive<usize>; 6] =
        [0..=9, 10..=19, 20..=29, 30..=39, 40..=49, 50..=usize::MAX];
    let mut tallies = vec![Tally::default(); BANDS.len()];
    let mut lengths: Vec<usize> = Vec::new();
    for example in &corpus.examples {
        let length = words(&example.text);
        lengths.push(length);
        for (tally, band) in tallies.iter_mut().zip(&BANDS) {
            if band.contains(&length) {
                tally.add(corpus, example);
            }
        }
    }
    lengths.sort_unstable();
    let mut out = String::from("### Sentences by length\n\n");
    header(&mut out, corpus, "words")?;
    for (tally, band) in tallies.iter().zip(&BANDS).filter(|(tally, _)| tally.sentences > 0) {
        let end =
            if *band.end() == usize::MAX { "or more".into() } else { format!("to {}", band.end()) };
        writeln!(out, "| {} {end} | {}", band.start(), tally.cells())?;
    }
    let mean = lengths.iter().sum::<usize>() as f64 / lengths.len() as f64;
    let [least, middle, most] = [0, lengths.len() / 2, lengths.len() - 1].map(|at| lengths[at]);
    writeln!(out, "\nMean {mean:.1} words, median {middle}, shortest {least}, longest {most}.")?;
    Ok(out)
}

/// The decades of the years from 1900 to 2029 that a sentence names.
fn decades(text: &str) -> BTreeSet<u16> {
    let years = tokens(text).filter(|token| token.kind == TokenKind::Number).filter_map(|token| {
        let digits = token.text.strip_suffix('s').unwrap_or(token.text);
        let year: u16 = (digits.len() == 4).then(|| digits.parse().ok())??;
        (1900..2030).contains(&year).then_some(year / 10 * 10)
    });
    years.collect()
}

fn by_decade(corpus: &Corpus) -> Result<String> {
    let mut found: BTreeMap<u16, Tally> = BTreeMap::new();
    let mut dated = Tally::default();
    for example in &corpus.examples {
        let decades = decades(&example.text);
        if !decades.is_empty() {
            dated.add(corpus, example);
        }
        decades.iter().for_each(|d| found.entry(*d).or_default().add(corpus, example));
    }
    let mut out = String::from(
        "### Sentences by decade\n\nOnly those that name a year; under each decade that they name.\n\n",
    );
    header(&mut out, corpus, "decade")?;
    for (decade, tally) in &found {
        writeln!(out, "| {decade}s | {}", tally.cells())?;
    }
    writeln!(out, "| any | {}", dated.cells())?;
    Ok(out)
}

/// Finds the states that sentences name, as the program finds them.
pub(crate) struct StateFinder {
    extractor: Extractor,
    /// The ids of the parties by their numbers, which are in the order of their first terms.
    ids: Vec<String>,
}

impl StateFinder {
    /// A finder of the names in a `states.csv`.
    ///
    /// # Errors
    /// Where the table is not what it should be.
    pub(crate) fn new(table: &str) -> Result<Self> {
        let states = States::from_csv(table, "states.csv")?;
        let mut seen = BTreeSet::new();
        let ids = states.lines().map(|(id, _, _)| id.to_owned());
        let ids = ids.filter(|id| seen.insert(id.clone())).collect();
        let resources = Resources { states: states.into(), ..Resources::default() };
        Ok(Self { extractor: Extractor::new(Families::none(), resources), ids })
    }

    /// The ids of the states that a sentence names in any form.
    pub(crate) fn states_of(&mut self, sentence: &str) -> BTreeSet<String> {
        let (units, _) = self.extractor.read(sentence);
        let parties = units.units.iter().filter_map(|unit| unit.party);
        let states = parties.filter(|(_, class)| *class == Class::State);
        states.map(|(party, _)| self.ids[party as usize].clone()).collect()
    }
}

fn by_region(corpus: &Corpus, names: &str) -> Result<String> {
    let mut finder = StateFinder::new(names)?;
    let region =
        |id: &str| REGIONS.iter().position(|(_, ids)| ids.split(' ').any(|known| known == id));
    let mut regions: Vec<Tally> = vec![Tally::default(); REGIONS.len()];
    let (mut none, mut several) = (Tally::default(), Tally::default());
    let mut by_state: BTreeMap<String, Tally> = BTreeMap::new();
    for example in &corpus.examples {
        let named = finder.states_of(&example.text);
        match named.len() {
            0 => none.add(corpus, example),
            1 => {}
            _ => several.add(corpus, example),
        }
        let places: BTreeSet<usize> = named.iter().filter_map(|id| region(id)).collect();
        places.iter().for_each(|&at| regions[at].add(corpus, example));
        named.into_iter().for_each(|id| by_state.entry(id).or_default().add(corpus, example));
    }
    let mut out = String::from(
        "### Sentences by region\n\nBy the states of `states.csv` that a sentence names in any form (name, adjective, capital, \
         seat of government); one that names two regions stands under both.\n\n",
    );
    header(&mut out, corpus, "region")?;
    for ((name, _), tally) in REGIONS.iter().zip(&regions) {
        writeln!(out, "| {name} | {}", tally.cells())?;
    }
    writeln!(out, "| no state named | {}", none.cells())?;
    writeln!(out, "| two states or more | {}", several.cells())?;
    let often = by_state.values().filter(|tally| tally.sentences >= 20).count();
    writeln!(
        out,
        "\n{} states are named, {often} of them in 20 sentences or more. The most frequent:\n",
        by_state.len()
    )?;
    let rows = name_rows(names)?;
    let name = |id: &str| rows.iter().find(|row| row.id == id).map_or("", |row| row.term.as_str());
    let mut ranked: Vec<(&String, &Tally)> = by_state.iter().collect();
    ranked.sort_by_key(|(id, tally)| (std::cmp::Reverse(tally.sentences), id.as_str()));
    header(&mut out, corpus, "state")?;
    for (id, tally) in ranked.iter().take(15) {
        writeln!(out, "| {} | {}", name(id), tally.cells())?;
    }
    Ok(out)
}

#[derive(serde::Deserialize)]
struct Pair {
    head: String,
    source: String,
    first: String,
    second: String,
    sentences: u32,
}

/// Share of equal labels, and Cohen's kappa: (observed − expected) / (1 − expected).
fn kappa(pairs: &[&Pair]) -> (f64, f64) {
    let sum = |keep: &dyn Fn(&Pair) -> bool| {
        f64::from(pairs.iter().filter(|p| keep(p)).map(|p| p.sentences).sum::<u32>())
    };
    let all = sum(&|_| true);
    let observed = sum(&|p| p.first == p.second) / all;
    let labels: BTreeSet<&str> =
        pairs.iter().flat_map(|p| [p.first.as_str(), p.second.as_str()]).collect();
    let expected: f64 = labels
        .iter()
        .map(|&l| sum(&|p| p.first == l) * sum(&|p| p.second == l) / (all * all))
        .sum();
    (observed, (observed - expected) / (1.0 - expected))
}

fn agreement(table: &str) -> Result<String> {
    let pairs: Vec<Pair> = csv::Reader::from_reader(table.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .context("agreement.csv: expected head,source,first,second,sentences")?;
    let sources: BTreeSet<&str> = pairs.iter().map(|p| p.source.as_str()).collect();
    let mut out = String::from(
        "### Agreement of two readers\n\n| slice | sentences | stance alike | kappa | sentiment alike | kappa |\n",
    );
    writeln!(out, "| --- |{}", " ---: |".repeat(5))?;
    let twice: Vec<&str> = sources
        .iter()
        .copied()
        .filter(|s| pairs.iter().any(|p| p.source == *s && p.head == "stance"))
        .collect();
    let mut row = |name: &str, keep: &dyn Fn(&str) -> bool| {
        let cells = |head: &str| {
            let of: Vec<&Pair> =
                pairs.iter().filter(|p| p.head == head && keep(&p.source)).collect();
            let (alike, kappa) = kappa(&of);
            let shown = format!("{} | {kappa:.2}", percent(alike, 1.0));
            let count: u32 = of.iter().map(|p| p.sentences).sum();
            (count, if of.is_empty() { "- | -".into() } else { shown })
        };
        let ((_, stance), (count, sentiment)) = (cells("stance"), cells("sentiment"));
        writeln!(out, "| {name} | {count} | {stance} | {sentiment} |")
    };
    for source in &sources {
        row(source, &|s| s == *source)?;
    }
    row("all whose stance was read twice", &|s| twice.contains(&s))?;
    row("all others", &|s| !twice.contains(&s))?;
    Ok(out)
}

fn lexicon(table: &str) -> Result<String> {
    let lexicon = Lexicon::from_csv(table, "lexicon.csv")?;
    let mut out = String::from(
        "### The lexicon\n\n| kind | terms | diplomatic | hawkish | no stance |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    let mut row = |name: &str, keep: &dyn Fn(Kind) -> bool| {
        let of = |test: &dyn Fn(i8) -> bool| {
            lexicon.entries().iter().filter(|e| keep(e.kind) && test(e.stance)).count()
        };
        let (all, d, h) = (of(&|_| true), of(&|s| s < 0), of(&|s| s > 0));
        writeln!(out, "| {name} | {all} | {d} | {h} | {} |", all - d - h)
    };
    for (kind, name) in Kind::ALL {
        row(name, &|k| k == kind)?;
    }
    row("all", &|_| true)?;
    let gaps = lexicon.entries().iter().filter(|e| e.stems.contains(stance::features::GAP)).count();
    writeln!(out, "\n{gaps} phrases have a gap.")?;
    Ok(out)
}

/// A line of `states.csv`.
#[derive(serde::Deserialize)]
struct NameRow {
    id: String,
    class: String,
    form: String,
    term: String,
}

fn name_rows(table: &str) -> Result<Vec<NameRow>> {
    let rows = csv::Reader::from_reader(table.as_bytes()).deserialize().collect::<Result<_, _>>();
    rows.context("states.csv: expected id,class,form,term")
}

fn names_by_class(table: &str) -> Result<String> {
    const FORMS: [&str; 4] = ["name", "demonym", "capital", "metonym"];
    let rows = name_rows(table)?;
    let mut out = String::from("### Names of parties\n\n");
    writeln!(
        out,
        "| class | parties | names in all | {} |\n| --- |{}",
        FORMS.join(" | "),
        " ---: |".repeat(6)
    )?;
    let classes: BTreeSet<&str> = rows.iter().map(|r| r.class.as_str()).collect();
    for class in classes {
        let of: Vec<_> = rows.iter().filter(|r| r.class == class).collect();
        let parties: BTreeSet<&str> = of.iter().map(|r| r.id.as_str()).collect();
        let forms = FORMS.map(|form| of.iter().filter(|r| r.form == form).count().to_string());
        writeln!(out, "| {class} | {} | {} | {} |", parties.len(), of.len(), forms.join(" | "))?;
    }
    Ok(out)
}

fn term_counts(table: &str) -> Result<String> {
    let counts = Counts::from_csv(table, "term-counts.csv")?;
    let mut families: BTreeMap<&str, usize> = BTreeMap::new();
    for name in counts.names() {
        *families.entry(name.split(':').next().unwrap_or_default()).or_default() += 1;
    }
    let mut out = String::from(
        "### Counts of terms in real sentences\n\n| column | sentences |\n| --- | ---: |\n",
    );
    let mut lines = table.lines();
    let header = lines.next().unwrap_or_default().split(',').skip(1);
    let totals = lines.next().unwrap_or_default().split(',').skip(1);
    header.zip(totals).try_for_each(|(column, total)| writeln!(out, "| {column} | {total} |"))?;
    writeln!(out, "\n| family | terms |\n| --- | ---: |")?;
    families.iter().try_for_each(|(family, terms)| writeln!(out, "| {family} | {terms} |"))?;
    writeln!(out, "| all | {} |", counts.len())?;
    Ok(out)
}
