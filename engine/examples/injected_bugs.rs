//! Measures how soon a comparison finds bugs in a matcher: each bug of `injected_bugs.txt` is put
//! into a copy of RustPython's matcher, which is compared with the unchanged one from nothing.
//!
//! ```console
//! $ cargo run -p sre-engine-rustpython --example injected_bugs -- [--seconds N] [--seeds N] [BUG]...
//! ```
//!
//! Builds go to `target/injected-bugs`. The exit status is 2 if a bug is not found, or if something
//! is found without one.

#![allow(clippy::unwrap_used)] // a tool for developers, which stops at the first error

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, fs, iter};

use sre_compiler::Dialect;
use sre_generate::Generator;
use sre_matching::{Limits, Options, Participant, Plan, Program, run};

/// A bug: its name, the text that it replaces, and the replacement, as lines.
struct Bug {
    name: String,
    sound: Vec<String>,
    broken: Vec<String>,
}

fn bugs() -> Vec<Bug> {
    let mut bugs: Vec<Bug> = Vec::new();
    for line in include_str!("../injected_bugs.txt").lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix("  ") {
            None if line.is_empty() => {}
            None => bugs.push(Bug { name: line.to_owned(), sound: Vec::new(), broken: Vec::new() }),
            Some(field) => {
                let bug = bugs.last_mut().unwrap();
                let (sign, text) = field.split_at(1);
                let lines = if sign == "-" { &mut bug.sound } else { &mut bug.broken };
                lines.push(text.trim().to_owned());
            }
        }
    }
    bugs
}

impl Bug {
    /// Returns the source with the bug. Lines are compared without the spaces at their ends; the
    /// first and the last one may be parts of lines.
    fn injected_into(&self, source: &str) -> String {
        let lines: Vec<&str> = source.lines().filter(|line| !line.trim().is_empty()).collect();
        let is_at = |at: usize| {
            self.sound.iter().enumerate().all(|(n, sound)| {
                let line = lines.get(at + n).map_or("", |line| line.trim());
                match self.sound.len() {
                    1 => line.contains(sound.as_str()),
                    _ => line.starts_with(sound.as_str()) || line.ends_with(sound.as_str()),
                }
            })
        };
        let places: Vec<usize> = (0..lines.len()).filter(|&at| is_at(at)).collect();
        let [at] = places[..] else {
            panic!("{}: the text occurs {} times, not once", self.name, places.len())
        };
        let mut changed: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        let replaced: Vec<String> = match &self.sound[..] {
            [one] => vec![lines[at].replacen(one, &self.broken[0], 1)],
            many => {
                let (last, sound) = (lines[at + many.len() - 1], many.last().unwrap());
                let mut replaced = self.broken.clone();
                // What follows on the last line stays.
                if let (Some(end), Some(rest)) =
                    (replaced.last_mut(), last.trim().strip_prefix(sound.as_str()))
                {
                    end.push_str(rest);
                }
                replaced
            }
        };
        changed.splice(at..at + self.sound.len(), replaced);
        changed.join("\n") + "\n"
    }
}

/// Builds the engine with a source of the matcher, and returns the program.
fn build(folder: &Path, matcher: &Path, name: &str, source: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = folder.join("matcher");
    fs::create_dir_all(copy.join("src")).unwrap();
    for file in ["constants.rs", "lib.rs", "string.rs"] {
        fs::copy(matcher.join("src").join(file), copy.join("src").join(file)).unwrap();
    }
    // Warnings are of no interest, and some bugs leave a variable unused.
    fs::write(copy.join("src/engine.rs"), format!("#![allow(warnings)]\n{source}")).unwrap();
    fs::copy(matcher.join("Cargo.toml"), copy.join("Cargo.toml")).unwrap();
    let manifest = fs::read_to_string(here.join("Cargo.toml")).unwrap();
    let (manifest, _) = manifest.split_once("[dev-dependencies]").unwrap();
    let mut manifest: String = manifest
        .lines()
        .filter(|line| !line.contains(".workspace = true"))
        .map(|line| format!("{line}\n"))
        .collect();
    manifest = manifest.replace("[package]\n", "[package]\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    manifest += "[workspace]\n[profile.dev]\nopt-level = 1\ndebug = false\n\
                 [patch.crates-io]\nrustpython-sre_engine = { path = \"matcher\" }\n";
    fs::create_dir_all(folder.join("src")).unwrap();
    for file in ["main.rs", "outcomes.rs", "request.rs"] {
        fs::copy(here.join("src").join(file), folder.join("src").join(file)).unwrap();
    }
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--bin", "sre-engine-rustpython", "--target-dir", "target"])
        .current_dir(folder)
        .status()
        .unwrap();
    assert!(status.success(), "{name} does not build");
    let program = folder.join(name);
    fs::copy(folder.join("target/debug/sre-engine-rustpython"), &program).unwrap();
    program
}

/// Returns the time until a difference was found, and the first one.
fn search(sound: &Path, broken: &Path, seed: u64, seconds: u64) -> Option<(Duration, String)> {
    let participant = |path: &Path, label: &str| Participant {
        program: Program::Engine(path.to_owned()),
        label: label.to_owned(),
    };
    let plan = Plan::engines(participant(sound, "sound"), participant(broken, "broken"), Dialect::PY315);
    let options = Options {
        jobs: 1,
        limits: Limits::default(),
        subjects: 6,
        seed,
        fixed: Vec::new(),
        duration: Some(Duration::from_secs(seconds)),
        only_first: true,
    };
    let mut generator = Generator::new(seed);
    let stats = run(&plan, &options, iter::repeat_with(move || generator.case_to_match()), &|_| ()).unwrap();
    let found = stats.first()?;
    Some((found.0, format!("{:?} on {:?}", found.1.case, found.1.subject.text)))
}

fn main() -> ExitCode {
    let (mut seconds, mut seeds, mut wanted) = (60, 1, Vec::new());
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seconds" => seconds = arguments.next().unwrap().parse().unwrap(),
            "--seeds" => seeds = arguments.next().unwrap().parse().unwrap(),
            _ => wanted.push(argument),
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = root.join("target/injected-bugs");
    fs::create_dir_all(&folder).unwrap();
    let matcher = matcher(root);
    let source = fs::read_to_string(matcher.join("src/engine.rs")).unwrap();
    let sound = build(&folder, &matcher, "sound", &source);
    let (mut trials, mut found, mut is_clean) = (0, 0, true);
    if wanted.is_empty() {
        let nothing = search(&sound, &sound, 1, seconds);
        println!("{:50} {}", "(no bug)", nothing.as_ref().map_or("nothing found", |(_, what)| what));
        is_clean = nothing.is_none();
    }
    for bug in bugs().iter().filter(|bug| wanted.is_empty() || wanted.contains(&bug.name)) {
        let broken = build(&folder, &matcher, "broken", &bug.injected_into(&source));
        let mut times = Vec::new();
        let mut shown = String::new();
        for seed in 1..=seeds {
            trials += 1;
            match search(&sound, &broken, seed, seconds) {
                Some((time, what)) => {
                    found += 1;
                    times.push(format!("{:.1} s", time.as_secs_f64()));
                    shown = what;
                }
                None => times.push("-".to_owned()),
            }
        }
        println!("{:50} {}  {}", bug.name, times.join(" "), shown.chars().take(100).collect::<String>());
    }
    println!("{found} of {trials} found within {seconds} s");
    ExitCode::from(if found == trials && is_clean { 0 } else { 2 })
}

/// Returns the folder of the matcher's source, as cargo unpacked it.
fn matcher(root: &Path) -> PathBuf {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "rustpython-sre_engine").unwrap();
    PathBuf::from(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
}
