//! Opens one input and reads its bytes, expanded where it is compressed.
//!
//! Files that end in `.gz` or `.zst` are expanded; standard input is where it begins like such a
//! file. What comes out of a compressed input is counted and bounded, since a small file can expand
//! without end.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, bail};

/// The widest window of a zstd file that is read, as a power of two: 128 MiB, what `zstd` itself
/// takes without being asked.
const WIDEST_WINDOW: u32 = 27;

/// How an input is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    /// What the ending of a file's name says.
    pub(crate) fn of_name(path: &Path) -> Option<Self> {
        let ending = path.extension()?;
        if ending.eq_ignore_ascii_case("gz") {
            Some(Self::Gzip)
        } else if ending.eq_ignore_ascii_case("zst") {
            Some(Self::Zstd)
        } else {
            None
        }
    }

    /// What the first bytes say; no text in UTF-8 begins with these.
    fn of_bytes(start: &[u8]) -> Option<Self> {
        match start {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// The bytes of one input.
pub(crate) struct Source {
    name: String,
    reader: Box<dyn Read + Send>,
    /// Bytes that may still come, where the input is compressed.
    allowed: Option<u64>,
    most: u64,
    slow: bool,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Source {
    /// Opens a file, or standard input for `-`. Of a compressed one at most `most` bytes come out.
    /// What is read, before it is expanded, is added to `read`.
    pub(crate) fn open(path: &Path, most: u64, read: &Arc<AtomicU64>) -> Result<Self> {
        let name = path.display().to_string();
        let (raw, compression, slow): (Box<dyn Read + Send>, _, _) = if path == Path::new("-") {
            let mut start = Vec::new();
            let mut input = io::stdin();
            // The rest is read from the same buffer.
            (&mut input).take(4).read_to_end(&mut start).context("cannot read standard input")?;
            let compression = Compression::of_bytes(&start);
            (Box::new(io::Cursor::new(start).chain(input)), compression, compression.is_none())
        } else {
            let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
            let facts = file.metadata().with_context(|| format!("cannot read {name}"))?;
            if facts.is_dir() {
                bail!("{name} is a folder; name files in it or use --recursive");
            }
            let compression = Compression::of_name(path);
            (Box::new(file), compression, compression.is_none() && !facts.is_file())
        };
        let raw = Counted { inner: raw, read: Arc::clone(read) };
        let reader: Box<dyn Read + Send> = match compression {
            None => Box::new(raw),
            Some(Compression::Gzip) => Box::new(flate2::read::MultiGzDecoder::new(
                io::BufReader::with_capacity(1 << 16, raw),
            )),
            Some(Compression::Zstd) => {
                let mut decoder =
                    zstd::Decoder::new(raw).with_context(|| format!("cannot expand {name}"))?;
                decoder
                    .window_log_max(WIDEST_WINDOW)
                    .with_context(|| format!("cannot expand {name}"))?;
                Box::new(decoder)
            }
        };
        Ok(Self { name, reader, allowed: compression.map(|_| most), most, slow })
    }

    /// The input as it was named.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether more may be long in coming.
    pub(crate) fn is_slow(&self) -> bool {
        self.slow
    }

    /// Reads some bytes; 0 only at the end.
    pub(crate) fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let count = loop {
            match self.reader.read(into) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other.with_context(|| format!("cannot read {}", self.name))?,
            }
        };
        if let Some(allowed) = &mut self.allowed {
            match allowed.checked_sub(count as u64) {
                Some(left) => *allowed = left,
                None => bail!(
                    "{} expands to more than {} bytes; if that is right, allow more with \
                     --max-expanded",
                    self.name,
                    self.most
                ),
            }
        }
        Ok(count)
    }
}

/// Counts the bytes that pass.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
