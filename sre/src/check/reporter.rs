//! What `sre check` prints, in each format, and the totals.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Stdout, Write};
use std::mem;
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sre_check::file::CheckedPattern;
use sre_check::output::{concise, github, gitlab, json as report_json, junit, sarif, text};
use sre_check::rules::Rule;
use sre_check::source::{Reason, Skipped};
use sre_check::{Baseline, Finding, Located, Report, findings};
use sre_support::visible::Shown;
use sre_support::{count, grouped};

use super::{Format, paint};
use crate::status::Status;

/// Totals for the exit status and the summary.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Counts {
    pub files: usize,
    pub patterns: usize,
    pub refused: usize,
    pub warned: usize,
    pub changed: usize,
    /// Lines and files that could not be checked, and folders without Python files.
    pub unchecked: usize,
    /// Files that could not be read, decoded or parsed.
    pub unreadable: usize,
    /// Findings that comments and settings suppress.
    pub suppressed: usize,
    /// Findings of the baseline.
    pub known: usize,
    pub fixed: usize,
    pub fixable: usize,
    pub skipped: BTreeMap<Reason, usize>,
}

impl Counts {
    /// Adds the totals of other files.
    pub(super) fn add(&mut self, other: Counts) {
        let Counts { files, patterns, refused, warned, changed, .. } = other;
        let Counts { unchecked, unreadable, suppressed, known, fixed, fixable, skipped, .. } = other;
        self.files += files;
        self.patterns += patterns;
        self.refused += refused;
        self.warned += warned;
        self.changed += changed;
        self.unchecked += unchecked;
        self.unreadable += unreadable;
        self.suppressed += suppressed;
        self.known += known;
        self.fixed += fixed;
        self.fixable += fixable;
        for (reason, count) in skipped {
            *self.skipped.entry(reason).or_default() += count;
        }
    }
}

/// Where reports are written.
enum Sink {
    Stdout(BufWriter<Stdout>),
    /// Into memory, with the errors, for the state of a job.
    Memory(Texts),
}

/// What was reported on standard output and on standard error.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Texts {
    out: String,
    errors: Vec<String>,
}

impl Texts {
    /// Returns whether nothing was reported.
    pub(super) fn are_empty(&self) -> bool {
        self.out.is_empty() && self.errors.is_empty()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::Stdout(stdout) => stdout.write(bytes),
            Sink::Memory(texts) => {
                let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
                texts.out.push_str(text);
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::Stdout(stdout) => stdout.flush(),
            Sink::Memory(_) => Ok(()),
        }
    }
}

/// Writes what is found.
pub(super) struct Reporter {
    format: Format,
    /// The versions, as the summary names them.
    versions: String,
    /// The setting that names the versions.
    setting: Option<String>,
    out: Sink,
    is_coloured: bool,
    pub counts: Counts,
    /// What formats that are written at the end will contain.
    all: Vec<Located>,
    /// The file for all findings, instead of a report.
    write_baseline: Option<PathBuf>,
    has_summary: bool,
    /// Whether calls that are skipped are listed.
    lists_skipped: bool,
}

impl Reporter {
    pub(super) fn new(format: Format, versions: String, setting: Option<String>) -> Reporter {
        let out = Sink::Stdout(BufWriter::new(io::stdout()));
        let is_coloured = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        let (counts, all) = (Counts::default(), Vec::new());
        let (write_baseline, has_summary, lists_skipped) = (None, false, false);
        Reporter {
            format,
            versions,
            setting,
            out,
            is_coloured,
            counts,
            all,
            write_baseline,
            has_summary,
            lists_skipped,
        }
    }

    /// Has the findings written to a file instead.
    pub(super) fn write_baseline(&mut self, file: &Path) {
        self.write_baseline = Some(file.to_owned());
    }

    /// Has reports collected, to be taken with [`Reporter::take`].
    pub(super) fn collect(&mut self) {
        self.out = Sink::Memory(Texts::default());
    }

    /// Returns what was reported since the last call.
    pub(super) fn take(&mut self) -> Texts {
        match &mut self.out {
            Sink::Memory(texts) => mem::take(texts),
            Sink::Stdout(_) => Texts::default(),
        }
    }

    /// Reports what was collected.
    pub(super) fn replay(&mut self, texts: &Texts) -> io::Result<()> {
        self.out.write_all(texts.out.as_bytes())?;
        if !texts.errors.is_empty() {
            self.out.flush()?;
        }
        texts.errors.iter().for_each(crate::messages::error);
        Ok(())
    }

    /// Has a summary written at the end.
    pub(super) fn summarize(&mut self) {
        self.has_summary = true;
    }

    fn count<'f>(&mut self, findings: impl Iterator<Item = &'f Finding> + Clone) {
        let has = |rules: &[Rule]| usize::from(findings.clone().any(|finding| rules.contains(&finding.rule)));
        self.counts.patterns += 1;
        self.counts.refused += has(&[Rule::Refused, Rule::Missing]);
        self.counts.warned += has(&[Rule::Warned]);
        self.counts.changed += has(&[Rule::Changed]);
    }

    /// Writes the answers as text.
    fn write_answers(&mut self, report: &Report) -> io::Result<()> {
        if !self.is_coloured {
            return text::write_answers(&mut self.out, report);
        }
        let mut plain = Vec::new();
        text::write_answers(&mut plain, report)?;
        self.out.write_all(paint::answers(&String::from_utf8_lossy(&plain)).as_bytes())
    }

    /// Reports a pattern of the command line.
    pub(super) fn pattern(&mut self, report: &Report, with_pattern: bool) -> Result<()> {
        let findings = findings(report);
        self.count(findings.iter());
        match self.format {
            Format::Json => {
                writeln!(self.out, "{}", report_json::to_string(report, &json!({}), |_| None)?)?;
            }
            Format::Github => github::write_findings(&mut self.out, &findings)?,
            Format::Text => {
                if with_pattern {
                    text::write_pattern(&mut self.out, report)?;
                }
                self.write_answers(report)?;
            }
            _ => {
                for finding in findings {
                    let pos = finding.pos.map_or(1, |pos| pos + 1);
                    self.located(Located::new(finding, &report.case, "<pattern>", 1, pos))?;
                }
            }
        }
        Ok(())
    }

    /// Reports a line of a JSON Lines file.
    pub(super) fn line(
        &mut self,
        file: &str,
        line: usize,
        source: Option<&str>,
        report: &Report,
    ) -> Result<()> {
        let findings = findings(report);
        self.count(findings.iter());
        match self.format {
            Format::Json => {
                let place = json!({ "line": line, "source": source });
                writeln!(self.out, "{}", report_json::to_string(report, &place, |_| None)?)?;
            }
            Format::Text if report.is_noteworthy() => {
                let source = source.map(|source| format!(": {}", source.shown())).unwrap_or_default();
                writeln!(self.out, "{}:{line}{source}", file.shown())?;
                text::write_pattern(&mut self.out, report)?;
                self.write_answers(report)?;
                writeln!(self.out)?;
            }
            Format::Text => {}
            _ => {
                for finding in findings {
                    let mut located = Located::new(finding, &report.case, file, line, 1);
                    located.column = None;
                    self.located(located)?;
                }
            }
        }
        Ok(())
    }

    /// Reports a pattern of a Python file.
    pub(super) fn found(&mut self, path: &Path, pattern: CheckedPattern) -> Result<()> {
        let CheckedPattern { found, report, findings } = pattern;
        self.count(findings.iter().map(|located| &located.finding));
        self.counts.fixable += usize::from(findings.iter().any(|located| located.fix.is_some()));
        if self.write_baseline.is_some() {
            self.all.extend(findings);
            return Ok(());
        }
        match self.format {
            Format::Json => {
                let codes: Vec<&str> = findings.iter().map(|located| located.finding.rule.code()).collect();
                let fixable = findings.iter().any(|located| located.fix.is_some());
                let place = json!({
                    "file": path.to_string_lossy(), "line": found.line, "column": found.column,
                    "function": found.function, "codes": codes, "fixable": fixable,
                });
                let line = report_json::to_string(&report, &place, |pos| Some(found.place(pos)))?;
                writeln!(self.out, "{line}")?;
            }
            Format::Text if !findings.is_empty() => {
                let first = &findings[0];
                let (line, column) = (first.line.unwrap_or(found.line), first.column.unwrap_or(found.column));
                let mut codes: Vec<&str> =
                    findings.iter().map(|located| located.finding.rule.code()).collect();
                codes.dedup();
                let module = if found.call.names.is_empty() { "" } else { "re." };
                let (path, function) = (path.shown(), found.function);
                writeln!(self.out, "{path}:{line}:{column}: {} {module}{function}", codes.join(", "))?;
                text::write_pattern(&mut self.out, &report)?;
                self.write_answers(&report)?;
                if let Some(fix) = findings.iter().find_map(|located| located.fix.as_ref()) {
                    writeln!(self.out, "fixable: {}", fix.description)?;
                }
                writeln!(self.out)?;
            }
            Format::Text => {}
            _ => findings.into_iter().try_for_each(|located| self.located(located))?,
        }
        Ok(())
    }

    /// Reports a finding in a format that lists findings.
    fn located(&mut self, located: Located) -> Result<()> {
        match self.format {
            Format::Concise => concise::write(&mut self.out, &located)?,
            Format::Github => github::write_finding(&mut self.out, &located)?,
            _ => self.all.push(located),
        }
        Ok(())
    }

    /// Reports a file or a line that was not checked; as text, on standard error.
    pub(super) fn unchecked(&mut self, located: Located, json: Value) -> Result<()> {
        self.counts.unchecked += 1;
        match self.format {
            _ if self.write_baseline.is_some() => self.all.push(located),
            Format::Json => writeln!(self.out, "{json}")?,
            Format::Text => {
                self.out.flush()?;
                let line = located.line.map(|line| format!("{line}: ")).unwrap_or(" ".to_owned());
                let (file, why) = (located.file.shown(), &located.finding.message);
                let text = format!("{file}:{line}{why}; not checked");
                match &mut self.out {
                    Sink::Memory(texts) => texts.errors.push(text),
                    Sink::Stdout(_) => crate::messages::error(text),
                }
            }
            _ => self.located(located)?,
        }
        Ok(())
    }

    /// Counts the calls that are skipped in a file, and lists them if that is wanted.
    pub(super) fn skipped(&mut self, path: &Path, skipped: &[Skipped], list: bool) -> io::Result<()> {
        self.lists_skipped = list;
        for Skipped { line, reason } in skipped {
            *self.counts.skipped.entry(*reason).or_default() += 1;
            match self.format {
                _ if !list => {}
                Format::Json => {
                    let file = path.to_string_lossy();
                    writeln!(
                        self.out,
                        "{}",
                        json!({ "file": file, "line": line, "skipped": reason.name() })
                    )?;
                }
                Format::Text => writeln!(self.out, "{}:{line}: skipped: {reason}", path.shown())?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Prints text between the reports, if the format is one for people.
    pub(super) fn note(&mut self, text: &str) -> io::Result<()> {
        match self.format {
            Format::Text | Format::Concise => self.out.write_all(text.as_bytes()),
            _ => {
                eprint!("{text}");
                Ok(())
            }
        }
    }

    /// Writes what comes at the end.
    pub(super) fn finish(&mut self) -> Result<()> {
        if let Some(file) = &self.write_baseline {
            Baseline::write(file, &self.all).map_err(|why| anyhow::anyhow!("{}: {why}", file.shown()))?;
            let findings = count(self.all.len(), "finding");
            writeln!(self.out, "{findings} written to {}", file.shown())?;
            return Ok(self.out.flush()?);
        }
        match self.format {
            Format::Sarif => sarif::write(&mut self.out, &self.all, env!("CARGO_PKG_VERSION"))?,
            Format::Gitlab => gitlab::write(&mut self.out, &self.all)?,
            Format::Junit => junit::write(&mut self.out, &self.all)?,
            Format::Text if self.has_summary => self.write_summary()?,
            Format::Json if self.has_summary && self.counts.files > 0 => self.write_json_summary()?,
            _ => {}
        }
        Ok(self.out.flush()?)
    }

    fn write_summary(&mut self) -> io::Result<()> {
        let Counts { files, patterns, refused, warned, changed, .. } = self.counts;
        if files > 0 || self.counts.unchecked > 0 && self.counts.patterns == 0 {
            let unreadable = self.counts.unreadable;
            writeln!(self.out, "{}, {} not checked", count(files, "file"), grouped(unreadable))?;
        }
        let versions = &self.versions;
        let [refused, warned, changed] = [refused, warned, changed].map(grouped);
        let setting = self.setting.as_ref().map(|setting| format!(" ({setting})")).unwrap_or_default();
        writeln!(
            self.out,
            "{} for {versions}{setting}: {refused} refused, {warned} with warnings, {changed} with another meaning",
            count(patterns, "pattern")
        )?;
        let calls: usize = self.counts.skipped.values().sum();
        if calls > 0 {
            let reason = |(reason, calls): (&Reason, &usize)| format!("{reason} ({})", grouped(*calls));
            let reasons: Vec<String> = self.counts.skipped.iter().map(reason).collect();
            let hint = if self.lists_skipped { "" } else { "; --skipped lists them" };
            writeln!(self.out, "{} skipped: {}{hint}", count(calls, "call"), reasons.join(", "))?;
        }
        let Counts { suppressed, known, fixed, fixable, .. } = self.counts;
        if suppressed + known > 0 {
            let known =
                if known > 0 { format!(", {} in the baseline", grouped(known)) } else { String::new() };
            writeln!(self.out, "{} suppressed{known}", count(suppressed, "finding"))?;
        }
        if fixed > 0 {
            writeln!(self.out, "{} fixed", count(fixed, "pattern"))?;
        }
        if fixable > 0 {
            writeln!(self.out, "{} fixable with --fix", count(fixable, "pattern"))?;
        }
        Ok(())
    }

    fn write_json_summary(&mut self) -> io::Result<()> {
        let counts = &self.counts;
        let skipped: BTreeMap<&str, usize> =
            counts.skipped.iter().map(|(reason, count)| (reason.name(), *count)).collect();
        let object = json!({ "summary": {
            "files": counts.files, "unreadable": counts.unreadable, "patterns": counts.patterns,
            "refused": counts.refused, "warned": counts.warned, "changed": counts.changed,
            "suppressed": counts.suppressed, "known": counts.known, "fixed": counts.fixed,
            "fixable": counts.fixable, "skipped": skipped,
        }});
        writeln!(self.out, "{object}")
    }

    pub(super) fn status(&self, strict: bool) -> Status {
        let Counts { refused, warned, changed, unchecked, .. } = self.counts;
        if self.write_baseline.is_some() {
            Status::Same
        } else if refused > 0 || strict && warned + changed > 0 {
            Status::Divergence
        } else if unchecked > 0 {
            Status::Usage
        } else {
            Status::Same
        }
    }
}
