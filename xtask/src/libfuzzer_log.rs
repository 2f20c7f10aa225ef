//! What a fuzzing run says while it runs: libFuzzer's lines, the reports of the target, and its stats.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::shell::files;

/// What libFuzzer and the target have printed so far, as far as it matters.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct LibfuzzerLog {
    /// How many inputs were executed, seeds included.
    pub(crate) executions: u64,
    pub(crate) coverage: u64,
    /// The same with how often each was reached, and what CPython's compiler reached.
    pub(crate) features: u64,
    /// How many inputs the corpus holds.
    pub(crate) corpus: u64,
    /// The reports of the target: kind and signature.
    pub(crate) findings: Vec<(String, String)>,
    /// Reports of the leak sanitizer.
    pub(crate) leaks: u64,
    /// What else ended it: `deadly signal`, `timeout`, `out-of-memory`.
    pub(crate) crash: Option<String>,
    /// The files with the inputs that did it.
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

    /// Did a leak sanitizer, the target or libFuzzer report something?
    pub(crate) fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.leaks == 0 && self.crash.is_none()
    }

    /// How many findings of a kind there are.
    pub(crate) fn count(&self, kind: &str) -> usize {
        self.findings.iter().filter(|(found, _)| found == kind).count()
    }
}

/// The stats of the target: by name, summed over the files that its processes keep in a folder.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Stats(BTreeMap<String, u64>);

impl Stats {
    pub(crate) fn read(folder: &Path) -> Stats {
        let mut stats = Stats::default();
        for file in files(folder).iter().filter(|file| !is_reports(file)) {
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

/// Is it a file of reports, among those of stats?
pub(crate) fn is_reports(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "reports")
}

#[cfg(test)]
mod tests {
    use super::{LibfuzzerLog, Stats};

    #[test]
    fn it_reads_what_libfuzzer_prints() {
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
    fn it_tells_what_was_found() {
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
    fn figures_of_several_processes_are_summed() {
        let mut stats = Stats::default();
        stats.add("inputs\t10\naccepted alike\t7\n");
        stats.add("inputs\t5\naccepted alike\t1\n");
        assert_eq!((stats.get("inputs"), stats.get("accepted alike"), stats.get("x")), (15, 8, 0));
    }
}
