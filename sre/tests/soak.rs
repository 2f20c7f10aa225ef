//! `sre soak` finds an injected leak, and nothing without one.

#![allow(clippy::unwrap_used)] // also outside of #[test]
mod common;

use std::fs;
use std::process::Command;

use serde_json::Value;
use sre_test_support::Missing;

/// Soaks for a few seconds, with or without an injected leak, and returns the exit status, the output and the page.
fn soak(injected_leak: Option<&str>, more: &[&str]) -> (Option<i32>, Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("soak.html");
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    // Away from the corpus: the fewer patterns there are, the sooner all have been seen.
    command.current_dir(folder.path()).args(["soak", "--format", "json", "--output"]).arg(&page).args(more);
    command.env_remove("SRE_SOAK_INJECT");
    if let Some(injected_leak) = injected_leak {
        command.env("SRE_SOAK_INJECT", injected_leak);
    }
    let output = command.output().unwrap();
    let printed = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    (output.status.code(), printed, fs::read_to_string(page).unwrap())
}

/// Soaks for as long as it takes to reach a verdict on the live bytes or blocks: a busy machine gets few samples.
fn soak_until_decided(injected_leak: Option<&str>, more: &[&str]) -> (Option<i32>, Value, String) {
    let soaked = ["0.1", "0.4", "1.5", "6"].iter().find_map(|minutes| {
        let (status, printed, page) = soak(injected_leak, &[&["--minutes", minutes], more].concat());
        let live = &printed["curves"][0]["verdict"];
        // Growth is found before each pattern was compiled, its absence is not.
        let is_decided = live == "worse" || live == "fine" && printed["settled"] == true;
        is_decided.then_some((status, printed, page))
    });
    soaked.expect("a verdict within six minutes")
}

/// Runs the commands that a report lists as the next ones, in a folder with what a checkout has of it, and
/// for a shorter time. Profilers are replaced by scripts that run what is to be profiled; a test of xtask
/// parses the commands of `cargo xtask`. Returns how many were run.
#[cfg(unix)]
fn run_next_steps(report: &Value) -> usize {
    use std::os::unix::fs::symlink;
    let checkout = tempfile::tempdir().unwrap();
    let folder = |name: &str| {
        let folder = checkout.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    };
    fs::write(folder("corpus/seeds").join("a.case"), "str i\n(?P<n>a|b)+[c-e]").unwrap();
    symlink(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/memory"), folder("docs").join("memory")).unwrap();
    let tools = folder("tools");
    for (tool, script) in [("heaptrack", "exec \"$@\""), ("perf", "shift 3; exec \"$@\"")] {
        sre_test_support::write_program(&tools.join(tool), &format!("#!/bin/sh\n{script}\n"));
    }
    symlink(env!("CARGO_BIN_EXE_sre"), tools.join("sre")).unwrap();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default());
    let steps = report["next"].as_array().unwrap().iter().map(|step| step["command"].as_str().unwrap());
    let steps: Vec<String> = steps
        .filter(|command| !command.starts_with("cargo xtask "))
        .map(|command| match command.split_once("--minutes ") {
            Some((before, after)) => {
                let (_, after) = after.split_once(' ').unwrap_or((after, ""));
                format!("{before}--minutes 0.02 {after}")
            }
            None => command.to_owned(),
        })
        .collect();
    for command in &steps {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", command])
            .current_dir(checkout.path())
            .env("PATH", &path)
            .env_remove("SRE_SOAK_INJECT");
        let output = shell.stdin(std::process::Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{command}: {output:?}");
        assert!(!output.stdout.is_empty(), "{command}");
    }
    steps.len()
}

#[cfg(not(unix))]
fn run_next_steps(report: &Value) -> usize {
    report["next"].as_array().unwrap().len()
}

fn an_injected_leak_is_found_and_without_one_nothing() {
    let (_, clean, page) = soak_until_decided(None, &[]);
    let live = &clean["curves"][0];
    assert_eq!((&live["verdict"], live["fit"]["upper"].as_f64()), (&"fine".into(), Some(0.0)), "{clean}");
    assert!(page.contains("not growing") && page.ends_with("</html>\n"), "{page}");
    for injected_leak in ["leak", "retain"] {
        let (status, found, page) = soak_until_decided(Some(injected_leak), &[]);
        let live = &found["curves"][0];
        let slope = live["fit"]["slope"].as_f64().unwrap();
        assert_eq!((status, &live["verdict"]), (Some(2), &"worse".into()), "{injected_leak}: {found}");
        assert!(
            (15.0..17.0).contains(&slope),
            "{injected_leak}: 16 bytes per 1,000 patterns are lost: {found}"
        );
        if injected_leak == "leak" {
            assert!(run_next_steps(&found) >= 2, "{found}");
        }
        assert!(
            page.contains(">growing<") && page.contains(&format!("SRE_SOAK_INJECT={injected_leak}")),
            "{page}"
        );
    }
}

fn cpython_can_be_soaked() -> Result<(), Missing> {
    common::python3()?;
    let (_, soaked, page) = soak(None, &["--minutes", "0.1", "--python"]);
    assert!(soaked["subject"].as_str().unwrap().starts_with("CPython 3."), "{soaked}");
    assert_eq!(
        soaked["objects"],
        serde_json::json!({"collected": 0, "uncollectable": 0, "alive": 0}),
        "{soaked}"
    );
    assert_eq!(soaked["curves"][0]["unit"], "blocks per 1,000 patterns");
    assert!(soaked["patterns"].as_f64().unwrap() >= 16.0, "{soaked}");
    assert!(page.contains("live blocks"), "{page}");
    Ok(())
}

fn an_injected_cycle_is_counted_and_retained_objects_are_growth() -> Result<(), Missing> {
    common::python3()?;
    let (_, cycles, page) = soak(Some("cycle"), &["--minutes", "0.1", "--python"]);
    assert!(cycles["objects"]["collected"].as_u64().unwrap() >= 100, "{cycles}");
    assert_eq!(cycles["objects"]["uncollectable"], 0, "{cycles}");
    assert!(page.contains("found, and freed"), "{page}");
    let (status, retained, page) = soak_until_decided(Some("retain"), &["--python"]);
    assert_eq!((status, &retained["curves"][0]["verdict"]), (Some(2), &"worse".into()), "{retained}");
    assert!(run_next_steps(&retained) >= 2 && page.contains("What to run next"), "{retained}");
    Ok(())
}

fn wrong_arguments_are_reported() {
    for (arguments, injected_leak, why) in [
        (&["--minutes", "0"][..], None, "--minutes"),
        (&["--minutes", "-1"], None, "a number of minutes above 0 and up to 525600"),
        (&["--minutes", "x"], None, "a number of minutes above 0 and up to 525600"),
        (&["--minutes", "1e300"], None, "a number of minutes above 0 and up to 525600"),
        (&["--python", "3.99"], None, "no Python 3.99"),
        (&["--minutes", "0.1"], Some("drip"), "SRE_SOAK_INJECT"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
        command.arg("soak").args(arguments).env_remove("SRE_SOAK_INJECT");
        command.envs(injected_leak.map(|injected_leak| ("SRE_SOAK_INJECT", injected_leak)));
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(why), "{arguments:?}: {output:?}");
    }
}

sre_test_support::tests! {
    an_injected_leak_is_found_and_without_one_nothing,
    cpython_can_be_soaked,
    an_injected_cycle_is_counted_and_retained_objects_are_growth,
    wrong_arguments_are_reported,
}
