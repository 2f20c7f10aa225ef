//! What the public interface says of the patterns of the corpus.

#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::{ControlFlow, Range};

use common::cases::corpus;
use sre_compiler::{Compiler, Dialect, Direction, Node, NodeKind, Sequence, SetItem, Visit, Visitor};

/// Prints a tree as `re.DEBUG` does, with nothing but the public interface, and checks the spans.
#[derive(Default)]
struct Dump {
    text: String,
    level: usize,
    /// The spans of the open nodes, and how many of their sequences were entered.
    open: Vec<(Range<usize>, usize)>,
    nodes: usize,
}

fn number(number: Option<u32>, otherwise: &str) -> String {
    number.map_or(otherwise.to_owned(), |number| number.to_string())
}

fn direction(direction: Direction) -> i32 {
    if direction == Direction::Ahead { 1 } else { -1 }
}

impl Dump {
    fn line(&mut self, level: usize, text: &str) {
        writeln!(self.text, "{:1$}{text}", "", 2 * level).unwrap();
    }
}

impl<'t> Visitor<'t> for Dump {
    fn enter(&mut self, node: Node<'t>) -> Visit {
        let kind = node.kind();
        let arguments = match &kind {
            NodeKind::Literal(c) | NodeKind::NotLiteral(c) => format!(" {c}"),
            NodeKind::Any => " None".to_owned(),
            NodeKind::At(at) => format!(" {at}"),
            NodeKind::GroupRef { group } | NodeKind::GroupRefExists { group, .. } => format!(" {group}"),
            NodeKind::Subpattern { group, add_flags, del_flags, .. } => {
                format!(" {} {} {}", number(*group, "None"), add_flags.bits(), del_flags.bits())
            }
            NodeKind::Assert { direction: side, .. } | NodeKind::AssertNot { direction: side, .. } => {
                format!(" {}", direction(*side))
            }
            kind => match kind.as_repeat() {
                Some((min, max, _)) => format!(" {min} {}", number(max, "MAXREPEAT")),
                None => String::new(),
            },
        };
        self.line(self.level, &format!("{}{arguments}", kind.name()));
        if let NodeKind::In { negated, items } = kind {
            if negated {
                self.line(self.level + 1, "NEGATE None");
            }
            for item in items {
                let text = match item {
                    SetItem::Literal(c) => format!("LITERAL {c}"),
                    SetItem::Range(first, last) => format!("RANGE ({first}, {last})"),
                    SetItem::Category(category) => format!("CATEGORY {category}"),
                    item => panic!("{item:?}"),
                };
                self.line(self.level + 1, &text);
            }
        }
        let span = node.span();
        assert!(span.start <= span.end, "{node:?}");
        if let Some((outer, _)) = self.open.last() {
            assert!(outer.start <= span.start && span.end <= outer.end, "{node:?} is not inside {outer:?}");
        }
        self.open.push((span, 0));
        self.nodes += 1;
        Visit::Continue
    }

    fn leave(&mut self, node: Node<'t>) -> ControlFlow<()> {
        assert_eq!(node.children().len(), self.open.pop().unwrap().1);
        ControlFlow::Continue(())
    }

    fn enter_sequence(&mut self, _: Sequence<'t>) {
        if let Some((_, entered)) = self.open.last_mut() {
            *entered += 1;
            self.level += 1;
        }
    }

    fn leave_sequence(&mut self, _: Sequence<'t>) {
        self.level = self.level.saturating_sub(1);
    }
}

#[test]
fn the_public_tree_has_all_that_the_dump_has() {
    let mut nodes = 0;
    for dialect in [Dialect::PY38, Dialect::PY313, Dialect::LATEST] {
        let mut compiler = Compiler::builder(dialect).tree(true).build();
        for case in corpus() {
            let _ = compiler.compile(case.pattern(), case.flags);
            let Some(tree) = compiler.tree() else { continue };
            let mut dump = Dump::default();
            assert!(tree.visit(&mut dump).is_continue());
            // The words between alternatives are the only lines that no node stands for.
            let without = |text: &str| {
                let line = |line: &&str| !matches!(line.trim_start(), "OR" | "ELSE");
                text.lines().filter(line).map(str::to_owned).collect::<Vec<_>>()
            };
            assert_eq!(without(&dump.text), without(&tree.to_string()), "{}", case.name);
            nodes += dump.nodes;
        }
    }
    assert!(nodes > 5000, "only {nodes} nodes");
}

#[test]
fn a_dialect_was_compared_with_the_newest_of_its_interpreters_that_answered() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../corpus/answers/known.jsonl");
    let answers = std::fs::read_to_string(folder).unwrap();
    let heads = answers.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let versions = heads.filter_map(|head| {
        let numbers = head["python"]["version"].as_array()?.iter();
        let numbers: Vec<u32> = numbers.map(|n| n.as_u64().unwrap() as u32).collect();
        Some((numbers[0], numbers[1], numbers[2]))
    });
    let versions: BTreeSet<(u32, u32, u32)> = versions.collect();
    assert!(versions.len() > 5, "{versions:?}");
    for dialect in Dialect::all() {
        let of_this =
            |&&(major, minor, patch): &&_| Dialect::from_version(major, minor, patch) == Some(dialect);
        assert_eq!(dialect.compared_to(), versions.iter().rfind(of_this).copied(), "{dialect}");
    }
}

#[test]
fn the_documentation_lists_the_dialects_that_no_interpreter_confirmed() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/testing.md")).unwrap();
    let unconfirmed = Dialect::all().filter(|dialect| dialect.compared_to().is_none());
    let listed: Vec<String> = unconfirmed.map(|dialect| format!("| {dialect} |")).collect();
    let (_, section) = docs.split_once("### Dialects that no interpreter confirms").unwrap();
    let section = section.split("\n#").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| 3.")).map(|line| {
        let (version, _) = line[2..].split_once(" |").unwrap();
        format!("| {version} |")
    });
    assert_eq!(rows.collect::<Vec<_>>(), listed);
}
