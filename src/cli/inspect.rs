//! `stance inspect`.
use anyhow::Result;
/// Say what a model is
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}
/// Runs the command.
pub(crate) fn run(_: &Arguments) -> Result<()> {
    Ok(())
}
