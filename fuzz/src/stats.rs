//! Statistics of a run, in a file for other programs: how inputs ended, and the processor time.

use std::cell::RefCell;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process;
use std::time::Duration;

use cpu_time::ThreadTime;
use sre_support::variable;

/// The environment variable that names the folder in which each process writes its stats to a file.
const FOLDER: &str = "SRE_FUZZ_STATS";

/// Its former name, read if that is not set.
const FORMER: &str = "SRE_FUZZ_FIGURES";

/// Returns the folder that the environment names, if any.
pub(crate) fn folder() -> Option<PathBuf> {
    variable(FOLDER).or_else(|| variable(FORMER)).map(PathBuf::from)
}

/// The result of an input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InputResult {
    /// Both compilers, or this one alone in its newest dialect, accepted the pattern with the same program.
    AcceptedAlike,
    /// Both rejected the pattern with the same error.
    RejectedAlike,
    /// A divergence in the list of known ones.
    KnownDivergence,
    /// A divergence that is not in the list.
    UnknownDivergence,
    /// The interpreter gave no answer.
    Lost,
    /// Another finding.
    OtherFinding,
}

/// The compiler whose time is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// sre-compiler, once per input.
    Rust,
    /// CPython, including the reading of its coverage.
    Cpython,
}

/// The names of the stats, in the order of their lines in the file: a name, a tab, the number.
pub const NAMES: [&str; 10] = [
    "inputs",
    "accepted alike",
    "rejected alike",
    "known divergences",
    "unknown divergences",
    "lost answers",
    "other findings",
    "microseconds of sre-compiler",
    "microseconds of CPython",
    "microseconds in all",
];

/// Number of results among them, after the inputs.
const ENDINGS: usize = 6;

/// Size of the buffer for all lines.
const PAGE: usize = 512;

thread_local! {
    static STATS: RefCell<Stats> = RefCell::new(Stats::from_environment());
}

/// Counts an input.
pub fn count(ending: InputResult) {
    STATS.with_borrow_mut(|stats| stats.count(ending));
}

/// Runs `run`, and counts the time that it takes.
pub(crate) fn timed<T>(side: Side, work: impl FnOnce() -> T) -> T {
    let start = ThreadTime::now();
    let result = work();
    let took = start.elapsed();
    STATS.with_borrow_mut(|stats| stats.took[side as usize] += took);
    result
}

/// Number of inputs after which the counters are written to the file. They are also written after each finding
/// and at the end of the process.
const INTERVAL: u64 = 64;

/// Counters that are written to a file now and then, since writing takes longer than counting.
#[derive(Debug)]
struct Stats {
    counts: [u64; 1 + ENDINGS],
    /// Processor time by compiler, which does not depend on the load of the machine.
    took: [Duration; 2],
    start: ThreadTime,
    file: Option<File>,
}

impl Stats {
    /// Creates empty stats, with a file in the folder that the environment names.
    fn from_environment() -> Stats {
        let file = folder().and_then(|folder| {
            let path = folder.join(process::id().to_string());
            File::create(path).inspect_err(|error| eprintln!("sre-fuzz: no stats: {error}")).ok()
        });
        Stats { counts: [0; 1 + ENDINGS], took: [Duration::ZERO; 2], start: ThreadTime::now(), file }
    }

    fn count(&mut self, ending: InputResult) {
        self.counts[0] += 1;
        self.counts[1 + ending as usize] += 1;
        let is_alike = matches!(ending, InputResult::AcceptedAlike | InputResult::RejectedAlike);
        if !is_alike || self.counts[0].is_multiple_of(INTERVAL) {
            self.write();
        }
    }

    fn write(&mut self) {
        let Some(file) = &self.file else { return };
        // Overwritten in place, thousands of times a second; the text never becomes shorter.
        let mut page = [0; PAGE];
        let mut rest = &mut page[..];
        let took = self.took.into_iter().chain([self.start.elapsed()]);
        let microseconds = took.map(|took| took.as_micros() as u64);
        for (name, number) in NAMES.iter().zip(self.counts.iter().copied().chain(microseconds)) {
            // The buffer has space for ten names and numbers.
            let _ = writeln!(rest, "{name}\t{number}");
        }
        let used = PAGE - rest.len();
        if let Err(error) = file.write_all_at(&page[..used], 0) {
            eprintln!("sre-fuzz: no more stats: {error}");
            self.file = None;
        }
    }
}

/// At the end of the thread; that of the main thread is the end of the process.
impl Drop for Stats {
    fn drop(&mut self) {
        self.write();
    }
}
