//! What JavaScript calls.
//!
//! A request is written into memory that [`reserve`] returns, a number of 32 bits for each
//! character. A function that answers leaves its text, in UTF-8, at [`text`].

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::panic::PanicInfo;

use sre_compiler::{Compiler, Dialect, Flags};

use crate::dialects::{dialects, list_dialects};
use crate::explore::{Explorer, Limits};
use crate::outcome::{latest_code, outcome};
use crate::request::Request;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// The memory that remains between calls.
struct Buffers {
    units: Vec<u32>,
    text: String,
    explorer: Option<Explorer>,
}

struct SingleThreaded(RefCell<Buffers>);

// SAFETY: the module has no threads: it is built without the target feature `atomics`.
unsafe impl Sync for SingleThreaded {}

static BUFFERS: SingleThreaded =
    SingleThreaded(RefCell::new(Buffers { units: Vec::new(), text: String::new(), explorer: None }));

/// Returns the address of a request of `length` numbers, or 0 if there is no memory for it.
#[unsafe(no_mangle)]
extern "C" fn reserve(length: usize) -> *mut u32 {
    let units = &mut BUFFERS.0.borrow_mut().units;
    *units = Vec::new();
    if units.try_reserve_exact(length).is_err() {
        return core::ptr::null_mut();
    }
    units.resize(length, 0);
    units.as_mut_ptr()
}

/// Returns the address of the last answer.
#[unsafe(no_mangle)]
extern "C" fn text() -> *const u8 {
    BUFFERS.0.borrow().text.as_ptr()
}

/// Frees the last answer.
#[unsafe(no_mangle)]
extern "C" fn release() {
    BUFFERS.0.borrow_mut().text = String::new();
}

/// Answers with the list of dialects.
#[unsafe(no_mangle)]
extern "C" fn versions() -> usize {
    answer(list_dialects())
}

/// Answers for all dialects; see [`Explorer::explore`].
#[unsafe(no_mangle)]
extern "C" fn explore(is_bytes: bool, flags: u32) -> usize {
    let Some(request) = request(is_bytes, flags) else { return answer(String::new()) };
    let mut explorer = BUFFERS.0.borrow_mut().explorer.take().unwrap_or_default();
    let text = explorer.explore(&request, Limits::OF_PAGE);
    BUFFERS.0.borrow_mut().explorer = Some(explorer);
    answer(text)
}

/// Answers for one dialect, named by its index; see [`outcome`].
#[unsafe(no_mangle)]
extern "C" fn compile(is_bytes: bool, flags: u32, dialect: usize) -> usize {
    let (request, dialect) = (request(is_bytes, flags), dialects().nth(dialect));
    let (Some(request), Some(dialect)) = (request, dialect) else { return answer(String::new()) };
    answer(outcome(&mut Compiler::new(Dialect::LATEST), &request, dialect))
}

/// Answers with the code of one dialect for a matcher of the latest one; see [`latest_code`].
#[unsafe(no_mangle)]
extern "C" fn code(is_bytes: bool, flags: u32, dialect: usize) -> usize {
    let (request, dialect) = (request(is_bytes, flags), dialects().nth(dialect));
    let (Some(request), Some(dialect)) = (request, dialect) else { return answer(String::new()) };
    answer(latest_code(&mut Compiler::new(Dialect::LATEST), &request, dialect))
}

fn request(is_bytes: bool, flags: u32) -> Option<Request> {
    let units = core::mem::take(&mut BUFFERS.0.borrow_mut().units);
    Request::new(&units, is_bytes, Flags::from_bits(i64::from(flags)))
}

/// Keeps an answer, and returns its length.
fn answer(text: String) -> usize {
    let length = text.len();
    BUFFERS.0.borrow_mut().text = text;
    length
}
