use sre_compiler::Flags;
use sre_oracle::Candidates;

use super::*;
use crate::run::Interpreter;
use crate::stats::InputResult;

/// Reports every case with a look-behind, and panics at repeats.
struct Fussy;

impl Check for Fussy {
    fn check(&mut self, input: &Input, depth: Depth) -> Result<InputResult, Finding> {
        let case = &input.case;
        let text = String::from_utf8_lossy(&case.encode()).into_owned();
        assert!(!text.contains("(?<!"), "{text}");
        let (kind, signature) = match depth {
            Depth::Full => (Kind::Divergence, "tree"),
            _ => (Kind::Divergence, "code"),
        };
        match text.contains("(?<=") {
            false => Ok(InputResult::AcceptedAlike),
            true => Err(Finding {
                kind,
                signature: signature.to_owned(),
                causes: Some(Box::new(Candidates {
                    direct: vec![format!("_{signature} in re/_parser.py")],
                    indirect: Vec::new(),
                })),
                input: input.clone(),
                found_as: None,
                commands: None,
                report: "a report".into(),
            }),
        }
    }

    fn reset(&mut self) {}

    fn target(&self) -> &'static str {
        "fussy"
    }

    fn python(&self) -> Option<Interpreter> {
        Some(Interpreter { version: "3.11.7".to_owned(), path: Some("/it's/python3.11".into()) })
    }
}

fn found(pattern: &str, depth: Depth) -> Finding {
    let input = Input { case: Case::str(pattern, Flags::IGNORECASE), from_grammar: true };
    guarded(&mut Fussy, &input, depth).expect_err("it finds something")
}

#[test]
fn a_finding_of_any_depth_is_minimized() {
    for depth in [Depth::Shallow, Depth::Full] {
        let large = found("x(it's|(?<=long)er)+[a-z]", depth);
        let small = smallest(&mut Fussy, large);
        assert_eq!(small.input.case, Case::str("(?<=", Flags::empty()));
        assert_eq!(small.found_as.map(|case| case.len()), Some(25));
    }
}

#[test]
fn a_panic_is_a_finding() {
    let small = smallest(&mut Fussy, found("(a|b)(?<!c)", Depth::Sampled));
    assert_eq!((small.kind, small.input.case), (Kind::Panic, Case::str("(?<!", Flags::empty())));
    assert!(small.signature.contains("tests.rs:"), "{}", small.signature);
}

#[test]
fn a_finding_is_written_with_case_report_and_commands() {
    let folder = tempfile::tempdir().expect("a folder");
    let small = smallest(&mut Fussy, found("it's (?<=long)er", Depth::Shallow));
    let written = super::folder(&small, folder.path());
    write(&Fussy, &small, &written);
    let read = |name: &str| std::fs::read_to_string(written.join(name)).expect("it was written");
    // The name is the same in every build, and is that of the cause found at full depth.
    assert_eq!(folder_name(&small), "unknown-divergence-tree-in-re-parser-py-00157cae");
    assert_eq!(read("minimal.case"), "str -\n(?<=");
    assert_eq!(read("found-as.case"), "str i\nit's (?<=long)er");
    assert!(read("report.txt").starts_with("sre-fuzz: unknown divergence: code\n"));
    let python = r"'/it'\''s/python3.11'";
    let shown = format!(r"{python} -I -c 'import re; re.compile('\''(?<='\'', re.DEBUG)'");
    assert!(read("show.sh").contains(&shown), "{}", read("show.sh"));
    let file = quote(&written.join(CASE).to_string_lossy());
    let compared = format!("--bin sre -- compare --debug --pythons {python} {file}\n");
    assert!(read("show.sh").ends_with(&compared), "{}", read("show.sh"));
    let memory = Finding { kind: Kind::Retained, ..small };
    let replayed = commands(&Fussy, &memory, &written.join(CASE));
    assert!(replayed.ends_with(&format!("--bin fussy -- {file}\n")), "{replayed}");
}
