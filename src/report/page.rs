//! The page: one HTML file that needs nothing else.
//!
//! Everything from the input passes through the template's escaping, and the page's own policy lets no
//! script run but the one it holds. The same input gives the same bytes.

use std::io::Write;
use std::path::Path;

use askama::Template;
use serde::Serialize;

use super::chart::{Course, Timeline, course, timeline};
use super::reading::Said;
use super::summary::{Article, Detail, Summary, sum_up};
use super::wording::{looks, visible};
use crate::model::Classifier;

/// Writes the page of some articles.
///
/// # Errors
/// Those of `out`.
pub fn write_page(
    model: &Classifier,
    facts: &PageFacts,
    articles: &[Article],
    detail: &Detail,
    out: &mut impl Write,
) -> std::io::Result<()> {
    Page::new(model, facts, articles, detail).write_into(out)
}

/// What the page says of itself.
#[derive(Debug, Clone)]
pub struct PageFacts {
    /// Its title; where there is none, the article's name or how many there are.
    pub title: Option<String>,
    /// What the model is called.
    pub model: String,
}

#[derive(Debug, Template)]
#[template(path = "page.html", config = "src/report/askama.toml")]
struct Page {
    title: String,
    model: String,
    program: &'static str,
    style: &'static str,
    script: &'static str,
    min_confidence: String,
    heads: Vec<HeadView>,
    /// Whether the title is the name of the only article.
    alone: bool,
    articles: Vec<ArticleView>,
    timelines: Vec<Option<Timeline>>,
    /// Sentences whose reasons are on the page, where those of others are not.
    cut_at: Option<usize>,
    data: Data,
}

#[derive(Debug, Serialize)]
struct HeadView {
    name: String,
    labels: Vec<LabelView>,
    bias: Vec<f64>,
}

#[derive(Debug, Clone, Serialize)]
struct LabelView {
    name: String,
    tone: &'static str,
    shape: char,
}

#[derive(Debug)]
struct ArticleView {
    number: usize,
    name: String,
    date: Option<String>,
    sentences: usize,
    heads: Vec<ArticleHead>,
    paragraphs: Vec<Vec<SentenceView>>,
}

#[derive(Debug)]
struct ArticleHead {
    /// One a label.
    totals: Vec<Total>,
    uncertain: Vec<usize>,
    course: Course,
    terms: Vec<Vec<TermView>>,
    /// For each label sentences with their numbers.
    deciding: Vec<Vec<(usize, String)>>,
}

#[derive(Debug)]
struct Total {
    count: usize,
    percent: String,
    /// Hundredths of the bar.
    width: String,
}

#[derive(Debug)]
struct TermView {
    term: String,
    times: usize,
    sum: String,
}

#[derive(Debug)]
struct SentenceView {
    number: usize,
    text: String,
    /// Whether its reasons are on the page.
    read: bool,
    heads: Vec<SentenceHead>,
}

#[derive(Debug)]
struct SentenceHead {
    label: usize,
    percent: String,
    uncertain: bool,
    reasons: String,
}

/// What the script shows of a sentence.
#[derive(Debug, Serialize)]
struct Data {
    heads: Vec<HeadData>,
    /// `[article][sentence][head]`.
    articles: Vec<Vec<Vec<SaidData>>>,
}

#[derive(Debug, Serialize)]
struct HeadData {
    name: String,
    labels: Vec<LabelView>,
    bias: Vec<f64>,
}

/// One-letter names, since there is one for each sentence and head.
#[derive(Debug, Serialize)]
struct SaidData {
    /// Label.
    l: usize,
    /// Probabilities in hundredths.
    p: Vec<f64>,
    /// Scores.
    s: Vec<f64>,
    /// Reasons: words, what they are made of, what they add to each label.
    r: Vec<(String, String, Vec<f64>)>,
    /// Number of other reasons.
    n: usize,
    /// What the others add to each label.
    o: Vec<f64>,
    /// Words: beginning and length in UTF-16, label, strength.
    w: Vec<(usize, usize, usize, usize)>,
}

impl Page {
    fn new(model: &Classifier, facts: &PageFacts, articles: &[Article], detail: &Detail) -> Self {
        let heads: Vec<HeadView> = model
            .heads
            .iter()
            .map(|head| HeadView {
                name: visible(&head.name).into_owned(),
                labels: head
                    .labels
                    .iter()
                    .zip(looks(&head.labels))
                    .map(|(label, look)| LabelView {
                        name: visible(label).into_owned(),
                        tone: look.tone.name(),
                        shape: look.shape,
                    })
                    .collect(),
                bias: head.bias.iter().map(|&bias| cents(bias.into())).collect(),
            })
            .collect();
        let names = names(articles);
        let mut left = detail.most_read;
        let mut views = Vec::new();
        let mut data = Vec::new();
        let mut summaries: Vec<Summary> = Vec::new();
        for (at, (article, name)) in articles.iter().zip(&names).enumerate() {
            let summary = sum_up(model, article, &Detail { most_read: left, ..*detail });
            let read = summary.sentences.len().min(left);
            left -= read;
            let texts = article.sentences.iter().zip(&summary.sentences).take(read);
            data.push(
                texts
                    .map(|(place, heads)| {
                        let text = &article.text[place.clone()];
                        heads.iter().map(|said| said_data(said, text)).collect()
                    })
                    .collect(),
            );
            views.push(article_view(at, name, article, &summary, read, &heads, detail));
            summaries.push(summary);
        }
        let timelines = (0..heads.len())
            .map(|head| {
                let points: Vec<_> = articles
                    .iter()
                    .zip(&summaries)
                    .filter_map(|(a, summary)| Some((a.date?, &*summary.heads[head].counts)))
                    .collect();
                timeline(&points, heads[head].labels.len())
            })
            .collect();
        let all: usize = articles.iter().map(|article| article.sentences.len()).sum();
        let title = facts.title.clone().unwrap_or_else(|| match names.as_slice() {
            [name] => name.clone(),
            names => format!("{} articles", names.len()),
        });
        let data = Data {
            heads: heads
                .iter()
                .map(|head| HeadData {
                    name: head.name.clone(),
                    labels: head.labels.clone(),
                    bias: head.bias.clone(),
                })
                .collect(),
            articles: data,
        };
        Self {
            title: visible(&title).into_owned(),
            model: visible(&facts.model).into_owned(),
            program: env!("CARGO_PKG_VERSION"),
            style: include_str!("page.css"),
            script: SCRIPT,
            min_confidence: format!("{:.0}", detail.min_confidence * 100.0),
            heads,
            alone: facts.title.is_none() && views.len() == 1,
            articles: views,
            timelines,
            cut_at: (all > detail.most_read).then_some(detail.most_read),
            data,
        }
    }
}

const SCRIPT: &str = include_str!("page.js");

/// The names of the files without their folders, where that leaves them different.
fn names(articles: &[Article]) -> Vec<String> {
    let short: Vec<String> = articles
        .iter()
        .map(|article| {
            let name = Path::new(&article.name).file_name();
            name.map_or_else(|| article.name.clone(), |name| name.to_string_lossy().into_owned())
        })
        .collect();
    let mut sorted = short.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let names = if sorted.len() == short.len() {
        short
    } else {
        articles.iter().map(|article| article.name.clone()).collect()
    };
    names.into_iter().map(|name| visible(&name).into_owned()).collect()
}

fn article_view(
    at: usize,
    name: &str,
    article: &Article,
    summary: &Summary,
    read: usize,
    heads: &[HeadView],
    detail: &Detail,
) -> ArticleView {
    let text_of =
        |sentence: usize| visible(&article.text[article.sentences[sentence].clone()]).into_owned();
    // Where lines end within sentences they are wrapped, and only a blank line parts paragraphs.
    let wrapped = article.sentences.iter().any(|place| article.text[place.clone()].contains('\n'));
    let line_ends = if wrapped { 2 } else { 1 };
    let mut paragraphs: Vec<Vec<SentenceView>> = Vec::new();
    let mut end = None;
    for (number, (place, said)) in article.sentences.iter().zip(&summary.sentences).enumerate() {
        let breaks =
            end.is_none_or(|end| article.text[end..place.start].matches('\n').count() >= line_ends);
        end = Some(place.end);
        let sentence = SentenceView {
            number: number + 1,
            text: text_of(number),
            read: number < read,
            heads: said.iter().map(|said| sentence_head(said, detail)).collect(),
        };
        match paragraphs.last_mut() {
            Some(paragraph) if !breaks => paragraph.push(sentence),
            _ => paragraphs.push(vec![sentence]),
        }
    }
    let heads = heads
        .iter()
        .enumerate()
        .map(|(head, of_head)| {
            let said = &summary.heads[head];
            let tones: Vec<&str> = of_head.labels.iter().map(|label| label.tone).collect();
            ArticleHead {
                totals: said.counts.iter().map(|&count| total(count, &said.counts)).collect(),
                uncertain: said.uncertain.iter().map(|at| at + 1).collect(),
                course: course(&summary.sentences, head, &tones),
                terms: said
                    .terms
                    .iter()
                    .map(|terms| {
                        let view = |term: &super::summary::TermSum| TermView {
                            term: term.term.clone(),
                            times: term.times,
                            sum: format!("{:+.2}", term.sum),
                        };
                        terms.iter().map(view).collect()
                    })
                    .collect(),
                deciding: said
                    .deciding
                    .iter()
                    .map(|of| of.iter().map(|&at| (at + 1, excerpt(&text_of(at)))).collect())
                    .collect(),
            }
        })
        .collect();
    ArticleView {
        number: at + 1,
        name: name.to_owned(),
        date: article.date.map(|date| date.to_string()),
        sentences: article.sentences.len(),
        heads,
        paragraphs,
    }
}

fn total(count: usize, counts: &[usize]) -> Total {
    let share = 100.0 * count as f64 / counts.iter().sum::<usize>().max(1) as f64;
    Total { count, percent: format!("{share:.0}"), width: format!("{share:.2}") }
}

fn sentence_head(said: &Said, detail: &Detail) -> SentenceHead {
    let label = said.prediction.label;
    let reasons: Vec<String> = said
        .reasons
        .iter()
        .filter(|reason| reason.to_labels[label] > 0.0)
        .take(3)
        .map(|reason| format!("{} {:+.2}", reason.text, reason.to_labels[label]))
        .collect();
    SentenceHead {
        label,
        percent: format!("{:.0}", said.prediction.confidence() * 100.0),
        uncertain: said.is_uncertain(detail.min_confidence),
        reasons: reasons.join("; "),
    }
}

/// Characters of a sentence that is named elsewhere.
const EXCERPT: usize = 110;

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        None => text.to_owned(),
        Some((at, _)) => {
            let cut = text[..at].rfind(' ').unwrap_or(at);
            format!("{} …", &text[..cut])
        }
    }
}

fn cents(value: f64) -> f64 {
    // Adding 0 makes 0 of −0.
    (value * 100.0).round() / 100.0 + 0.0
}

/// The numbers of a sentence rounded to hundredths, the rounding taken up by what the other reasons
/// add, so that the numbers that are shown sum up.
fn said_data(said: &Said, text: &str) -> SaidData {
    let scores: Vec<f64> = said.prediction.scores.iter().map(|&s| cents(s.into())).collect();
    let reasons: Vec<(String, String, Vec<f64>)> = said
        .reasons
        .iter()
        .map(|reason| {
            let values = reason.to_labels.iter().map(|&value| cents(value)).collect();
            (reason.text.clone(), visible(&reason.note).into_owned(), values)
        })
        .collect();
    let others = (0..scores.len())
        .map(|label| {
            let shown: f64 = reasons.iter().map(|(_, _, values)| values[label]).sum();
            cents(scores[label] - cents(said.bias[label]) - shown)
        })
        .collect();
    SaidData {
        l: said.prediction.label,
        p: said.prediction.probabilities.iter().map(|&p| cents(f64::from(p) * 100.0)).collect(),
        s: scores,
        r: reasons,
        n: said.others,
        o: others,
        w: words_data(said, text),
    }
}

fn words_data(said: &Said, text: &str) -> Vec<(usize, usize, usize, usize)> {
    let utf16 = |text: &str| text.encode_utf16().count();
    let (mut bytes, mut units) = (0, 0);
    said.shades
        .iter()
        .map(|shade| {
            units += utf16(&text[bytes..shade.place.start]);
            bytes = shade.place.start;
            (units, utf16(&text[shade.place.clone()]), shade.label, shade.strength)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;
    use crate::model::builtin;
    use crate::text::sentences;

    fn page(name: &str, text: &str) -> String {
        let article = Article {
            name: name.into(),
            date: None,
            text: text.into(),
            sentences: sentences(text),
        };
        let facts = PageFacts { title: None, model: "built-in model".into() };
        let mut out = Vec::new();
        write_page(builtin(), &facts, &[article], &Detail::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// RFC 4648.
    fn base64(bytes: &[u8]) -> String {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for chunk in bytes.chunks(3) {
            let mut bits = 0u32;
            for at in 0..3 {
                bits = bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0));
            }
            for at in 0..=chunk.len() {
                out.push(char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]));
            }
            out.push_str(&"=".repeat(3 - chunk.len()));
        }
        out
    }

    #[test]
    fn only_the_script_of_the_page_may_run() {
        let hash = base64(&Sha256::digest(SCRIPT));
        let page = page("a.txt", "Talks resumed.");
        assert!(
            page.contains(&format!("script-src 'sha256-{hash}'")),
            "page.js has changed: write 'sha256-{hash}' into page.html"
        );
        assert_eq!(page.matches("<script").count(), 2, "the data and the script");
        assert!(page.contains(&format!("<script>{SCRIPT}</script>")));
    }

    #[test]
    fn markup_in_the_input_stays_text() {
        let evil =
            "</script><script>alert(1)</script> <img src=x onerror=alert(1)> \"'> attack & talks";
        let page = page("<b>\"x'.txt", &format!("{evil} They said {evil}."));
        assert_eq!(page.matches("<script").count(), 2);
        assert!(!page.contains("<img") && !page.contains("<b>\"x"), "markup came through");
        assert_eq!(page.matches("</script>").count(), 2);
    }

    #[test]
    fn the_page_asks_for_nothing_from_elsewhere() {
        let page = page("a.txt", "Talks resumed. See https://example.org/x.js for more.");
        for wish in ["src=", "@import", "url(", "<link", "<iframe", "fetch(", "XMLHttpRequest"] {
            assert!(!page.contains(wish), "{wish}");
        }
    }

    #[test]
    fn the_numbers_that_are_shown_sum_up() {
        let model = builtin();
        let text = "They rejected the ceasefire, but the talks with Iran will not be broken off.";
        let article =
            Article { name: "a".into(), date: None, text: text.into(), sentences: sentences(text) };
        let summary = sum_up(model, &article, &Detail::default());
        for (head, said) in model.heads.iter().zip(&summary.sentences[0]) {
            let data = said_data(said, text);
            for label in 0..head.labels.len() {
                let shown: f64 = data.r.iter().map(|(_, _, values)| values[label]).sum();
                let sum = cents(head.bias[label].into()) + shown + data.o[label];
                assert!((sum - data.s[label]).abs() < 1e-9, "{sum} is not {}", data.s[label]);
            }
        }
    }

    #[test]
    fn an_empty_input_makes_a_page() {
        assert!(page("a.txt", "").contains("No sentence"));
        assert!(page("a.txt", "\u{202e}\u{feff}\0\r\n\u{1b}[2J").starts_with("<!doctype html>"));
    }

    #[test]
    fn words_are_found_again_behind_characters_of_two_units() {
        let text = "🙂 The army shelled 🙂 the town.";
        let model = builtin();
        let sentences = std::iter::once(0..text.len()).collect();
        let article = Article { name: "a".into(), date: None, text: text.into(), sentences };
        let summary = sum_up(model, &article, &Detail::default());
        let units: Vec<u16> = text.encode_utf16().collect();
        let words: Vec<String> = words_data(&summary.sentences[0][0], text)
            .into_iter()
            .map(|(start, length, ..)| String::from_utf16(&units[start..start + length]).unwrap())
            .collect();
        assert!(words.contains(&"shelled".to_owned()), "{words:?}");
    }
}
