//! The pool: a compiler that has seen patterns as large allocates nothing for the next one, and one that gets no
//! memory says so.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

use sre_compiler::{Compiler, Dialect, ErrorKind, Flags, Program, compile};

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    /// The allocation that fails, and all after it.
    static FAILING: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Counts an allocation; false if it is to fail.
fn count() -> bool {
    let number = ALLOCATIONS.with(|count| count.replace(count.get() + 1));
    number < FAILING.with(Cell::get)
}

struct Counting;

// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if count() { unsafe { System.alloc(layout) } } else { ptr::null_mut() }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if count() { unsafe { System.realloc(pointer, layout, size) } } else { ptr::null_mut() }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const PATTERNS: [&str; 9] = [
    r"(?P<year>\d{4})-(?P<month>\d\d)(?(year)x|y)",
    r"(?i)[a-z\u0100-\uffff\U00010400]+|straße",
    r"(?<=foo)(?:bar|baz|[^\W\d_])*+(?>a|ab)",
    "[[a]--b&&c||d~~e]",
    r"(?:abc|abd|(?:x)(?:y))+\1?",
    "(((((((((deep)))))))))\\9",
    "a(?i)b", // up to 3.10 a warning quotes it
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

#[test]
fn running_out_of_memory_at_any_allocation_is_an_error() {
    for dialect in Dialect::all() {
        for pattern in PATTERNS {
            let expected = compile(pattern, Flags::NONE, dialect);
            let mut refusals = 0;
            loop {
                let mut compiler = Compiler::new(dialect);
                let mut program = Program::new(dialect);
                FAILING.with(|failing| failing.set(ALLOCATIONS.with(Cell::get) + refusals));
                let result = compiler.compile_into(pattern, Flags::NONE, &mut program);
                FAILING.with(|failing| failing.set(usize::MAX));
                let out_of_memory =
                    result.as_ref().is_err_and(|error| error.kind() == ErrorKind::OutOfMemory);
                if !out_of_memory {
                    assert_eq!(result, expected.as_ref().map(|_| ()).map_err(Clone::clone));
                    break;
                }
                // The same compiler then gives the same answer as ever.
                let result = compiler.compile_into(pattern, Flags::NONE, &mut program).map(|()| program);
                assert_eq!(result, expected);
                refusals += 1;
            }
            assert!(refusals > 0, "{dialect} {pattern}: memory was asked for");
        }
    }
}
