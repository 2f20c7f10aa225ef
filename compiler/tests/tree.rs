//! The public tree: kinds, spans, and visits that stop, skip and never recurse.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::ops::ControlFlow;

use sre_compiler::{
    At, Category, Compiler, Dialect, Direction, Flags, Node, NodeKind, Pattern, Sequence, SetItem, Visit,
    Visitor,
};

/// Writes each step of a visit.
#[derive(Default)]
struct Steps {
    text: String,
    skip: Option<&'static str>,
    stop: Option<&'static str>,
    stop_leaving: Option<&'static str>,
}

impl<'t> Visitor<'t> for Steps {
    fn enter(&mut self, node: Node<'t>) -> Visit {
        let name = node.kind().name();
        self.text += &format!("{node:?} ");
        match name {
            _ if self.skip == Some(name) => Visit::Skip,
            _ if self.stop == Some(name) => Visit::Stop,
            _ => Visit::Continue,
        }
    }

    fn leave(&mut self, node: Node<'t>) -> ControlFlow<()> {
        let name = node.kind().name();
        self.text += &format!("/{name} ");
        if self.stop_leaving == Some(name) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn enter_sequence(&mut self, _: Sequence<'t>) {
        self.text += "( ";
    }

    fn leave_sequence(&mut self, _: Sequence<'t>) {
        self.text += ") ";
    }
}

fn compiler() -> Compiler {
    Compiler::builder(Dialect::LATEST).tree(true).build()
}

fn visited<'p>(pattern: impl Into<Pattern<'p>>, mut steps: Steps) -> (String, bool) {
    let mut compiler = compiler();
    compiler.compile(pattern, Flags::empty()).unwrap();
    let flow = compiler.tree().unwrap().visit(&mut steps);
    (steps.text.trim_end().to_owned(), flow.is_break())
}

#[track_caller]
fn assert_nodes<'p>(pattern: impl Into<Pattern<'p>>, expected: &str) {
    let mut compiler = compiler();
    compiler.compile(pattern, Flags::empty()).unwrap();
    let nodes: Vec<String> = compiler.tree().unwrap().nodes().map(|node| format!("{node:?}")).collect();
    assert_eq!(nodes.join(" "), expected);
}

#[test]
fn spans_count_code_units_of_the_pattern_as_it_was_passed() {
    assert_nodes("é+b", "MAX_REPEAT@0..3 LITERAL@0..2 LITERAL@3..4");
    assert_nodes(&['é', '+', 'b'], "MAX_REPEAT@0..2 LITERAL@0..1 LITERAL@2..3");
    assert_nodes(b"\xe9+b", "MAX_REPEAT@0..2 LITERAL@0..1 LITERAL@2..3");
}

#[test]
fn spans_include_quantifiers_parentheses_and_escapes() {
    assert_nodes(r"(?:ab){2,3}?c", "MIN_REPEAT@0..12 LITERAL@3..4 LITERAL@4..5 LITERAL@12..13");
    assert_nodes(r"\x41(?i:[b-d])", "LITERAL@0..4 SUBPATTERN@4..14 IN@8..13");
    assert_nodes(r"(?>a)*+", "POSSESSIVE_REPEAT@0..7 ATOMIC_GROUP@0..5 LITERAL@3..4");
}

#[test]
fn the_tree_is_what_cpythons_parser_makes_of_the_pattern() {
    // The common prefix stands before the branch, with its first span.
    assert_nodes("ab|ac1", "LITERAL@0..1 BRANCH@0..6 LITERAL@1..2 LITERAL@4..5 LITERAL@5..6");
    assert_nodes("a|b", "IN@0..3");
    assert_nodes("(?:)", "");
    assert_nodes("()", "SUBPATTERN@0..2");
}

#[test]
fn a_visit_enters_and_leaves_each_node_and_sequence() {
    let (steps, stopped) = visited("a(bc|)", Steps::default());
    assert_eq!(
        steps,
        "( LITERAL@0..1 /LITERAL SUBPATTERN@1..6 ( BRANCH@2..5 ( LITERAL@2..3 /LITERAL LITERAL@3..4 \
         /LITERAL ) ( ) /BRANCH ) /SUBPATTERN )"
    );
    assert!(!stopped);
}

#[test]
fn a_visit_skips_and_stops_where_the_visitor_says() {
    let steps = Steps { skip: Some("SUBPATTERN"), ..Steps::default() };
    let expected = "( SUBPATTERN@0..4 /SUBPATTERN LITERAL@4..5 /LITERAL )";
    assert_eq!(visited("(ab)c", steps), (expected.to_owned(), false));
    let steps = Steps { stop: Some("MAX_REPEAT"), ..Steps::default() };
    assert_eq!(visited("(a*b)c", steps), ("( SUBPATTERN@0..5 ( MAX_REPEAT@1..3".to_owned(), true));
    let steps = Steps { stop_leaving: Some("MAX_REPEAT"), ..Steps::default() };
    let expected = "( MAX_REPEAT@0..2 ( LITERAL@0..1 /LITERAL ) /MAX_REPEAT";
    assert_eq!(visited("a*b", steps), (expected.to_owned(), true));
}

#[test]
fn kinds_have_their_arguments() {
    let pattern = r"^(?i-m:x)(?<!y)(?P<n>[^\d\-a-c])\1?(?(n)z|.)(?!)\W{3,}[^!]";
    let mut compiler = compiler();
    compiler.compile(pattern, Flags::empty()).unwrap();
    let mut root = compiler.tree().unwrap().root();
    let mut next = || root.next().map(Node::kind);
    assert!(matches!(next(), Some(NodeKind::At(At::Beginning))));
    let Some(NodeKind::Subpattern { group: None, add_flags, del_flags, body }) = next() else { panic!() };
    assert_eq!((add_flags, del_flags), (Flags::IGNORECASE, Flags::MULTILINE));
    assert!(matches!(body.map(Node::kind).collect::<Vec<_>>()[..], [NodeKind::Literal(0x78)]));
    assert!(matches!(next(), Some(NodeKind::AssertNot { direction: Direction::Behind, .. })));
    let Some(NodeKind::Subpattern { group: Some(1), mut body, .. }) = next() else { panic!() };
    let Some(NodeKind::In { negated: true, items }) = body.next().map(Node::kind) else { panic!() };
    assert_eq!(items.len(), 3);
    let expected = [SetItem::Category(Category::Digit), SetItem::Literal(0x2d), SetItem::Range(0x61, 0x63)];
    assert_eq!(items.collect::<Vec<_>>(), expected);
    let Some(NodeKind::MaxRepeat { min: 0, max: Some(1), mut body }) = next() else { panic!() };
    assert!(matches!(body.next().map(Node::kind), Some(NodeKind::GroupRef { group: 1 })));
    let Some(NodeKind::GroupRefExists { group: 1, yes, no: Some(no) }) = next() else { panic!() };
    assert_eq!((yes.span(), no.span()), (Some(40..41), Some(42..43)));
    assert!(matches!(next(), Some(NodeKind::Failure)));
    let Some(NodeKind::MaxRepeat { min: 3, max: None, mut body }) = next() else { panic!() };
    let Some(NodeKind::In { negated: false, items }) = body.next().map(Node::kind) else { panic!() };
    assert_eq!(items.collect::<Vec<_>>(), [SetItem::Category(Category::NotWord)]);
    assert!(matches!(next(), Some(NodeKind::NotLiteral(0x21))));
    assert!(next().is_none());
}

#[test]
fn there_is_a_tree_only_if_the_parser_accepted_the_pattern() {
    let mut compiler = compiler();
    assert!(compiler.tree().is_none());
    assert!(compiler.compile("(a", Flags::empty()).is_err());
    assert!(compiler.tree().is_none());
    assert!(compiler.compile("(?<=a*)", Flags::empty()).is_err());
    assert!(compiler.tree().is_some(), "only code generation refuses this");
    compiler.record_tree(false);
    assert!(compiler.compile("a", Flags::empty()).is_ok());
    assert!(compiler.tree().is_none());
}

#[test]
fn same_items_compares_whole_sequences() {
    let alternatives_are_same = |pattern: &str| {
        let mut compiler = compiler();
        compiler.compile(pattern, Flags::empty()).unwrap();
        let branch = compiler.tree().unwrap().nodes().find(|node| node.kind().name() == "BRANCH").unwrap();
        let alternatives: Vec<_> = branch.children().collect();
        alternatives[0].same_items(alternatives[1])
    };
    for same in ["(?:xa*)y|(?:xa*)y|z", "[ab]+c|[ab]+c|z", "(?i:a)c|(?i:a)c|z", "(?:(?:ab|c))d|(?:ab|c)d|z"] {
        assert!(alternatives_are_same(same), "{same}");
    }
    let different =
        ["a*b|a+b", "a*b|a*?b", "[ab]+|[^ab]+", "(?=a)b|(?<=a)b", "(?i:a)b|(?m:a)b", "(a)|(a)", "ab*|cb"];
    for different in different {
        assert!(!alternatives_are_same(different), "{different}");
    }
}

/// Counts levels, and compares with itself.
fn visit_on_small_stack(pattern: String) -> (usize, usize, bool) {
    struct Depth {
        now: usize,
        most: usize,
        left: usize,
    }
    impl<'t> Visitor<'t> for Depth {
        fn enter(&mut self, node: Node<'t>) -> Visit {
            assert!(!node.span().is_empty());
            self.now += 1;
            self.most = self.most.max(self.now);
            Visit::Continue
        }
        fn leave(&mut self, _: Node<'t>) -> ControlFlow<()> {
            self.now -= 1;
            self.left += 1;
            ControlFlow::Continue(())
        }
    }
    let thread = std::thread::Builder::new().stack_size(128 * 1024).spawn(move || {
        let mut compiler = compiler();
        compiler.compile(&pattern, Flags::empty()).unwrap();
        let tree = compiler.tree().unwrap();
        let mut depth = Depth { now: 0, most: 0, left: 0 };
        assert!(tree.visit(&mut depth).is_continue());
        assert_eq!(depth.left, tree.nodes().count());
        (depth.most, depth.left, tree.root().same_items(tree.root()))
    });
    thread.unwrap().join().expect("no panic, no stack overflow")
}

#[test]
fn a_hundred_thousand_nested_levels_are_visited_on_a_small_stack() {
    const DEPTH: usize = 100_000;
    let nested = |open: &str, close: &str| format!("{}a{}", open.repeat(DEPTH), close.repeat(DEPTH));
    for (open, close) in
        [("(", ")"), ("(?i:", ")"), ("(?=", ")"), ("(?>", ")"), ("()(?(1)", "|b)"), ("(?:b|c", ")")]
    {
        let (most, left, same) = visit_on_small_stack(nested(open, close));
        assert!(most > DEPTH && left > DEPTH && same, "{open}: {most} levels, {left} nodes");
    }
    // These are dissolved.
    assert_eq!(visit_on_small_stack(nested("(?:", ")")), (1, 1, true));
}
