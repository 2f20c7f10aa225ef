//! Every verb of `sre` with hostile inputs: deeply nested, long, many, or not text. None may end by a panic or a signal,
//! use more memory than allowed, or fail without a message.
//!
//! `SRE_HOSTILE_SCALE=10 cargo test -p sre-cli --test unix -- hostile_inputs --nocapture` takes inputs ten times
//! as large, and prints the table of docs/hostile-inputs.md.
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use sre_case::{Case, wire};
use sre_compiler::Flags;
use sre_oracle::pythons;
use sre_test_support::{Missing, Prerequisite, Trial};

/// The time after which a verb counts as hung; far more than any needs.
const HUNG: Duration = Duration::from_secs(900);

fn scale() -> usize {
    env::var("SRE_HOSTILE_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1)
}

/// Returns the limit of a process's memory for an input, in KiB, without the interpreters that it starts. CPython's
/// compiler needs about 140 bytes for each character of a literal; a process may hold two outcomes and two compilers.
fn allowed(input: &Input) -> u64 {
    let size = fs::metadata(&input.case).unwrap().len();
    (192 << 10) + 250 * size / 1024
}

fn nested(open: &str, levels: usize) -> String {
    format!("{}a{}", open.repeat(levels), ")".repeat(levels))
}

/// Returns the patterns, by name.
fn patterns() -> Vec<(String, String)> {
    let n = scale();
    let (deep, many, long) = (3_000 * n, 30_000 * n, 300_000 * n);
    let members = (0..many as u32).filter_map(|i| char::from_u32(0x100 + i * 7 % 0xd000));
    let set: String = members.filter(|c| !r"[]\^-".contains(*c)).collect();
    let named = (0..many).map(|i| format!("(?P<n{i}>)")).collect::<String>();
    [
        (format!("{deep} groups nested"), nested("(", deep)),
        (format!("{deep} look-aheads nested"), nested("(?=", deep)),
        (format!("{deep} conditionals nested"), format!("(a){}", nested("(?(1)", deep))),
        (format!("{deep} alternations nested"), nested("(?:a|b", deep)),
        (format!("{deep} repeats nested"), format!("{}a{}", "(?:".repeat(deep), ")*".repeat(deep))),
        (format!("a literal of {long}"), "a".repeat(long)),
        (format!("{many} alternatives"), "ab|".repeat(many)),
        (format!("{many} groups"), "()".repeat(many)),
        (format!("{many} names"), named),
        (format!("a set of {many} members"), format!("[{set}]")),
        (format!("a name of {many}"), format!("(?P<{}>a)", "n".repeat(many))),
        (format!("{many} NULs"), "\0".repeat(many)),
    ]
    .into()
}

/// The folder of one input: files with the pattern in the form that each verb reads.
struct Input {
    name: String,
    case: PathBuf,
    lines: PathBuf,
    source: PathBuf,
    /// The pattern as an argument, if the system accepts one of this length.
    argument: Option<String>,
}

fn write(folder: &Path, n: usize, name: &str, files: [&[u8]; 3], argument: Option<String>) -> Input {
    let folder = folder.join(format!("input-{n}"));
    fs::create_dir(&folder).unwrap();
    let [case, lines, source] = ["x.case", "x.jsonl", "x.py"].map(|name| folder.join(name));
    for (path, bytes) in [&case, &lines, &source].into_iter().zip(files) {
        fs::write(path, bytes).unwrap();
    }
    Input { name: name.to_owned(), case, lines, source, argument }
}

fn inputs(folder: &Path) -> Vec<Input> {
    let mut inputs = Vec::new();
    for (name, pattern) in patterns() {
        let case = Case::str(&pattern, Flags::empty());
        let mut line = Vec::new();
        wire::write_request(&mut line, &case, false);
        line.push(b'\n');
        let source = format!("import re\nre.compile({:?})\n", case.text);
        let argument = Some(pattern).filter(|pattern| pattern.len() < 120_000 && !pattern.contains('\0'));
        inputs.push(write(folder, inputs.len(), &name, [&case.encode(), &line, source.as_bytes()], argument));
    }
    let (many, long) = (30_000 * scale(), 1_000_000 * scale());
    let deep = |open: &str, close: &str| {
        format!("import re\nx = {}{}\nre.compile('a')\n", open.repeat(many), close.repeat(many)).into_bytes()
    };
    for (name, bytes) in [
        (format!("a file of {long} bytes 0xFF"), vec![0xff; long]),
        (format!("a line of {long} without end"), vec![b'{'; long]),
        (format!("a file of {many} NULs"), vec![0; many]),
        (format!("Python, {many} parentheses deep"), deep("(", ")")),
        (format!("Python, {many} operators long"), deep("1+", "1")),
    ] {
        inputs.push(write(folder, inputs.len(), &name, [&bytes, &bytes, &bytes], None));
    }
    inputs
}

/// The command line of a verb.
struct Verb {
    name: &'static str,
    arguments: Vec<String>,
    stdin: Option<PathBuf>,
}

/// Returns the command lines for an input: of the verbs that need no interpreter, or with one, of those that need it.
fn verbs(input: &Input, folder: &Path, python: Option<&str>) -> Vec<Verb> {
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let (case, lines, source) = (path(&input.case), path(&input.lines), path(&input.source));
    let corpus = folder.join("corpus");
    let _ = fs::remove_dir_all(&corpus);
    fs::create_dir_all(corpus.join("seeds")).unwrap();
    fs::create_dir_all(corpus.join("answers")).unwrap();
    fs::copy(&input.case, corpus.join("seeds/x.case")).unwrap();
    fs::write(corpus.join("unreached.txt"), "").unwrap();
    let (corpus, out) = (path(&corpus), path(&folder.join("out")));
    let mut verbs = Vec::new();
    let mut verb = |name, arguments: &[&str], stdin: Option<&PathBuf>| {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        verbs.push(Verb { name, arguments, stdin: stdin.cloned() });
    };
    let Some(python) = python else {
        verb("compile --jsonl", &["compile", "--jsonl"], Some(&input.lines));
        if let Some(pattern) = &input.argument {
            verb("compile", &["compile", pattern], None);
            verb("dis", &["dis", pattern], None);
            verb("dis --spans", &["dis", "--spans", pattern], None);
            verb("check", &["check", pattern], None);
        }
        verb("check --jsonl", &["check", "--jsonl", &lines], None);
        verb("check --source", &["check", "--source", &source], None);
        verb("memory", &["memory", "--python", "none", &case], None);
        verb("soak", &["soak", "--minutes", "0.02", "--output", &out, "--jsonl", &lines], None);
        verb("corpus test --no-python", &["corpus", "test", "--no-python", &corpus], None);
        verb("exhaustive --merge", &["exhaustive", "--merge", &lines], None);
        return verbs;
    };
    verb("compare", &["compare", "--pythons", python, &case], None);
    verb("compare --jsonl", &["compare", "--pythons", python, "--jsonl", &lines], None);
    verb("compare --debug", &["compare", "--debug", "--pythons", python, &case], None);
    verb("compare --target", &["compare", "--target", "3.8", "--pythons", python, &case], None);
    verb("minimize", &["minimize", "--tries", "50", "--target", "3.8", "--pythons", python, &case], None);
    verb("explain", &["explain", "--python", python, &case], None);
    verb("explain --target", &["explain", "--target", "3.8", "--python", python, &case], None);
    verb(
        "corpus add",
        &["corpus", "add", "--corpus", &corpus, "--pythons", python, "--name", "x", &case],
        None,
    );
    verb("corpus record", &["corpus", "record", "--pythons", python, "--corpus", &corpus], None);
    verb("corpus test", &["corpus", "test", "--pythons", python, &corpus], None);
    let program = "import re, sys; re.compile(open(sys.argv[1], encoding='utf-8').read()[6:])";
    let record = ["record", "--python", python, "-o", &out, "--", "-c", program, &case];
    verb("record", &record, None);
    verbs
}

/// The result of a verb.
struct Finished {
    status: Option<i32>,
    time: Duration,
    /// In KiB.
    peak: u64,
    stdout: String,
    stderr: String,
}

fn run(verb: &Verb, folder: &Path) -> Finished {
    let (stdout, stderr) = (folder.join("stdout"), folder.join("stderr"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.args(&verb.arguments).current_dir(folder);
    command.stdin(verb.stdin.as_ref().map_or(Stdio::null(), |file| File::open(file).unwrap().into()));
    command.stdout(File::create(&stdout).unwrap()).stderr(File::create(&stderr).unwrap());
    let start = Instant::now();
    let mut child = command.spawn().unwrap();
    let (status, peak) = wait(&mut child, start);
    let read = |path| String::from_utf8_lossy(&head(path)).into_owned();
    Finished { status, time: start.elapsed(), peak, stdout: read(&stdout), stderr: read(&stderr) }
}

/// Returns the start of a file, which may be huge.
fn head(path: &Path) -> Vec<u8> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    File::open(path).unwrap().take(4096).read_to_end(&mut bytes).unwrap();
    bytes
}

/// Returns the exit status, and the peak of resident memory.
fn wait(child: &mut Child, start: Instant) -> (Option<i32>, u64) {
    let file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let status = fs::read_to_string(&file).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(peak);
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code(), peak);
        }
        if start.elapsed() > HUNG {
            child.kill().unwrap();
            child.wait().unwrap();
            return (None, peak);
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Returns why a result is a fault, if it is one.
fn fault(finished: &Finished, allowed: u64) -> Option<&'static str> {
    match finished.status {
        Some(0 | 2 | 3) => {}
        Some(1) if finished.stderr.is_empty() && finished.stdout.is_empty() => {
            return Some("fails without a word");
        }
        Some(1) => {}
        Some(_) => return Some("ends with a status that is not documented"),
        None => return Some("hangs, or ends by a signal"),
    }
    if finished.stderr.contains("panicked at") {
        return Some("panics");
    }
    (finished.peak > allowed).then_some("uses more memory than allowed")
}

fn no_input_breaks_a_verb_that_needs_no_interpreter() {
    try_all(None);
}

fn no_input_breaks_a_verb_that_needs_an_interpreter() -> Result<(), Missing> {
    let found = pythons::select(&["3".to_owned()]).unwrap_or_default();
    let python = Prerequisite::Python.require(found.first())?;
    try_all(Some(&python.argument));
    Ok(())
}

/// Runs the verbs that need no interpreter, or with one the others, with every input.
fn try_all(python: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let only = env::var("SRE_HOSTILE_ONLY").unwrap_or_default();
    let inputs = inputs(folder.path());
    let next = AtomicUsize::new(0);
    // The rows and faults of each input.
    let done: Mutex<BTreeMap<usize, [String; 2]>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((n, input)) = {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    inputs.get(n).map(|input| (n, input))
                } {
                    let rows = try_verbs(input, python, &only);
                    done.lock().unwrap().insert(n, rows);
                }
            });
        }
    });
    let done = done.into_inner().unwrap();
    assert_eq!(done.len(), inputs.len());
    let [rows, faults] = [0, 1].map(|n| done.values().map(|texts| texts[n].as_str()).collect::<String>());
    println!("| verb | input | status | s | MiB | says |\n|---|---|---|---|---|---|\n{rows}");
    assert!(!rows.is_empty() && faults.is_empty(), "{faults}");
}

/// Runs every verb with an input, and returns the rows of the table and the faults.
fn try_verbs(input: &Input, python: Option<&str>, only: &str) -> [String; 2] {
    let folder = input.case.parent().unwrap();
    let (mut rows, mut faults) = (String::new(), String::new());
    for verb in verbs(input, folder, python) {
        if !format!("{}: {}", verb.name, input.name).contains(only) {
            continue;
        }
        let finished = run(&verb, folder);
        let says = if finished.stderr.is_empty() { &finished.stdout } else { &finished.stderr };
        let line = says.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let line = line.replace(folder.to_str().unwrap(), "…").replace(env!("CARGO_BIN_EXE_sre"), "sre");
        let says: String = line.chars().take(80).collect::<String>().replace('|', "\\|").replace('`', "'");
        let status = finished.status.map_or("-".to_owned(), |status| status.to_string());
        let (name, seconds, peak) = (&input.name, finished.time.as_secs_f64(), finished.peak >> 10);
        let row = format!("| {} | {name} | {status} | {seconds:.2} | {peak} | `{says}` |\n", verb.name);
        rows.push_str(&row);
        if let Some(fault) = fault(&finished, allowed(input)) {
            let _ = writeln!(faults, "{fault}: {row}{}", finished.stderr);
        }
    }
    [rows, faults]
}

pub(crate) fn tests() -> Vec<Trial> {
    sre_test_support::trials! {
        no_input_breaks_a_verb_that_needs_no_interpreter,
        no_input_breaks_a_verb_that_needs_an_interpreter,
    }
}
