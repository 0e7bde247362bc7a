//! `stance train`: makes a model of labelled sentences.

use std::path::PathBuf;

use anyhow::{Result, bail};
use stance::features::Resources;
use stance::model::{builtin_lexicon, builtin_states, write};
use stance::training::{Columns, Corpus, Counts, TrainParams, train};

use super::model::DEFAULT_PATH;
use super::output::say;

/// Make a model of labelled sentences
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Tables with a text column and label columns
    #[arg(required = true, value_name = "CSV")]
    inputs: Vec<PathBuf>,

    /// Where to write the model
    #[arg(long, default_value = DEFAULT_PATH, value_name = "FILE")]
    output: PathBuf,

    #[command(flatten)]
    columns: ColumnArguments,

    #[command(flatten)]
    params: ParamArguments,

    /// Counts of terms as a prior
    #[arg(long, value_name = "FILE")]
    counts: Option<PathBuf>,
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
        Columns { text: self.text.clone(), labels: self.labels.clone() }
    }
}

/// The parameters of training.
#[derive(Debug, clap::Args)]
pub(crate) struct ParamArguments {
    /// Features kept
    #[arg(long, default_value_t = TrainParams::default().max_features, value_name = "N")]
    max_features: usize,

    /// Sentences that a feature must stand in
    #[arg(long, default_value_t = TrainParams::default().min_df, value_name = "N")]
    min_df: u32,

    /// Strength of the L2 penalty
    #[arg(long, default_value_t = TrainParams::default().l2, value_name = "X")]
    l2: f64,

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

    /// Families of features to leave out
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    without: Vec<String>,

    /// Families of features to use, and no others
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    only: Vec<String>,
}

impl ParamArguments {
    pub(crate) fn params(&self) -> Result<TrainParams> {
        use stance::features::{Families, Family};
        let named = |name: &String| match Family::named(name) {
            Some(family) => Ok(family),
            None => bail!(
                "unknown family of features `{name}`; known are {}",
                Family::ALL.map(|f| f.facts().name).join(", ")
            ),
        };
        let mut families = if self.only.is_empty() { Families::all() } else { Families::none() };
        for name in &self.only {
            families = families.with(named(name)?);
        }
        for name in &self.without {
            families = families.without(named(name)?);
        }
        Ok(TrainParams {
            families,
            max_features: self.max_features,
            min_df: self.min_df,
            l2: self.l2,
            max_iterations: self.max_iterations,
            tolerance: self.tolerance,
            dense_budget: self.dense_budget << 20,
            calibration_folds: self.calibration_folds,
            seed: self.seed,
            prior: self.prior,
        })
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let params = arguments.params.params()?;
    let corpus = Corpus::read(&arguments.inputs, &arguments.columns.columns())?;
    for warning in &corpus.warnings {
        say(format_args!("warning: {warning}"));
    }
    let resources = Resources { lexicon: builtin_lexicon()?, states: builtin_states()? };
    let counts = match &arguments.counts {
        Some(path) => {
            Counts::from_csv(&std::fs::read_to_string(path)?, &path.display().to_string())?
        }
        None => Counts::default(),
    };
    let (model, report) = train(&corpus, &params, &resources, &counts)?;
    write(&model, &arguments.output)?;
    say(format_args!("{report:#?}"));
    Ok(())
}
