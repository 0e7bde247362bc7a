//! Reads what a command is given: files, `-`, as UTF-8.

#![allow(dead_code, reason = "for commands that need an article whole")]

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// One input with its name and text.
#[derive(Debug)]
pub(crate) struct Document {
    /// As it was named; `-` for standard input.
    pub(crate) name: String,
    /// The whole text. A byte-order mark stays in it, so that offsets hold.
    pub(crate) text: String,
}

/// Reads a file, or standard input where `path` is `-`.
pub(crate) fn document(path: &Path, lossy: bool) -> Result<Document> {
    let name = path.display().to_string();
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
        bytes
    } else {
        if path.is_dir() {
            bail!("{name} is a folder; name files in it");
        }
        std::fs::read(path).with_context(|| format!("cannot read {name}"))?
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) if lossy => String::from_utf8_lossy(e.as_bytes()).into_owned(),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let line = stance::text::line_at(e.as_bytes(), at);
            bail!("{name}:{line}: is not UTF-8 at byte {at}; save it as UTF-8 or use --lossy");
        }
    };
    Ok(Document { name, text })
}
