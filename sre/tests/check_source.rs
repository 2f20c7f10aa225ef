//! `sre check --source` over a standard library: no false report.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::process::Command;

use serde_json::Value;
use sre_case::{Case, Oracle, Outcome, wire};
use sre_oracle::pythons::Python;
use sre_oracle::{Worker, pythons};
use sre_test_support::{Missing, Prerequisite, fed};

/// A 3.13 and the folder of its library, one that has tests if there is one.
fn library() -> Option<(Python, String)> {
    let found = pythons::find();
    let libraries = found.into_iter().filter(|python| python.dialect.is_ok() && python.info.version.1 == 13);
    let with_folder = libraries.filter_map(|python| {
        let code = "import os; print(os.path.dirname(os.__file__), end='')";
        let output = Command::new(&python.path).args(["-I", "-S", "-c", code]).output().ok()?;
        Some((python, String::from_utf8(output.stdout).ok()?))
    });
    with_folder.max_by_key(|(_, folder)| std::path::Path::new(folder).join("test/test_re.py").exists())
}

/// What the interpreter says is what the report says.
fn agrees(answer: &Value, outcome: &Outcome) -> bool {
    let warned =
        outcome.warnings().iter().map(|warning| (warning.category.clone(), warning.text.to_string()));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let reported = answer["warnings"].as_array().unwrap().iter();
    let same_warnings =
        warned.eq(reported.map(|warning| (text(&warning["category"]), text(&warning["text"]))));
    let same_verdict = match outcome {
        Outcome::Accepted(_) => answer["accepted"] == true && answer.get("error").is_none(),
        Outcome::Rejected(rejected) => {
            let error = &answer["error"];
            let place = [rejected.pos, rejected.lineno, rejected.colno];
            answer["accepted"] == false
                && error["type"] == rejected.exception
                && error["msg"] == rejected.message.to_string()
                && [&error["pos"], &error["lineno"], &error["colno"]].map(Value::as_i64) == place
        }
        Outcome::NoAnswer { .. } => false,
    };
    same_warnings && same_verdict
}

fn each_literal_of_the_standard_library_compiles_or_fails_as_cpython_says() -> Result<(), Missing> {
    let (python, folder) = Prerequisite::Python313.require(library())?;
    let version = python.info.version;
    let output = Command::new(env!("CARGO_BIN_EXE_sre"))
        .args([
            "check",
            "--isolated",
            "--no-gitignore",
            "--exclude=none",
            "--format",
            "json",
            "--skipped",
            "--target",
        ])
        .arg(format!("3.{}.{}", version.1, version.2))
        .args(["--source", &folder])
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let entries: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let reports: Vec<&Value> = entries.iter().filter(|entry| entry.get("case").is_some()).collect();
    let refused = reports.iter().filter(|report| report["accepted"] == false).count();
    assert_eq!(output.status.code(), Some(if refused > 0 { 2 } else { 0 }));
    assert!(reports.len() > 200, "{}", reports.len());

    let case = |report: &&Value| wire::parse_request(report["case"].to_string().as_bytes()).unwrap().case;
    let cases: Vec<Case> = reports.iter().map(case).collect();
    let outcomes = Worker::start(&python.path).unwrap().outcomes(&cases);
    for (report, outcome) in reports.iter().zip(&outcomes) {
        assert!(agrees(&report["answers"][0], outcome), "{report:#}\n{outcome:?}");
    }
    let mut confirmation = Command::new(&python.path);
    confirmation.args(["-I", "-W", "ignore", "-c", include_str!("check_literals.py")]);
    let confirmation = fed(&mut confirmation, lines.as_bytes());
    let said = String::from_utf8_lossy(&confirmation.stdout);
    assert!(confirmation.status.success(), "{said}");
    let mut numbers = said.split_whitespace().filter_map(|word| word.parse::<usize>().ok());
    let (confirmed, named) = (numbers.next().unwrap(), numbers.next().unwrap());
    assert!(confirmed + named == reports.len() && named * 3 < confirmed, "{said}");
    eprintln!("{}: {} literals alike, {refused} of them refused; {said}", python.info.label(), reports.len());
    eprintln!("{}", lines.lines().last().unwrap());
    Ok(())
}

sre_test_support::tests! { each_literal_of_the_standard_library_compiles_or_fails_as_cpython_says }
