//! The output of a fuzzing run: libFuzzer's lines, and the reports, stats and causes of the target.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::files;

/// The relevant part of what libFuzzer and the target have printed so far.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct LibfuzzerLog {
    /// Number of executed inputs, including seeds.
    pub(crate) executions: u64,
    pub(crate) coverage: u64,
    /// Coverage that also counts how often edges are reached, and the coverage of CPython.
    pub(crate) features: u64,
    /// Number of inputs in the corpus.
    pub(crate) corpus: u64,
    /// The reports of the target: kind and signature.
    pub(crate) findings: Vec<(String, String)>,
    /// Number of reports of the leak sanitizer.
    pub(crate) leaks: u64,
    /// What else ended the run: `deadly signal`, `timeout`, `out-of-memory`.
    pub(crate) crash: Option<String>,
    /// The files with the inputs that ended it.
    pub(crate) artifacts: Vec<String>,
}

impl LibfuzzerLog {
    /// Reads one line.
    pub(crate) fn line(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("sre-fuzz: ") {
            if let Some((kind, signature)) = rest.split_once(": ") {
                let finding = (kind.to_owned(), signature.to_owned());
                if !self.findings.contains(&finding) {
                    self.findings.push(finding);
                }
            }
        } else if line.contains("ERROR: LeakSanitizer") {
            self.leaks += 1;
        } else if let Some((_, what)) = line.split_once("ERROR: libFuzzer: ") {
            self.crash.get_or_insert_with(|| what.split(" (").next().unwrap_or(what).trim().to_owned());
        } else if line.contains("ERROR: AddressSanitizer: ") {
            self.crash.get_or_insert_with(|| line.to_owned());
        } else if let Some((_, path)) = line.split_once("Test unit written to ") {
            self.artifacts.push(path.trim().to_owned());
        } else if let Some(rest) = line.strip_prefix('#') {
            self.progress(rest);
        } else if let Some(number) = line.strip_prefix("stat::number_of_executed_units:") {
            self.executions = self.executions.max(number.trim().parse().unwrap_or(0));
        }
    }

    /// `1024 pulse cov: 12 ft: 34 corp: 5/67b lim: 8 exec/s: 9`, or `1024: cov: …` from `-fork`.
    fn progress(&mut self, line: &str) {
        let digits = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len());
        let Ok(executions) = line[..digits].parse() else { return };
        self.executions = self.executions.max(executions);
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            let place = match word {
                "cov:" => &mut self.coverage,
                "ft:" => &mut self.features,
                "corp:" => &mut self.corpus,
                _ => continue,
            };
            let number = words.next().unwrap_or_default().split('/').next().unwrap_or_default();
            *place = number.parse().unwrap_or(*place);
        }
    }

    /// Returns whether neither the leak sanitizer nor the target nor libFuzzer reported anything.
    pub(crate) fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.leaks == 0 && self.crash.is_none()
    }

    /// Returns the number of findings of a kind.
    pub(crate) fn count(&self, kind: &str) -> usize {
        self.findings.iter().filter(|(found, _)| found == kind).count()
    }
}

/// The findings of a run that share a cause.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cause {
    /// The kind of finding and the cause.
    pub(crate) name: String,
    /// Number of inputs.
    pub(crate) inputs: u64,
    /// Number of signatures, in each process.
    pub(crate) signatures: u64,
    /// The folder with the smallest case.
    pub(crate) folder: PathBuf,
}

/// Reads the causes that the processes of a target have written into a folder, the most frequent
/// first.
pub(crate) fn causes(folder: &Path) -> Vec<Cause> {
    let mut causes: BTreeMap<String, Cause> = BTreeMap::new();
    for file in files(folder).iter().filter(|file| has_extension(file, "causes")) {
        for cause in fs::read_to_string(file).unwrap_or_default().lines().filter_map(Cause::read) {
            match causes.get_mut(&cause.name) {
                Some(known) => {
                    known.inputs += cause.inputs;
                    known.signatures = known.signatures.max(cause.signatures);
                }
                None => drop(causes.insert(cause.name.clone(), cause)),
            }
        }
    }
    let mut causes: Vec<Cause> = causes.into_values().collect();
    causes.sort_by_key(|cause| Reverse(cause.inputs));
    causes
}

impl Cause {
    fn read(line: &str) -> Option<Cause> {
        let mut fields = line.splitn(4, '\t');
        let inputs = fields.next()?.parse().ok()?;
        let signatures = fields.next()?.parse().ok()?;
        Some(Cause { inputs, signatures, folder: fields.next()?.into(), name: fields.next()?.to_owned() })
    }
}

/// The stats of the target by name, summed over the files of its processes in a folder.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Stats(BTreeMap<String, u64>);

impl Stats {
    pub(crate) fn read(folder: &Path) -> Stats {
        let mut stats = Stats::default();
        for file in files(folder).iter().filter(|file| file.extension().is_none()) {
            stats.add(&fs::read_to_string(file).unwrap_or_default());
        }
        stats
    }

    pub(crate) fn add(&mut self, lines: &str) {
        for (name, count) in lines.lines().filter_map(|line| line.split_once('\t')) {
            *self.0.entry(name.to_owned()).or_default() += count.parse().unwrap_or(0);
        }
    }

    pub(crate) fn get(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or(0)
    }
}

/// Returns whether a file in the folder of stats is one of the reports.
pub(crate) fn is_reports(file: &Path) -> bool {
    has_extension(file, "reports")
}

fn has_extension(file: &Path, name: &str) -> bool {
    file.extension().is_some_and(|extension| extension == name)
}

#[cfg(test)]
mod tests {
    use super::{LibfuzzerLog, Stats, causes};

    #[test]
    fn progress_is_read_from_the_log() {
        let mut libfuzzer = LibfuzzerLog::default();
        for line in [
            "INFO: Running with entropic power schedule (0xFF, 100).",
            "#2\tINITED cov: 7 ft: 8 corp: 1/1b exec/s: 0 rss: 40Mb",
            "#4096\tpulse  cov: 1234 ft: 2345 corp: 345/6Kb lim: 8 exec/s: 2048 rss: 50Mb",
            "#70: not progress",
        ] {
            libfuzzer.line(line);
        }
        assert_eq!((libfuzzer.executions, libfuzzer.coverage, libfuzzer.corpus), (4096, 1234, 345));
        assert_eq!(libfuzzer.features, 2345);
        libfuzzer.line("#5000: cov: 1300 ft: 2 corp: 400 exec/s: 3 oom/timeout/crash: 0/0/0 time: 5s job: 1");
        assert_eq!((libfuzzer.executions, libfuzzer.coverage, libfuzzer.corpus), (5000, 1300, 400));
        assert!(libfuzzer.is_clean());
    }

    #[test]
    fn findings_are_read_from_the_log() {
        let mut libfuzzer = LibfuzzerLog::default();
        for line in [
            "sre-fuzz: unknown divergence: code: LITERAL, NOT_LITERAL",
            "sre-fuzz: unknown divergence: code: LITERAL, NOT_LITERAL",
            "==12==ERROR: LeakSanitizer: detected memory leaks",
            "==12== ERROR: libFuzzer: timeout after 20 seconds",
            "artifact_prefix='x/'; Test unit written to x/timeout-1",
        ] {
            assert!(!{
                libfuzzer.line(line);
                libfuzzer.is_clean()
            });
        }
        assert_eq!(libfuzzer.findings, [("unknown divergence".into(), "code: LITERAL, NOT_LITERAL".into())]);
        assert_eq!(
            (libfuzzer.leaks, libfuzzer.count("unknown divergence"), libfuzzer.count("leak")),
            (1, 1, 0)
        );
        assert_eq!(libfuzzer.crash.as_deref(), Some("timeout after 20 seconds"));
        assert_eq!(libfuzzer.artifacts, ["x/timeout-1"]);
    }

    #[test]
    fn causes_of_several_processes_are_summed() {
        let folder = std::env::temp_dir().join(format!("sre-causes-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        write("1", "inputs\t9\n");
        write("1.causes", "2\t1\t/a\tpanic: x.rs:1\n3\t2\t/b b\tunknown divergence: _simple in f.py\n");
        write("2.causes", "4\t1\t/a\tpanic: x.rs:1\nbroken\n");
        let causes = causes(&folder);
        let found: Vec<_> = causes.iter().map(|c| (c.name.as_str(), c.inputs, c.signatures)).collect();
        assert_eq!(found, [("panic: x.rs:1", 6, 1), ("unknown divergence: _simple in f.py", 3, 2)]);
        assert_eq!(causes[1].folder.to_str(), Some("/b b"));
        assert_eq!(Stats::read(&folder).get("inputs"), 9);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn stats_of_several_processes_are_summed() {
        let mut stats = Stats::default();
        stats.add("inputs\t10\naccepted alike\t7\n");
        stats.add("inputs\t5\naccepted alike\t1\n");
        assert_eq!((stats.get("inputs"), stats.get("accepted alike"), stats.get("x")), (15, 8, 0));
    }
}
