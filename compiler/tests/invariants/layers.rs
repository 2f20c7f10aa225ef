//! The order of the modules.

use std::collections::BTreeSet;

use crate::imports::imports;
use crate::sources::sources;

/// Every source file, by layer, from the bottom to the top. A file imports only from files that
/// stand before it, so there are no circles.
const LAYERS: &[(&str, &[&str])] = &[
    ("memory", &["memory.rs", "stack.rs"]),
    ("shared data", &["span.rs", "flags.rs", "opcode.rs"]),
    (
        "Unicode",
        &[
            "unicode/version.rs",
            "unicode/entries.rs",
            "unicode/generated/tables.rs",
            "unicode/list.rs",
            "unicode/ranges.rs",
            "unicode/case.rs",
            "unicode/algorithmic.rs",
            "unicode/named.rs",
            "unicode/names.rs",
            "unicode/mod.rs",
            "unicode/tests.rs",
        ],
    ),
    (
        "dialects",
        &[
            "dialect/rules.rs",
            "dialect/table.rs",
            "dialect/version.rs",
            "dialect/variants.rs",
            "dialect/sources.rs",
            "dialect/mod.rs",
        ],
    ),
    (
        "input",
        &[
            "input/swar.rs",
            "input/source.rs",
            "input/pattern.rs",
            "input/token.rs",
            "input/class.rs",
            "input/tokenizer.rs",
            "input/mod.rs",
        ],
    ),
    (
        "diagnostics",
        &[
            "diagnostics/kind.rs",
            "diagnostics/raw_error.rs",
            "diagnostics/repr.rs",
            "diagnostics/error.rs",
            "diagnostics/message.rs",
            "diagnostics/warning.rs",
            "diagnostics/warning_list.rs",
            "diagnostics/render.rs",
            "diagnostics/mod.rs",
        ],
    ),
    (
        "sets",
        &[
            "set/item.rs",
            "set/runs.rs",
            "set/bitmap.rs",
            "set/blocks.rs",
            "set/sets.rs",
            "set/unique.rs",
            "set/builder.rs",
            "set/mod.rs",
        ],
    ),
    ("items", &["width.rs", "item.rs", "literal_run.rs"]),
    ("tree", &["tree/node.rs", "tree/arena.rs", "tree/recorder.rs", "tree/mod.rs"]),
    ("program", &["group_names.rs", "program.rs", "facts.rs"]),
    (
        "code generation",
        &[
            "codegen/case.rs",
            "codegen/charset_optimizer.rs",
            "codegen/origin.rs",
            "codegen/patch.rs",
            "codegen/prefix_info.rs",
            "codegen/emitter.rs",
            "codegen/insert.rs",
            "codegen/charset.rs",
            "codegen/ascii_set.rs",
            "codegen/literals_ignorecase.rs",
            "codegen/groups.rs",
            "codegen/branch.rs",
            "codegen/prefix_notes.rs",
            "codegen/repeat.rs",
            "codegen/atoms.rs",
            "codegen/info.rs",
            "codegen/assemble.rs",
            "codegen/mod.rs",
        ],
    ),
    (
        "parser",
        &[
            "parser/stop.rs",
            "parser/frame.rs",
            "parser/name_index.rs",
            "parser/state.rs",
            "parser/context.rs",
            "parser/number.rs",
            "parser/append.rs",
            "parser/alternation.rs",
            "parser/close.rs",
            "parser/escape.rs",
            "parser/names.rs",
            "parser/flags.rs",
            "parser/group.rs",
            "parser/repeat.rs",
            "parser/set.rs",
            "parser/run.rs",
            "parser/mod.rs",
        ],
    ),
    ("debug output", &["debug/tree_dump.rs", "debug/disassembly.rs", "debug/validate.rs", "debug/mod.rs"]),
    (
        "public tree",
        &[
            "syntax_tree/set.rs",
            "syntax_tree/view.rs",
            "syntax_tree/kind.rs",
            "syntax_tree/walk.rs",
            "syntax_tree/tree.rs",
            "syntax_tree/visit.rs",
            "syntax_tree/same.rs",
            "syntax_tree/mod.rs",
        ],
    ),
    ("compiler", &["pool.rs", "compiler.rs", "builder.rs", "serialize.rs", "lib.rs"]),
];

#[test]
fn every_file_is_in_one_layer() {
    let mut listed: Vec<&str> = LAYERS.iter().flat_map(|(_, files)| files.iter().copied()).collect();
    listed.sort_unstable();
    let sources = sources();
    let existing: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(listed, existing, "left: LAYERS, right: the files of compiler/src");
}

#[test]
fn files_import_only_from_files_before_them() {
    let order: Vec<&str> = LAYERS.iter().flat_map(|(_, files)| files.iter().copied()).collect();
    let files: BTreeSet<&str> = order.iter().copied().collect();
    let position = |name: &str| order.iter().position(|file| *file == name);
    let mut upward = Vec::new();
    let mut total = 0;
    for source in sources() {
        for import in imports(&source, &files) {
            total += 1;
            if position(&import) >= position(&source.name) {
                upward.push(format!("{} imports from {import}", source.name));
            }
        }
    }
    assert!(upward.is_empty(), "not before it in LAYERS:\n{}", upward.join("\n"));
    assert!(total > 2 * order.len(), "only {total} imports found in {} files", order.len());
}
