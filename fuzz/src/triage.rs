//! What becomes of a finding: it is made small, and put into a folder of its own.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use sre_oracle::minimize::minimize;
use sre_oracle::visible::Shown;
use sre_oracle::{Case, atomic_file};

use crate::finding::{Finding, Kind};
use crate::input::Input;
use crate::session::{Check, Depth, guarded};

/// How often a smaller case is tried, and for how long: libFuzzer takes what lasts too long for a hang.
const TRIES: usize = 2000;
const TIME: Duration = Duration::from_secs(8);

/// The same finding with the smallest case that still shows it; as it is if it does not show again.
pub(crate) fn smallest(checks: &mut impl Check, finding: Finding) -> Finding {
    let mut again = |case: &Case, depth| {
        let input = Input { case: case.clone(), from_grammar: false };
        guarded(checks, &input, depth).err().filter(|found| found.name() == finding.name())
    };
    // A divergence of the code is one of the tree where that is looked at.
    let shows = |depth: &Depth| again(&finding.input.case, *depth).is_some();
    let Some(depth) = [Depth::Shallow, Depth::Full].into_iter().find(shows) else { return finding };
    let start = Instant::now();
    let mut smallest = None;
    minimize(&finding.input.case, TRIES, &mut |case| {
        let found = if start.elapsed() < TIME { again(case, depth) } else { None };
        let shows = found.is_some();
        smallest = found.or(smallest.take());
        shows
    });
    match smallest {
        Some(found) => Finding { found_as: Some(Box::new(finding.input.case)), ..found },
        None => finding,
    }
}

/// The file of the smallest case.
const CASE: &str = "minimal.case";

/// Puts it into a folder: the case, the report, and what to type to see it.
pub(crate) fn keep(checks: &impl Check, finding: &Finding, folder: &Path) {
    let folder = folder.join(folder_name(finding));
    let commands = commands(checks, finding);
    let write = || {
        std::fs::create_dir_all(&folder)?;
        let file = |case: &Case| case.to_file().map_err(io::Error::other);
        let found_as = finding.found_as.as_ref().map(|case| file(case)).transpose()?;
        let found_as = found_as.map(|bytes| ("found-as.case", bytes));
        let files = [
            ("report.txt", format!("{finding}\n").into_bytes()),
            ("show.sh", format!("#!/bin/sh\ncd \"$(dirname \"$0\")\"\n{commands}").into_bytes()),
            (CASE, file(&finding.input.case)?),
        ];
        files
            .iter()
            .chain(&found_as)
            .try_for_each(|(name, bytes)| atomic_file::write(&folder.join(name), bytes))
    };
    if let Err(error) = write() {
        eprintln!("sre-fuzz: {}: {error}", folder.shown());
    }
}

/// Readable, and of its own for each signature.
fn folder_name(finding: &Finding) -> String {
    let name = finding.name();
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let mut words = String::new();
    for c in name.chars().take(80) {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => words.push(c.to_ascii_lowercase()),
            _ if words.ends_with('-') => {}
            _ => words.push('-'),
        }
    }
    format!("{}-{:08x}", words.trim_end_matches('-'), hasher.finish() as u32)
}

/// What shows it: both compilers where they differ, else the target itself.
fn commands(checks: &impl Check, finding: &Finding) -> String {
    match checks.python() {
        Some(version) if matches!(finding.kind, Kind::Divergence | Kind::Panic | Kind::Lost) => {
            let program = format!("import re; {:?}", finding.input.case).replace('\'', r"'\''");
            format!("# CPython {version}:\npython3 -c '{program}'\nsre compare --pythons {version} {CASE}\n")
        }
        _ => format!("cargo run --quiet --package sre-fuzz --bin {} -- {CASE}\n", checks.target()),
    }
}

#[cfg(test)]
mod tests {
    use sre_compiler::Flags;

    use super::*;
    use crate::figures::Ending;

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

        fn python(&self) -> Option<String> {
            Some("3.11.7".to_owned())
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
        assert!(small.signature.contains("triage.rs:"), "{}", small.signature);
    }

    #[test]
    fn it_is_kept_with_all_that_one_needs() {
        let folder = tempfile::tempdir().expect("a folder");
        let small = smallest(&mut Fussy, found("it's (?<=long)er", Depth::Shallow));
        keep(&Fussy, &small, folder.path());
        let kept = folder.path().join(folder_name(&small));
        let read = |name: &str| std::fs::read_to_string(kept.join(name)).expect("it was written");
        assert!(folder_name(&small).starts_with("unknown-divergence-code-"), "{}", folder_name(&small));
        assert_eq!(read("minimal.case"), "str -\n(?<=");
        assert_eq!(read("found-as.case"), "str i\nit's (?<=long)er");
        assert!(read("report.txt").starts_with("sre-fuzz: unknown divergence: code\n"));
        let python = "\npython3 -c 'import re; re.compile('\\''(?<='\\'')'\n";
        assert!(read("show.sh").contains(python), "{}", read("show.sh"));
        assert!(read("show.sh").ends_with("\nsre compare --pythons 3.11.7 minimal.case\n"));
        let memory = Finding { kind: Kind::Retained, ..small };
        assert_eq!(
            commands(&Fussy, &memory),
            "cargo run --quiet --package sre-fuzz --bin fussy -- minimal.case\n"
        );
    }
}
