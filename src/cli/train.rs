//! `stance train`: makes a model of labelled sentences.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use stance::features::{Families, Family, Lexicon, Resources, States};
use stance::model::{builtin_lexicon, builtin_states, part_file, write};
use stance::training::{
    CARD_MARK, Columns, Corpus, Counts, DEFAULT_LABELS, Report, TrainParams, Warning,
    builtin_counts, card, read_table, train,
};

use super::model::DEFAULT_PATH;
use super::output::{Output, say};
use super::table::{UNDEFINED, short, table};

/// Make a model of labelled sentences
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Tables with a text column and label columns, `-` for standard input
    #[arg(required = true, value_name = "CSV")]
    inputs: Vec<PathBuf>,

    /// Where to write the model
    #[arg(long, default_value = DEFAULT_PATH, value_name = "FILE")]
    output: PathBuf,

    #[command(flatten)]
    columns: ColumnArguments,

    /// Write no model card beside the model
    #[arg(long)]
    no_card: bool,

    /// Print the report as JSON to standard output instead of a table to standard error
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    params: ParamArguments,

    #[command(flatten)]
    knowledge: KnowledgeArguments,
}

/// What training knows before it has read a sentence.
#[derive(Debug, clap::Args)]
pub(crate) struct KnowledgeArguments {
    /// Terms with their pull: a file, `builtin` or `none` [default: builtin for the labels stance and
    /// sentiment, none for others]
    #[arg(long, value_name = "FILE")]
    lexicon: Option<PathBuf>,

    /// Names of states and other parties: a file, `builtin` or `none` [default: builtin]
    #[arg(long, value_name = "FILE")]
    states: Option<PathBuf>,

    /// Counts of terms as a prior: a file, `builtin` or `none` [default: builtin for the labels stance
    /// and sentiment, none for others]
    #[arg(long, value_name = "FILE")]
    counts: Option<PathBuf>,
}

impl KnowledgeArguments {
    /// Loads what is asked for; `heads` are the label columns, where they are known.
    pub(crate) fn load(&self, heads: &[(String, Vec<String>)]) -> Result<(Resources, Counts)> {
        let own = heads.iter().all(|(head, _)| DEFAULT_LABELS.contains(&head.as_str()));
        let resources = Resources {
            lexicon: load(
                self.lexicon.as_deref(),
                own,
                || Ok(builtin_lexicon()?),
                |text, name| Ok(Arc::new(Lexicon::from_csv(text, name)?)),
            )?,
            states: load(
                self.states.as_deref(),
                true,
                || Ok(builtin_states()?),
                |text, name| Ok(Arc::new(States::from_csv(text, name)?)),
            )?,
        };
        let counts = load(
            self.counts.as_deref(),
            own,
            || Ok(builtin_counts()?),
            |text, name| Ok(Counts::from_csv(text, name)?),
        )?;
        Ok((resources, counts))
    }
}

fn load<T: Default>(
    asked: Option<&Path>,
    by_default: bool,
    builtin: impl FnOnce() -> Result<T>,
    parse: impl FnOnce(&str, &str) -> Result<T>,
) -> Result<T> {
    match asked {
        None if by_default => builtin(),
        None => Ok(T::default()),
        Some(path) if path == Path::new("builtin") => builtin(),
        Some(path) if path == Path::new("none") => Ok(T::default()),
        Some(path) => {
            let name = path.display().to_string();
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
            parse(text.strip_prefix('\u{feff}').unwrap_or(&text), &name)
        }
    }
}

/// `--text` and `--label`.
#[derive(Debug, clap::Args)]
pub(crate) struct ColumnArguments {
    /// Column that holds the sentences
    #[arg(long, default_value = "text", value_name = "COLUMN")]
    text: String,

    /// Column that holds labels, repeated for several [default: stance and sentiment]
    #[arg(long = "label", value_name = "COLUMN")]
    labels: Vec<String>,
}

impl ColumnArguments {
    pub(crate) fn columns(&self) -> Columns {
        Columns { text: self.text.clone(), labels: self.labels.clone(), ..Columns::default() }
    }
}

/// The parameters of training.
#[derive(Debug, clap::Args)]
pub(crate) struct ParamArguments {
    /// Features kept [default: 16384, without a lexicon 65536]
    #[arg(long, value_name = "N")]
    max_features: Option<usize>,

    /// Sentences that a feature must stand in
    #[arg(long, default_value_t = TrainParams::default().min_df, value_name = "N")]
    min_df: u32,

    /// Strength of the L2 penalty [default: 0.5, without a lexicon 0.1]
    #[arg(long, value_name = "X")]
    l2: Option<f64>,

    /// Most steps of the optimiser
    #[arg(long, default_value_t = TrainParams::default().max_iterations, value_name = "N")]
    max_iterations: u64,

    /// Converged where the gradient is below this share of the first one
    #[arg(long, default_value_t = TrainParams::default().tolerance, value_name = "X")]
    tolerance: f64,

    /// Largest dense matrix that linfa-logistic is given to confirm the solution, in MiB
    #[arg(long, default_value_t = TrainParams::default().dense_budget >> 20, value_name = "MIB")]
    dense_budget: usize,

    /// Folds of the cross-validation that calibrates the probabilities, 0 for none
    #[arg(long, default_value_t = TrainParams::default().calibration_folds, value_name = "K")]
    calibration_folds: usize,

    /// Seed of the folds
    #[arg(long, default_value_t = TrainParams::default().seed, value_name = "N")]
    seed: u64,

    /// How strongly counts enter
    #[arg(long, default_value_t = TrainParams::default().prior, value_name = "X")]
    prior: f64,

    /// Power of a feature's own log-odds by which its value is scaled [default: 0.25, without a lexicon 0]
    #[arg(long, value_name = "X")]
    scaling: Option<f64>,

    /// Families of features to use besides the default ones, which are all but characters, triple,
    /// skip and near; without a lexicon all
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    with: Vec<String>,

    /// Families of features to leave out
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    without: Vec<String>,

    /// Families of features to use, and no others
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    only: Vec<String>,
}

impl ParamArguments {
    /// Seed of folds and draws.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// The parameters; what is not said depends on whether there is a lexicon.
    pub(crate) fn params(&self, lexicon: &Lexicon) -> Result<TrainParams> {
        let default = TrainParams::suited_to(lexicon);
        let named = |name: &String| match Family::named(name) {
            Some(family) => Ok(family),
            None => bail!(
                "unknown family of features `{name}`; known are {}",
                Family::ALL.map(|f| f.facts().name).join(", ")
            ),
        };
        let mut families = if self.only.is_empty() { default.families } else { Families::none() };
        for name in self.only.iter().chain(&self.with) {
            families = families.with(named(name)?);
        }
        for name in &self.without {
            families = families.without(named(name)?);
        }
        Ok(TrainParams {
            families,
            max_features: self.max_features.unwrap_or(default.max_features),
            min_df: self.min_df,
            l2: self.l2.unwrap_or(default.l2),
            max_iterations: self.max_iterations,
            tolerance: self.tolerance,
            dense_budget: self.dense_budget << 20,
            calibration_folds: self.calibration_folds,
            seed: self.seed,
            prior: self.prior,
            scaling: self.scaling.unwrap_or(default.scaling),
        })
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let card_path = arguments.prepare_output()?;
    let corpus = read(&arguments.inputs, &arguments.columns.columns())?;
    warn(&corpus.warnings);
    let (resources, counts) = arguments.knowledge.load(&corpus.heads)?;
    let params = arguments.params.params(&resources.lexicon)?;
    let (model, report) = train(&corpus, &params, &resources, &counts)?;
    write(&model, &arguments.output)?;
    if let Some(path) = &card_path {
        let file = arguments.output.file_name().unwrap_or_default().to_string_lossy();
        let mut out = Output::open(Some(path))?;
        out.write_all(card(&file, &command(), &model, &corpus, &report).as_bytes())?;
        out.finish()?;
    }
    if arguments.json {
        let mut out = Output::open(None)?;
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
        out.finish()?;
    } else {
        say(format_args!("{}", in_words(&report).trim_end()));
    }
    warn(&report.warnings());
    match &card_path {
        Some(card) => {
            say(format_args!("wrote {} and {}", arguments.output.display(), card.display()));
        }
        None => say(format_args!("wrote {}", arguments.output.display())),
    }
    Ok(())
}

/// Reads tables of labelled sentences; `-` is standard input.
pub(crate) fn read(inputs: &[PathBuf], columns: &Columns) -> Result<Corpus> {
    let mut files = Vec::with_capacity(inputs.len());
    for path in inputs {
        let bytes = if path == Path::new("-") {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .context("cannot read standard input")?;
            bytes
        } else {
            read_table(path)?
        };
        files.push((path.display().to_string(), bytes));
    }
    Ok(Corpus::parse(&files, columns)?)
}

pub(crate) fn warn(warnings: &[Warning]) {
    for warning in warnings {
        say(format_args!("warning: {warning}"));
    }
}

impl Arguments {
    /// Finds out before any work is done whether the model can be written, and returns where its card
    /// goes.
    fn prepare_output(&self) -> Result<Option<PathBuf>> {
        let output = &self.output;
        if output == Path::new("-") {
            bail!("the model is not text; name a file with --output");
        }
        if output == Path::new(DEFAULT_PATH)
            && let Some(folder) = output.parent()
        {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        drop(part_file(output)?);
        if self.no_card {
            return Ok(None);
        }
        let card = output.with_extension("md");
        if card == *output {
            bail!(
                "{} is where the model card goes; end the model's name in .safetensors or use --no-card",
                card.display()
            );
        }
        drop(part_file(&card)?);
        match std::fs::read(&card) {
            Ok(content) if !content.starts_with(CARD_MARK.as_bytes()) => bail!(
                "{} is where the model card goes, but holds something else; rename it, or use another \
                 --output or --no-card",
                card.display()
            ),
            _ => Ok(Some(card)),
        }
    }
}

/// The command that was given, as a shell takes it.
fn command() -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./,:=+@%".contains(c);
    let mut out = String::from("stance");
    for argument in std::env::args_os().skip(1) {
        let argument = argument.to_string_lossy();
        out.push(' ');
        if !argument.is_empty() && argument.chars().all(plain) {
            out.push_str(&argument);
        } else {
            let _ = write!(out, "'{}'", argument.replace('\'', "'\\''"));
        }
    }
    out
}

fn in_words(report: &Report) -> String {
    let mut out = format!(
        "{} sentences, {} features met, {} kept\n",
        report.sentences, report.features_met, report.features_kept
    );
    for head in &report.heads {
        let counts: Vec<String> =
            head.labels.iter().map(|label| format!("{} {}", label.label, label.rows)).collect();
        let state = if head.converged { "converged" } else { "not converged" };
        let held_out = head.held_out.as_ref();
        let calibration = held_out.map_or_else(
            || UNDEFINED.to_owned(),
            |held| format!("{:.4}, was {:.4}", held.error_after, held.error_before),
        );
        let rows = [
            ("labels", counts.join(", ")),
            ("iterations", format!("{}, {state}", head.iterations)),
            ("gradient norm", format!("{:.1e}", head.gradient_norm)),
            ("loss", format!("{:.2}", head.loss)),
            ("weights", head.confirmation.words().to_owned()),
            ("temperature", format!("{:.4}", head.temperature)),
            ("macro F1, cross-validated", short(held_out.map(|held| held.macro_f1))),
            ("calibration error", calibration),
        ];
        let rows = rows.map(|(name, value)| vec![name.to_owned(), value]);
        let _ = write!(out, "\n{}", table(&[head.name.as_str(), ""], 2, rows));
    }
    out
}
