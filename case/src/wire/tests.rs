use sre_compiler::Flags;

use super::*;
use crate::case::{Case, Text};

fn reply(outcome: &crate::Outcome) -> String {
    let mut line = Vec::new();
    write_outcome(&mut line, outcome);
    String::from_utf8(line).unwrap()
}

#[test]
fn replies_are_read_and_written_as_python_writes_them() {
    for line in [
        r#"{"code": [14, 4294967295], "flags": -34, "groups": 1, "groupindex": [["\u00e9", 1]], "warnings": [["FutureWarning", "Possible"]]}"#,
        r#"{"code": [1], "flags": 0, "groups": 0, "groupindex": [], "warnings": [], "tree": "\t\n", "dis": "\"\\'", "valid": false}"#,
        r#"{"error": {"type": "error", "msg": "bad escape \\\ud800 \ud83d\ude00", "pos": 0, "lineno": 1, "colno": 1}, "warnings": []}"#,
        r#"{"error": {"type": "error", "msg": "look", "pos": null, "lineno": null, "colno": null}, "warnings": []}"#,
        r#"{"error": {"type": "OverflowError", "msg": "the repetition number is too large"}, "warnings": []}"#,
        r#"{"lost": "killed by signal 11"}"#,
    ] {
        assert_eq!(reply(&parse_outcome(line.as_bytes()).unwrap()), line);
    }
}

#[test]
fn invalid_replies_are_rejected() {
    for line in ["", "{}", "null", "[", r#"{"code": [1]}"#, r#"{"code": [-1]}"#, r#"{"invalid": "x"}"#] {
        assert!(parse_outcome(line.as_bytes()).is_err(), "{line}");
    }
}

#[test]
fn the_reply_to_a_batch_is_read_word_by_word() {
    let accepted = |words: &str| {
        format!(r#"{{"words": {words}, "flags": 32, "groups": 0, "groupindex": [], "warnings": []}}"#)
    };
    let rejected = r#"{"error": {"type": "ValueError", "msg": "no"}, "warnings": []}"#;
    let outcomes = [&accepted("2"), rejected, &accepted("0"), &accepted("1")].join(", ");
    let line = format!(r#"{{"outcomes": [{outcomes}], "compiling": 1500, "everything": 2000000000}}"#);
    let mut frame = (line + "\n").into_bytes();
    frame.extend([14, u32::MAX, 1].iter().flat_map(|word| word.to_ne_bytes()));
    let batch = parse_batch(&frame).unwrap();
    let codes: Vec<_> =
        batch.outcomes.iter().map(|outcome| outcome.accepted().map(|accepted| &accepted.code[..])).collect();
    assert_eq!(codes, [Some(&[14, u32::MAX][..]), None, Some(&[]), Some(&[1])]);
    assert_eq!((batch.cost.reference.as_nanos(), batch.cost.everything.as_secs()), (1500, 2));
    for cut_off in [1, 4, 12, 13, 14] {
        assert!(parse_batch(&frame[..frame.len() - cut_off]).is_err(), "{cut_off}");
    }
}

#[test]
fn requests_are_read() {
    let case = |line: &str| parse_request(line.as_bytes()).map(|request| request.case);
    let surrogate = Case { text: Text::Str(vec![97, 0xD800]), flags: Flags::empty() };
    assert_eq!(case(r#"{"kind": "str", "codepoints": [97, 55296], "flags": 0}"#), Ok(surrogate.clone()));
    assert_eq!(case(r#"{"kind": "str", "pattern": "a\ud800", "flags": 0}"#), Ok(surrogate));
    let bytes = Case::bytes(b"\xe9", Flags::from_bits(-2));
    assert_eq!(case(r#"{"kind": "bytes", "pattern": "é", "flags": -2, "source": "x"}"#), Ok(bytes.clone()));
    assert_eq!(case(r#"{"kind": "bytes", "pattern": "\u00e9", "flags": -2}"#), Ok(bytes));
    assert!(parse_request(br#"{"kind": "str", "pattern": "", "flags": 0, "debug": true}"#).unwrap().debug);
}

#[test]
fn malformed_requests_are_rejected_with_a_reason() {
    for (line, why) in [
        ("", "not an object"),
        (r#"["str", "a", null, 0, false]"#, "not an object"),
        (r#"{"kind": "str""#, "EOF while parsing"),
        ("{}", "missing field `kind`"),
        (r#"{"kind": "str", "flags": 0}"#, "needs one of pattern"),
        (r#"{"kind": "str", "pattern": "", "codepoints": [], "flags": 0}"#, "needs one of pattern"),
        (r#"{"kind": "str", "pattern": ""}"#, "missing field `flags`"),
        (r#"{"kind": "text", "pattern": "", "flags": 0}"#, "neither"),
        (r#"{"kind": "bytes", "pattern": "\u0100", "flags": 0}"#, "above U+00FF"),
        (r#"{"kind": "str", "codepoints": [1114112], "flags": 0}"#, "above U+10FFFF"),
        (r#"{"kind": "str", "pattern": "", "flags": 1e3}"#, "floating point"),
        (r#"{"kind": "str", "pattern": "", "flags": 9223372036854775808}"#, "9223372036854775808"),
        (r#"{"kind": "str", "pattern": "", "flags": 0} x"#, "trailing"),
    ] {
        let error = parse_request(line.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(why), "{line}: {error}");
    }
    assert!(parse_request(b"{\"kind\": \"str\", \"pattern\": \"\xff\", \"flags\": 0}").is_err());
}

#[test]
fn requests_round_trip() {
    arbtest::arbtest(|u| {
        let mut case = Case::decode(&u.arbitrary::<Vec<u8>>()?);
        case.flags = Flags::from_bits(u.arbitrary()?);
        let mut line = Vec::new();
        write_request(&mut line, &case, false);
        assert!(line.is_ascii());
        assert_eq!(parse_request(&line), Ok(Request { case, debug: false }));
        Ok(())
    });
}
