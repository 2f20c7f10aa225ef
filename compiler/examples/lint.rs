//! Two rules of a linter, which walk the tree of a pattern: alternatives that can never match, as an
//! earlier one is the same, and unlimited repeats of unlimited repeats, which may take exponential
//! time.
//!
//! ```console
//! $ cargo run --example lint -- '(?:yes|no|yes)(\w+\s*)*'
//! ```

use std::fmt::Write;
use std::ops::{ControlFlow, Range};

use sre_compiler::{Compiler, Dialect, Error, Flags, Node, NodeKind, Sequence, Visit, Visitor};

/// A finding: the part of the pattern in bytes, and what is wrong with it.
type Finding = (Range<usize>, &'static str);

#[derive(Default)]
struct Lint {
    findings: Vec<Finding>,
    /// How many of the open nodes are unlimited repeats.
    unlimited: usize,
}

fn is_unlimited(kind: &NodeKind<'_>) -> bool {
    // A possessive repeat never gives back what it matched.
    matches!(kind, NodeKind::MaxRepeat { max: None, .. } | NodeKind::MinRepeat { max: None, .. })
}

impl<'t> Visitor<'t> for Lint {
    fn enter(&mut self, node: Node<'t>) -> Visit {
        let kind = node.kind();
        if let NodeKind::Branch { alternatives } = &kind {
            let alternatives: Vec<Sequence<'_>> = alternatives.clone().collect();
            for (n, alternative) in alternatives.iter().enumerate() {
                if alternatives[..n].iter().any(|earlier| earlier.same_items(*alternative)) {
                    // An empty alternative has no span of its own.
                    let span = alternative.span().unwrap_or(node.span());
                    self.findings.push((span, "an earlier alternative is the same"));
                }
            }
        }
        if is_unlimited(&kind) {
            if self.unlimited > 0 {
                self.findings.push((node.span(), "a repeat inside of a repeat"));
            }
            self.unlimited += 1;
        }
        Visit::Continue
    }

    fn leave(&mut self, node: Node<'t>) -> ControlFlow<()> {
        self.unlimited -= usize::from(is_unlimited(&node.kind()));
        ControlFlow::Continue(())
    }
}

pub(crate) fn report(pattern: &str) -> Result<String, Error> {
    let mut compiler = Compiler::builder(Dialect::LATEST).tree(true).build();
    compiler.compile(pattern, Flags::empty())?;
    let mut lint = Lint::default();
    if let Some(tree) = compiler.tree() {
        // This visitor never stops.
        let _ = tree.visit(&mut lint);
    }
    let mut text = String::new();
    for (span, finding) in lint.findings {
        // Writing to a String never fails.
        let _ = writeln!(text, "{span:?}: `{}`: {finding}", &pattern[span.clone()]);
    }
    Ok(text)
}

fn main() -> Result<(), Error> {
    let pattern = std::env::args().nth(1).unwrap_or_else(|| r"(?:yes|no|yes)(\w+\s*)*".to_owned());
    print!("{}", report(&pattern)?);
    Ok(())
}
