//! What a person at a terminal gets: colours, columns, text that cannot drive the terminal.

use std::fmt;
use std::io::{self, IsTerminal as _};
use std::path::Path;

use anstyle::{AnsiColor, Color, Style};
use stance::report::Tone;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// `--color`.
#[derive(Debug, clap::Args)]
pub(crate) struct ColorArguments {
    /// When to colour words; `NO_COLOR` and `CLICOLOR_FORCE` count where it is auto
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    color: clap::ColorChoice,
}

impl ColorArguments {
    /// Whether to colour what goes to `output`.
    pub(crate) fn wanted(&self, output: Option<&Path>) -> bool {
        match self.color {
            clap::ColorChoice::Always => true,
            clap::ColorChoice::Never => false,
            clap::ColorChoice::Auto => {
                is_standard(output)
                    && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
            }
        }
    }
}

/// Whether a person reads the output.
pub(crate) fn is_read(output: Option<&Path>) -> bool {
    is_standard(output) && io::stdout().is_terminal()
}

fn is_standard(output: Option<&Path>) -> bool {
    output.is_none_or(|path| path == Path::new("-"))
}

/// Columns of the terminal; 100 where there is none.
pub(crate) fn columns() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0).max(40))
}

/// Text in a style, or plain.
#[derive(Debug)]
pub(crate) struct Styled<T> {
    pub(crate) text: T,
    pub(crate) style: Option<Style>,
}

impl<T: fmt::Display> fmt::Display for Styled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.style {
            Some(style) => write!(f, "{style}{}{style:#}", self.text),
            None => self.text.fmt(f),
        }
    }
}

/// The style of a label's tone, stronger from step to step.
pub(crate) fn style(tone: Tone, strength: usize) -> Style {
    let color = match tone {
        Tone::Blue => AnsiColor::Blue,
        Tone::Orange => AnsiColor::Yellow,
        Tone::Grey => AnsiColor::White,
        Tone::Green => AnsiColor::Green,
        Tone::Purple => AnsiColor::Magenta,
        Tone::Brown => AnsiColor::BrightYellow,
        Tone::Teal => AnsiColor::Cyan,
        Tone::Red => AnsiColor::Red,
    };
    let style = Style::new().fg_color(Some(Color::Ansi(color)));
    match strength {
        ..=1 => style,
        2 => style.bold(),
        3.. => style.bold().underline(),
    }
}

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text, cut and ended with `…` where it takes more columns.
pub(crate) fn clip(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut clipped = String::new();
    let mut taken = 1;
    for c in text.chars() {
        taken += c.width().unwrap_or(0);
        if taken > columns {
            break;
        }
        clipped.push(c);
    }
    clipped.push('…');
    clipped
}

/// The text, cut at its beginning where it takes more columns.
pub(crate) fn clip_start(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept: Vec<char> = Vec::new();
    let mut taken = 1;
    for c in text.chars().rev() {
        taken += c.width().unwrap_or(0);
        if taken > columns {
            break;
        }
        kept.push(c);
    }
    std::iter::once('…').chain(kept.into_iter().rev()).collect()
}

/// The text with spaces behind it up to that many columns.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// The text with spaces before it up to that many columns.
pub(crate) fn pad_start(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(pad("停戦", 6), "停戦  ");
        assert_eq!(clip("停戦合意", 5), "停戦…");
        assert_eq!(clip_start("停戦合意", 5), "…合意");
        assert_eq!(pad_start("ab", 4), "  ab");
    }
}
