//! `stance report`: the page.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, bail};
use stance::report::{Article, Date, Detail, PageFacts, write_page};

use super::articles::{ArticleArguments, Table};
use super::input;
use super::model::ModelArguments;
use super::output::{Output, say};
use super::terminal;

/// Write a page that shows articles coloured by label, with the reasons
///
/// One HTML file that needs nothing else. Several articles are set side by side, and where their names
/// hold dates, such as 2026-02-11, or a column does, on a line over time.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    articles: ArticleArguments,

    /// Where to write the page [default: standard output]
    #[arg(short, long, value_name = "FILE.html")]
    output: Option<PathBuf>,

    /// Title of the page [default: the name of the article, or how many there are]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// Column of the tables that holds the names of articles: rows with one name and date are one
    /// article [default: the file, or with --date the date]
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    name: Option<String>,

    /// Column of the tables that holds dates [default: dates are looked for in the names]
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    date: Option<String>,

    /// Reasons shown of each sentence
    #[arg(long, default_value_t = Detail::default().reasons, value_name = "N")]
    reasons: usize,

    /// Sentences are marked uncertain whose label is below this confidence, or of which the model knows
    /// hardly a word
    #[arg(long, default_value_t = Detail::default().min_confidence, value_name = "P")]
    min_confidence: f32,

    /// Sentences whose reasons are on the page
    #[arg(long, default_value_t = Detail::default().most_read, value_name = "N")]
    most_read: usize,

    #[command(flatten)]
    model: ModelArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if !(0.0..=1.0).contains(&arguments.min_confidence) {
        bail!("min-confidence must be from 0 to 1, but is {}", arguments.min_confidence);
    }
    let output = arguments.output.as_deref();
    if terminal::is_read(output) {
        bail!("a page is nothing to read on a terminal; name a file with -o page.html");
    }
    let model = arguments.model.load()?;
    let articles = articles(arguments)?;
    let detail = Detail {
        reasons: arguments.reasons,
        min_confidence: arguments.min_confidence,
        most_read: arguments.most_read,
        ..Detail::default()
    };
    let facts = PageFacts { title: arguments.title.clone(), model: arguments.model.name() };
    let mut out = Output::open(output)?;
    write_page(&model, &facts, &articles, &detail, &mut out)?;
    out.finish()?;
    if let Some(path) = output {
        let sentences: usize = articles.iter().map(|article| article.sentences.len()).sum();
        say(format_args!(
            "{}: {sentences} sentences of {} articles",
            path.display(),
            articles.len()
        ));
    }
    Ok(())
}

fn articles(arguments: &Arguments) -> Result<Vec<Article>> {
    let Some(column) = &arguments.articles.csv else {
        let made = |article: super::articles::Article| Article {
            date: Date::find(&article.name),
            name: article.name,
            text: article.text,
            sentences: article.sentences,
        };
        return arguments.articles.read()?.map(|article| Ok(made(article?))).collect();
    };
    let asked = [("--name", &arguments.name), ("--date", &arguments.date)];
    let others: Vec<(&str, &str)> =
        asked.iter().filter_map(|(flag, column)| Some((*flag, column.as_deref()?))).collect();
    let mut gathered: Vec<Article> = Vec::new();
    let mut places: BTreeMap<(String, Option<Date>), usize> = BTreeMap::new();
    for path in &arguments.articles.inputs {
        let document = input::document(path, arguments.articles.lossy)?;
        for row in Table::read(&document, "--csv", column, &others)?.rows {
            let mut cells = row.others.into_iter();
            let name = arguments.name.as_ref().and_then(|_| cells.next());
            let date = match arguments.date.as_ref().and_then(|_| cells.next()) {
                Some(cell) => match Date::find(&cell) {
                    None if !cell.trim().is_empty() => {
                        bail!("{}: expected a date such as 2026-02-11, got `{cell}`", row.place)
                    }
                    date => date,
                },
                None => Date::find(name.as_ref().unwrap_or(&document.name)),
            };
            let name = name.unwrap_or_else(|| match (&arguments.date, date) {
                (Some(_), Some(date)) => date.to_string(),
                _ => document.name.clone(),
            });
            let place = *places.entry((name.clone(), date)).or_insert_with(|| {
                let (text, sentences) = (String::new(), Vec::new());
                gathered.push(Article { name, date, text, sentences });
                gathered.len() - 1
            });
            let article = &mut gathered[place];
            let row = arguments.articles.cut(row.place, row.text);
            let begin = article.text.len();
            article.sentences.extend(row.sentences.iter().map(|s| s.start + begin..s.end + begin));
            article.text.push_str(&row.text);
            // A blank line parts paragraphs.
            article.text.push_str("\n\n");
        }
    }
    Ok(gathered)
}
