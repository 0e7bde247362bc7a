//! Where results and messages go.

use std::fmt::Arguments;
use std::fs::File;
use std::io::{self, Write};
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

/// Bytes that are gathered before they are written.
const BUFFER: usize = 1 << 16;

/// Standard output, or a file that appears whole when [`Output::finish`] is called and not at all
/// otherwise.
#[derive(Debug)]
pub(crate) struct Output {
    target: Target,
    buffer: Vec<u8>,
}

#[derive(Debug)]
enum Target {
    Standard(io::Stdout),
    File { part: Part, path: PathBuf },
}

impl Output {
    /// Opens the output: `None` and `-` are standard output.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        let target = match path {
            Some(path) if path != Path::new("-") => {
                Target::File { part: Part::open(path)?, path: path.to_owned() }
            }
            _ => Target::Standard(io::stdout()),
        };
        Ok(Self { target, buffer: Vec::new() })
    }

    /// Whether this is standard output.
    pub(crate) fn is_standard(&self) -> bool {
        matches!(self.target, Target::Standard(_))
    }

    /// Writes what is left; a file then gets its name, and is on the disk for good.
    pub(crate) fn finish(self) -> Result<()> {
        self.close(true)
    }

    /// As [`Output::finish`], but leaves it to the system when the file gets to the disk: for a run
    /// that writes many.
    pub(crate) fn finish_soon(self) -> Result<()> {
        self.close(false)
    }

    fn close(mut self, safe: bool) -> Result<()> {
        match &mut self.target {
            Target::Standard(_) => self.flush().context("cannot write to standard output")?,
            Target::File { path, .. } => {
                let path = path.clone();
                let failed = || format!("cannot write {}", path.display());
                self.flush().with_context(failed)?;
                if let Target::File { part, path } = self.target {
                    if safe {
                        part.file().sync_all().with_context(failed)?;
                    }
                    part.name(&path).with_context(failed)?;
                }
            }
        }
        Ok(())
    }

    fn pass_on(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.target {
            // Standard output is buffered line by line, which takes more time than the writing.
            Target::Standard(out) => out.lock().write_all(bytes),
            Target::File { part, .. } => part.file().write_all(bytes),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.buffer.len() + bytes.len() > BUFFER {
            let buffer = std::mem::take(&mut self.buffer);
            self.pass_on(&buffer)?;
            self.buffer = buffer;
            self.buffer.clear();
            if bytes.len() > BUFFER / 2 {
                self.pass_on(bytes)?;
                return Ok(bytes.len());
            }
        }
        self.buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let buffer = std::mem::take(&mut self.buffer);
        self.pass_on(&buffer)?;
        match &mut self.target {
            Target::Standard(out) => out.lock().flush(),
            Target::File { .. } => Ok(()),
        }
    }
}

/// A file without its name.
#[derive(Debug)]
enum Part {
    /// One without any name, which is gone when the program is, however that ends.
    #[cfg(target_os = "linux")]
    Nameless(File),
    /// One with a name of its own, where the system knows no other.
    Named(tempfile::NamedTempFile),
}

impl Part {
    fn open(path: &Path) -> Result<Self> {
        #[cfg(target_os = "linux")]
        if !path.is_dir()
            && let Some(file) = nameless::open(nameless::folder(path))
        {
            return Ok(Self::Nameless(file));
        }
        Ok(Self::Named(stance::model::part_file(path)?))
    }

    fn file(&self) -> &File {
        match self {
            #[cfg(target_os = "linux")]
            Self::Nameless(file) => file,
            Self::Named(part) => part.as_file(),
        }
    }

    fn name(self, path: &Path) -> io::Result<()> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Nameless(file) => nameless::name(&file, path),
            Self::Named(part) => part.persist(path).map(drop).map_err(|e| e.error),
        }
    }
}

/// Files that have no name until they are whole.
#[cfg(target_os = "linux")]
mod nameless {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd as _;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};

    pub(super) fn folder(path: &Path) -> &Path {
        match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        }
    }

    /// `None` where the file system has no such files.
    pub(super) fn open(folder: &Path) -> Option<File> {
        let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
        openat(CWD, folder, flags, Mode::from_raw_mode(0o666)).ok().map(File::from)
    }

    /// Gives the file its name, in place of the file that has it.
    pub(super) fn name(file: &File, path: &Path) -> io::Result<()> {
        let from = format!("/proc/self/fd/{}", file.as_raw_fd());
        let link = |to: &Path| linkat(CWD, &*from, CWD, to, AtFlags::SYMLINK_FOLLOW);
        match link(path) {
            Err(rustix::io::Errno::EXIST) => {}
            other => return Ok(other?),
        }
        // A link never takes another file's place, so it takes that of a name nobody has.
        let spare = tempfile::Builder::new()
            .prefix(".stance-")
            .suffix(".whole")
            .make_in(folder(path), |spare| Ok(link(spare)?))?;
        spare.into_temp_path().persist(path).map_err(|e| e.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = folder
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_whole_and_replaces_the_old_one_or_does_not_appear() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        for round in 0..3 {
            let mut out = Output::open(Some(&path)).unwrap();
            for _ in 0..10_000 {
                writeln!(out, "row of round {round}").unwrap();
            }
            out.write_all(&vec![b'x'; 2 * BUFFER]).unwrap();
            if round == 1 {
                drop(out);
            } else {
                out.finish().unwrap();
                let text = std::fs::read_to_string(&path).unwrap();
                assert_eq!(text.matches(&format!("row of round {round}\n")).count(), 10_000);
                assert_eq!(text.len(), 10_000 * 15 + 2 * BUFFER);
            }
            assert_eq!(files(folder.path()), ["out.csv"]);
        }
    }

    #[test]
    fn a_folder_is_no_place_for_a_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Output::open(Some(folder.path())).is_err());
        assert!(Output::open(Some(&folder.path().join("none/out.csv"))).is_err());
    }
}
