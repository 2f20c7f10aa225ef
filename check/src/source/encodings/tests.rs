//! Names as Python reads them. `tests/encodings.rs` of this crate compares the table with interpreters.

#[test]
fn names_are_read_as_python_reads_them() {
    let codec = |name| super::find(name).map(|codec| codec.name);
    assert_eq!(codec("Windows-1252"), Some("cp1252"));
    assert_eq!(codec("ISO_8859--1"), Some("iso8859-1"));
    assert_eq!(codec("--L1--"), Some("iso8859-1"));
    assert_eq!(codec("ansi_x3.4-1968"), Some("ascii"));
    assert_eq!(codec("KOI8-R"), Some("koi8-r"));
    assert_eq!(codec("gb2312.80"), Some("gb2312"));
    assert_eq!(codec("korean"), Some("varies"));
    assert_eq!(codec("utf-16"), Some("utf-16"));
    for unknown in ["", "rot13", "no-such", "utf8-unix"] {
        assert_eq!(codec(unknown), None, "{unknown}");
    }
}
