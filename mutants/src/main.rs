//! The mutation score of the corpus; see README.md.

mod alone;
mod constants;
mod mutant;
mod options;
mod plain;
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
use clap::Parser;
use mutant::Mutant;
use options::{Format, Options};
use score::Score;
use serde_json::json;
use sre_support::visible::Shown;
use sre_support::{atomic_file, count, grouped};
use state::State;
use trial::Outcome;

#[derive(Parser, Debug)]
#[command(name = "cargo xtask mutants", max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    /// The root of the workspace.
    #[arg(long, default_value = ".")]
    root: PathBuf,
    /// The folder that cargo builds into.
    #[arg(long, default_value = "target")]
    target: PathBuf,
}

/// The list of survivors and the score, from the root of the workspace.
const SURVIVORS: &str = "mutants/survivors.txt";
const SCORE: &str = "mutants/score.tsv";

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
    let Arguments { options, root, target } = arguments;
    let root = root.canonicalize().context("the workspace")?;
    let work = target.join("mutants");
    fs::create_dir_all(&work).with_context(|| work.shown().to_string())?;
    let work = work.canonicalize()?;
    let all = mutant::list(&root)?;
    let list = root.join(SURVIVORS);
    let survivors = fs::read_to_string(&list).with_context(|| list.shown().to_string())?;
    let survivors = survivors::parse(&survivors).context(SURVIVORS)?;
    let file = options.state.clone().unwrap_or_else(|| work.join("outcomes.json"));
    // With --report nothing is written.
    let _locks = if options.report { None } else { Some((state::lock_folder(&work)?, State::lock(&file)?)) };
    let mut state = State::read(file, state::source_of(&root, &all)?)?;
    for other in &options.merge {
        state.merge(other)?;
    }
    let chosen = |index: usize, mutant: &Mutant| {
        let name = mutant.file.to_string_lossy();
        options.shard.is_none_or(|(i, n)| index % n == i)
            && (options.file.is_empty() || options.file.iter().any(|file| name.contains(file)))
    };
    let all_chosen = || (0..all.len()).filter(|&index| chosen(index, &all[index]));
    let folders = run::Work { root: &root, folder: &work, mutants: &all };
    if let Some(size) = options.sample {
        let sample =
            plain::Sample { size: size.into(), seed: options.seed, jobs: options.jobs, quick: options.quick };
        return plain::test(folders, all_chosen().collect(), sample, &mut state);
    }
    if !options.report {
        // A new case may catch a mutant that was missed before.
        let is_open = |outcome| options.fresh || matches!(outcome, None | Some(Outcome::Missed));
        let wanted: Vec<usize> = all_chosen().filter(|&index| is_open(state.get(&all[index]))).collect();
        run::try_all(folders, &wanted, options.jobs, options.quick, &mut state)?;
    }
    let score = Score::new(&all, &state, &survivors);
    if options.write || score.total.untried == 0 && !options.report {
        let file = root.join(SCORE);
        atomic_file::write(&file, score.table().as_bytes()).with_context(|| file.shown().to_string())?;
    }
    match options.format {
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
        "{}: {} unviable, {} caught, {} stopped by a limit, {} missed as listed, {} missed, {} not tried",
        count(total.mutants, "mutant"),
        grouped(total.unviable),
        grouped(total.caught),
        grouped(total.timeout),
        grouped(total.listed),
        grouped(total.missed),
        grouped(total.untried)
    );
    let share = |of: usize| 100.0 * killed as f64 / of.max(1) as f64;
    println!(
        "killed: {} of {} viable, {:.1} %; {:.1} % without those listed",
        grouped(killed),
        grouped(viable),
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
