//! Finds the inputs: the files that were named, and those in the folders that were named.
//!
//! Folders are read one by one while the run goes on, each in the order of its names, so that
//! neither the memory nor the order depends on how many files there are.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::source::Compression;

/// One input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    /// The file; `-` for standard input.
    pub(crate) path: PathBuf,
    /// Where its results go below the folder of results, without a format's ending.
    pub(crate) place: PathBuf,
}

/// The endings of the files that are taken from folders.
pub(crate) const ARTICLES: &[&str] = &["txt", "text", "md"];
/// As [`ARTICLES`], for tables.
pub(crate) const TABLES: &[&str] = &["csv"];
/// As [`ARTICLES`], for lines of JSON.
pub(crate) const OBJECTS: &[&str] = &["jsonl", "ndjson"];

/// Yields all inputs in order.
#[derive(Debug)]
pub(crate) struct Walk {
    endings: &'static [&'static str],
    recursive: bool,
    /// The folder of results, which is not read.
    except: Option<PathBuf>,
    /// What is still to be looked at, the next last.
    stack: Vec<Input>,
}

impl Walk {
    /// The inputs at `paths`, of folders the files with one of `endings`. Where results go to
    /// the folder `results`, two that would go to one place are an error.
    pub(crate) fn new(
        paths: &[PathBuf],
        endings: &'static [&'static str],
        recursive: bool,
        results: Option<&Path>,
    ) -> Result<Self> {
        let mut seen = BTreeSet::new();
        let mut stack = Vec::new();
        for path in paths {
            let is_input = path == Path::new("-");
            let place = if is_input {
                PathBuf::from("stdin")
            } else if path.is_dir() && paths.len() == 1 {
                PathBuf::new()
            } else {
                // A folder's own name may be hidden behind `.` or `..`.
                match path.file_name() {
                    Some(name) => PathBuf::from(name),
                    None => path
                        .canonicalize()
                        .ok()
                        .and_then(|whole| whole.file_name().map(PathBuf::from))
                        .unwrap_or_default(),
                }
            };
            if results.is_some() && !seen.insert(place.clone()) {
                bail!(
                    "the results of {} would go where those of another input go; label them in \
                     two runs",
                    path.display()
                );
            }
            stack.push(Input { path: path.clone(), place });
        }
        stack.reverse();
        let except = results.and_then(|results| results.canonicalize().ok());
        Ok(Self { endings, recursive, except, stack })
    }

    /// The next input.
    pub(crate) fn next(&mut self) -> Result<Option<Input>> {
        while let Some(input) = self.stack.pop() {
            if input.path == Path::new("-") || !input.path.is_dir() {
                return Ok(Some(input));
            }
            if !self.recursive {
                bail!("{} is a folder; name files in it or use --recursive", input.path.display());
            }
            if self.except.is_none() || input.path.canonicalize().ok() != self.except {
                self.open(&input)?;
            }
        }
        Ok(None)
    }

    fn open(&mut self, folder: &Input) -> Result<()> {
        let failed = || format!("cannot read the folder {}", folder.path.display());
        let mut names: Vec<(OsString, bool)> = Vec::new();
        for entry in folder.path.read_dir().with_context(failed)? {
            let entry = entry.with_context(failed)?;
            let name = entry.file_name();
            let hidden = name.as_encoded_bytes().first() == Some(&b'.');
            let kind = entry.file_type().with_context(failed)?;
            // A link to a folder could lead back here.
            let is_file = kind.is_file() || kind.is_symlink() && entry.path().is_file();
            if !hidden && (kind.is_dir() || is_file && self.wants(Path::new(&name))) {
                names.push((name, kind.is_dir()));
            }
        }
        names.sort_unstable_by(|a, b| b.cmp(a));
        self.stack.extend(names.into_iter().map(|(name, _)| Input {
            path: folder.path.join(&name),
            place: folder.place.join(&name),
        }));
        Ok(())
    }

    fn wants(&self, name: &Path) -> bool {
        let name = match Compression::of_name(name) {
            Some(_) => Path::new(name.file_stem().unwrap_or_default()),
            None => name,
        };
        name.extension().is_some_and(|ending| {
            self.endings.iter().any(|wanted| ending.eq_ignore_ascii_case(wanted))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_give_their_texts_in_order_of_names() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("b/c")).unwrap();
        std::fs::create_dir_all(at(".hidden")).unwrap();
        for name in ["b/c/2.txt", "b/1.TXT.gz", "a.md", "z.txt", "b.csv", ".x.txt", ".hidden/y.txt"]
        {
            std::fs::write(at(name), "").unwrap();
        }
        let mut walk = Walk::new(&[folder.path().to_owned()], ARTICLES, true, None).unwrap();
        let mut places = Vec::new();
        while let Some(input) = walk.next().unwrap() {
            assert_eq!(input.path, folder.path().join(&input.place));
            places.push(input.place.display().to_string());
        }
        assert_eq!(places, ["a.md", "b/1.TXT.gz", "b/c/2.txt", "z.txt"]);
    }

    #[test]
    fn two_inputs_whose_results_share_a_place_are_refused() {
        let paths = ["x/a.txt", "y/a.txt"].map(PathBuf::from);
        assert!(Walk::new(&paths, ARTICLES, false, Some(Path::new("out"))).is_err());
        assert!(Walk::new(&paths, ARTICLES, false, None).is_ok());
    }
}
