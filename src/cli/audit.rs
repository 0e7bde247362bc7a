//! `stance audit`: labels that are likely wrong, and how far coders agree.

mod agreement;
mod findings;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::ValueEnum;

use super::output::Output;
use super::terminal;
use super::train::{ColumnArguments, KnowledgeArguments, ParamArguments};

/// Find labels that are likely wrong
///
/// Ranks the rows whose label a model of the other rows doubts most, and lists rows that are nearly the
/// same but labelled differently, and labels that only one source uses. With --coders, says how far
/// two or more label columns agree and lists the rows in dispute instead.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Tables with a text column and label columns
    #[arg(required = true, value_name = "CSV")]
    inputs: Vec<PathBuf>,

    /// Label columns of two or more coders to compare
    #[arg(long, value_name = "COLUMN,COLUMN", value_delimiter = ',')]
    coders: Vec<String>,

    /// Folds: each is judged by a model of the others
    #[arg(long, default_value_t = 5, value_name = "K", value_parser = clap::value_parser!(u32).range(2..))]
    cv: u32,

    /// How alike two texts are that count as nearly the same: the part of terms they share
    #[arg(long, default_value_t = 0.8, value_name = "PART")]
    near: f64,

    /// Rows shown of each finding [default: 20 as a table, else all]
    #[arg(long, short, value_name = "N")]
    n: Option<usize>,

    /// How to write them [default: table on a terminal, else csv]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write to a file, whole or not at all, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    columns: ColumnArguments,

    #[command(flatten)]
    params: ParamArguments,

    #[command(flatten)]
    knowledge: KnowledgeArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Json,
    Table,
}

/// Rows shown of each finding in a table.
const SHOWN: usize = 20;

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if !(arguments.near > 0.0 && arguments.near <= 1.0) {
        bail!("near must be above 0 and at most 1, but is {}", arguments.near);
    }
    let output = arguments.output.as_deref();
    let mut out = Output::open(output)?;
    let default = if terminal::is_read(output) { Format::Table } else { Format::Csv };
    let format = arguments.format.unwrap_or(default);
    match arguments.coders.len() {
        0 => findings::write(arguments, format, &mut out)?,
        1 => bail!("--coders needs two label columns or more, such as --coders anna,ben"),
        _ => agreement::write(arguments, format, &mut out)?,
    }
    out.finish()
}

impl Arguments {
    fn most(&self, format: Format) -> usize {
        self.n.unwrap_or(if format == Format::Table { SHOWN } else { usize::MAX })
    }
}
