//! Cuts an input into blocks that can be worked on one by one, without holding the whole of it.
//!
//! A block ends where nothing spans the cut: behind a line, behind a blank line between paragraphs,
//! or behind a record of a table. Where blocks end depends on how the bytes arrive; what is in the
//! lines, paragraphs and records does not, with one exception that is the same in every run: a
//! paragraph of many lines that is longer than [`LONGEST_PARAGRAPH`] is cut at the last line break
//! before that length. A single line, or a record, longer than [`LONGEST`] is an error.

use anyhow::{Result, bail};

use super::source::Source;

/// Bytes that a block holds if nothing in it is longer.
const BLOCK: usize = 1 << 17;

/// The longest line or record, in bytes.
pub(crate) const LONGEST: usize = 8 << 20;

/// The longest paragraph of several lines, in bytes.
pub(crate) const LONGEST_PARAGRAPH: usize = 1 << 20;

/// What is not to be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    /// Lines.
    Lines,
    /// Lines between two blank ones.
    Paragraphs,
    /// Records of a CSV table.
    Records,
}

/// Bytes of an input with their place in it.
#[derive(Debug, Default)]
pub(crate) struct Bytes {
    buffer: Vec<u8>,
    /// How much of the buffer is in use; the rest is left over from earlier use.
    length: usize,
    /// Place of the first byte in the input.
    pub(crate) offset: u64,
    /// Number of the line in which the first byte stands, from 1.
    pub(crate) line: u64,
}

impl Bytes {
    /// The bytes.
    pub(crate) fn get(&self) -> &[u8] {
        &self.buffer[..self.length]
    }

    fn clear(&mut self) {
        self.length = 0;
        if self.buffer.len() > 4 * BLOCK {
            self.buffer = Vec::new();
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        self.buffer[self.length..][..bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    fn make_room(&mut self, more: usize) {
        if self.buffer.len() < self.length + more {
            self.buffer.resize(self.length + more, 0);
        }
    }
}

/// Reads an input block by block.
pub(crate) struct Blocks {
    source: Source,
    whole: Whole,
    /// Read, but behind the last cut.
    carry: Vec<u8>,
    offset: u64,
    line: u64,
    ended: bool,
    records: Records,
}

impl std::fmt::Debug for Blocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blocks").field("source", &self.source).finish_non_exhaustive()
    }
}

impl Blocks {
    /// Begins to read an input, behind its byte-order mark if it has one.
    pub(crate) fn new(mut source: Source, whole: Whole) -> Result<Self> {
        let mut carry = vec![0; BLOCK];
        let mut length = 0;
        let mut ended = false;
        while length < 3 && !ended {
            let count = source.read(&mut carry[length..])?;
            length += count;
            ended = count == 0;
        }
        carry.truncate(length);
        if carry.starts_with(b"\xff\xfe") || carry.starts_with(b"\xfe\xff") {
            bail!("{} is UTF-16; save it as UTF-8", source.name());
        }
        let mut offset = 0;
        if carry.starts_with(b"\xef\xbb\xbf") {
            carry.drain(..3);
            offset = 3;
        }
        Ok(Self { source, whole, carry, offset, line: 1, ended, records: Records::new() })
    }

    /// The input as it was named.
    pub(crate) fn name(&self) -> &str {
        self.source.name()
    }

    /// Takes the first record of a table out of the input; empty where the input is.
    pub(crate) fn header(&mut self) -> Result<Vec<u8>> {
        let mut records = Records::new();
        let mut read = Bytes::default();
        read.push(&std::mem::take(&mut self.carry));
        let end = loop {
            if let Some(end) = records.first_end(read.get()) {
                break end;
            }
            if self.ended {
                break read.length;
            }
            self.bound(read.length)?;
            self.read_more(&mut read)?;
            records = Records::new();
        };
        self.carry.extend_from_slice(&read.get()[end..]);
        let header = read.get()[..end].to_vec();
        self.offset += end as u64;
        self.line += line_breaks(&header);
        Ok(header)
    }

    /// The first line that is not blank, which stays in the input; empty where there is none.
    pub(crate) fn first_line(&mut self) -> Result<Vec<u8>> {
        loop {
            let start = self.carry.iter().position(|byte| !byte.is_ascii_whitespace());
            if let Some(start) = start {
                let rest = &self.carry[start..];
                let end = memchr::memchr(b'\n', rest).or(self.ended.then_some(rest.len()));
                if let Some(end) = end {
                    return Ok(rest[..end].to_vec());
                }
            } else if self.ended {
                return Ok(Vec::new());
            }
            self.bound(self.carry.len())?;
            let length = self.carry.len();
            self.carry.resize(length + BLOCK, 0);
            let count = self.source.read(&mut self.carry[length..])?;
            self.carry.truncate(length + count);
            self.ended = count == 0;
        }
    }

    /// Fills `block` with what comes next; says whether there was anything.
    pub(crate) fn next(&mut self, block: &mut Bytes) -> Result<bool> {
        block.clear();
        block.offset = self.offset;
        block.line = self.line;
        block.push(&self.carry);
        self.carry.clear();
        self.records.reset();
        // What a pipe has brought is worked on at once; from a file a block is filled first.
        while !self.source.is_slow() && !self.ended && block.length < BLOCK {
            self.read_more(block)?;
        }
        let end = loop {
            if block.length > 0
                && let Some(end) = self.cut(block.get())
            {
                break end;
            }
            if self.ended {
                break block.length;
            }
            self.bound(block.length)?;
            self.read_more(block)?;
        };
        self.bound(self.longest(&block.get()[..end]))?;
        self.carry.extend_from_slice(&block.get()[end..]);
        block.length = end;
        self.offset += end as u64;
        self.line += line_breaks(block.get());
        Ok(end > 0)
    }

    /// Whether all was handed out.
    pub(crate) fn is_done(&self) -> bool {
        self.ended && self.carry.is_empty()
    }

    fn read_more(&mut self, block: &mut Bytes) -> Result<()> {
        let room = BLOCK.max(block.length / 2);
        block.make_room(room);
        let length = block.length;
        let count = self.source.read(&mut block.buffer[length..][..room])?;
        block.length += count;
        self.ended = count == 0;
        Ok(())
    }

    /// Length of the longest line or record, as far as one can be too long.
    fn longest(&self, bytes: &[u8]) -> usize {
        match self.whole {
            _ if bytes.len() <= LONGEST => 0,
            Whole::Lines | Whole::Paragraphs => {
                bytes.split(|&byte| byte == b'\n').map(<[u8]>::len).max().unwrap_or(0)
            }
            Whole::Records => self.records.longest,
        }
    }

    fn bound(&self, length: usize) -> Result<()> {
        if length > LONGEST {
            let (what, hint) = match self.whole {
                Whole::Records => ("record", "close its quotation marks or split it"),
                _ => ("line", "break it into shorter ones"),
            };
            bail!(
                "{}:{}: this {what} is longer than {LONGEST} bytes, the most that is read at \
                 once; {hint}",
                self.name(),
                self.line
            );
        }
        Ok(())
    }

    /// Where to cut the bytes read so far, if they can be cut.
    fn cut(&mut self, bytes: &[u8]) -> Option<usize> {
        match self.whole {
            Whole::Lines | Whole::Records if self.ended => Some(bytes.len()),
            Whole::Lines => memchr::memrchr(b'\n', bytes).map(|at| at + 1),
            Whole::Paragraphs => self.cut_paragraphs(bytes),
            Whole::Records => self.records.last_end(bytes),
        }
    }

    fn cut_paragraphs(&self, bytes: &[u8]) -> Option<usize> {
        if bytes.len() > LONGEST_PARAGRAPH {
            let first = behind_first_blank_line(bytes).unwrap_or(bytes.len());
            if first > LONGEST_PARAGRAPH {
                let (early, late) = bytes.split_at(LONGEST_PARAGRAPH);
                return memchr::memrchr(b'\n', early)
                    .or_else(|| memchr::memchr(b'\n', late).map(|at| early.len() + at))
                    .map(|at| at + 1)
                    .or(self.ended.then_some(bytes.len()));
            }
        }
        if self.ended {
            return Some(bytes.len());
        }
        behind_last_blank_line(bytes)
    }
}

/// How many line breaks there are.
fn line_breaks(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// Where the line break that ends the last blank line ends. Blank lines of other white space than
/// spaces and tabs are passed over: no paragraph goes on behind the others.
fn behind_last_blank_line(bytes: &[u8]) -> Option<usize> {
    let mut end = memchr::memrchr(b'\n', bytes)?;
    loop {
        let before = memchr::memrchr(b'\n', &bytes[..end])?;
        if is_blank(&bytes[before + 1..end]) {
            return Some(end + 1);
        }
        end = before;
    }
}

fn behind_first_blank_line(bytes: &[u8]) -> Option<usize> {
    let mut start = 0;
    memchr::memchr_iter(b'\n', bytes).find_map(|end| {
        let line = &bytes[start..end];
        let leads = start == 0;
        start = end + 1;
        (!leads && is_blank(line)).then_some(start)
    })
}

/// Finds where the records of a CSV table end.
struct Records {
    core: csv_core::Reader,
    /// Bytes of the block that were looked at.
    looked: usize,
    /// Where the last record ended.
    end: Option<usize>,
    longest: usize,
}

impl Records {
    fn new() -> Self {
        Self { core: csv_core::Reader::new(), looked: 0, end: None, longest: 0 }
    }

    fn reset(&mut self) {
        self.core.reset();
        self.looked = 0;
        self.end = None;
        self.longest = 0;
    }

    fn first_end(&mut self, bytes: &[u8]) -> Option<usize> {
        self.look(bytes, true);
        self.end
    }

    fn last_end(&mut self, bytes: &[u8]) -> Option<usize> {
        self.look(bytes, false);
        self.end
    }

    fn look(&mut self, bytes: &[u8], only_first: bool) {
        let (mut text, mut ends) = ([0; 4096], [0; 256]);
        while self.looked < bytes.len() && !(only_first && self.end.is_some()) {
            let (result, read, ..) =
                self.core.read_record(&bytes[self.looked..], &mut text, &mut ends);
            self.looked += read;
            if result == csv_core::ReadRecordResult::Record {
                match bytes[self.looked - 1..] {
                    // A line feed that belongs to the carriage return may still come.
                    [b'\r'] => break,
                    [b'\r', b'\n', ..] => {
                        let (_, read, ..) = self.core.read_record(
                            &bytes[self.looked..=self.looked],
                            &mut text,
                            &mut ends,
                        );
                        self.looked += read;
                    }
                    _ => {}
                }
                self.longest = self.longest.max(self.looked - self.end.unwrap_or(0));
                self.end = Some(self.looked);
            }
        }
    }
}
