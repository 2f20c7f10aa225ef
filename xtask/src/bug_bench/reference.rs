//! The side `reference-bytes`: atheris fuzzes CPython alone, and sre-compiler then compiles the same
//! inputs.
//!
//! The inputs do not depend on the bug, so that they are made once for each seed.

use std::fs;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context as _, Result, anyhow};
use sre_support::visible::Shown;

use super::trial::{Detection, TrialResult};
use crate::setup::Python;
use crate::shell::{finish, make_empty_folder, make_folder, output, root, show, target};

/// The folder of the inputs, and the interpreter that makes them.
#[derive(Debug)]
pub(super) struct Reference {
    /// The interpreter that is fuzzed, with atheris installed.
    python: PathBuf,
    version: String,
    folder: PathBuf,
    /// Held while inputs are made, since several jobs need the same ones.
    making: Mutex<()>,
}

impl Reference {
    /// Installs atheris in a virtual environment.
    pub(super) fn open(python: &Python) -> Result<Reference> {
        let folder = target().join("bug-bench/reference");
        make_folder(&folder)?;
        let environment = folder.join(format!("python-{}", python.version));
        let own = environment.join("bin/python");
        if output(Command::new(&own).args(["-I", "-c", "import atheris"])).is_err() {
            eprintln!("setup: no atheris: installing it for Python {}", python.version);
            let log = File::create(folder.join("setup.log"))?;
            let install = ["-I", "-m", "pip", "install", "--only-binary", ":all:", "atheris"];
            finish(Python::command().args(["-I", "-m", "venv"]).arg(&environment), Some(&log))
                .and_then(|()| finish(Command::new(&own).args(install), Some(&log)))
                .map_err(|why| {
                    anyhow!(
                        "cannot install atheris (python3 -m pip install atheris): {why:#}\nsee {}/setup.log",
                        folder.shown()
                    )
                })?;
        }
        Ok(Reference { python: own, version: python.version.clone(), folder, making: Mutex::new(()) })
    }

    /// Searches for the first input for which the compiler with a bug answers differently.
    pub(super) fn search(&self, sre: &Path, sound: &Path, seed: u32, seconds: f64) -> Result<TrialResult> {
        let inputs = self.inputs(seed, seconds)?;
        let (answers, sound) = (self.answers(sre, &inputs)?, self.answers(sound, &inputs)?);
        let times = BufReader::new(open(&inputs.join("times"))?).lines().map_while(Result::ok);
        let mut pairs = answers.lines().map(Result::ok).zip(sound.lines().map(Result::ok));
        let mut last = (0.0, 0);
        let mut found = None;
        for (index, time) in times.enumerate() {
            last = (time.parse().unwrap_or(seconds), index as u64 + 1);
            match pairs.next() {
                Some((Some(answer), Some(sound))) if answer == sound => {}
                Some((Some(_), Some(_))) => found = Some("another answer"),
                // It ended early.
                _ => found = Some("crash"),
            }
            if found.is_some() {
                break;
            }
        }
        let found = found.map(|how| Detection { how: how.to_owned(), replayed: false });
        let seconds = if found.is_some() { last.0 } else { seconds };
        Ok(TrialResult { found, seconds, wall: seconds, inputs: last.1 })
    }

    /// Returns the folder with the inputs of a seed.
    fn inputs(&self, seed: u32, seconds: f64) -> Result<PathBuf> {
        let _alone = super::search::locked(&self.making);
        let folder = self.folder.join(format!("{}-{seconds}-{seed}", self.version));
        if !folder.exists() {
            let beside = self.folder.join("new");
            make_empty_folder(&beside)?;
            let log = File::create(self.folder.join("fuzz.log"))?;
            let mut command = Command::new(&self.python);
            command.arg("-I").arg(root().join("xtask/python/reference_bytes.py"));
            command.args([seconds.to_string(), seed.to_string()]).arg(&beside);
            finish(&mut command, Some(&log))?;
            fs::rename(&beside, &folder).with_context(|| folder.shown().to_string())?;
        }
        Ok(folder)
    }

    /// Returns a reader of the compiler's answers, a line each, while it runs.
    fn answers(&self, sre: &Path, inputs: &Path) -> Result<BufReader<impl Read + use<>>> {
        let mut command = Command::new(sre);
        command.args(["compile", "--python", &self.version, "--jsonl"]);
        command.stdin(open(&inputs.join("inputs.jsonl"))?).stdout(Stdio::piped()).stderr(Stdio::null());
        // It ends by itself when its output is closed.
        let mut child = command.spawn().with_context(|| show(&command))?;
        let answers = child.stdout.take().context("no standard output")?;
        Ok(BufReader::new(Answers { child, answers }))
    }
}

/// The output of a process, which is killed on drop.
struct Answers {
    child: std::process::Child,
    answers: std::process::ChildStdout,
}

impl Read for Answers {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.answers.read(buffer)
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| path.shown().to_string())
}
