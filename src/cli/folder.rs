//! The folder that holds the results of a run over many inputs, a file for each.
//!
//! A file there is whole, or it is not there: so a run that was stopped can be taken up again by
//! passing over the inputs that have one. What the run was asked for is noted beside them, so that it
//! is not taken up with another model or in another format.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::output::Output;
use super::rows::Format;
use super::walk::Input;

/// The file in which a run is noted.
const NOTE: &str = ".stance-run";

/// A folder of results.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    ending: &'static str,
}

impl Folder {
    /// Opens or makes the folder. `run` says in one line what shapes the results; where `resume`, it
    /// must be what the folder's results were made with.
    pub(crate) fn open(path: &Path, format: Format, run: &str, resume: bool) -> Result<Self> {
        std::fs::create_dir_all(path)
            .with_context(|| format!("cannot make the folder {}", path.display()))?;
        let note = path.join(NOTE);
        if resume && let Ok(known) = std::fs::read_to_string(&note) {
            if known.trim_end() != run {
                bail!(
                    "{} holds results of another run: they were made with `{}`, this run has \
                     `{run}`; name another folder or leave out --resume",
                    path.display(),
                    known.trim_end()
                );
            }
        } else {
            let mut out = Output::open(Some(&note))?;
            writeln!(out, "{run}")?;
            out.finish()?;
        }
        Ok(Self { path: path.to_owned(), ending: format.ending() })
    }

    /// The file for an input's results.
    pub(crate) fn target(&self, input: &Input) -> PathBuf {
        let mut name = OsString::from(self.path.join(&input.place));
        name.push(".");
        name.push(self.ending);
        name.into()
    }
}

/// Opens the file for an input's results, and makes the folders above it.
pub(crate) fn create(target: &Path) -> Result<Output> {
    if let Some(folder) = target.parent()
        && !folder.is_dir()
    {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    Output::open(Some(target))
}
