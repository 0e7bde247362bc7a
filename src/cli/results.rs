//! Writes what has been labelled, in the order of the inputs.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use comfy_table::{ContentArrangement, Table, presets};
use stance::model::{Classifier, LEAST_KNOWN, UNCERTAIN};
use stance::report::visible;

use super::feed::Job;
use super::folder;
use super::labelling::{Facts, Kind, Labelled, Line};
use super::output::Output;
use super::progress::Progress;
use super::rows::Format;

/// Faults that are told one by one.
const TOLD: u64 = 20;
/// Rows that a table for people holds; a longer one is several.
const TABLE: usize = 500;
/// Width of a table where the terminal does not tell its own.
const WIDTH: u16 = 100;

/// The results of a run.
#[derive(Debug)]
pub(crate) struct Results<'a> {
    model: &'a Classifier,
    /// One for all inputs, or the one of the input at hand.
    output: Option<Output>,
    /// Whether each input has its own.
    apart: bool,
    /// Whether what goes out is wanted at once.
    prompt: bool,
    format: Format,
    facts: Option<Arc<Facts>>,
    /// Whether the output has a row.
    any: bool,
    /// Sentences of the input so far.
    sentences: u64,
    table: Vec<Line>,
    faults: u64,
    labelled: u64,
    hardly_known: u64,
    progress: Progress,
    spare: Vec<u8>,
}

impl<'a> Results<'a> {
    /// Results that go to `output`, or, where there is none, to the target of each job.
    pub(crate) fn new(
        model: &'a Classifier,
        format: Format,
        output: Option<Output>,
        progress: Progress,
    ) -> Self {
        Self {
            model,
            apart: output.is_none(),
            prompt: output.as_ref().is_some_and(Output::is_standard),
            output,
            format,
            facts: None,
            any: false,
            sentences: 0,
            table: Vec::new(),
            faults: 0,
            labelled: 0,
            hardly_known: 0,
            progress,
            spare: Vec::new(),
        }
    }

    /// Writes a block's rows.
    pub(crate) fn take(&mut self, job: &mut Job) -> Result<()> {
        if let Some(facts) = &job.facts {
            if job.first {
                self.begin(facts, job.target.as_ref())?;
            }
            self.number(&mut job.labelled, facts);
            self.rows(&mut job.labelled, facts)?;
        }
        for fault in &job.labelled.faults {
            self.faults += 1;
            if !job.facts.as_ref().is_none_or(|facts| facts.skip) {
                return Err(anyhow!("{}: {}", fault.place, fault.message));
            }
            if self.faults <= TOLD {
                self.progress.say(format_args!("warning: {}: {}", fault.place, fault.message));
            }
        }
        self.labelled += job.labelled.labelled;
        self.hardly_known += job.labelled.hardly_known;
        self.progress.add(job.labelled.count, job.last);
        if job.last && self.apart {
            self.end_input(job.broken)?;
        }
        Ok(())
    }

    /// Ends the results; nothing was broken off. `min_confidence` says whether labels that are not
    /// certain were left out.
    pub(crate) fn finish(mut self, min_confidence: bool) -> Result<()> {
        if let Some(mut output) = self.output.take() {
            if self.facts.is_none() && self.format == Format::Json {
                output.write_all(b"[\n")?;
            }
            self.write_table(&mut output)?;
            output.write_all(self.tail())?;
            output.finish()?;
        }
        if self.faults > TOLD {
            self.progress.say(format_args!("warning: and {} more", self.faults - TOLD));
        }
        if self.faults > 0 {
            self.progress.say(format_args!("{} broken rows or files were left out", self.faults));
        }
        if self.hardly_known > 0 {
            let hint = if min_confidence {
                "they are labelled"
            } else {
                "do not rely on their labels; --min-confidence makes them"
            };
            self.progress.say(format_args!(
                "warning: the model knows fewer than {LEAST_KNOWN} words or pairs of words of {} of {} \
                 sentences; {hint} `{UNCERTAIN}`",
                self.hardly_known, self.labelled
            ));
        }
        Ok(())
    }

    fn begin(&mut self, facts: &Arc<Facts>, target: Option<&PathBuf>) -> Result<()> {
        self.sentences = 0;
        if self.apart {
            if let Some(target) = target {
                self.output = Some(folder::create(target)?);
            }
            self.any = false;
        }
        if let Some(output) = &mut self.output
            && (self.apart || self.facts.is_none())
        {
            output.write_all(&facts.rows.head())?;
        }
        self.facts = Some(Arc::clone(facts));
        Ok(())
    }

    fn end_input(&mut self, broken: bool) -> Result<()> {
        // One that is not ended leaves nothing behind.
        if let Some(mut output) = self.output.take()
            && !broken
        {
            self.write_table(&mut output)?;
            output.write_all(self.tail())?;
            output.finish_soon()?;
        }
        self.table.clear();
        Ok(())
    }

    fn tail(&self) -> &'static [u8] {
        match self.format {
            Format::Json if self.any => b"\n]\n",
            Format::Json => b"]\n",
            Format::Csv | Format::Jsonl | Format::Table => b"",
        }
    }

    /// Lets sentence numbers go on where those of the block before ended.
    fn number(&mut self, labelled: &mut Labelled, facts: &Facts) {
        if facts.kind != Kind::Article {
            return;
        }
        if self.sentences > 0 {
            for line in &mut labelled.lines {
                line.number = line.number.map(|number| number + self.sentences);
            }
            self.spare.clear();
            let mut copied = 0;
            let mut digits = itoa::Buffer::new();
            for (number, &at) in (1u64..).zip(&labelled.numbers) {
                self.spare.extend_from_slice(&labelled.out[copied..at]);
                let now = digits.format(number + self.sentences);
                self.spare.extend_from_slice(now.as_bytes());
                copied = at + digits.format(number).len();
            }
            self.spare.extend_from_slice(&labelled.out[copied..]);
            std::mem::swap(&mut labelled.out, &mut self.spare);
        }
        self.sentences += labelled.count;
    }

    fn rows(&mut self, labelled: &mut Labelled, facts: &Facts) -> Result<()> {
        let Some(mut output) = self.output.take() else { return Ok(()) };
        if labelled.count > 0 {
            if self.any {
                output.write_all(facts.rows.between())?;
            }
            self.any = true;
            output.write_all(&labelled.out)?;
        }
        self.table.append(&mut labelled.lines);
        if self.table.len() >= TABLE {
            self.write_table(&mut output)?;
        }
        if self.prompt {
            output.flush()?;
        }
        self.output = Some(output);
        Ok(())
    }

    fn write_table(&mut self, output: &mut Output) -> Result<()> {
        if self.table.is_empty() {
            return Ok(());
        }
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(terminal_size::terminal_size().map_or(WIDTH, |(width, _)| width.0));
        let heads = self.model.heads.iter().map(|head| head.name.as_str());
        let explained = self.table.iter().any(|line| !line.reasons.is_empty());
        let reasons = self.model.heads.iter().filter(|_| explained).map(|head| head.name.clone());
        let reasons = reasons.map(|head| format!("{head}: reasons"));
        let header = std::iter::once(String::new()).chain(heads.map(str::to_owned));
        table.set_header(header.chain(reasons).chain(["text".to_owned()]));
        for line in self.table.drain(..) {
            let labels = self.model.heads.iter().enumerate().map(|(at, head)| {
                line.labels.get(at).map_or_else(String::new, |&(label, confidence)| {
                    let label = label.map_or(UNCERTAIN, |label| &head.labels[label]);
                    format!("{label} {confidence:.2}")
                })
            });
            let number = line.number.map_or_else(String::new, |number| number.to_string());
            let width = if explained { self.model.heads.len() } else { 0 };
            let reasons = line.reasons.iter().cloned().chain(std::iter::repeat(String::new()));
            let text = visible(&line.text).into_owned();
            let cells = std::iter::once(number).chain(labels).chain(reasons.take(width));
            table.add_row(cells.chain([text]));
        }
        writeln!(output, "{table}")?;
        Ok(())
    }
}
