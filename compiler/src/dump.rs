//! The tree as CPython prints it.

use alloc::vec::Vec;
use core::fmt;

use crate::dialect::{MAXREPEAT, Rules};
use crate::opcode::{AT_NAMES, CATEGORY_NAMES};
use crate::tree::{AssertKind, Body, Group, Item, Member, NodeId, SequenceId, Tree};

/// A parsed pattern, displayed as `re.DEBUG` prints it.
///
/// The text of deeply nested groups is long, for each line is indented by its depth: write it to a stream.
///
/// CPython: `re/_parser.py`, `SubPattern.dump`
#[derive(Clone, Copy)]
pub struct TreeDump<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) root: SequenceId,
    pub(crate) rules: &'static Rules,
}

/// What is still to be printed.
enum Task {
    /// The items from this one on.
    Items {
        next: Option<NodeId>,
        level: usize,
    },
    /// An item that holds no other.
    Leaf {
        item: Item,
        level: usize,
    },
    /// A line of its own.
    Line {
        text: &'static str,
        level: usize,
    },
    /// The items from this one on, in one line.
    Inline {
        next: Option<NodeId>,
        first: bool,
    },
    InlineLeaf(Item),
    /// A piece of such a line.
    Text(&'static str),
}

impl fmt::Display for TreeDump<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tasks = Vec::new();
        tasks.push(Task::Items { next: self.tree.chain(self.root).first(), level: 0 });
        while let Some(task) = tasks.pop() {
            match task {
                Task::Items { next: Some(node), level } => {
                    let (item, next) = self.tree.step(node);
                    tasks.push(Task::Items { next, level });
                    self.print_item(f, item, level, &mut tasks)?;
                }
                Task::Leaf { item, level } => self.print_item(f, item, level, &mut tasks)?,
                Task::Line { text, level } => writeln!(f, "{}{text}", Indent(level))?,
                Task::Inline { next: Some(node), first } => {
                    f.write_str(if first { "" } else { ", " })?;
                    let (item, next) = self.tree.step(node);
                    tasks.push(Task::Inline { next, first: false });
                    self.print_inline(f, item, &mut tasks)?;
                }
                Task::InlineLeaf(item) => self.print_inline(f, item, &mut tasks)?,
                Task::Text(text) => f.write_str(text)?,
                Task::Items { next: None, .. } | Task::Inline { next: None, .. } => {}
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
        let inner = |body: SequenceId| Task::Items { next: tree.chain(body).first(), level: level + 1 };
        let inner_body = |body: Body| match body {
            Body::Leaf(item) => Task::Leaf { item, level: level + 1 },
            Body::Sequence(id) => inner(id),
        };
        let indent = Indent(level);
        match item {
            Item::Literals(part) => {
                let mut literals = tree.literals(part).iter();
                return literals.try_for_each(|c| writeln!(f, "{indent}LITERAL {c}"));
            }
            _ => write!(f, "{indent}")?,
        }
        match item {
            Item::Literals(_) => Ok(()),
            Item::NotLiteral(c) => writeln!(f, "NOT_LITERAL {c}"),
            Item::Any => writeln!(f, "ANY None"),
            Item::Failure => writeln!(f, "FAILURE"),
            Item::At(at) => writeln!(f, "AT AT_{}", AT_NAMES[at as usize]),
            Item::GroupRef(group) => writeln!(f, "GROUPREF {group}"),
            Item::In(set) => {
                writeln!(f, "IN")?;
                for member in tree.set(set) {
                    let (name, argument) = (member.name(), Argument(member));
                    writeln!(f, "{}{name} {argument}", Indent(level + 1))?;
                }
                Ok(())
            }
            Item::Repeat(repeat) => {
                let repeat = tree.repeats[repeat as usize];
                tasks.push(inner_body(repeat.body));
                writeln!(f, "{} {} {}", repeat.kind.name(), repeat.min, Max(repeat.max))
            }
            Item::Group { .. } | Item::FlagGroup(_) => {
                let Group { number, add, del, body } = tree.group(item).ok_or(fmt::Error)?;
                tasks.push(inner(body));
                writeln!(f, "SUBPATTERN {} {} {}", Number(number), add.bits(), del.bits())
            }
            Item::Atomic(body) if self.rules.atomic_dump_indented => {
                tasks.push(inner(body));
                writeln!(f, "ATOMIC_GROUP")
            }
            Item::Atomic(body) => {
                tasks.push(Task::Text("]\n"));
                tasks.push(Task::Inline { next: tree.chain(body).first(), first: true });
                write!(f, "ATOMIC_GROUP [")
            }
            Item::Assert(kind, body) => {
                tasks.push(inner(body));
                writeln!(f, "{} {}", kind.name(), kind.direction())
            }
            Item::Branch(branch) => {
                for (index, &alternative) in tree.branch(branch).iter().enumerate().rev() {
                    tasks.push(inner_body(alternative));
                    if index > 0 {
                        tasks.push(Task::Line { text: "OR", level });
                    }
                }
                writeln!(f, "BRANCH")
            }
            Item::Conditional(conditional) => {
                let conditional = tree.conditionals[conditional as usize];
                if let Some(no) = conditional.no.filter(|&no| !tree.chain(no).is_empty()) {
                    tasks.push(inner(no));
                    tasks.push(Task::Line { text: "ELSE", level });
                }
                tasks.push(inner(conditional.yes));
                writeln!(f, "GROUPREF_EXISTS {}", conditional.group)
            }
        }
    }

    /// An item as Python's `repr` shows it: what stands in for a dump of atomic groups in 3.11.0 to 3.11.4.
    fn print_inline(&self, f: &mut fmt::Formatter<'_>, item: Item, tasks: &mut Vec<Task>) -> fmt::Result {
        let tree = self.tree;
        let mut nest = |before_end: &'static str, body: Body| {
            tasks.push(Task::Text(before_end));
            tasks.push(match body {
                Body::Leaf(item) => Task::InlineLeaf(item),
                Body::Sequence(id) => Task::Inline { next: tree.chain(id).first(), first: true },
            });
        };
        match item {
            Item::Literals(part) => {
                let mut literals = tree.literals(part).iter().enumerate();
                literals.try_for_each(|(index, c)| {
                    write!(f, "{}(LITERAL, {c})", if index == 0 { "" } else { ", " })
                })
            }
            Item::NotLiteral(c) => write!(f, "(NOT_LITERAL, {c})"),
            Item::Any => write!(f, "(ANY, None)"),
            Item::Failure => write!(f, "(FAILURE, ())"),
            Item::At(at) => write!(f, "(AT, AT_{})", AT_NAMES[at as usize]),
            Item::GroupRef(group) => write!(f, "(GROUPREF, {group})"),
            Item::In(set) => {
                write!(f, "(IN, [")?;
                for (index, member) in tree.set(set).iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}({}, {})", member.name(), Argument(member))?;
                }
                write!(f, "])")
            }
            Item::Repeat(repeat) => {
                let repeat = tree.repeats[repeat as usize];
                nest("]))", repeat.body);
                write!(f, "({}, ({}, {}, [", repeat.kind.name(), repeat.min, Max(repeat.max))
            }
            Item::Group { .. } | Item::FlagGroup(_) => {
                let Group { number, add, del, body } = tree.group(item).ok_or(fmt::Error)?;
                nest("]))", Body::Sequence(body));
                write!(f, "(SUBPATTERN, ({}, {}, {}, [", Number(number), add.bits(), del.bits())
            }
            Item::Atomic(body) => {
                nest("])", Body::Sequence(body));
                write!(f, "(ATOMIC_GROUP, [")
            }
            Item::Assert(kind, body) => {
                nest("]))", Body::Sequence(body));
                write!(f, "({}, ({}, [", kind.name(), kind.direction())
            }
            Item::Branch(branch) => {
                let alternatives = tree.branch(branch);
                for (index, &alternative) in alternatives.iter().enumerate().rev() {
                    nest(if index + 1 == alternatives.len() { "]]))" } else { "], [" }, alternative);
                }
                write!(f, "(BRANCH, (None, [[")
            }
            Item::Conditional(conditional) => {
                let conditional = tree.conditionals[conditional as usize];
                match conditional.no {
                    Some(no) => {
                        nest("]))", Body::Sequence(no));
                        nest("], [", Body::Sequence(conditional.yes));
                    }
                    None => nest("], None))", Body::Sequence(conditional.yes)),
                }
                write!(f, "(GROUPREF_EXISTS, ({}, [", conditional.group)
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
struct Argument<'m>(&'m Member);

impl fmt::Display for Argument<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Member::Negate => f.write_str("None"),
            Member::Literal(c) => write!(f, "{c}"),
            Member::Range(first, last) | Member::RangeUniIgnore(first, last) => {
                write!(f, "({first}, {last})")
            }
            Member::Category(category) => write!(f, "CATEGORY_{}", CATEGORY_NAMES[*category as usize]),
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
