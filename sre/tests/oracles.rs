//! The embedded interpreter and a child process of the same version say the same.
#![allow(clippy::unwrap_used)] // also outside of #[test]
use std::ffi::CString;
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;
use sre_case::{Case, Oracle, Outcome};
use sre_compiler::Flags;
use sre_generate::Generator;
use sre_oracle::{
    Embedded, Options, Reference, RustCompiler, Verdict, Worker, compare, compare_all, pythons,
};
use sre_test_support::{Missing, Prerequisite};

fn embedded_and_worker_agree() -> Result<(), Missing> {
    let mut embedded = Embedded::new().unwrap();
    let version = embedded.info().label();
    let same = Prerequisite::Python.require(pythons::select(&[version]).ok())?;
    let mut worker = Worker::start(&same[0].path).unwrap();
    embedded.set_debug(true);
    worker.set_debug(true);
    let mut generator = Generator::new(7);
    let cases: Vec<Case> = (0..300).map(|_| generator.case()).collect();
    for ((case, rust), cpython) in cases.iter().zip(embedded.outcomes(&cases)).zip(worker.outcomes(&cases)) {
        assert_eq!(rust, cpython, "{case:?}");
    }
    Ok(())
}

fn the_embedded_interpreter_is_known_by_its_sources() -> Result<(), Missing> {
    let embedded = Embedded::new().unwrap();
    let same = pythons::probe(&Prerequisite::Python.require(embedded.executable())?).unwrap();
    assert!(embedded.sources().is_some());
    assert_eq!(embedded.sources(), same.sources);
    assert_eq!(embedded.warning().is_some(), same.warning().is_some());
    // Of another parser it says so.
    let parser = if same.info.version >= (3, 11, 0) { "re._parser" } else { "sre_parse" };
    let run = |line: &str| {
        let code =
            CString::new(format!("import {parser} as parser; loader = parser.__spec__.loader; {line}"));
        Python::attach(|py| py.run(&code.unwrap(), None, None)).unwrap();
    };
    run("loader.get_data = lambda path: b''");
    let warning = embedded.warning();
    run("del loader.get_data");
    let label = same.info.label();
    assert!(warning.unwrap().starts_with(&format!("Python {label}, embedded: its sources of re are")));
    Ok(())
}

fn two_jobs_share_the_cases_and_tell_what_they_cost() {
    let mut generator = Generator::new(8);
    let cases: Vec<Case> = (0..1000).map(|_| generator.case()).collect();
    let options = Options { jobs: 2, debug: false, time_limit: Duration::from_secs(30), dialect: None };
    let stats = compare_all(&Reference::Embedded, options, cases.into_iter(), &|_| ()).unwrap();
    assert_eq!((stats.compared, stats.accepted + stats.rejected), (1000, 1000), "{stats:?}");
    assert!(stats.cost.reference > Duration::ZERO && stats.cost.everything > stats.cost.reference);
    assert!(stats.cost.everything < stats.elapsed * 4, "{stats:?}");
}

fn threads_that_share_the_interpreter_get_their_own_warnings() {
    Embedded::new().unwrap();
    // The interpreter switches threads as often as possible.
    Python::attach(|py| py.import("sys")?.call_method1("setswitchinterval", (1e-6,)).map(drop)).unwrap();
    thread::scope(|scope| {
        for pattern in ["[[a]", "[a||b]"] {
            scope.spawn(move || {
                let case = Case::str(pattern, Flags::empty());
                let mut embedded = Embedded::new().unwrap();
                let mut rust = RustCompiler::new(embedded.info().dialect().unwrap());
                for _ in 0..500 {
                    assert_eq!(embedded.outcome(&case), rust.outcome(&case));
                }
            });
        }
    });
}

fn a_wrong_word_is_told_with_its_place() {
    let mut embedded = Embedded::new().unwrap();
    let info = embedded.info().clone();
    let dialect = info.dialect().unwrap();
    let case = Case::str("ab[c-e]+", Flags::empty());
    let cpython = embedded.outcome(&case);
    let Outcome::Accepted(mut accepted) = cpython.clone() else { panic!("{cpython:?}") };
    let range = accepted.code.iter().position(|&word| word == u32::from('e')).unwrap();
    accepted.code[range] += 1;
    let rust = Outcome::Accepted(accepted);
    let Verdict::Divergent(divergence) = compare(&case, &info, dialect, &rust, &cpython) else {
        panic!("the same")
    };
    assert_eq!(divergence.signature, "code: IN, RANGE with other arguments");
    let report = sre_oracle::Report { divergence: &divergence, program: "sre", recorded: None }.to_string();
    let marked: Vec<&str> = report.lines().filter(|line| line.contains("-->")).collect();
    assert_eq!(marked.len(), 1, "{report}");
    assert!(
        marked[0].contains("('c'-'f')") && marked[0].contains("| ") && marked[0].ends_with("('c'-'e')"),
        "{report}"
    );
    assert!(report.contains("re.compile('ab[c-e]+')") && report.contains("-e 'ab[c-e]+'"), "{report}");
}

sre_test_support::tests! {
    embedded_and_worker_agree,
    the_embedded_interpreter_is_known_by_its_sources,
    two_jobs_share_the_cases_and_tell_what_they_cost,
    threads_that_share_the_interpreter_get_their_own_warnings,
    a_wrong_word_is_told_with_its_place,
}
