//! The tree as CPython prints it.

use alloc::vec::Vec;
use core::fmt;

use crate::dialect::{MAXREPEAT, Rules};
use crate::item::{AssertKind, Atom};
use crate::opcode::{AT_NAMES, CATEGORY_NAMES};
use crate::set::{PackedSetItem, SetItem};
use crate::tree::{Item, NodeRange, Tree};

/// A parsed pattern. `Display` writes what `re.DEBUG` prints.
///
/// Each line is indented by its depth, up to a depth that CPython cannot print. The text of deeply
/// nested groups is long: write it to a stream.
///
/// CPython: `re/_parser.py`, `SubPattern.dump`
#[derive(Clone, Copy)]
pub struct TreeDump<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) root: NodeRange,
    pub(crate) rules: &'static Rules,
}

/// What remains to be printed.
enum Task {
    NodeRange {
        items: NodeRange,
        level: usize,
    },
    /// A separate line.
    Line {
        text: &'static str,
        level: usize,
    },
    /// Items in a single line.
    Inline {
        items: NodeRange,
        first: bool,
    },
    /// A part of such a line.
    Text(&'static str),
}

impl fmt::Display for TreeDump<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tasks = Vec::new();
        tasks.push(Task::NodeRange { items: self.root, level: 0 });
        while let Some(task) = tasks.pop() {
            match task {
                Task::NodeRange { mut items, level } => {
                    if let Some(item) = self.tree.next_item(&mut items) {
                        tasks.push(Task::NodeRange { items, level });
                        self.print_item(f, item, level, &mut tasks)?;
                    }
                }
                Task::Line { text, level } => writeln!(f, "{}{text}", Indent(level))?,
                Task::Inline { mut items, first } => {
                    if let Some(item) = self.tree.next_item(&mut items) {
                        f.write_str(if first { "" } else { ", " })?;
                        tasks.push(Task::Inline { items, first: false });
                        self.print_inline(f, item, &mut tasks)?;
                    }
                }
                Task::Text(text) => f.write_str(text)?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for TreeDump<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TreeDump<'_> {
    fn print_item(
        &self,
        f: &mut fmt::Formatter<'_>,
        item: Item,
        level: usize,
        tasks: &mut Vec<Task>,
    ) -> fmt::Result {
        let tree = self.tree;
        let inner = |items: NodeRange| Task::NodeRange { items, level: level + 1 };
        let indent = Indent(level);
        write!(f, "{indent}")?;
        match item {
            Item::Spliced => Ok(()),
            Item::Atom(atom) => match atom {
                Atom::Literal(c) => writeln!(f, "LITERAL {c}"),
                Atom::NotLiteral(c) => writeln!(f, "NOT_LITERAL {c}"),
                Atom::Any => writeln!(f, "ANY None"),
                Atom::Failure => writeln!(f, "FAILURE"),
                Atom::At(at) => writeln!(f, "AT AT_{}", AT_NAMES[at as usize]),
                Atom::GroupRef(group) => writeln!(f, "GROUPREF {group}"),
                Atom::Category(category) if self.rules.bare_categories => writeln!(f, "CATEGORY {category}"),
                Atom::Category(category) => print_set(f, &[SetItem::Category(category).into()], level),
                Atom::In(set) => print_set(f, tree.set(set), level),
            },
            Item::Repeat { kind, min, max, body } => {
                tasks.push(inner(body));
                writeln!(f, "{} {min} {}", kind.name(), Max(max))
            }
            Item::Group { number, add, del, body } => {
                tasks.push(inner(body));
                writeln!(f, "SUBPATTERN {} {} {}", Number(number), add.bits(), del.bits())
            }
            Item::Atomic(body) if self.rules.atomic_dump_indented => {
                tasks.push(inner(body));
                writeln!(f, "ATOMIC_GROUP")
            }
            Item::Atomic(body) => {
                tasks.push(Task::Text("]\n"));
                tasks.push(Task::Inline { items: body, first: true });
                write!(f, "ATOMIC_GROUP [")
            }
            Item::Assert(kind, body) => {
                tasks.push(inner(body));
                writeln!(f, "{} {}", kind.name(), kind.direction())
            }
            Item::Branch(alternatives) => {
                for (index, &alternative) in tree.branch(alternatives).iter().enumerate().rev() {
                    tasks.push(inner(alternative));
                    if index > 0 {
                        tasks.push(Task::Line { text: "OR", level });
                    }
                }
                writeln!(f, "BRANCH")
            }
            Item::Conditional { group, yes, no } => {
                if let Some(no) = no.filter(|&no| !tree.is_empty(no)) {
                    tasks.push(inner(no));
                    tasks.push(Task::Line { text: "ELSE", level });
                }
                tasks.push(inner(yes));
                writeln!(f, "GROUPREF_EXISTS {group}")
            }
        }
    }

    /// Prints an item as its Python `repr`. In 3.11.0 to 3.11.4 the dump shows the content of
    /// atomic groups like that.
    fn print_inline(&self, f: &mut fmt::Formatter<'_>, item: Item, tasks: &mut Vec<Task>) -> fmt::Result {
        let tree = self.tree;
        let mut nest = |before_end: &'static str, items: NodeRange| {
            tasks.push(Task::Text(before_end));
            tasks.push(Task::Inline { items, first: true });
        };
        match item {
            Item::Spliced => Ok(()),
            Item::Atom(atom) => match atom {
                Atom::Literal(c) => write!(f, "(LITERAL, {c})"),
                Atom::NotLiteral(c) => write!(f, "(NOT_LITERAL, {c})"),
                Atom::Any => write!(f, "(ANY, None)"),
                Atom::Failure => write!(f, "(FAILURE, ())"),
                Atom::At(at) => write!(f, "(AT, AT_{})", AT_NAMES[at as usize]),
                Atom::GroupRef(group) => write!(f, "(GROUPREF, {group})"),
                Atom::Category(category) if self.rules.bare_categories => write!(f, "(CATEGORY, {category})"),
                Atom::Category(category) => print_inline_set(f, &[SetItem::Category(category).into()]),
                Atom::In(set) => print_inline_set(f, tree.set(set)),
            },
            Item::Repeat { kind, min, max, body } => {
                nest("]))", body);
                write!(f, "({}, ({min}, {}, [", kind.name(), Max(max))
            }
            Item::Group { number, add, del, body } => {
                nest("]))", body);
                write!(f, "(SUBPATTERN, ({}, {}, {}, [", Number(number), add.bits(), del.bits())
            }
            Item::Atomic(body) => {
                nest("])", body);
                write!(f, "(ATOMIC_GROUP, [")
            }
            Item::Assert(kind, body) => {
                nest("]))", body);
                write!(f, "({}, ({}, [", kind.name(), kind.direction())
            }
            Item::Branch(alternatives) => {
                let alternatives = tree.branch(alternatives);
                for (index, &alternative) in alternatives.iter().enumerate().rev() {
                    nest(if index + 1 == alternatives.len() { "]]))" } else { "], [" }, alternative);
                }
                write!(f, "(BRANCH, (None, [[")
            }
            Item::Conditional { group, yes, no } => {
                match no {
                    Some(no) => {
                        nest("]))", no);
                        nest("], [", yes);
                    }
                    None => nest("], None))", yes),
                }
                write!(f, "(GROUPREF_EXISTS, ({group}, [")
            }
        }
    }
}

impl AssertKind {
    fn name(self) -> &'static str {
        if self.is_negative() { "ASSERT_NOT" } else { "ASSERT" }
    }

    fn direction(self) -> i32 {
        if self.is_behind() { -1 } else { 1 }
    }
}

fn print_set(f: &mut fmt::Formatter<'_>, items: &[PackedSetItem], level: usize) -> fmt::Result {
    writeln!(f, "IN")?;
    items
        .iter()
        .map(|item| item.get())
        .try_for_each(|item| writeln!(f, "{}{} {}", Indent(level + 1), item.name(), Argument(item)))
}

fn print_inline_set(f: &mut fmt::Formatter<'_>, items: &[PackedSetItem]) -> fmt::Result {
    write!(f, "(IN, [")?;
    for (index, item) in items.iter().map(|item| item.get()).enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(f, "{comma}({}, {})", item.name(), Argument(item))?;
    }
    write!(f, "])")
}

impl SetItem {
    fn name(&self) -> &'static str {
        match self {
            SetItem::Negate => "NEGATE",
            SetItem::Literal(_) => "LITERAL",
            SetItem::Range(..) => "RANGE",
            SetItem::Category(_) => "CATEGORY",
            SetItem::RangeUniIgnore(..) => "RANGE_UNI_IGNORE",
        }
    }
}

/// The white space of a level. The width of a format string is limited to 65,535.
pub(super) struct Indent(pub(super) usize);

/// Deeper lines are not indented further, so that the text grows in proportion to the pattern.
/// CPython never prints such a line: `dump` and `dis` recurse, and are limited to 1,000 frames.
const MAX_INDENT: usize = 2000;

impl fmt::Display for Indent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SPACES: &str = "                                                                ";
        let mut width = 2 * self.0.min(MAX_INDENT);
        while width > 0 {
            let part = width.min(SPACES.len());
            f.write_str(&SPACES[..part])?;
            width -= part;
        }
        Ok(())
    }
}

/// The argument of an item of a set.
struct Argument(SetItem);

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            SetItem::Negate => f.write_str("None"),
            SetItem::Literal(c) => write!(f, "{c}"),
            SetItem::Range(first, last) | SetItem::RangeUniIgnore(first, last) => {
                write!(f, "({first}, {last})")
            }
            SetItem::Category(category) => write!(f, "CATEGORY_{}", CATEGORY_NAMES[category as usize]),
        }
    }
}

/// The upper bound of a repeat.
struct Max(u32);

impl fmt::Display for Max {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            MAXREPEAT => f.write_str("MAXREPEAT"),
            max => write!(f, "{max}"),
        }
    }
}

/// The number of a group, or `None`.
struct Number(u32);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("None"),
            number => write!(f, "{number}"),
        }
    }
}
