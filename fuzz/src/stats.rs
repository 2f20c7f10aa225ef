//! Statistics of a run, in a file for other programs: how inputs ended, and the processor time.

use std::cell::RefCell;
use std::env;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process;
use std::time::Duration;

use cpu_time::ThreadTime;

/// The environment variable that names the folder for the stats: each process keeps a file there.
const FOLDER: &str = "SRE_FUZZ_STATS";

/// Its former name, which still counts where that is not set.
const FORMER: &str = "SRE_FUZZ_FIGURES";

/// Returns the folder that the environment names, if it names one.
pub(crate) fn folder() -> Option<PathBuf> {
    env::var_os(FOLDER).or_else(|| env::var_os(FORMER)).map(PathBuf::from)
}

/// How an input ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// Both sides (or the compiler alone, in its newest dialect) accepted the pattern, with the same program.
    AcceptedAlike,
    /// Both sides refused the pattern, with the same error.
    RejectedAlike,
    /// A difference on the list of known divergences.
    KnownDivergence,
    /// A difference that is not.
    UnknownDivergence,
    /// The interpreter gave no answer.
    Lost,
    /// Something else was found.
    OtherFinding,
}

/// The compiler whose time is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// sre-compiler, once per input.
    Rust,
    /// CPython, including reading its coverage.
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

/// Number of endings among them, after the inputs.
const ENDINGS: usize = 6;

/// Size of the buffer for all lines.
const PAGE: usize = 512;

thread_local! {
    static STATS: RefCell<Stats> = RefCell::new(Stats::from_environment());
}

/// Counts an input.
pub fn count(ending: Ending) {
    STATS.with_borrow_mut(|stats| stats.count(ending));
}

/// Does something, and counts the time that it takes.
pub(crate) fn timed<T>(side: Side, work: impl FnOnce() -> T) -> T {
    let start = ThreadTime::now();
    let result = work();
    let took = start.elapsed();
    STATS.with_borrow_mut(|stats| stats.took[side as usize] += took);
    result
}

/// Counts, and keeps a file with the counts up to date, so that nothing is lost when the process dies.
#[derive(Debug)]
struct Stats {
    counts: [u64; 1 + ENDINGS],
    /// By side, in time of the processor: what else the machine does is not counted.
    took: [Duration; 2],
    start: ThreadTime,
    file: Option<File>,
}

impl Stats {
    /// Creates empty stats, with a file in the folder that the environment names, if any.
    fn from_environment() -> Stats {
        let file = folder().and_then(|folder| {
            let path = folder.join(process::id().to_string());
            File::create(path).inspect_err(|error| eprintln!("sre-fuzz: no stats: {error}")).ok()
        });
        Stats { counts: [0; 1 + ENDINGS], took: [Duration::ZERO; 2], start: ThreadTime::now(), file }
    }

    fn count(&mut self, ending: Ending) {
        self.counts[0] += 1;
        self.counts[1 + ending as usize] += 1;
        let Some(file) = &self.file else { return };
        // One write in place, many thousand times a second: from the stack, and never shorter than the last.
        let mut page = [0; PAGE];
        let mut rest = &mut page[..];
        let took = self.took.into_iter().chain([self.start.elapsed()]);
        let microseconds = took.map(|took| took.as_micros() as u64);
        for (name, number) in NAMES.iter().zip(self.counts.iter().copied().chain(microseconds)) {
            // It fits: ten names and numbers.
            let _ = writeln!(rest, "{name}\t{number}");
        }
        let used = PAGE - rest.len();
        if let Err(error) = file.write_all_at(&page[..used], 0) {
            eprintln!("sre-fuzz: no more stats: {error}");
            self.file = None;
        }
    }
}
