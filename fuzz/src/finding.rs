//! What a check found.

use std::fmt;

use sre_case::Case;

use crate::input::Input;
use crate::stats::Ending;
use crate::{leaks, memory};

/// What a check found wrong, with the input that shows it.
#[derive(Debug)]
pub struct Finding {
    /// What kind of defect it is.
    pub kind: Kind,
    /// The same for the same defect: for telling findings apart.
    pub signature: String,
    /// The possible causes, the most likely first; none if the signature names the cause.
    pub causes: Box<[String]>,
    /// The input.
    pub input: Input,
    /// The original case, if the input is a minimized one.
    pub found_as: Option<Box<Case>>,
    /// The details, with lines to paste.
    pub report: Box<str>,
}

/// The kinds of defects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The compiler contradicts itself, or gives a program that cannot be.
    Invariant,
    /// The compiler and CPython differ.
    Divergence,
    /// The compiler panicked.
    Panic,
    /// An interpreter gave no answer.
    Lost,
    /// Live bytes did not return to where they were, and the memory can still be reached.
    Retained,
    /// The same, but nothing points to the memory, says the leak sanitizer.
    Leak,
}

impl Kind {
    /// How reports begin, for programs that read them.
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

    /// What it is counted as.
    pub(crate) fn ending(self) -> Ending {
        match self {
            Kind::Divergence => Ending::UnknownDivergence,
            Kind::Lost => Ending::Lost,
            _ => Ending::OtherFinding,
        }
    }
}

impl Finding {
    /// Returns kind and signature, which distinguish findings.
    pub fn name(&self) -> String {
        format!("{}: {}", self.kind.name(), self.signature)
    }

    /// Returns the possible causes, each with the kind, by which findings are grouped.
    pub fn causes(&self) -> Vec<String> {
        let causes =
            if self.causes.is_empty() { std::slice::from_ref(&self.signature) } else { &self.causes };
        causes.iter().map(|cause| format!("{}: {cause}", self.kind.name())).collect()
    }
}

/// How much of a report is shown, in characters.
const LONGEST: usize = 8000;

/// And of the case that it was found with.
const FOUND: usize = 500;

/// The first line is `sre-fuzz: ` with kind and signature; the rest is for people.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "sre-fuzz: {}", self.name())?;
        if let Some(cause) = self.causes.first() {
            writeln!(f, "cause: {cause}")?;
        }
        writeln!(f, "{:?}", self.input)?;
        if let Some(case) = &self.found_as {
            let found: String = format!("{case:?}").chars().take(FOUND).collect();
            writeln!(f, "found as: {found}")?;
        }
        // What quotes a long case is long.
        let shown: String = self.report.chars().take(LONGEST).collect();
        f.write_str(&shown)?;
        f.write_str(if shown.len() < self.report.len() { "…" } else { "" })
    }
}

/// Live bytes must be the same before and after.
///
/// # Errors
/// Retained memory, or a leak if a leak sanitizer says so.
pub(crate) fn unchanged<T>(input: &Input, what: &str, mut run: impl FnMut() -> T) -> Result<(), Finding> {
    let bytes = memory::growth(&mut run);
    if bytes == 0 {
        return Ok(());
    }
    // Once more: it tells where the blocks come from, and wipes from the stack what still points to the first ones.
    let (again, blocks) = memory::retained(&mut run);
    let kind = if leaks::found() == Some(true) { Kind::Leak } else { Kind::Retained };
    let site = blocks.lines().nth(1).and_then(|frame| frame.trim().split(" at ").next());
    Err(Finding {
        kind,
        // The function that allocated; the size may depend on the input.
        signature: site.map_or_else(|| what.to_owned(), |site| format!("{what}: {site}")),
        causes: Box::default(),
        input: input.clone(),
        found_as: None,
        report: format!(
            "live bytes grew by {bytes}, and by {again} when the same was done again: {what}\n{blocks}"
        )
        .into(),
    })
}
