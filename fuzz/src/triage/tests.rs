#[cfg(unix)]
#[path = "../../../sre/tests/common/patched.rs"]
mod patched;

use sre_compiler::Flags;

use super::*;
use crate::run::Interpreter;
use crate::stats::Ending;

/// Finds every case with a look-behind wrong, panics at repeats, and knows nothing else.
struct Fussy;

impl Check for Fussy {
    fn check(&mut self, input: &Input, depth: Depth) -> Result<Ending, Finding> {
        let case = &input.case;
        let text = String::from_utf8_lossy(&case.encode()).into_owned();
        assert!(!text.contains("(?<!"), "{text}");
        let (kind, signature) = match depth {
            Depth::Full => (Kind::Divergence, "tree"),
            _ => (Kind::Divergence, "code"),
        };
        match text.contains("(?<=") {
            false => Ok(Ending::AcceptedAlike),
            true => Err(Finding {
                kind,
                signature: signature.to_owned(),
                input: input.clone(),
                found_as: None,
                report: "all that is known".to_owned(),
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
fn a_finding_is_made_small_whatever_depth_it_showed_at() {
    for depth in [Depth::Shallow, Depth::Full] {
        let large = found("x(it's|(?<=long)er)+[a-z]", depth);
        let small = smallest(&mut Fussy, large);
        assert_eq!(small.input.case, Case::str("(?<=", Flags::empty()));
        assert_eq!(small.found_as.map(|case| case.len()), Some(25));
    }
}

#[test]
fn a_panic_is_a_finding_too() {
    let small = smallest(&mut Fussy, found("(a|b)(?<!c)", Depth::Sampled));
    assert_eq!((small.kind, small.input.case), (Kind::Panic, Case::str("(?<!", Flags::empty())));
    assert!(small.signature.contains("tests.rs:"), "{}", small.signature);
}

#[test]
fn it_is_kept_with_all_that_one_needs() {
    let folder = tempfile::tempdir().expect("a folder");
    let small = smallest(&mut Fussy, found("it's (?<=long)er", Depth::Shallow));
    keep(&Fussy, &small, folder.path());
    let kept = folder.path().join(folder_name(&small));
    let read = |name: &str| std::fs::read_to_string(kept.join(name)).expect("it was written");
    // The same name in every build: another would keep the same finding twice.
    assert_eq!(folder_name(&small), "unknown-divergence-code-d0059d9a");
    assert_eq!(read("minimal.case"), "str -\n(?<=");
    assert_eq!(read("found-as.case"), "str i\nit's (?<=long)er");
    assert!(read("report.txt").starts_with("sre-fuzz: unknown divergence: code\n"));
    let python = r"'/it'\''s/python3.11'";
    let shown = format!(r"{python} -I -c 'import re; re.compile('\''(?<='\'', re.DEBUG)'");
    assert!(read("show.sh").contains(&shown), "{}", read("show.sh"));
    let file = quote(&kept.join(CASE).to_string_lossy());
    let compared = format!("--bin sre -- compare --debug --pythons {python} {file}\n");
    assert!(read("show.sh").ends_with(&compared), "{}", read("show.sh"));
    let memory = Finding { kind: Kind::Retained, ..small };
    let replayed = commands(&Fussy, &memory, &kept.join(CASE));
    assert!(replayed.ends_with(&format!("--bin fussy -- {file}\n")), "{replayed}");
}

/// What is wrong of a patched interpreter.
#[cfg(unix)]
struct Defective(Interpreter);

#[cfg(unix)]
impl Check for Defective {
    fn check(&mut self, _: &Input, _: Depth) -> Result<Ending, Finding> {
        Ok(Ending::AcceptedAlike)
    }

    fn reset(&mut self) {}

    fn target(&self) -> &'static str {
        "compile"
    }

    fn python(&self) -> Option<Interpreter> {
        Some(self.0.clone())
    }
}

/// Runs what cargo builds of this checkout, which takes its time where that is not built yet.
#[cfg(unix)]
#[test]
fn the_commands_that_are_kept_show_the_divergence() {
    use std::process::Command;

    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path().join("it's");
    let Some(patched) = patched::patched(&here.join("py")) else {
        eprintln!("skipped: no interpreter has its library beside it");
        return;
    };
    let version = patched.original.hello.label();
    let mut checks = Defective(Interpreter { version, path: Some(patched.path) });
    let input = Input { case: Case::str("q'\\\\[a]", Flags::IGNORECASE), from_grammar: true };
    assert!(checks.check(&input, Depth::Full).is_ok());
    let (signature, report) = ("code".to_owned(), String::new());
    let mut finding = Finding { kind: Kind::Divergence, signature, input, found_as: None, report };
    keep(&checks, &finding, &here);
    let script = here.join(folder_name(&finding)).join("show.sh");
    let run = |script: &Path| Command::new("sh").arg(script).current_dir("/").output().expect("sh runs");
    let shown = run(&script);
    let text = String::from_utf8_lossy(&shown.stdout);
    assert_eq!(shown.status.code(), Some(2), "{shown:?}");
    // What the interpreter itself prints, and then what differs.
    let (debug, report) = text.split_once("re.compile(").expect("both parts");
    assert!(debug.contains("0x72 ('r')") && report.contains("signature  tree: "), "{text}");
    // A finding that is not about an interpreter is replayed by its target, which finds nothing here.
    finding.kind = Kind::Retained;
    keep(&checks, &finding, &here);
    let replayed = run(&here.join(folder_name(&finding)).join("show.sh"));
    assert_eq!(replayed.status.code(), Some(0), "{replayed:?}");
    assert!(String::from_utf8_lossy(&replayed.stdout).contains("1 of 1 file,"), "{replayed:?}");
}
