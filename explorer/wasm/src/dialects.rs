//! The dialects in the order in which the page shows them.

use alloc::string::String;

use sre_compiler::Dialect;

use crate::json::Json;

/// Returns all dialects, oldest first, and then the previews. The page names them by their index.
pub fn dialects() -> impl Iterator<Item = Dialect> {
    Dialect::all().chain(Dialect::previews())
}

/// Returns the dialects as JSON, and the version of this crate.
///
/// ```text
/// {"version": "0.1.0", "names": false, "dialects": [
///     {"minor": 8, "patch": 0, "preview": false, "unicode": "12.1", "compared": "3.8.18"}, …]}
/// ```
pub fn list_dialects() -> String {
    let mut json = Json::default();
    json.object(|json| {
        json.key("version").string(env!("CARGO_PKG_VERSION"));
        json.key("names").plain(cfg!(feature = "names"));
        json.key("dialects").list(|json| dialects().for_each(|dialect| write(json, dialect)));
    });
    json.into_text()
}

fn write(json: &mut Json, dialect: Dialect) {
    let (_, minor, patch) = dialect.min_version();
    json.object(|json| {
        json.key("minor").plain(minor);
        json.key("patch").plain(patch);
        json.key("preview").plain(dialect.is_preview());
        json.key("magic").plain(dialect.magic());
        let compared = dialect.compared_to();
        json.key("compared");
        match compared {
            Some((major, minor, patch)) => json.display(format_args!("{major}.{minor}.{patch}")),
            None => json.plain("null"),
        }
    });
}
