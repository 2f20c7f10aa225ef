//! An explanation as text.

use std::fmt;

use sre_case::{Outcome, Rejected, Snippet, excerpt};
use sre_support::visible::Shown;

use super::{Explanation, Place};
use crate::divergence::{Aspect, Divergence, Verdict};

/// Limit of the characters of a line of code, such as one with the bitmap of a set.
const MOST: usize = 100;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.case.excerpt())?;
        match &self.python {
            Some(python) if self.reference == self.dialect && !self.is_nearest => {
                writeln!(f, "  python     {python} (dialect {})", self.dialect)?;
            }
            Some(python) => {
                let (rust, cpython) = (self.dialect, self.reference);
                let nearest = if self.is_nearest { "nearest " } else { "" };
                writeln!(f, "  python     {python} ({nearest}dialect {cpython}), sre-compiler as {rust}")?;
            }
            None => writeln!(f, "  dialect    {}, no interpreter", self.dialect)?,
        }
        match &self.verdict {
            Verdict::Equal if self.python.is_none() => {}
            Verdict::Equal => writeln!(f, "  verdict    no difference")?,
            Verdict::NoAnswer { why } => {
                writeln!(f, "  verdict    the interpreter gave no answer: {}", why.shown())?
            }
            Verdict::Known(known) => writeln!(f, "  verdict    known divergence: {}", known.reason())?,
            Verdict::Divergent(divergence) => self.write_divergence(f, divergence)?,
        }
        if let Some(rejected) = self.rejected.as_ref().filter(|_| self.place.is_none()) {
            self.write_rejected(f, rejected)?;
        }
        self.write_rules(f)
    }
}

impl Explanation {
    fn write_divergence(&self, f: &mut fmt::Formatter<'_>, divergence: &Divergence) -> fmt::Result {
        writeln!(f, "  aspect     {}: {}", divergence.aspect, in_words(divergence).shown())?;
        writeln!(f, "  signature  {}", divergence.signature.shown())?;
        if let Some(place) = &self.place {
            self.write_place(f, place)?;
        }
        if divergence.aspect == Aspect::Panic {
            return writeln!(f, "  function   none: our compiler panicked");
        }
        for (n, function) in self.functions.iter().enumerate() {
            let title = if n == 0 { "function" } else { "" };
            writeln!(f, "  {title:9}  {function} in {}", function.file(self.reference))?;
        }
        Ok(())
    }

    /// Writes the error, and the part of the pattern with a caret.
    fn write_rejected(&self, f: &mut fmt::Formatter<'_>, rejected: &Rejected) -> fmt::Result {
        writeln!(f, "  refused    {}: {}", rejected.exception, rejected.message.shown())?;
        let Some(pos) = rejected.pos.and_then(|pos| usize::try_from(pos).ok()) else { return Ok(()) };
        let (line, below) = Snippet::new(&self.case, pos).rows();
        writeln!(f, "             {line}\n             {below}^")
    }

    fn write_place(&self, f: &mut fmt::Formatter<'_>, place: &Place) -> fmt::Result {
        if place.rust.is_some() || place.cpython.is_some() {
            let shown = |line: &Option<String>| {
                line.as_ref().map_or("nothing more".to_owned(), |line| {
                    excerpt::shortened(line, MOST).shown().to_string()
                })
            };
            writeln!(f, "  first      {}", shown(&place.rust))?;
            writeln!(f, "    CPython  {}", shown(&place.cpython))?;
        }
        let Some(span) = &place.span else { return Ok(()) };
        let snippet = Snippet::new(&self.case, span.start);
        let end = Snippet::new(&self.case, span.end);
        let width =
            if end.line == snippet.line { end.column.saturating_sub(snippet.column).max(1) } else { 1 };
        let line = if snippet.multiline { format!(", line {}", snippet.lineno) } else { String::new() };
        writeln!(f, "  place      {}..{}{line}", span.start, span.end)?;
        writeln!(f, "             {}", snippet.line)?;
        writeln!(f, "             {}{}", " ".repeat(snippet.column), "^".repeat(width))
    }

    fn write_rules(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let differs = matches!(self.verdict, Verdict::Divergent(_));
        if self.rules.is_empty() {
            writeln!(f, "  rules      none involved")?;
        }
        for (n, rule) in self.rules.iter().enumerate() {
            let title = if n == 0 { "rules" } else { "" };
            let suspect =
                if rule.is_suspect { "; SUSPECT, since the flipped outcome is CPython's" } else { "" };
            writeln!(f, "  {title:9}  {}, flipped: {}{suspect}", rule.name, rule.change.shown())?;
        }
        if !differs {
            return Ok(());
        }
        if !self.rules.iter().any(|rule| rule.is_suspect) {
            writeln!(f, "             flipping a single rule never gives CPython's outcome")?;
        }
        let agreeing: Vec<String> = self.agreeing.iter().map(ToString::to_string).collect();
        let agreeing =
            if agreeing.is_empty() { "none of the known versions".to_owned() } else { agreeing.join(", ") };
        writeln!(f, "  agrees     sre-compiler as {agreeing}")
    }
}

fn in_words(divergence: &Divergence) -> String {
    let error = |outcome: &Outcome| match outcome {
        Outcome::Rejected(rejected) => format!("{} {:?}", rejected.exception, rejected.message),
        Outcome::Accepted(_) => "none".to_owned(),
        Outcome::NoAnswer { why } => why.clone(),
    };
    match divergence.aspect {
        Aspect::Panic | Aspect::NoAnswer => error(&divergence.rust),
        Aspect::Error => {
            format!("sre-compiler raises {}, CPython {}", error(&divergence.rust), error(&divergence.cpython))
        }
        Aspect::Tree if divergence.has_same_code() => {
            "the code is the same; the tree printed by re.DEBUG differs".to_owned()
        }
        Aspect::Tree => "both accept the pattern but parse it differently".to_owned(),
        Aspect::Code => "the tree is the same; the code differs".to_owned(),
        Aspect::Flags => "the code is the same; the flags differ".to_owned(),
        Aspect::Groups => "the code is the same; the number or the names of groups differ".to_owned(),
        Aspect::Warning => "only the warnings differ".to_owned(),
        Aspect::Dis => "the code is the same; the disassembly printed by re.DEBUG differs".to_owned(),
        Aspect::Validity => "the code is the same; whether _sre accepts it differs".to_owned(),
    }
}
