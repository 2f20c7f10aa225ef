//! What the matcher finds in a subject.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};

use rustpython_sre_engine::engine::{Request, SearchIter, State};
use rustpython_sre_engine::string::StrDrive;
use rustpython_wtf8::{CodePoint, Wtf8Buf};
use serde_json::{Value, json};

use crate::request::{Given, Text};

thread_local! {
    /// Where the last panic of this thread was.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Records where panics are, instead of printing them.
pub(crate) fn record_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| {
            let file = place.file().rsplit(['/', '\\']).next().unwrap_or_default();
            format!("panic at {file}:{}", place.line())
        });
        PLACE.set(place.unwrap_or_else(|| "panic".to_owned()));
    }));
}

/// Sends the outcome of each operation as JSON, while `send` returns true; returns whether it did.
pub(crate) fn each(
    program: &Given,
    operations: &[String],
    is_bytes: bool,
    (text, pos, endpos): &(Text, usize, usize),
    send: &mut dyn FnMut(String) -> bool,
) -> bool {
    let code_points = || -> Vec<u32> {
        match text {
            Text::String(text) => text.chars().map(u32::from).collect(),
            Text::CodePoints(text) => text.clone(),
        }
    };
    if is_bytes {
        let bytes: Vec<u8> = code_points().into_iter().map(|c| c as u8).collect();
        let of = |name| outcome(program, name, bytes.as_slice(), *pos, *endpos);
        operations.iter().all(|name| send(of(name).to_string()))
    } else {
        let text: Wtf8Buf = code_points().into_iter().filter_map(CodePoint::from_u32).collect();
        let of = |name| outcome(program, name, &*text, *pos, *endpos);
        operations.iter().all(|name| send(of(name).to_string()))
    }
}

fn outcome<S: StrDrive>(program: &Given, operation: &str, text: S, pos: usize, endpos: usize) -> Value {
    let request = |all| Request::new(text, pos, endpos, &program.0, all);
    let once = |found: bool, state: &State| if found { shown(program, state) } else { Value::Null };
    let run = || {
        let mut state = State::default();
        match operation {
            "match" => once(state.py_match(&request(false)), &state),
            "search" => once(state.search(request(false)), &state),
            "fullmatch" => once(state.py_match(&request(true)), &state),
            "finditer" => {
                let mut iterator = SearchIter { req: request(false), state };
                let mut all = Vec::new();
                while iterator.next().is_some() {
                    all.push(shown(program, &iterator.state));
                }
                json!({"all": all})
            }
            _ => json!("="),
        }
    };
    panic::catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| PLACE.with_borrow(|place| json!({"wrong": place})))
}

/// The spans, `lastindex` and `lastgroup` of a match.
fn shown(program: &Given, state: &State) -> Value {
    let (_, _, groups, names) = program;
    let mut spans = vec![state.start as i64, state.cursor.position as i64];
    for group in 0..*groups as usize {
        let (start, end) = state.marks.get(group);
        match (start.into_option(), end.into_option()) {
            (Some(start), Some(end)) => spans.extend([start as i64, end as i64]),
            _ => spans.extend([-1, -1]),
        }
    }
    let index = Some(state.marks.last_index()).filter(|&index| index >= 0);
    let name = index.and_then(|index| names.iter().find(|(_, group)| *group as isize == index));
    json!([spans, index, name.map(|(name, _)| name)])
}
