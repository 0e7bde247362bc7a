//! The commands: one file each with its arguments and its `run`.
//!
//! Results go to standard output, everything else to standard error. The exit code is 0 where all
//! went well, 1 where something failed and 2 where the command was used wrongly; a closed pipe ends
//! the program quietly with 0.

mod articles;
mod audit;
mod blocks;
mod completions;
mod count;
mod evaluate;
mod explain;
mod feed;
mod folder;
mod input;
mod inspect;
mod kwic;
mod labelling;
mod model;
mod objects;
mod output;
mod pipeline;
mod predict;
mod progress;
mod report;
mod results;
mod rows;
mod source;
mod suggest;
mod table;
mod terminal;
mod train;
mod walk;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Labels every sentence of a text diplomatic, hawkish or neutral, and says which words made it so.
#[derive(Debug, Parser)]
#[command(name = "stance", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,

    /// Threads to work with [default: one a core]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Train(train::Arguments),
    Count(count::Arguments),
    Predict(predict::Arguments),
    Explain(explain::Arguments),
    Report(report::Arguments),
    Kwic(kwic::Arguments),
    Audit(audit::Arguments),
    Suggest(suggest::Arguments),
    Evaluate(evaluate::Arguments),
    Inspect(inspect::Arguments),
    Completions(completions::CompletionArguments),
    Man(completions::ManArguments),
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let threads = arguments.threads.map_or_else(cores, usize::from);
    let outcome = start_threads(arguments.threads).and_then(|()| match arguments.command {
        Command::Train(a) => train::run(&a),
        Command::Count(a) => count::run(&a),
        Command::Predict(a) => predict::run(&a, threads),
        Command::Explain(a) => explain::run(&a),
        Command::Report(a) => report::run(&a),
        Command::Kwic(a) => kwic::run(&a),
        Command::Audit(a) => audit::run(&a),
        Command::Suggest(a) => suggest::run(&a),
        Command::Evaluate(a) => evaluate::run(&a),
        Command::Inspect(a) => inspect::run(&a),
        Command::Completions(a) => completions::completions(&a),
        Command::Man(a) => completions::man(&a),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::say(format_args!("stance: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn start_threads(threads: Option<u16>) -> anyhow::Result<()> {
    if let Some(threads) = threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global()?;
    }
    Ok(())
}
