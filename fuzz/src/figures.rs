//! How many inputs came to what end, for whoever watches.

use std::env;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process;

/// The environment variable that names the folder for the figures: each process keeps a file there.
pub const FOLDER: &str = "SRE_FUZZ_FIGURES";

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
}

/// The names of the figures, in the order of their lines in the file: a name, a tab, the count.
pub const NAMES: [&str; 6] = [
    "inputs",
    "accepted alike",
    "rejected alike",
    "known divergences",
    "unknown divergences",
    "lost answers",
];

/// Room for all lines.
const PAGE: usize = 256;

/// Counts, and keeps a file with the counts up to date, so that nothing is lost when the process dies.
#[derive(Debug)]
pub struct Figures {
    counts: [u64; NAMES.len()],
    file: Option<File>,
}

impl Figures {
    /// Figures from zero, with a file in the folder that the environment names, if it names one.
    pub fn from_environment() -> Figures {
        let file = env::var_os(FOLDER).and_then(|folder| {
            let path = PathBuf::from(folder).join(process::id().to_string());
            File::create(path).inspect_err(|error| eprintln!("sre-fuzz: no figures: {error}")).ok()
        });
        Figures { counts: [0; NAMES.len()], file }
    }

    /// Counts an input.
    pub fn count(&mut self, ending: Ending) {
        self.counts[0] += 1;
        self.counts[1 + ending as usize] += 1;
        let Some(file) = &self.file else { return };
        // One write in place, many thousand times a second: from the stack, and never shorter than the last.
        let mut page = [0; PAGE];
        let mut rest = &mut page[..];
        for (name, count) in NAMES.iter().zip(self.counts) {
            // It fits: six names and numbers.
            let _ = writeln!(rest, "{name}\t{count}");
        }
        let used = PAGE - rest.len();
        if let Err(error) = file.write_all_at(&page[..used], 0) {
            eprintln!("sre-fuzz: no more figures: {error}");
            self.file = None;
        }
    }
}
