//! Asking executables for their version and build.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use sre_case::wire::InterpreterInfo;

use super::candidates::Candidate;
use super::{Python, sources};
use crate::child::Child;

/// Prints version and build as JSON. Uses only what every Python 3 has, since versions that are too
/// old are listed, too. Paths are bytes, which may not be valid text. The version of the standard
/// library, which does not contain it, is read from the C headers, if they are installed. `sources`
/// is [`sources::function`].
const PROBE: &str = r#"
import json, os, sys, unicodedata
from _sre import MAGIC
def library():
    name = "python%d.%d%s" % (sys.version_info[0], sys.version_info[1], getattr(sys, "abiflags", ""))
    try:
        with open(os.path.join(sys.base_prefix, "include", name, "patchlevel.h"), encoding="latin-1") as lines:
            words = [line.split() for line in lines]
        defined = {line[1]: line[2] for line in words if len(line) > 2}
        return [int(defined["PY_%s_VERSION" % part]) for part in ("MAJOR", "MINOR", "MICRO")]
    except (OSError, KeyError, ValueError):
        return None
print(json.dumps({"sources": sources(), "executable": list(os.fsencode(os.path.realpath(sys.executable))), "library": library(),
    "hello": {"version": sys.version_info[:3], "level": sys.version_info[3], "magic": MAGIC,
        "unidata": unicodedata.unidata_version, "implementation": sys.implementation.name,
        "digits": getattr(sys, "get_int_max_str_digits", lambda: None)()}}))
"#;

#[derive(Deserialize)]
struct Probed {
    executable: Vec<u8>,
    sources: Option<String>,
    library: Option<(u32, u32, u32)>,
    #[serde(rename = "hello")]
    info: InterpreterInfo,
}

/// Time limit for an interpreter to start on a busy machine.
const LONGEST: Duration = Duration::from_secs(10);

/// The same for one that the user named, unless `SRE_START_LIMIT` says otherwise in seconds. One that
/// was built for WebAssembly takes some seconds even on an idle machine.
const LONGEST_IF_NAMED: Duration = Duration::from_secs(40);

/// Time limit of the interpreters that have not yet answered, in addition to [`FACTOR`] times the
/// time of the slowest that has.
const PATIENCE: Duration = Duration::from_secs(2);

const FACTOR: u32 = 4;

/// Interval at which a waiting thread checks whether the limit has changed.
const INTERVAL: Duration = Duration::from_millis(20);

fn longest_if_named() -> Duration {
    let seconds = std::env::var("SRE_START_LIMIT").ok().and_then(|text| text.parse().ok());
    seconds.map_or(LONGEST_IF_NAMED, Duration::from_secs)
}

pub(super) fn one(path: &Path) -> Result<Python, String> {
    ask(path, longest_if_named)
}

/// Returns the answers of all candidates, in order. They are started at the same time. Some time
/// after the others have answered, those that hang are given up.
pub(super) fn all(candidates: &[Candidate]) -> Vec<Result<Python, String>> {
    let start = Instant::now();
    // The time of the slowest answer in milliseconds; 0 before the first one.
    let slowest = AtomicU64::new(0);
    let limit = || match slowest.load(Ordering::Relaxed) {
        0 => LONGEST,
        slowest => LONGEST.min(PATIENCE + FACTOR * Duration::from_millis(slowest)),
    };
    let ask_one = |candidate: &Candidate| {
        if candidate.is_listed {
            return ask(&candidate.path, longest_if_named);
        }
        let answer = ask(&candidate.path, limit);
        if answer.is_ok() {
            let took = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
            slowest.fetch_max(took.max(1), Ordering::Relaxed);
        }
        answer
    };
    thread::scope(|scope| {
        let ask_one = &ask_one;
        let asked: Vec<_> =
            candidates.iter().map(|candidate| scope.spawn(move || ask_one(candidate))).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| thread.join();
        asked.into_iter().map(|thread| join(thread).unwrap_or_else(|_| Err("panic".to_owned()))).collect()
    })
}

fn ask(path: &Path, limit: impl Fn() -> Duration) -> Result<Python, String> {
    let start = Instant::now();
    let mut child = Child::start_unknown(path, &format!("{}{PROBE}", sources::function()))
        .map_err(|error| format!("cannot be run: {error}"))?;
    let line = loop {
        match child.try_receive(INTERVAL) {
            Some(answer) => break answer?,
            None if start.elapsed() < limit() => {}
            None => return Err(format!("no answer within {:.0} s", start.elapsed().as_secs_f32())),
        }
    };
    let Probed { executable, sources, library, info } =
        serde_json::from_slice(&line).map_err(|_| "invalid reply; not a Python".to_owned())?;
    if let Some((major, minor, patch)) = library.filter(|&library| library != info.version) {
        let label = info.label();
        return Err(format!(
            "version {label} with the library of {major}.{minor}.{patch}; is LD_LIBRARY_PATH set?"
        ));
    }
    let dialect = info.dialect();
    let path = path_of(executable);
    let sources = sources.as_deref().map(sources::hash);
    Ok(Python { argument: path.to_string_lossy().into_owned(), path, info, dialect, sources })
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}
