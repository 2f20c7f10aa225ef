//! Asking executables which Python they are.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use sre_case::wire::InterpreterInfo;

use super::Python;
use super::candidates::Candidate;
use crate::child::Child;

/// What a Python says of itself. In words that every Python has, for those too old to be compared
/// with are listed, too. A path is bytes, which need not be text. Where C headers are installed
/// beside the library, they tell its version: the library itself does not.
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
print(json.dumps({"executable": list(os.fsencode(os.path.realpath(sys.executable))), "library": library(),
    "hello": {"version": sys.version_info[:3], "level": sys.version_info[3], "magic": MAGIC,
        "unidata": unicodedata.unidata_version, "implementation": sys.implementation.name,
        "digits": getattr(sys, "get_int_max_str_digits", lambda: None)()}}))
"#;

#[derive(Deserialize)]
struct Probed {
    executable: Vec<u8>,
    library: Option<(u32, u32, u32)>,
    #[serde(rename = "hello")]
    info: InterpreterInfo,
}

/// How long an interpreter may take to start, on a busy machine.
const LONGEST: Duration = Duration::from_secs(10);

/// How long those that others have to wait for may take, besides [`FACTOR`] times what the slowest
/// took that answered.
const PATIENCE: Duration = Duration::from_secs(2);

const FACTOR: u32 = 4;

/// How often a thread that waits looks whether the limit has changed.
const INTERVAL: Duration = Duration::from_millis(20);

pub(super) fn one(path: &Path) -> Result<Python, String> {
    ask(path, || LONGEST)
}

/// The answers of all, in order. All are asked at the same time; those that hang are given up when
/// the others have answered, and some time has passed.
pub(super) fn all(candidates: &[Candidate]) -> Vec<Result<Python, String>> {
    let start = Instant::now();
    // Milliseconds that the slowest took; 0 before the first answer.
    let slowest = AtomicU64::new(0);
    let limit = || match slowest.load(Ordering::Relaxed) {
        0 => LONGEST,
        slowest => LONGEST.min(PATIENCE + FACTOR * Duration::from_millis(slowest)),
    };
    let ask_one = |path: &Path| {
        let answer = ask(path, limit);
        if answer.is_ok() {
            let took = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
            slowest.fetch_max(took.max(1), Ordering::Relaxed);
        }
        answer
    };
    thread::scope(|scope| {
        let ask_one = &ask_one;
        let asked: Vec<_> =
            candidates.iter().map(|candidate| scope.spawn(move || ask_one(&candidate.path))).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| thread.join();
        asked.into_iter().map(|thread| join(thread).unwrap_or_else(|_| Err("panic".to_owned()))).collect()
    })
}

fn ask(path: &Path, limit: impl Fn() -> Duration) -> Result<Python, String> {
    let start = Instant::now();
    let mut child = Child::start_unknown(path, PROBE).map_err(|error| format!("cannot be run: {error}"))?;
    let line = loop {
        match child.try_receive(INTERVAL) {
            Some(answer) => break answer?,
            None if start.elapsed() < limit() => {}
            None => return Err(format!("no answer within {:.0} s", start.elapsed().as_secs_f32())),
        }
    };
    let Probed { executable, library, info } =
        serde_json::from_slice(&line).map_err(|_| "its answer is not that of a Python".to_owned())?;
    if let Some((major, minor, patch)) = library.filter(|&library| library != info.version) {
        let label = info.label();
        return Err(format!(
            "it is {label}, and its library is that of {major}.{minor}.{patch}; is LD_LIBRARY_PATH set?"
        ));
    }
    let dialect = info.dialect();
    let path = path_of(executable);
    Ok(Python { argument: path.to_string_lossy().into_owned(), path, info, dialect })
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}
