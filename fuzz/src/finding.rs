//! Findings of the checks.

use std::fmt;

use sre_case::Case;
use sre_oracle::Candidates;

use crate::input::Input;
use crate::stats::InputResult;
use crate::{leaks, memory};

/// A defect that a check found, with the input that shows it.
#[derive(Debug)]
pub struct Finding {
    /// The kind of defect.
    pub kind: Kind,
    /// Equal for findings of one defect.
    pub signature: String,
    /// The possible causes; `None` if the signature names the cause.
    pub causes: Option<Box<Candidates<String>>>,
    /// The input.
    pub input: Input,
    /// The original case, if the input is a minimized one.
    pub found_as: Option<Box<Case>>,
    /// The details, with commands to paste.
    pub report: Box<str>,
    /// The commands that show it, if it needs others than those of its kind.
    pub commands: Option<Box<Commands>>,
}

/// Commands that show a finding, one a line.
#[derive(Debug)]
pub struct Commands(pub String);

/// The kinds of defects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The compiler contradicts itself, or gives an impossible program.
    Invariant,
    /// The compiler and CPython differ.
    Divergence,
    /// The compiler panicked.
    Panic,
    /// An interpreter gave no answer.
    Lost,
    /// Live bytes grew, and the memory can still be reached.
    Retained,
    /// Live bytes grew, and the leak sanitizer found no pointer to the memory.
    Leak,
}

impl Kind {
    /// Returns the beginning of its reports, for programs that read them.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Invariant => "broken invariant",
            Kind::Divergence => "unknown divergence",
            Kind::Panic => "panic",
            Kind::Lost => "lost answer",
            Kind::Retained => "retained memory",
            Kind::Leak => "leak",
        }
    }

    /// Returns the counter that counts it.
    pub(crate) fn ending(self) -> InputResult {
        match self {
            Kind::Divergence => InputResult::UnknownDivergence,
            Kind::Lost => InputResult::Lost,
            _ => InputResult::OtherFinding,
        }
    }
}

impl Finding {
    /// Returns kind and signature, which distinguish findings.
    pub fn name(&self) -> String {
        format!("{}: {}", self.kind.name(), self.signature)
    }

    /// Returns the possible causes, each with the kind, by which findings are grouped.
    pub fn causes(&self) -> Candidates<String> {
        let of_signature = || Candidates { direct: vec![self.signature.clone()], indirect: Vec::new() };
        let causes = self.causes.as_deref().cloned().unwrap_or_else(of_signature);
        causes.map(|cause| format!("{}: {cause}", self.kind.name()))
    }
}

/// Limit of the characters of a report.
const LONGEST: usize = 8000;

/// Limit of the characters of the original case.
const FOUND: usize = 500;

/// The first line is `sre-fuzz: ` with kind and signature; the rest is for people.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "sre-fuzz: {}", self.name())?;
        if let Some(cause) = self.causes.as_ref().and_then(|causes| causes.direct.first()) {
            writeln!(f, "cause: {cause}")?;
        }
        writeln!(f, "{:?}", self.input)?;
        if let Some(case) = &self.found_as {
            let found: String = format!("{case:?}").chars().take(FOUND).collect();
            writeln!(f, "found as: {found}")?;
        }
        // A report quotes the case, which may be long.
        let shown: String = self.report.chars().take(LONGEST).collect();
        f.write_str(&shown)?;
        f.write_str(if shown.len() < self.report.len() { "…" } else { "" })
    }
}

/// Checks that `run` does not change the number of live bytes.
///
/// # Errors
/// Retained memory, or a leak if a leak sanitizer says so.
pub(crate) fn unchanged<T>(input: &Input, what: &str, mut run: impl FnMut() -> T) -> Result<(), Finding> {
    let bytes = memory::growth(&mut run);
    if bytes == 0 {
        return Ok(());
    }
    // The second run records where the blocks come from, and overwrites pointers to the first ones on the stack.
    let (again, blocks) = memory::retained(&mut run);
    let kind = if leaks::found() == Some(true) { Kind::Leak } else { Kind::Retained };
    let site = blocks.lines().nth(1).and_then(|frame| frame.trim().split(" at ").next());
    Err(Finding {
        kind,
        // The function that allocated; the size may depend on the input.
        signature: site.map_or_else(|| what.to_owned(), |site| format!("{what}: {site}")),
        causes: None,
        input: input.clone(),
        found_as: None,
        commands: None,
        report: format!("live bytes grew by {bytes}, and by {again} when it was repeated: {what}\n{blocks}")
            .into(),
    })
}
