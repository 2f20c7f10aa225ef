//! The tree as CPython prints it.

use alloc::vec::Vec;
use core::fmt;

use crate::dialect::{MAXREPEAT, Rules};
use crate::item::{AssertKind, Leaf};
use crate::opcode::{AT_NAMES, CATEGORY_NAMES};
use crate::set::{Member, Packed};
use crate::tree::{Item, Items, Tree};

/// A parsed pattern, displayed as `re.DEBUG` prints it.
///
/// The text of deeply nested groups is long, for each line is indented by its depth: write it to a stream.
///
/// CPython: `re/_parser.py`, `SubPattern.dump`
#[derive(Clone, Copy)]
pub struct TreeDump<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) root: Items,
    pub(crate) rules: &'static Rules,
}

/// What is still to be printed.
enum Task {
    Items {
        items: Items,
        level: usize,
    },
    /// A line of its own.
    Line {
        text: &'static str,
        level: usize,
    },
    /// Items in one line.
    Inline {
        items: Items,
        first: bool,
    },
    /// A piece of such a line.
    Text(&'static str),
}

impl fmt::Display for TreeDump<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tasks = Vec::new();
        tasks.push(Task::Items { items: self.root, level: 0 });
        while let Some(task) = tasks.pop() {
            match task {
                Task::Items { mut items, level } => {
                    if let Some(item) = self.tree.next_item(&mut items) {
                        tasks.push(Task::Items { items, level });
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
        let inner = |items: Items| Task::Items { items, level: level + 1 };
        let indent = Indent(level);
        write!(f, "{indent}")?;
        match item {
            Item::Nothing => Ok(()),
            Item::Leaf(leaf) => match leaf {
                Leaf::Literal(c) => writeln!(f, "LITERAL {c}"),
                Leaf::NotLiteral(c) => writeln!(f, "NOT_LITERAL {c}"),
                Leaf::Any => writeln!(f, "ANY None"),
                Leaf::Failure => writeln!(f, "FAILURE"),
                Leaf::At(at) => writeln!(f, "AT AT_{}", AT_NAMES[at as usize]),
                Leaf::GroupRef(group) => writeln!(f, "GROUPREF {group}"),
                Leaf::Category(category) => print_set(f, &[Member::Category(category).into()], level),
                Leaf::In(set) => print_set(f, tree.set(set), level),
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

    /// An item as Python's `repr` shows it: what stands in for a dump of atomic groups in 3.11.0 to 3.11.4.
    fn print_inline(&self, f: &mut fmt::Formatter<'_>, item: Item, tasks: &mut Vec<Task>) -> fmt::Result {
        let tree = self.tree;
        let mut nest = |before_end: &'static str, items: Items| {
            tasks.push(Task::Text(before_end));
            tasks.push(Task::Inline { items, first: true });
        };
        match item {
            Item::Nothing => Ok(()),
            Item::Leaf(leaf) => match leaf {
                Leaf::Literal(c) => write!(f, "(LITERAL, {c})"),
                Leaf::NotLiteral(c) => write!(f, "(NOT_LITERAL, {c})"),
                Leaf::Any => write!(f, "(ANY, None)"),
                Leaf::Failure => write!(f, "(FAILURE, ())"),
                Leaf::At(at) => write!(f, "(AT, AT_{})", AT_NAMES[at as usize]),
                Leaf::GroupRef(group) => write!(f, "(GROUPREF, {group})"),
                Leaf::Category(category) => print_inline_set(f, &[Member::Category(category).into()]),
                Leaf::In(set) => print_inline_set(f, tree.set(set)),
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

fn print_set(f: &mut fmt::Formatter<'_>, members: &[Packed], level: usize) -> fmt::Result {
    writeln!(f, "IN")?;
    members
        .iter()
        .map(|member| member.get())
        .try_for_each(|member| writeln!(f, "{}{} {}", Indent(level + 1), member.name(), Argument(member)))
}

fn print_inline_set(f: &mut fmt::Formatter<'_>, members: &[Packed]) -> fmt::Result {
    write!(f, "(IN, [")?;
    for (index, member) in members.iter().map(|member| member.get()).enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(f, "{comma}({}, {})", member.name(), Argument(member))?;
    }
    write!(f, "])")
}

impl Member {
    fn name(&self) -> &'static str {
        match self {
            Member::Negate => "NEGATE",
            Member::Literal(_) => "LITERAL",
            Member::Range(..) => "RANGE",
            Member::Category(_) => "CATEGORY",
            Member::RangeUniIgnore(..) => "RANGE_UNI_IGNORE",
        }
    }
}

/// The white space at a level; the width of a format string ends at 65,535.
struct Indent(usize);

impl fmt::Display for Indent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..self.0).try_for_each(|_| f.write_str("  "))
    }
}

/// The argument of a member of a set.
struct Argument(Member);

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Member::Negate => f.write_str("None"),
            Member::Literal(c) => write!(f, "{c}"),
            Member::Range(first, last) | Member::RangeUniIgnore(first, last) => {
                write!(f, "({first}, {last})")
            }
            Member::Category(category) => write!(f, "CATEGORY_{}", CATEGORY_NAMES[category as usize]),
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

/// The number of a group, or none.
struct Number(u32);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("None"),
            number => write!(f, "{number}"),
        }
    }
}
