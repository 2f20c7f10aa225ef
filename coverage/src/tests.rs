//! Tests of the check against the list, and of reading counters.

use std::fs;

use sre_compiler::Dialect;

use super::*;

const SOURCE: &str = "\
def f(x):
    if x:
        a()
    else:
        b()
    c()
";

/// A function of six lines, of which those in `reached` are reached.
fn subject(reached: &[usize], outcomes: &[Kind]) -> Subject {
    let site = |line: usize, kind, text: &str, reached| Site {
        module: "m".to_owned(),
        function: "f".to_owned(),
        line,
        text: text.to_owned(),
        kind,
        reached,
        first: None,
    };
    let lines = SOURCE.lines().zip(1..).filter(|(_, line)| [2, 3, 5, 6].contains(line));
    let mut sites: Vec<Site> =
        lines.map(|(text, line)| site(line, Kind::Line, text.trim(), reached.contains(&line))).collect();
    sites.extend([Kind::True, Kind::False].map(|kind| site(2, kind, "x", outcomes.contains(&kind))));
    Subject {
        name: "3.13.0".to_owned(),
        dialect: Dialect::from_version(3, 13, 0),
        sources: [("m".to_owned(), SOURCE.to_owned())].into(),
        sites,
        texts: Vec::new(),
        words: Vec::new(),
    }
}

fn problems(subject: Subject, list: &str) -> Vec<String> {
    let unreached = Unreached::parse(list).expect("a valid list");
    Coverage::new(vec![subject], &unreached).problems.iter().map(|problem| problem.to_string()).collect()
}

#[test]
fn a_site_that_is_neither_reached_nor_listed_is_a_problem() {
    let all = || subject(&[2, 3, 5, 6], &[Kind::True, Kind::False]);
    assert!(problems(all(), "").is_empty());
    let half = || subject(&[2, 5, 6], &[Kind::False]);
    assert_eq!(
        problems(half(), ""),
        [
            "neither reached nor listed: 3.13.0 m:3 f :: a()",
            "neither reached nor listed: 3.13.0 m:2 f :: x -> true"
        ]
    );
    for list in ["3.13 :: f :: if x: … :: why", "3.8.. :: f :: a() :: why\n3.8.. :: f :: x -> true :: why"]
    {
        assert!(problems(half(), list).is_empty(), "{list}");
        assert!(!problems(all(), list).is_empty(), "{list}: reached after all");
    }
    // The block below the line does not include its `else`.
    assert_eq!(
        problems(subject(&[2, 3, 6], &[Kind::True, Kind::False]), "3.13 :: f :: if x: … :: why"),
        [
            "listed in line 1, but reached: 3.13.0 m:3 f :: a()",
            "neither reached nor listed: 3.13.0 m:5 f :: b()"
        ]
    );
    assert!(problems(subject(&[], &[]), "3.13 :: f :: * :: why").is_empty());
}

#[test]
fn an_entry_must_cover_a_site() {
    let all = || subject(&[2, 3, 5, 6], &[Kind::True, Kind::False]);
    assert_eq!(
        problems(all(), "3.13 :: f :: d() :: why"),
        ["listed in line 1, but not in any source: f :: d()"]
    );
    assert!(problems(all(), "3.12 :: f :: d() :: of another version").is_empty());
    assert!(problems(all(), "rust :: f :: d() :: of another compiler").is_empty());
    for bad in
        ["3.13 :: f :: a()", "3.13 :: f :: a() :: ", "3.13 :: f :: a() :: b :: c", "4.0 :: f :: a() :: why"]
    {
        assert!(Unreached::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_counters_of_an_instrumented_build_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (source, counts) = (folder.path().join("a.rs"), folder.path().join("a.lcov"));
    fs::write(&source, "fn f() {\n    if x {\n    }\n    g()\n}\n").expect("written");
    let elsewhere = "SF:/elsewhere/b.rs\nDA:1,1\nend_of_record\n";
    let here = "DA:1,7\nDA:2,7\nDA:3,0\nDA:4,0\nBRDA:2,0,0,-\nBRDA:2,0,1,7\nend_of_record\n";
    fs::write(&counts, format!("{elsewhere}SF:{}\n{here}", source.to_string_lossy())).expect("written");
    let subject = rust(&counts, folder.path()).expect("read");
    let sites: Vec<_> =
        subject.sites.iter().map(|site| (site.line, site.kind.name(), site.reached)).collect();
    assert_eq!(
        sites,
        [(1, "line", true), (2, "line", true), (4, "line", false), (2, "true", false), (2, "false", true)]
    );
    assert_eq!(subject.sites[1].text, "if x {");
    assert!(super::rust(&counts, &folder.path().join("other")).is_err());
    fs::write(&counts, "SF:/elsewhere/b.rs\nend_of_record\n").expect("written");
    assert!(super::rust(&counts, folder.path()).is_err());
}
