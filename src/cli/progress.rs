//! Shows on a terminal how far a run is: sentences, rate, time left.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a run may take before anything is shown.
const PATIENCE: Duration = Duration::from_millis(500);

/// How far a run is.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    read: Arc<AtomicU64>,
    sentences: u64,
    files: u64,
}

impl Progress {
    /// Begins; `total` is the number of bytes to be read, where that is known. `read` counts them.
    /// Nothing is shown unless `show`.
    pub(crate) fn new(total: Option<u64>, read: Arc<AtomicU64>, show: bool) -> Self {
        let bar = if show {
            ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(4))
        } else {
            ProgressBar::hidden()
        };
        let template = match total {
            Some(_) => "{wide_bar} {percent}%  {msg}  {eta} left",
            None => "{spinner} {binary_bytes} read  {msg}  {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, begun: Instant::now(), read, sentences: 0, files: 0 }
    }

    /// More sentences were written, and perhaps a file was done.
    pub(crate) fn add(&mut self, sentences: u64, file: bool) {
        self.sentences += sentences;
        self.files += u64::from(file);
        let time = self.begun.elapsed();
        if !self.bar.is_hidden() && time > PATIENCE {
            let rate = self.sentences as f64 / time.as_secs_f64();
            let files = match self.files {
                0 | 1 => String::new(),
                files => format!("{} files, ", indicatif::HumanCount(files)),
            };
            self.bar.set_position(self.read.load(Ordering::Relaxed));
            self.bar.set_message(format!(
                "{files}{} sentences, {rate:.0} a second",
                indicatif::HumanCount(self.sentences),
            ));
        }
    }

    /// Says something in a line of its own.
    pub(crate) fn say(&self, message: std::fmt::Arguments<'_>) {
        self.bar.suspend(|| super::output::say(message));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
