//! The rates that no table may fall below.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::subject::rows;

/// Points between a measured rate and the floor that is written for it, since a model is fitted anew
/// now and then and a single sentence is four points of a table.
const MARGIN: f64 = 5.0;
const FLOORS: &str = "tests/behaviour/floors.csv";

/// How often what was expected came true.
pub(crate) struct Tally {
    name: String,
    passed: usize,
    failed: Vec<String>,
}

impl Tally {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), passed: 0, failed: Vec::new() }
    }

    /// Counts one test; `failure` says what came instead.
    pub(crate) fn count(&mut self, passed: bool, failure: impl FnOnce() -> String) {
        if passed {
            self.passed += 1;
        } else {
            self.failed.push(failure());
        }
    }

    pub(crate) fn tests(&self) -> usize {
        self.passed + self.failed.len()
    }

    /// Percent passed.
    fn rate(&self) -> f64 {
        100.0 * self.passed as f64 / self.tests() as f64
    }

    fn show(&self) {
        let (name, passed, tests, rate) = (&self.name, self.passed, self.tests(), self.rate());
        eprintln!("{name:<28} {passed:>5} of {tests:>5} {rate:>7.2} %");
        for failure in self.failed.iter().take(25) {
            eprintln!("    {failure}");
        }
    }

    /// Shows the rate; fails below `least` percent, whatever the file of floors says.
    #[track_caller]
    pub(crate) fn reaches(&self, least: f64) {
        assert!(self.tests() > 0, "{}: nothing to test", self.name);
        self.show();
        assert!(self.rate() >= least, "{}: {:.2} %, not {least} %", self.name, self.rate());
    }
}

/// Shows the rates, and fails where one is below its floor, or has none.
pub(crate) fn hold(tallies: &[Tally]) {
    static WRITING: Mutex<()> = Mutex::new(());
    let lock = WRITING.lock();
    tallies.iter().for_each(Tally::show);
    let mut floors: BTreeMap<String, f64> = rows(FLOORS)
        .into_iter()
        .map(|row| (row["table"].clone(), row["floor"].parse().unwrap()))
        .collect();
    if std::env::var_os("STANCE_WRITE_FLOORS").is_some() {
        for tally in tallies {
            floors.insert(tally.name.clone(), (tally.rate() - MARGIN).floor().max(0.0));
        }
        let mut text = String::from("table,floor\n");
        for (name, floor) in floors {
            text.extend([name.as_str(), ",", &floor.to_string(), "\n"]);
        }
        std::fs::write(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FLOORS), text)
            .unwrap();
        return;
    }
    let fallen: Vec<String> = tallies
        .iter()
        .filter(|tally| floors.get(&tally.name).is_none_or(|&floor| tally.rate() < floor))
        .map(|t| format!("{}: {:.1} %, floor {:?}", t.name, t.rate(), floors.get(&t.name)))
        .collect();
    drop(lock);
    assert!(fallen.is_empty(), "below their floors in {FLOORS}: {fallen:#?}");
}
