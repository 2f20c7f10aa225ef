//! The answer of a single dialect, as `sre compile --jsonl` writes it.

use alloc::string::String;

use sre_compiler::{Compiler, Dialect};

use crate::answer::opcodes_as;
use crate::json::Json;
use crate::request::Request;

/// Returns the code of a pattern with the opcodes of the latest dialect, as a list of numbers: what
/// a matcher for that dialect takes. Empty if the pattern is refused.
pub fn latest_code(compiler: &mut Compiler, request: &Request, dialect: Dialect) -> String {
    compiler.set_dialect(dialect);
    let mut json = Json::default();
    json.list(|json| {
        if let Ok(program) = compiler.compile(request.pattern(), request.flags()) {
            opcodes_as(&program, Dialect::LATEST).iter().for_each(|word| json.plain(word));
        }
    });
    json.into_text()
}

/// Returns what `sre compile --jsonl` writes for a pattern.
///
/// ```text
/// {"code": […], "flags": 32, "groups": 0, "groupindex": [], "warnings": [[category, text], …]}
/// {"error": {"type": "error", "msg": …, "pos": 0, "lineno": 1, "colno": 1}, "warnings": […]}
/// ```
pub fn outcome(compiler: &mut Compiler, request: &Request, dialect: Dialect) -> String {
    compiler.set_dialect(dialect);
    let result = compiler.compile(request.pattern(), request.flags());
    let mut json = Json::default();
    json.object(|json| {
        match &result {
            Ok(program) => {
                json.key("code").list(|json| program.code().iter().for_each(|word| json.plain(word)));
                json.key("flags").plain(program.flags().bits());
                json.key("groups").plain(program.group_count());
                json.key("groupindex").list(|json| {
                    program.group_index().for_each(|(name, group)| {
                        json.list(|json| {
                            json.string(name);
                            json.plain(group);
                        });
                    });
                });
            }
            Err(error) => json.key("error").object(|json| {
                json.key("type").string(error.exception().name());
                json.key("msg").code_points(error.message());
                // Only `re.error` has these.
                if error.exception() == sre_compiler::Exception::PatternError {
                    json.key("pos").number_or_null(error.pos());
                    json.key("lineno").number_or_null(error.lineno());
                    json.key("colno").number_or_null(error.colno());
                }
            }),
        }
        json.key("warnings").list(|json| {
            for warning in compiler.warnings() {
                json.list(|json| {
                    json.string(warning.category());
                    json.display(warning);
                });
            }
        });
    });
    json.into_text()
}
