//! The output and the exit status of the command.

#![allow(clippy::unwrap_used)] // also outside of #[test]
mod common;

use std::process::Command;

use serde_json::{Value, json};
use sre_test_support::{Missing, fed};

fn sre(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.args(arguments);
    command
}

fn exit_statuses_are_as_documented() {
    for (arguments, status) in [
        (&["compile", "a|b"][..], 0),
        (&["compile", "a("], 2),
        (&["compile", "--python", "2.7", "a"], 1),
        (&["compile", "--flags", "q", "a"], 1),
        (&["compile"], 1),
        (&["nonsense"], 1),
        (&["--version"], 0),
        (&["dis", "a"], 0),
        (&["dis", "a("], 2),
        (&["compare", "missing.case"], 1),
        (&["compare", "--pythons", "9.9", "a"], 1),
        (&["corpus", "test", "missing-folder"], 1),
        (&["replay", "missing-folder"], 1),
    ] {
        let output = sre(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {output:?}");
    }
}

fn the_version_says_what_the_program_was_built_from() {
    let output = sre(&["--version"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (_, after) = text.split_once("(commit ").unwrap();
    let (commit, compiler) = after.split_once(", compiler ").unwrap();
    assert!(compiler.trim_end().ends_with(')') && compiler.starts_with(env!("CARGO_PKG_VERSION")), "{text}");
    let mut git = Command::new("git");
    git.args(["rev-parse", "--short=12", "HEAD"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    match git.output() {
        Ok(head) if head.status.success() && commit != "unknown" => {
            let head = String::from_utf8(head.stdout).unwrap();
            assert_eq!(commit.trim_end_matches("+dirty"), head.trim(), "{text}");
        }
        _ => assert!(commit == "unknown" || commit.len() == 12, "{text}"),
    }
}

const LINES: &str = r#"{"kind": "str", "pattern": "(?P<a>x|yz)+", "flags": 2}
{"kind": "bytes", "pattern": "[\u00e9]", "flags": 0, "source": "a test"}
{"kind": "str", "codepoints": [97, 55296], "flags": 0}
{"kind": "str", "pattern": "\\\ud800", "flags": 0}
{"kind": "str", "pattern": "a{99999999999}", "flags": 0}
{"kind": "str", "pattern": "[[a](?<=a*)", "flags": 16777344, "debug": true}
{"kind": "str", "pattern": "[[a]", "flags": 130, "debug": true}
"#;

fn json_lines_are_answered_in_order_and_malformed_ones_in_their_place() {
    let output =
        fed(&mut sre(&["compile", "--python", "3.13", "--jsonl"]), format!("{{}}\n{LINES}[1\n").as_bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines.len(), 9);
    assert!(lines[0].starts_with(r#"{"invalid": "#) && lines[8].starts_with(r#"{"invalid": "#), "{text}");
    assert!(lines[1].contains(r#""groups": 1, "groupindex": [["a", 1]], "warnings": []}"#), "{text}");
    assert_eq!(
        lines[5],
        r#"{"error": {"type": "OverflowError", "msg": "the repetition number is too large"}, "warnings": []}"#
    );
    let last_line = fed(&mut sre(&["compile", "--jsonl"]), br#"{"kind": "str", "pattern": "", "flags": 0}"#);
    assert_eq!(last_line.status.code(), Some(0));
    assert!(last_line.stdout.ends_with(b"}\n"));
}

fn what_python_writes_is_what_we_write_byte_for_byte() -> Result<(), Missing> {
    let found = common::python3()?;
    let (major, minor, patch) = found.info.version;
    let version = format!("{major}.{minor}.{patch}");
    let mut python = Command::new(&found.path);
    python.args(["-I", "-S", "-c", sre_oracle::PYTHON_SOURCE]);
    let cpython = fed(&mut python, LINES.as_bytes()).stdout;
    let info_ends = cpython.iter().position(|&byte| byte == b'\n').unwrap();
    let rust = fed(&mut sre(&["compile", "--python", &version, "--jsonl"]), LINES.as_bytes()).stdout;
    let (rust, cpython) =
        (String::from_utf8(rust).unwrap(), String::from_utf8(cpython[info_ends + 1..].to_vec()));
    assert_eq!(rust, cpython.unwrap());
    Ok(())
}

fn a_line_that_is_cut_off_at_the_end_is_left_out_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cases.jsonl");
    let compare = |text: &str| {
        std::fs::write(&file, text).unwrap();
        sre(&["memory", "--python", "none", "--format", "json", "--jsonl", file.to_str().unwrap()])
            .output()
            .unwrap()
    };
    let line = r#"{"kind": "str", "pattern": "a", "flags": 0}"#;
    for (text, is_skipped) in [(format!("{line}\n{}", &line[..30]), true), (format!("{line}\n{line}"), false)]
    {
        let output = compare(&text);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_eq!(stderr.contains("cases.jsonl:2: skipped the truncated last line"), is_skipped, "{stderr}");
    }
    let output = compare(&format!("{}\n{line}\n", &line[..30]));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

fn dis_prints_the_tree_a_blank_line_and_the_code() {
    let output = sre(&["dis", "--python", "3.13", "a"]).output().unwrap();
    let text = "LITERAL 97\n\n 0. INFO 8 0b11 1 1 (to 9)\n      prefix_skip 1\n";
    assert!(output.stdout.starts_with(text.as_bytes()), "{output:?}");
    let output = sre(&["dis", "--spans", "--", "-e*"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = sre(&["dis", "(?<=a*)"]).output().unwrap();
    assert!(output.stdout.starts_with(b"ASSERT -1\n") && output.status.code() == Some(2), "{output:?}");
}

fn dis_as_json_has_the_lines_of_the_text_with_their_words_and_spans() {
    let json = |arguments: &[&str]| -> Value {
        let output = sre(arguments).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {output:?}"))
    };
    let pattern = "(?P<n>ab*)|[c-e]";
    let object = json(&["dis", "--target", "3.13", "--format", "json", pattern]);
    let text = sre(&["dis", "--target", "3.13", pattern]).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    let (tree, dis) = (object["tree"].as_str().unwrap(), object["dis"].as_str().unwrap());
    assert_eq!(format!("{tree}\n{dis}"), text);
    assert!(object["target"].as_str().unwrap().starts_with("3.13."), "{}", object["target"]);
    assert_eq!(object["groupindex"], json!([["n", 1]]));
    let instructions = object["instructions"].as_array().unwrap();
    assert_eq!(instructions.len(), dis.lines().count());
    for (instruction, line) in instructions.iter().zip(dis.lines()) {
        assert!(line.contains(instruction["text"].as_str().unwrap()), "{line}: {instruction}");
        let Some(word) = instruction["word"].as_u64() else { continue };
        assert!(line.trim_start().starts_with(&word.to_string()), "{line}: {instruction}");
    }
    let of_b = instructions.iter().find(|instruction| instruction["span"] == json!([7, 8])).unwrap();
    assert!(of_b["op"] == "LITERAL" && of_b["text"].as_str().unwrap().ends_with("('b')"), "{of_b}");

    let output = sre(&["dis", "--format", "json", "a("]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let object = json(&["dis", "--format", "json", "a("]);
    assert_eq!(object["error"]["pos"], 1);
    assert!(object.get("instructions").is_none(), "{object}");
}

fn explain_draws_a_caret_below_a_refused_pattern() {
    let output = sre(&["explain", "--pythons", "none", "ab(c"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let drawn =
        "  refused    error: missing ), unterminated subpattern\n             ab(c\n               ^\n";
    assert!(text.contains(drawn), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

fn a_divergence_names_the_case_file_that_it_is_from() -> Result<(), Missing> {
    let python = common::python3()?;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plain.case"), "str -\nab").unwrap();
    std::fs::write(folder.path().join("possessive.case"), "str -\nxa++b").unwrap();
    let other = if python.info.version >= (3, 11, 0) { "3.9" } else { "3.13" };
    let mut command = sre(&["compare", "--target", other, "--pythons"]);
    let output = command.arg(&python.path).arg(folder.path()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let file = text.lines().find_map(|line| line.strip_prefix("  file       "));
    assert!(file.is_some_and(|file| file.ends_with("possessive.case")), "{text}");
    Ok(())
}

fn an_empty_folder_is_a_failure_of_the_replay() {
    let folder = std::env::temp_dir().join(format!("sre-empty-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let output = sre(&["corpus", "test", folder.to_str().unwrap()]).output().unwrap();
    std::fs::remove_dir(&folder).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("contains no cases"));
}

#[cfg(unix)]
fn a_python_on_the_path_is_found_unless_it_is_a_shim_of_pyenv() -> Result<(), Missing> {
    let python = common::pythons()?.remove(0);
    let root = tempfile::tempdir().unwrap();
    for (folder, found) in [("bin", true), ("shims", false)] {
        let folder = root.path().join(folder);
        std::fs::create_dir(&folder).unwrap();
        std::os::unix::fs::symlink(&python.path, folder.join("python3")).unwrap();
        let mut command = sre(&["pythons"]);
        for variable in ["SRE_PYTHONS", "UV_PYTHON_INSTALL_DIR", "XDG_DATA_HOME"] {
            command.env_remove(variable);
        }
        let home = root.path();
        let output = command.env("HOME", home).env("PYENV_ROOT", home).env("PATH", &folder).output().unwrap();
        let listed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(listed.contains(&*python.path.to_string_lossy()), found, "{listed}");
    }
    Ok(())
}

sre_test_support::tests! {
    the_version_says_what_the_program_was_built_from,
    exit_statuses_are_as_documented,
    json_lines_are_answered_in_order_and_malformed_ones_in_their_place,
    what_python_writes_is_what_we_write_byte_for_byte,
    a_line_that_is_cut_off_at_the_end_is_left_out_and_told,
    dis_prints_the_tree_a_blank_line_and_the_code,
    dis_as_json_has_the_lines_of_the_text_with_their_words_and_spans,
    explain_draws_a_caret_below_a_refused_pattern,
    a_divergence_names_the_case_file_that_it_is_from,
    an_empty_folder_is_a_failure_of_the_replay,
    #[cfg(unix)]
    a_python_on_the_path_is_found_unless_it_is_a_shim_of_pyenv,
}
