//! Compares what the page gets with what the compiler answers.

#![allow(dead_code, unreachable_pub)]

use serde_json::{Value, json};
use sre_case::{Case, Text};
use sre_compiler::{Compiler, Dialect, Disassembly, Program};
use sre_explorer::{Explorer, Limits, Request, dialects};

/// The case as the page passes it.
pub fn request(case: &Case) -> Request {
    match &case.text {
        Text::Str(text) => Request::Str(text.clone(), case.flags),
        Text::Bytes(bytes) => Request::Bytes(bytes.clone(), case.flags),
    }
}

/// Returns what differs between the groups of the page and the answer of each dialect.
pub fn difference(explorer: &mut Explorer, case: &Case) -> Option<String> {
    let page: Value =
        match serde_json::from_str(&without_surrogates(&explorer.explore(&request(case), Limits::NONE))) {
            Ok(page) => page,
            Err(error) => return Some(format!("not JSON: {error}")),
        };
    let groups = page["groups"].as_array().expect("groups");
    let dialects: Vec<Dialect> = dialects().collect();
    for (index, &dialect) in dialects.iter().enumerate() {
        let of = page["of"][index].as_u64().expect("a group") as usize;
        let group = &groups[of];
        let members: Vec<usize> = serde_json::from_value(group["dialects"].clone()).expect("dialects");
        if !members.contains(&index) {
            return Some(format!("{dialect} is not among those of its group"));
        }
        let newest = dialects[*members.last().expect("a dialect")];
        let shown = shown(group);
        let expected = expected(case, dialect, newest);
        if shown != expected {
            return Some(format!("{dialect}: the page shows {shown}, not {expected}"));
        }
    }
    let distinct: Vec<Value> = groups.iter().map(shown).collect();
    let twice = (1..distinct.len()).find(|&n| distinct[..n].contains(&distinct[n]));
    twice.map(|n| format!("group {n} is shown twice"))
}

fn shown(group: &Value) -> Value {
    let fields =
        ["accepted", "error", "flags", "groups", "names", "width", "prefix", "literal", "lines", "warnings"];
    let mut shown = json!({});
    for field in fields {
        shown[field] = group[field].clone();
    }
    let tree = group["tree"].as_array().map(|lines| {
        let line = |line: &Value| {
            let level = line[0].as_u64().expect("a level") as usize;
            format!("{}{}\n", "  ".repeat(level), line[1].as_str().expect("a text"))
        };
        lines.iter().map(line).collect::<String>()
    });
    shown["tree"] = json!(tree);
    for warning in shown["warnings"].as_array_mut().into_iter().flatten() {
        warning.as_object_mut().expect("a warning").remove("span");
    }
    if let Some(error) = shown["error"].as_object_mut() {
        error.remove("span");
    }
    shown
}

/// What the compiler says for a dialect. The newest of its group decides how characters are quoted, and how the tree
/// is printed.
fn expected(case: &Case, dialect: Dialect, newest: Dialect) -> Value {
    let mut compiler = Compiler::new(dialect);
    let mut program = Program::new(dialect);
    compiler.record_origins(true);
    let result = compiler.compile_into(case.pattern(), case.flags, &mut program);
    let mut compiler_of_newest = Compiler::builder(newest).tree(true).build();
    let _ = compiler_of_newest.compile(case.pattern(), case.flags);
    let tree = compiler_of_newest.tree_dump().map(|tree| tree.to_string());
    let warnings: Vec<Value> = compiler
        .warnings()
        .map(|warning| {
            json!({ "category": warning.category(), "msg": warning.to_string(), "pos": warning.pos() })
        })
        .collect();
    let mut expected = json!({
        "accepted": result.is_ok() && program.validate().is_ok(), "error": null, "flags": null, "groups": null,
        "names": null, "width": null, "prefix": null, "literal": null, "lines": null, "warnings": warnings,
        "tree": tree,
    });
    if let Err(error) = result {
        expected["error"] = json!({
            "type": error.exception().name(), "msg": replaced(&error.message()),
            "pos": error.pos(), "lineno": error.lineno(), "colno": error.colno(),
        });
        return expected;
    }
    let flags = format!("{:?}", program.flags());
    let names = flags.trim_start_matches("Flags(").trim_end_matches(')').split(" | ");
    expected["flags"] = names.filter(|name| !name.starts_with("0x")).collect();
    expected["groups"] = json!(program.group_count());
    expected["names"] = program.group_index().map(|(name, group)| json!([name, group])).collect();
    expected["width"] = json!([program.min_width(), program.max_width()]);
    expected["prefix"] = json!(replaced(program.literal_prefix()));
    expected["literal"] = json!(program.is_literal());
    let disassembly = Disassembly::new(program.code(), dialect).quoting_as(newest.unicode());
    let span = |word| {
        let at = program.origins().binary_search_by_key(&word, |origin| origin.word).ok()?;
        let span = &program.origins().get(at)?.span;
        (!span.is_empty()).then_some((span.start, span.end))
    };
    let line = |instruction: sre_compiler::Instruction| {
        let (start, end) = instruction.word.and_then(span).unzip();
        json!([instruction.word, instruction.level, instruction.text, instruction.to, start, end])
    };
    expected["lines"] = disassembly.instructions().map(line).collect();
    expected
}

/// Returns what [`without_surrogates`] makes of a text.
fn replaced(text: &[u32]) -> String {
    text.iter().map(|&c| char::from_u32(c).unwrap_or('\u{fffd}')).collect()
}

/// Replaces lone surrogates, which serde_json refuses to read. They are the only ones that are
/// written as escapes.
fn without_surrogates(json: &str) -> String {
    let mut replaced = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        replaced.push_str(before);
        let is_surrogate = escape.starts_with("\\ud") && !matches!(escape.as_bytes()[3], b'0'..=b'7');
        let (length, written) = if is_surrogate { (6, "\\ufffd") } else { (2, &escape[..2]) };
        replaced.push_str(written);
        rest = &escape[length..];
    }
    replaced + rest
}
