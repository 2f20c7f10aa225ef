//! A difference as text.

use std::fmt;

use sre_case::{Case, Text};
use sre_compiler::Flags;
use sre_generate::Subject;
use sre_support::visible::Shown;

use crate::difference::{Difference, len};
use crate::plan::Plan;
use crate::stats::Cause;

/// A cause, with its smallest pattern and subject.
#[derive(Debug)]
pub struct Report<'r> {
    /// What was found.
    pub cause: &'r Cause,
    /// The plan that it was found with.
    pub plan: &'r Plan,
    /// Commands that show it.
    pub commands: &'r [String],
    /// What an interpreter writes, if it crashes.
    pub crash: &'r [String],
}

/// Longer texts are cut, in characters.
const LONGEST: usize = 400;

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cause { difference, signature, count, also, .. } = self.cause;
        let programs: Vec<&str> = self.plan.programs.iter().map(|program| program.label.as_str()).collect();
        writeln!(f, "{}", cut(&call(difference)))?;
        writeln!(f, "  {:10} {}", "compared", programs.join(" with ").shown())?;
        writeln!(f, "  {:10} {}", "differs", signature.shown())?;
        let names = self.plan.names(difference.pair);
        let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
        for (name, found) in names.iter().zip([&difference.reference, &difference.tested]) {
            writeln!(f, "    {:width$}  {}", name.shown().to_string(), cut(&found.to_string()))?;
        }
        if !also.is_empty() {
            let also: Vec<String> = also.iter().map(|&pair| self.plan.names(pair)[1].clone()).collect();
            writeln!(f, "  {:10} {}", "also", also.join(", ").shown())?;
        }
        if let Some(found_as) = &difference.found_as {
            let (case, subject) = &**found_as;
            let shown = format!("{case:?} on {:?}", subject.text);
            writeln!(f, "  {:10} {}", "found as", cut(&shown))?;
        }
        if *count > 1 {
            writeln!(f, "  {:10} {count} subjects differ in this way; this is the smallest", "seen in")?;
        }
        if !self.crash.is_empty() {
            writeln!(f, "  crash")?;
        }
        for line in self.crash {
            writeln!(f, "    {}", line.shown())?;
        }
        for command in self.commands {
            writeln!(f, "  {:10} {command}", "command")?;
        }
        Ok(())
    }
}

/// Returns the call that differs, as Python writes it.
fn call(difference: &Difference) -> String {
    let Difference { case, subject: Subject { text, pos, endpos }, operation, .. } = difference;
    let case = Case { text: case.text.clone(), flags: case.flags.without(Flags::DEBUG) };
    let range = match (*pos, *endpos) {
        (0, endpos) if endpos == len(text) => String::new(),
        (pos, endpos) => format!(", {pos}, {endpos}"),
    };
    let text: &Text = text;
    format!("{case:?}.{operation}({text:?}{range})")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
