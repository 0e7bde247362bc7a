//! A folder of its own for each test, and the program run in it.

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Forty labelled sentences, with groups and sources.
pub(crate) const TINY: &str = include_str!("../data/tiny.csv");

/// A folder that goes when the test ends; the program runs in it.
pub(crate) struct Folder(tempfile::TempDir);

/// What one run of the program left behind.
pub(crate) struct Run {
    command: String,
    /// Exit code.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder that holds `tiny.csv`.
    pub(crate) fn with_tiny() -> Self {
        Self::new().file("tiny.csv", TINY)
    }

    /// Puts a file there.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.path(name), content).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}; {:?}", self.names()))
    }

    /// The names of the files, ascending.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// Runs the program with an empty standard input.
    pub(crate) fn stance<S: AsRef<str>>(&self, arguments: &[S]) -> Run {
        self.stance_reading(arguments, b"")
    }

    /// Runs the program with that on standard input.
    pub(crate) fn stance_reading<S: AsRef<str>>(&self, arguments: &[S], stdin: &[u8]) -> Run {
        let arguments: Vec<&str> = arguments.iter().map(AsRef::as_ref).collect();
        let mut child = Command::new(env!("CARGO_BIN_EXE_stance"))
            .args(&arguments)
            .current_dir(self.0.path())
            .env_remove("STANCE_MODEL")
            .env("COLUMNS", "100")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let stdin = stdin.to_vec();
        // A program that has seen enough may close its standard input.
        let writer = std::thread::spawn(move || drop(input.write_all(&stdin)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Run {
            command: format!("stance {}", arguments.join(" ")),
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// Exit code 0.
    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        assert!(self.code == Some(0), "should succeed\n{self}");
        self
    }

    /// Exit code 1, nothing on standard output, and exactly that on standard error.
    #[track_caller]
    pub(crate) fn fails_saying(self, stderr: &str) -> Self {
        assert!(self.code == Some(1) && self.stdout.is_empty(), "should fail\n{self}");
        self.says(stderr)
    }

    /// Exit code 2, and that in what is said about the usage.
    #[track_caller]
    pub(crate) fn refuses_usage(self, part: &str) -> Self {
        assert!(self.code == Some(2) && self.stdout.is_empty(), "should be wrong usage\n{self}");
        assert!(self.stderr.contains(part), "should say {part:?}\n{self}");
        self
    }

    /// Exactly that on standard error.
    #[track_caller]
    pub(crate) fn says(self, stderr: &str) -> Self {
        assert!(self.stderr.trim_end() == stderr, "should say\n{stderr}\n{self}");
        self
    }

    /// That among what is printed.
    #[track_caller]
    pub(crate) fn prints(self, part: &str) -> Self {
        assert!(self.stdout.contains(part), "should print\n{part}\n{self}");
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}\n{self}"))
    }

    /// Standard output as the rows of a table, by column name.
    #[track_caller]
    pub(crate) fn rows(&self) -> Vec<std::collections::BTreeMap<String, String>> {
        csv::Reader::from_reader(self.stdout.as_bytes())
            .deserialize()
            .map(|row| row.unwrap_or_else(|e| panic!("{e}\n{self}")))
            .collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "$ {}\nexit code: {:?}", self.command, self.code)?;
        writeln!(f, "--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr)
    }
}

/// A model that was trained once on `tiny.csv`, for all tests.
pub(crate) fn tiny_model() -> &'static Path {
    static TRAINED: OnceLock<(Folder, PathBuf)> = OnceLock::new();
    let (_, path) = TRAINED.get_or_init(|| {
        let folder = Folder::with_tiny();
        let plain = ["--lexicon", "none", "--counts", "none"];
        folder
            .stance(&[&["train", "tiny.csv", "--output", "tiny.safetensors"], &plain[..]].concat())
            .succeeds();
        let path = folder.path("tiny.safetensors");
        (folder, path)
    });
    path
}
