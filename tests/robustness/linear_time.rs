//! Twice the text takes about twice the time.

use std::time::{Duration, Instant};

use stance::model::builtin;
use stance::text::{sentences, tokens};

/// Time that this thread has had a processor, where the system tells; else the time of day.
fn now() -> Duration {
    static BEGIN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| BEGIN.elapsed(), Duration::from_nanos)
}

/// The least of several runs: what the machine does besides can only lengthen one.
fn least(runs: usize, mut run: impl FnMut()) -> Duration {
    let time = |_| {
        let start = now();
        run();
        now().saturating_sub(start)
    };
    (0..runs).map(time).min().unwrap()
}

/// Some systems count a thread's time in ticks of several milliseconds: less cannot be compared.
const TICK: Duration = Duration::from_millis(20);

/// Quadratic work would take four times as long on twice the text. A busy machine may spoil one
/// measurement, so there are several tries.
#[track_caller]
fn is_linear(name: &str, text: impl Fn(usize) -> String, work: impl Fn(&str)) {
    let (once, twice) = (text(1), text(2));
    let mut ratio = f64::INFINITY;
    for _ in 0..6 {
        let short = least(2, || work(&once)).max(TICK);
        ratio = ratio.min(least(2, || work(&twice)).as_secs_f64() / short.as_secs_f64());
        if ratio < 3.0 {
            return;
        }
    }
    panic!("{name}: twice the text takes {ratio:.1} times as long");
}

/// Texts made to be hard, `n` times as long as a hundred kilobytes or so.
const HARD: [(&str, &str); 22] = [
    ("letters without a space", "a"),
    ("capitals without a space", "A"),
    ("digits", "7"),
    ("digits and commas", "1,"),
    ("opening quotes", "“"),
    ("straight quotes", "\""),
    ("apostrophes", "'"),
    ("opening brackets", "("),
    ("full stops", "."),
    ("full stops and spaces", ". "),
    ("abbreviations", "Mr. "),
    ("dotted letters", "U."),
    ("combining marks", "\u{301}"),
    ("a letter of many marks", "e\u{301}\u{323}"),
    ("right to left", "\u{202e}שלום "),
    ("zero-width joiners", "👩\u{200d}"),
    ("hyphens", "re-"),
    ("line ends", "\r\n"),
    ("question marks", "?!"),
    ("beginnings of lexicon entries", "call for an end to the "),
    ("beginnings of names", "Democratic People's Republic of "),
    ("negators, acts and commas", "not, refused to lift the "),
];

fn hard(piece: &str, kilobytes: usize) -> impl Fn(usize) -> String {
    move |n| piece.repeat(n * kilobytes * 1024 / piece.len())
}

#[test]
fn cutting_into_sentences_is_linear() {
    for (name, piece) in HARD {
        is_linear(name, hard(piece, 256), |text| drop(sentences(text)));
    }
}

#[test]
fn cutting_into_tokens_is_linear() {
    for (name, piece) in HARD {
        is_linear(name, hard(piece, 512), |text| {
            assert!(tokens(text).map(|t| t.term().len()).sum::<usize>() <= 4 * text.len());
        });
    }
}

#[test]
fn labelling_one_endless_sentence_is_linear() {
    for (name, piece) in HARD {
        is_linear(name, hard(piece, 64), |text| {
            let said = builtin().predict(&mut builtin().extractor(), text);
            assert!(said.heads[0].confidence().is_finite(), "{name}");
        });
    }
}

#[test]
fn a_sentence_of_different_words_is_linear() {
    let words =
        |n: usize| (0..n * 8_000).map(|i| format!("wo{i:x}rd")).collect::<Vec<_>>().join(" ");
    is_linear("different words", words, |text| {
        builtin().predict(&mut builtin().extractor(), text);
    });
}
