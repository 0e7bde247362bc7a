//! `stance count`: label counts of terms.

use std::path::PathBuf;

use anyhow::Result;
use stance::features::Extractor;
use stance::training::Counts;

use super::output::{Output, say};
use super::train::{ColumnArguments, KnowledgeArguments, ParamArguments, read};

/// Count in how many sentences of each label every term stands, to share what texts teach without
/// the texts
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Tables with a text column and label columns, `-` for standard input
    #[arg(required = true, value_name = "CSV")]
    inputs: Vec<PathBuf>,

    /// Where to write the counts [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    columns: ColumnArguments,

    #[command(flatten)]
    params: ParamArguments,

    #[command(flatten)]
    knowledge: KnowledgeArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let corpus = read(&arguments.inputs, &arguments.columns.columns())?;
    let (resources, _) = arguments.knowledge.load(&corpus.heads)?;
    let params = arguments.params.params(&resources.lexicon)?;
    let counts = Counts::of(&corpus, &Extractor::new(params.families, resources));
    let mut out = Output::open(arguments.output.as_deref())?;
    counts.write(&mut out)?;
    out.finish()?;
    say(format_args!("{} terms in {} sentences", counts.len(), counts.sentences()));
    Ok(())
}
