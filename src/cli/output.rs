//! Where results and messages go.

use std::fmt::Arguments;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Writes a line to standard error; where that is closed there is nobody to tell.
pub(crate) fn say(message: Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// Whether the reader of the output went away.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
            || cause.downcast_ref::<csv::Error>().is_some_and(|e| {
                matches!(e.kind(), csv::ErrorKind::Io(e) if e.kind() == io::ErrorKind::BrokenPipe)
            })
    })
}

/// Standard output, or a file that appears whole when [`Output::finish`] is called and not at all
/// otherwise.
#[derive(Debug)]
pub(crate) enum Output {
    Standard(BufWriter<io::Stdout>),
    File { part: BufWriter<tempfile::NamedTempFile>, path: PathBuf },
}

impl Output {
    /// Opens the output: `None` and `-` are standard output.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        match path {
            Some(path) if path != Path::new("-") => {
                let part = stance::model::part_file(path)?;
                Ok(Self::File {
                    part: BufWriter::with_capacity(1 << 18, part),
                    path: path.to_owned(),
                })
            }
            _ => Ok(Self::Standard(BufWriter::with_capacity(1 << 18, io::stdout()))),
        }
    }

    /// Writes what is left; a file then gets its name.
    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Self::Standard(mut out) => out.flush().context("cannot write to standard output")?,
            Self::File { part, path } => {
                let failed = || format!("cannot write {}", path.display());
                let part = part.into_inner().map_err(io::IntoInnerError::into_error);
                let part = part.with_context(failed)?;
                part.as_file().sync_all().with_context(failed)?;
                part.persist(&path).map_err(|e| e.error).with_context(failed)?;
            }
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::File { part, .. } => part.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::File { part, .. } => part.flush(),
        }
    }
}
