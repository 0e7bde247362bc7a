//! `stance evaluate`.
use anyhow::Result;
/// Measure a model on labelled sentences
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}
/// Runs the command.
pub(crate) fn run(_: &Arguments) -> Result<()> {
    Ok(())
}
