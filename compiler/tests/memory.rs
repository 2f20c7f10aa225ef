//! The pool: a compiler that has seen patterns as large allocates nothing for the next one.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use sre_compiler::{Compiler, Dialect, Flags, Program};

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const PATTERNS: [&str; 8] = [
    r"(?P<year>\d{4})-(?P<month>\d\d)(?(year)x|y)",
    r"(?i)[a-z\u0100-\uffff\U00010400]+|straße",
    r"(?<=foo)(?:bar|baz|[^\W\d_])*+(?>a|ab)",
    "[[a]--b&&c||d~~e]",
    r"(?:abc|abd|(?:x)(?:y))+\1?",
    "(((((((((deep)))))))))\\9",
    "(?x) a  b # comment\n (?-x: c)",
    r"\N{LATIN SMALL LETTER A}[\N{DIGIT ONE}-\N{DIGIT NINE}]",
];

#[test]
fn a_warm_compiler_allocates_nothing() {
    for dialect in Dialect::all() {
        let mut compiler = Compiler::new(dialect);
        let mut program = Program::new(dialect);
        let mut pass = || {
            let before = ALLOCATIONS.with(Cell::get);
            for pattern in PATTERNS {
                // Some dialects refuse some of them; their errors, which are not free, are not counted.
                let allocations = ALLOCATIONS.with(Cell::get);
                if compiler.compile_into(pattern, Flags::NONE, &mut program).is_err() {
                    ALLOCATIONS.with(|count| count.set(allocations));
                }
            }
            ALLOCATIONS.with(Cell::get) - before
        };
        assert!(pass() > 0, "the counter counts");
        pass();
        assert_eq!(pass(), 0, "{dialect}");
    }
}
