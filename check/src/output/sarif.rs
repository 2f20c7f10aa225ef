//! Findings as SARIF 2.1.0, the format of code scanning services.

use std::io;
use std::io::Write;

use serde_json::{Value, json};

use crate::finding::Located;
use crate::rules::{Description, Level, RULES};

/// Writes the report. `version` is the one of the program.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut impl Write, findings: &[Located], version: &str) -> io::Result<()> {
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "sre",
                "version": version,
                "rules": RULES.iter().map(rule).collect::<Vec<Value>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<Value>>(),
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn rule(rule: &Description) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.explanation },
        "help": { "text": rule.fix },
        "defaultConfiguration": { "level": level(rule.level) },
    })
}

fn level(level: Level) -> &'static str {
    level.name()
}

fn result(located: &Located) -> Value {
    let rule = located.finding.rule.description();
    let mut place = json!({ "artifactLocation": { "uri": uri(&located.file) } });
    if let Some(line) = located.line {
        let mut region = json!({ "startLine": line });
        if let Some(column) = located.column {
            region["startColumn"] = column.into();
        }
        place["region"] = region;
    }
    json!({
        "ruleId": rule.code,
        "ruleIndex": located.finding.rule as usize,
        "level": level(rule.level),
        "message": { "text": located.finding.sentences() },
        "locations": [{ "physicalLocation": place }],
        "partialFingerprints": {
            "pattern/v1": format!("{:016x}", located.fingerprint(&located.file)),
        },
    })
}

/// Returns a path as a relative or absolute URI.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("src/a b%.py"), "src/a%20b%25.py");
        assert_eq!(uri("/x/é.py"), "file:///x/%C3%A9.py");
        assert_eq!(uri("./a.py"), "a.py");
        assert_eq!(uri(r"src\a.py"), "src/a.py");
    }
}
