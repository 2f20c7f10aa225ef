//! `sre check` of projects: formats, settings, suppressed findings, fixes.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const SOURCE: &str = "import re\nNAME = 'é\\N{EM DASH}++'\nre.compile(NAME + 'x')\nre.compile('a(?i)')\n\
    re.compile('(?i)\\u019b')\nre.compile('a', re.NOFLAG)\nre.compile('[[a]')\n";

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// Returns the exit status, standard output and standard error.
fn check(folder: &Path, arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut sre = Command::new(env!("CARGO_BIN_EXE_sre"));
    let output =
        sre_test_support::fed(sre.arg("check").args(arguments).current_dir(folder), input.as_bytes());
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn concise(folder: &Path, arguments: &[&str]) -> String {
    check(
        folder,
        &[&["--format", "concise", "--target", "3.10,3.13..3.14", "--source", "."], arguments].concat(),
        "",
    )
    .1
}

/// Line, column and code of each finding.
type Places = Vec<(u64, u64, String)>;

#[test]
fn every_format_has_the_same_findings_at_the_same_places() {
    let folder = project(&[("a.py", SOURCE)]);
    let run = |format: &str| {
        let arguments = ["--format", format, "--target", "3.10,3.13..3.14", "--source", "a.py"];
        let (status, out, err) = check(folder.path(), &arguments, "");
        assert_eq!((status, err.as_str()), (Some(2), ""), "{format}");
        out
    };
    let place = |line: &Value, column: &Value, code: &Value| {
        (line.as_u64().unwrap(), column.as_u64().unwrap(), code.as_str().unwrap().to_owned())
    };
    let expected: Places = [
        (2, 22, "SRE001"),
        (4, 14, "SRE003"),
        (4, 14, "SRE001"),
        (5, 12, "SRE002"),
        (6, 12, "SRE004"),
        (7, 14, "SRE003"),
    ]
    .map(|(line, column, code)| (line, column, code.to_owned()))
    .to_vec();
    let number = |text: &str| text.parse::<u64>().unwrap();
    let of_concise: Places = run("concise")
        .lines()
        .map(|line| {
            let mut parts = line.split([':', ' ']);
            assert_eq!(parts.next(), Some("a.py"));
            let (line, column) = (number(parts.next().unwrap()), number(parts.next().unwrap()));
            (line, column, parts.nth(1).unwrap().to_owned())
        })
        .collect();
    assert_eq!(of_concise, expected);
    let of_github: Places = run("github")
        .lines()
        .map(|line| {
            let after =
                |key: &str| line.split(key).nth(1).unwrap().split([',', ' ']).next().unwrap().to_owned();
            (number(&after("line=")), number(&after("col=")), after("title="))
        })
        .collect();
    assert_eq!(of_github, expected);
    let sarif: Value = serde_json::from_str(&run("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let of_sarif: Places = results
        .iter()
        .map(|result| {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            place(&region["startLine"], &region["startColumn"], &result["ruleId"])
        })
        .collect();
    assert_eq!(of_sarif, expected);
    let gitlab: Value = serde_json::from_str(&run("gitlab")).unwrap();
    let of_gitlab: Places = gitlab
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| {
            let begin = &issue["location"]["positions"]["begin"];
            place(&begin["line"], &begin["column"], &issue["check_name"])
        })
        .collect();
    assert_eq!(of_gitlab, expected);
    let junit = run("junit");
    let of_junit: Places = junit
        .split("<testcase ")
        .skip(1)
        .map(|case| {
            let after =
                |key: &str| case.split(key).nth(1).unwrap().split(['"', ' ']).next().unwrap().to_owned();
            (number(&after("line=\"")), number(&after("column=\"")), after("name=\""))
        })
        .collect();
    assert_eq!(of_junit, expected);
    let json = run("json");
    let entries: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut of_json: Places = Vec::new();
    for entry in entries.iter().filter(|entry| entry.get("case").is_some()) {
        for answer in entry["answers"].as_array().unwrap() {
            let warnings = answer["warnings"].as_array().unwrap();
            for item in [&answer["error"], &answer["differs"]].into_iter().chain(warnings) {
                if item["code"].is_string() {
                    let own = item["line"].is_number();
                    let at = if own { item } else { entry };
                    of_json.push(place(&at["line"], &at["column"], &item["code"]));
                }
            }
        }
    }
    let sorted = |mut places: Places| {
        places.sort();
        places.dedup();
        places
    };
    assert_eq!(sorted(of_json), sorted(expected));
}

#[test]
fn findings_are_suppressed_by_settings() {
    let folder = project(&[
        (
            "pyproject.toml",
            "[project]\nrequires-python = '>=3.10,<3.14'\n[tool.sre]\nextend-exclude = ['gen']\n\
            [tool.sre.per-file-ignores]\n'tests/*' = ['SRE001']\n",
        ),
        ("a.py", "import re\nre.compile('a++')\n"),
        ("tests/b.py", "import re\nre.compile('a++')\n"),
        ("gen/c.py", "import re\nre.compile('a++')\n"),
        (".venv/d.py", "import re\nre.compile('a++')\n"),
        ("node_modules/e.py", "import re\nre.compile('a++')\n"),
        ("ignored/f.py", "import re\nre.compile('a++')\n"),
        (".gitignore", "ignored/\n"),
    ]);
    let names = |arguments: &[&str]| {
        let (_, out, _) = check(folder.path(), &[&["--format", "concise"], arguments].concat(), "");
        let mut names: Vec<String> =
            out.lines().map(|line| line.split(':').next().unwrap().to_owned()).collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(names(&["."]), "a.py");
    assert_eq!(names(&[".", "--no-gitignore"]), "a.py ignored/f.py");
    assert_eq!(names(&[".", "--exclude", "a.py"]), "node_modules/e.py");
    assert_eq!(names(&[".", "--extend-exclude", "a.py"]), "");
    assert_eq!(names(&[".", "--ignore", "SRE001"]), "");
    assert_eq!(names(&[".", "--isolated"]), "a.py gen/c.py tests/b.py");
    assert_eq!(names(&["gen/c.py", ".venv/d.py"]), ".venv/d.py gen/c.py", "given by name");
    assert_eq!(names(&["gen/c.py", ".venv/d.py", "a.py", "--force-exclude"]), "a.py");
    let (status, out, _) = check(folder.path(), &["."], "");
    assert_eq!(status, Some(2));
    assert!(out.contains("2 patterns for 3.10 to 3.13 (requires-python): 1 refused"), "{out}");
    assert!(out.contains("1 finding suppressed"), "{out}");
    let (status, _, err) = check(folder.path(), &[".", "--config", "nowhere.toml"], "");
    assert!(status == Some(1) && err.contains("nowhere.toml"), "{err}");
    fs::write(folder.path().join("pyproject.toml"), "[tool.sre]\nversion = '3.9'\n").unwrap();
    let (status, _, err) = check(folder.path(), &["."], "");
    assert!(status == Some(1) && err.contains("version") && err.contains("extend-exclude"), "{err}");
}

#[test]
fn a_baseline_lists_what_is_known() {
    let folder = project(&[("a.py", "import re\nre.compile('a++')\n")]);
    let (status, out, _) = check(folder.path(), &[".", "--write-baseline", "known.json"], "");
    assert_eq!((status, out.as_str()), (Some(0), "1 finding written to known.json\n"));
    let (status, out, err) = check(folder.path(), &[".", "--baseline", "known.json"], "");
    assert_eq!((status, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("0 findings suppressed, 1 in the baseline"), "{out}");
    fs::write(folder.path().join("a.py"), "import re\n\nre.compile('a++')\nre.compile('b++')\n").unwrap();
    let (status, out, _) =
        check(folder.path(), &[".", "--baseline", "known.json", "--format", "concise"], "");
    assert_eq!(status, Some(2));
    assert!(out.starts_with("a.py:4:15: SRE001 ") && out.lines().count() == 1, "{out}");
    fs::write(folder.path().join("a.py"), "import re\n").unwrap();
    let (_, _, err) = check(folder.path(), &[".", "--baseline", "known.json"], "");
    assert!(err.contains("1 of the baseline not found any more"), "{err}");
}

#[test]
fn editors_pass_files_on_standard_input() {
    let folder = project(&[(
        "pyproject.toml",
        "[tool.sre]\nversions = '3.10'\nper-file-ignores = { 'b.py' = ['SRE001'] }\n",
    )]);
    let run = |name: &str| {
        let arguments = ["--format", "concise", "--stdin-filename", name, "-"];
        check(folder.path(), &arguments, "import re\nre.compile('a++')\n")
    };
    let (status, out, _) = run("a.py");
    assert_eq!((status, out.as_str()), (Some(2), "a.py:2:15: SRE001 Python 3.10: error: multiple repeat\n"));
    assert_eq!(run("b.py").0, Some(0));
    let (status, out, _) = check(folder.path(), &["--format", "concise", "-"], "import re\n)\n");
    assert!(status == Some(1) && out.starts_with("<stdin>:2: SRE005 "), "{out}");
}

#[test]
fn fixes_are_shown_and_made() {
    let folder = project(&[("a.py", SOURCE), ("b.py", "import re\r\nre.compile(b'\\xe9(?s)')\r\n")]);
    let (_, out, _) =
        check(folder.path(), &["--target", "3.10..3.12", "--diff", "--format", "concise", "."], "");
    assert!(out.contains("-re.compile('a(?i)')\n+re.compile('(?i)a')\n"), "{out}");
    assert!(out.contains("-re.compile('[[a]')\n+re.compile('[\\\\[a]')\n"), "{out}");
    assert_eq!(fs::read_to_string(folder.path().join("a.py")).unwrap(), SOURCE);
    let (status, out, _) = check(folder.path(), &["--target", "3.10..3.12", "--fix", "."], "");
    assert_eq!(status, Some(2), "the possessive quantifier is left");
    assert!(out.contains("\n3 patterns fixed\n"), "{out}");
    let fixed = SOURCE.replace("a(?i)", "(?i)a").replace("[[a]", "[\\\\[a]");
    assert_eq!(fs::read_to_string(folder.path().join("a.py")).unwrap(), fixed);
    assert_eq!(fs::read(folder.path().join("b.py")).unwrap(), b"import re\r\nre.compile(b'(?s)\\xe9')\r\n");
    assert!(!concise(folder.path(), &[]).contains("fixable"));
}

#[test]
fn rules_are_explained() {
    let rule = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_sre")).arg("rule").args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (status, text) = rule(&["sre001"]);
    assert!(status == Some(0) && text.starts_with("SRE001 pattern-refused (error)\n"), "{text}");
    let (_, json) = rule(&["--all", "--format", "json"]);
    let rules: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rules.len(), 5);
    // Each example has a finding of its rule, and no other.
    for rule in rules {
        let source = format!("import re\n{}\n", rule["example"].as_str().unwrap());
        let folder = project(&[("a.py", &source)]);
        let target = rule["versions"].as_str().unwrap();
        let (_, out, _) = check(folder.path(), &["--format", "concise", "--target", target, "a.py"], "");
        let code = format!(": {} ", rule["code"].as_str().unwrap());
        assert!(out.lines().count() > 0 && out.lines().all(|line| line.contains(&code)), "{rule}: {out}");
    }
    assert_eq!(rule(&[]).0, Some(1));
    assert_eq!(rule(&["SRE999"]).0, Some(1));
}
