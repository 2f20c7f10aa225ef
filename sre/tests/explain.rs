//! The functions that `sre explain` names are those that raise: asked of an interpreter, by its tracebacks.

#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use sre_case::{corpus, wire};
use sre_oracle::explain::functions;
use sre_oracle::{Aspect, PYTHON_SOURCE};
use sre_test_support::{Missing, fed};

/// Writes for each request the function that raises and the message, or an empty line.
const PROGRAM: &str = r#"
import json
for line in sys.stdin:
    pattern, flags = pattern_of(json.loads(line)), json.loads(line)["flags"]
    try:
        _code(_parse(pattern, flags), flags)
        print()
        continue
    except Exception as e:
        raised = e
    trace = raised.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    kind, message = error_parts(raised)[:2]
    # A lone surrogate that it quotes is no matter here, and no JSON for everybody.
    print(json.dumps([trace.tb_frame.f_code.co_name, kind, message.encode("ascii", "replace").decode()]))
"#;

fn the_function_that_is_named_raises_the_error() -> Result<(), Missing> {
    let python = common::python3()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let mut lines = Vec::new();
    for file in corpus::files(&root).unwrap() {
        wire::write_request(&mut lines, &corpus::read(&file).unwrap(), false);
        lines.push(b'\n');
    }
    let source = format!("__name__ = 'oracle'\n{PYTHON_SOURCE}\nrecord_warnings()\n{PROGRAM}");
    let output = fed(Command::new(&python.path).args(["-I", "-c", &source]), &lines);
    let mut raised: BTreeMap<String, u32> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines().filter(|line| !line.is_empty()) {
        let [function, exception, message]: [String; 3] = serde_json::from_str(line).unwrap();
        // Where it runs out of stack is chance.
        if exception == "RecursionError" {
            continue;
        }
        let named = functions(Aspect::Error, &message);
        let is_named = |name: &str| name.rsplit('.').next() == Some(&function);
        assert!(named.iter().any(|named| is_named(named.name())), "{message}: {function}, not {named:?}");
        *raised.entry(function).or_default() += 1;
    }
    assert!(raised.len() >= 9, "{raised:?}");
    Ok(())
}

sre_test_support::tests! { the_function_that_is_named_raises_the_error }
