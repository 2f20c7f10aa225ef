//! The mutation score of the corpus; see README.md.

mod alone;
mod constants;
mod mutant;
mod program;
mod run;
mod schema;
mod score;
mod state;
mod survivors;
mod tree;
mod trial;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};
use mutant::Mutant;
use score::Score;
use serde_json::json;
use sre_support::atomic_file;
use sre_support::visible::Shown;
use state::State;
use trial::Outcome;

/// Compute the mutation score of the corpus.
///
/// Changes the compiler in each small way that cargo-mutants knows, and replays the corpus for each;
/// see mutants/README.md. Takes minutes, and nearly an hour if no outcome is known.
///
/// Exit status: 0 all mutants but the listed ones are caught; 1 usage or input error; 2 others are
/// missed, or a listed one is caught.
#[derive(Parser, Debug)]
#[command(name = "cargo xtask mutants", max_term_width = 100)]
pub(crate) struct Arguments {
    /// Only one of N parts of the mutants, counted from 0: 0/4 is the first of four.
    #[arg(long, value_name = "K/N", value_parser = parse_shard)]
    shard: Option<(usize, usize)>,
    /// Only mutants of files whose name contains that; may be repeated.
    #[arg(long)]
    file: Vec<String>,
    /// Where outcomes are kept between runs. [default: mutants/outcomes.json in the folder that cargo builds into]
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Adds the outcomes that another shard recorded; may be repeated.
    #[arg(long, alias = "join", value_name = "FILE")]
    merge: Vec<PathBuf>,
    /// Tries all again. Without it, only those that are new, or were missed.
    #[arg(long)]
    fresh: bool,
    /// How many at a time.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,
    /// Does not build mutants one by one, which takes seconds each: most need no build of their own.
    #[arg(long)]
    quick: bool,
    /// Only says what is known.
    #[arg(long)]
    report: bool,
    /// Writes mutants/score.tsv even if not all is tried.
    #[arg(long)]
    write: bool,
    /// What is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The root of the workspace.
    #[arg(long, default_value = ".")]
    root: PathBuf,
    /// The folder that cargo builds into.
    #[arg(long, default_value = "target")]
    target: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// The list of survivors and the score, from the root of the workspace.
const SURVIVORS: &str = "mutants/survivors.txt";
const SCORE: &str = "mutants/score.tsv";

fn parse_shard(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    parts
        .filter(|(i, n)| i < n)
        .ok_or_else(|| "expected K/N, counted from 0: 0/4 is the first of four shards".to_owned())
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            eprintln!("mutants: {error:#}");
            ExitCode::from(1)
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool> {
    let root = arguments.root.canonicalize().context("the workspace")?;
    let work = arguments.target.join("mutants");
    fs::create_dir_all(&work).with_context(|| work.shown().to_string())?;
    let work = work.canonicalize()?;
    let all = mutant::list(&root)?;
    let list = root.join(SURVIVORS);
    let survivors = fs::read_to_string(&list).with_context(|| list.shown().to_string())?;
    let survivors = survivors::parse(&survivors).context(SURVIVORS)?;
    let file = arguments.state.clone().unwrap_or_else(|| work.join("outcomes.json"));
    // With --report nothing is written to it.
    let _lock = if arguments.report { None } else { Some(State::lock(&file)?) };
    let mut state = State::read(file, state::source_of(&root, &all)?)?;
    for other in &arguments.merge {
        state.merge(other)?;
    }
    let chosen = |index: usize, mutant: &Mutant| {
        let name = mutant.file.to_string_lossy();
        arguments.shard.is_none_or(|(i, n)| index % n == i)
            && (arguments.file.is_empty() || arguments.file.iter().any(|file| name.contains(file)))
    };
    if !arguments.report {
        // A new case may catch a mutant that was missed before.
        let is_open = |outcome| arguments.fresh || matches!(outcome, None | Some(Outcome::Missed));
        let wanted =
            |(index, mutant): &(usize, &Mutant)| chosen(*index, mutant) && is_open(state.get(mutant));
        let wanted: Vec<usize> = all.iter().enumerate().filter(wanted).map(|(index, _)| index).collect();
        let work = run::Work { root: &root, folder: &work, mutants: &all };
        run::try_all(work, &wanted, arguments.jobs, arguments.quick, &mut state)?;
    }
    let score = Score::new(&all, &state, &survivors);
    if arguments.write || score.total.untried == 0 && !arguments.report {
        let file = root.join(SCORE);
        atomic_file::write(&file, score.table().as_bytes()).with_context(|| file.shown().to_string())?;
    }
    match arguments.format {
        Format::Text => print(&score),
        Format::Json => print_json(&score),
    }
    ensure!(score.total.mutants > 0, "there is no mutant");
    Ok(score.is_settled())
}

fn print(score: &Score<'_>) {
    for mutant in &score.missed {
        println!("missed: {}\n    {}", mutant.place, mutant.name);
    }
    for name in &score.caught_though_listed {
        println!("in {SURVIVORS}, and caught: {name}");
    }
    for name in &score.unknown {
        println!("in {SURVIVORS}, and no mutant: {name}");
    }
    let total = score.total;
    let (killed, viable) = total.killed();
    println!(
        "{} mutants: {} unviable, {} caught, {} stopped by a limit, {} missed as listed, {} missed, {} not tried",
        total.mutants, total.unviable, total.caught, total.timeout, total.listed, total.missed, total.untried
    );
    let share = |of: usize| 100.0 * killed as f64 / of.max(1) as f64;
    println!(
        "killed: {killed} of {viable} viable, {:.1} %; {:.1} % without those listed",
        share(viable),
        share(viable - total.listed)
    );
}

fn print_json(score: &Score<'_>) {
    let missed: Vec<_> = score.missed.iter().map(|m| json!({ "place": m.place, "name": m.name })).collect();
    let total = score.total;
    let (killed, viable) = total.killed();
    let all = json!({
        "mutants": total.mutants,
        "unviable": total.unviable,
        "viable": viable,
        "killed": killed,
        "timeout": total.timeout,
        "listed": total.listed,
        "untried": total.untried,
        "missed": missed,
        "caught_though_listed": score.caught_though_listed,
        "unknown": score.unknown,
    });
    println!("{all:#}");
}
