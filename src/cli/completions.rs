//! `stance completions` and `stance man`: for the shell.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::CommandFactory as _;
use clap_complete::Shell;

use super::output::Output;

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
pub(crate) struct CompletionArguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Print the manual page, or write one for each command
#[derive(Debug, clap::Args)]
pub(crate) struct ManArguments {
    /// Folder to write stance.1, stance-train.1 … to
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

/// Runs `completions`.
pub(crate) fn completions(arguments: &CompletionArguments) -> Result<()> {
    // The generator panics where it cannot write, so it gets memory to write to.
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut super::Arguments::command(),
        "stance",
        &mut script,
    );
    let mut out = Output::open(None)?;
    std::io::Write::write_all(&mut out, &script)?;
    out.finish()
}

/// Runs `man`.
pub(crate) fn man(arguments: &ManArguments) -> Result<()> {
    let command = super::Arguments::command();
    if let Some(folder) = &arguments.output {
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder))
            .with_context(|| format!("cannot write to {}", folder.display()))
    } else {
        let mut out = Output::open(None)?;
        clap_mangen::Man::new(command).render(&mut out)?;
        out.finish()
    }
}
