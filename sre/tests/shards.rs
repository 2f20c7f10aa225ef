//! Long jobs in shards: merging gives the result of a single run, and rejects other shards.
#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use sre_oracle::sweep::cases;
use sre_test_support::Missing;

fn sre(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.current_dir(folder).args(line.split(' ').filter(|word| !word.is_empty())).stdin(Stdio::null());
    command
}

fn run(folder: &Path, line: &str) -> Output {
    sre(folder, line).output().unwrap()
}

fn text(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}

/// Returns the printed JSON, without times.
fn results(output: &Output) -> Value {
    let mut all: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    for python in all["pythons"].as_array_mut().unwrap() {
        for time in ["seconds", "cost", "replaced"] {
            python.as_object_mut().unwrap().remove(time);
        }
    }
    all
}

/// Runs each shard of a command, and returns the names of the states.
fn shards(folder: &Path, line: &str, of: usize) -> Vec<String> {
    let states = (0..of).map(|index| {
        let state = format!("{index}-of-{of}.json");
        let output = run(folder, &format!("{line} --shard {index}/{of} --state {state}"));
        assert!(matches!(output.status.code(), Some(0 | 2)), "{output:?}");
        state
    });
    states.collect()
}

/// Two hundred lines of a few kinds, a third of which differ between 3.8 and later versions.
fn recording(folder: &Path) -> PathBuf {
    let patterns = ["a{%}b", "(?P<n%>x)+y*+", "[%-z]|c", "(?>a%)", "(", "x++%"];
    let lines = (0..200).map(|n| {
        let pattern = patterns[n % patterns.len()].replace('%', &(n / 50).to_string());
        format!("{{\"kind\": \"str\", \"pattern\": \"{pattern}\", \"flags\": 0}}\n")
    });
    let file = folder.join("mine.jsonl");
    fs::write(&file, lines.collect::<String>()).unwrap();
    file
}

fn a_merged_comparison_is_what_one_run_gives() -> Result<(), Missing> {
    common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    recording(folder);
    // An old target, for there to be divergences, minimized and grouped.
    let line = "compare --jsonl mine.jsonl --generate 300 --seed 5 --samples mine.jsonl --pythons newest --target 3.8";
    let whole = run(folder, &format!("{line} --format json"));
    assert_eq!(whole.status.code(), Some(2), "{whole:?}");
    let states = shards(folder, line, 3);
    let merged = run(folder, &format!("merge {} --format json", states.join(" ")));
    assert_eq!(merged.status.code(), Some(2), "{merged:?}");
    assert_eq!(results(&merged), results(&whole));
    assert_eq!(results(&merged)["pythons"][0]["compared"], 500);
    let whole_text = run(folder, line);
    let merged_text = run(folder, &format!("merge {}", states.join(" ")));
    assert_eq!(text(&merged_text.stdout), text(&whole_text.stdout));
    Ok(())
}

fn what_is_expected_is_so_after_a_merge() -> Result<(), Missing> {
    common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    recording(folder);
    let line = "compare --jsonl mine.jsonl --pythons newest --target 3.8";
    let states = shards(folder, line, 3).join(" ");
    for (signature, status) in [("*", 0), ("error: * \"multiple repeat\" *", 2)] {
        let entry = format!("[[expect]]\nsignature = '{signature}'\nreason = 'the target is old'\n");
        fs::write(folder.join("expected.toml"), entry).unwrap();
        let whole = run(folder, &format!("{line} --expect expected.toml"));
        let merged = run(folder, &format!("merge {states} --expect expected.toml"));
        assert_eq!(text(&merged.stdout), text(&whole.stdout));
        assert!(text(&merged.stdout).contains(": the target is old"), "{merged:?}");
        assert_eq!((merged.status.code(), whole.status.code()), (Some(status), Some(status)), "{merged:?}");
    }
    let merged = run(folder, &format!("merge {states} --expect no.toml"));
    assert_eq!(merged.status.code(), Some(1), "{merged:?}");
    Ok(())
}

fn gaps_overlaps_and_mixtures_are_refused() -> Result<(), Missing> {
    common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    recording(folder);
    let states = shards(folder, "compare --jsonl mine.jsonl --pythons newest", 3);
    let refused = |files: &str, why: &str| {
        let output = run(folder, &format!("merge {files}"));
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(text(&output.stderr).contains(why), "{why}: {output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
    };
    let [first, second, third] = &states[..] else { panic!("{states:?}") };
    refused(&format!("{first} {third}"), "not compared, starting at number 66");
    refused(&format!("{first} {second} {second} {third}"), "two states contain the units 66 to 133");
    let partial = run(folder, &format!("merge --partial {first} {third}"));
    assert_eq!(partial.status.code(), Some(1), "{partial:?}");
    assert!(text(&partial.stderr).contains("67 cases not compared"), "{partial:?}");
    assert!(text(&partial.stdout).contains("133 cases"), "{partial:?}");
    // Other input, other options, another command, another compiler, another interpreter.
    run(folder, "compare --jsonl mine.jsonl --generate 1 --pythons newest --shard 1/3 --state input.json");
    refused(&format!("{first} input.json {third}"), "another input or options");
    run(folder, "compare --jsonl mine.jsonl --pythons newest --debug --shard 1/3 --state debug.json");
    refused(&format!("{first} debug.json {third}"), "another input or options");
    run(folder, "exhaustive --tokens 1 --pythons newest --state verb.json");
    refused(&format!("{first} verb.json"), "another command");
    edited(folder, second, "compiler.json", |state| state["job"]["compiler"] = "0.0.1 0".into());
    refused(&format!("{first} compiler.json {third}"), "another compiler (0.0.1 0, not ");
    edited(folder, second, "python.json", |state| state["parts"][0]["identity"] = "0".into());
    refused(&format!("{first} python.json {third}"), "another interpreter");
    // The job that a state is of is also checked before it is resumed from.
    let other = run(folder, &format!("compare --jsonl mine.jsonl --debug --pythons newest --state {first}"));
    assert_eq!(other.status.code(), Some(1), "{other:?}");
    assert!(text(&other.stderr).contains("another input or options"), "{other:?}");
    let torn = fs::read(folder.join(first)).unwrap();
    fs::write(folder.join(first), &torn[..torn.len() / 2]).unwrap();
    refused(&states.join(" "), "damaged");
    Ok(())
}

/// Writes a changed copy of a state, with the hash that it then has.
fn edited(folder: &Path, from: &str, to: &str, change: impl Fn(&mut Value)) {
    let content: Value = serde_json::from_slice(&fs::read(folder.join(from)).unwrap()).unwrap();
    let mut state = content["state"].clone();
    change(&mut state);
    let state = state.to_string();
    let hash = sre_support::fnv::fnv1a(state.bytes());
    fs::write(folder.join(to), format!("{{\"hash\":\"{hash:016x}\",\"state\":{state}}}")).unwrap();
}

fn a_killed_run_resumes_and_counts_each_case_once() -> Result<(), Missing> {
    common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let line = "exhaustive --tokens 3 --pythons newest --shard 1/3 --state state.json --format json";
    let state = folder.join("state.json");
    let done = |state: &Path| -> u64 {
        let content: Option<Value> = fs::read(state).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let ranges = content.and_then(|content| content["state"]["parts"][0]["done"].as_array().cloned());
        let size = |range: &Value| range[1].as_u64().unwrap() - range[0].as_u64().unwrap();
        ranges.unwrap_or_default().iter().map(size).sum()
    };
    let mut killed = 0;
    for _ in 0..2 {
        let before = done(&state);
        let mut child = sre(folder, line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(120);
        while done(&state) == before && child.try_wait().unwrap().is_none() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
        killed += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(done(&state) > before);
    }
    assert!(killed > 0, "no run was killed before its end");
    let resumed = run(folder, line);
    assert_eq!(resumed.status.code(), Some(0), "{resumed:?}");
    let total = cases(3).unwrap();
    let shard = total * 2 / 3 - total / 3;
    assert_eq!(results(&resumed)["pythons"][0]["compared"], shard);
    assert_eq!(done(&state), shard);
    let fresh = run(folder, &line.replace("--state state.json ", ""));
    assert_eq!(results(&resumed), results(&fresh));
    Ok(())
}

/// A folder of Python files, of which one is not Python.
fn sources(folder: &Path) {
    let calls =
        ["re.compile('a++b')", "re.match('(?i)x' + y, z)", "re.compile('[[a]')", "re.sub('a(?i)', '', s)"];
    for n in 0..23 {
        fs::create_dir_all(folder.join(format!("src/p{}", n % 3))).unwrap();
        let text = format!("import re\n{}\n{}\n", calls[n % 4], calls[n * 7 % 3]);
        fs::write(folder.join(format!("src/p{}/m{n}.py", n % 3)), text).unwrap();
    }
    fs::write(folder.join("src/p1/broken.py"), "def (:\n").unwrap();
}

fn a_merged_check_of_sources_is_what_one_run_gives() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    sources(folder);
    for options in
        ["--format text", "--format concise", "--format json --strict", "--format github --skipped"]
    {
        let line = format!("check src --target 3.8..3.12 {options}");
        let whole = run(folder, &line);
        assert_eq!(whole.status.code(), Some(2), "{whole:?}");
        assert!(whole.stdout.len() > 500, "{whole:?}");
        let merged = run(folder, &format!("merge {}", shards(folder, &line, 4).join(" ")));
        assert_eq!(text(&merged.stdout), text(&whole.stdout), "{options}");
        assert_eq!(text(&merged.stderr), text(&whole.stderr), "{options}");
        assert_eq!(merged.status.code(), whole.status.code());
        (0..4).for_each(|n| fs::remove_file(folder.join(format!("{n}-of-4.json"))).unwrap());
    }
    let line = "check src --target 3.8..3.12";
    shards(folder, line, 2);
    fs::write(folder.join("src/p0/new.py"), "import re\n").unwrap();
    let other = run(folder, &format!("{line} --shard 1/2 --state 1-of-2.json"));
    assert_eq!(other.status.code(), Some(1), "{other:?}");
    assert!(text(&other.stderr).contains("another input"), "{other:?}");
    let gap = run(folder, "merge 0-of-2.json");
    assert_eq!(gap.status.code(), Some(1), "{gap:?}");
    assert!(text(&gap.stderr).contains("12 files not done, starting at number 12"), "{gap:?}");
    for refused in ["--fix", "--diff", "--write-baseline x", "--format sarif"] {
        let output = run(folder, &format!("{line} --shard 0/2 {refused}"));
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(text(&output.stderr).contains("need"), "{output:?}");
    }
}

fn merged_coverage_is_what_one_run_measures() -> Result<(), Missing> {
    common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let at = folder.join("corpus/seeds");
    fs::create_dir_all(&at).unwrap();
    fs::write(folder.join("corpus/unreached.txt"), "").unwrap();
    for (n, pattern) in ["a+b", "(?P<x>[a-z])(?P=x)", "(", "a|b(?!c)", "(?i)\\w{2,}?"].iter().enumerate() {
        fs::write(at.join(format!("{n}.case")), format!("str -\n{pattern}")).unwrap();
    }
    let line = "corpus coverage --pythons newest";
    let whole = run(folder, line);
    assert_eq!(whole.status.code(), Some(2), "{whole:?}");
    let merged = run(folder, &format!("merge {}", shards(folder, line, 3).join(" ")));
    assert_eq!(text(&merged.stdout), text(&whole.stdout));
    assert_eq!(merged.status.code(), Some(2));
    let gap = run(folder, "merge 0-of-3.json 2-of-3.json");
    assert_eq!(gap.status.code(), Some(1), "{gap:?}");
    fs::write(at.join("0.case"), "str -\nchanged").unwrap();
    let changed = run(folder, "merge 0-of-3.json 1-of-3.json 2-of-3.json");
    assert!(text(&changed.stderr).contains("the corpus has changed"), "{changed:?}");
    Ok(())
}

fn a_soak_is_divided_by_time_and_the_worst_verdict_counts() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let soak = |shard: usize, leak: Option<&str>| {
        let line =
            format!("soak -e a+b --minutes 0.2 --shard {shard}/2 --state {shard}.json --output page.html");
        let mut command = sre(folder, &line);
        let output = command.envs(leak.map(|leak| ("SRE_SOAK_INJECT", leak))).output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 2)), "{output:?}");
        output.status.code()
    };
    soak(0, None);
    assert_eq!(soak(1, Some("leak")), Some(2));
    let gap = run(folder, "merge 1.json");
    assert!(text(&gap.stderr).contains("6 seconds not done, starting at number 0"), "{gap:?}");
    let merged = run(folder, "merge 0.json 1.json");
    assert_eq!(merged.status.code(), Some(2), "{merged:?}");
    let said = text(&merged.stdout);
    assert!(said.contains("in 2 runs") && said.contains("the run from second 6"), "{said}");
    let again = sre(folder, "soak -e a+b --minutes 0.2 --shard 0/2 --state 0.json").output().unwrap();
    assert!(text(&again.stderr).contains("this shard is done"), "{again:?}");
}

fn a_plan_names_the_number_of_shards() -> Result<(), Missing> {
    common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    recording(folder);
    let plan = |line: &str| -> Value {
        let output = run(folder, &format!("{line} --format json"));
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let long = plan("exhaustive --tokens 6 --pythons newest --plan 600");
    assert_eq!(long["job"]["units"], cases(6).unwrap());
    let (shards, seconds) = (long["shards"].as_f64().unwrap(), long["seconds"].as_f64().unwrap());
    // One shard fewer would be too few, however fast the machine is.
    assert!(shards > 2.0 && seconds <= 600.0 && seconds * shards > 600.0 * (shards - 1.0), "{long}");
    assert!((long["seconds_in_all"].as_f64().unwrap() / shards - seconds).abs() < 1.0, "{long}");
    assert_eq!(plan("compare --jsonl mine.jsonl --pythons newest --plan 600")["shards"], 1);
    let text = text(&run(folder, "compare --jsonl mine.jsonl --pythons newest --plan 0.001").stdout);
    assert!(text.contains(" --shard 0/") && text.contains("sre merge"), "{text}");
    assert!(text.contains("sre compare --jsonl mine.jsonl --pythons newest --shard"), "{text}");
    Ok(())
}

sre_test_support::tests! {
    a_merged_comparison_is_what_one_run_gives,
    what_is_expected_is_so_after_a_merge,
    gaps_overlaps_and_mixtures_are_refused,
    a_merged_check_of_sources_is_what_one_run_gives,
    a_killed_run_resumes_and_counts_each_case_once,
    merged_coverage_is_what_one_run_measures,
    a_soak_is_divided_by_time_and_the_worst_verdict_counts,
    a_plan_names_the_number_of_shards,
}
