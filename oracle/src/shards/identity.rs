//! What determines the answers of an interpreter, as a hash.

use std::time::Duration;

use super::state::BadState;
use crate::answers::Hash;
use crate::child::Child;
use crate::pythons::Python;
use crate::run::{CannotCompare, Reference, embedded};

/// Prints facts about the interpreter, and the source of its compiler, as a line of JSON.
const ASK: &str = r#"
import json, sys, unicodedata, _sre
if sys.version_info >= (3, 11):
    names = ["re._casefix", "re._compiler", "re._constants", "re._parser"]
else:
    names = ["sre_compile", "sre_constants", "sre_parse"]
facts = [sys.implementation.name, list(sys.version_info), sys.byteorder, sys.maxunicode, _sre.MAGIC, _sre.CODESIZE,
         unicodedata.unidata_version, getattr(sys, "get_int_max_str_digits", lambda: None)()]
for name in names:
    __import__(name)
    facts.append(sys.modules[name].__loader__.get_source(name))
sys.stdout.write(json.dumps(facts) + "\n")
sys.stdout.flush()
"#;

const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Returns a hash of what determines the answers of an interpreter: its version and the source of
/// its compiler. It is the same on every machine that has the same release.
///
/// # Errors
/// If the interpreter does not answer.
pub fn identity(reference: &Reference) -> Result<String, CannotCompare> {
    match reference {
        Reference::Python(python) => of_python(python),
        Reference::Pair(pair) => {
            Ok(format!("{} against {}", of_python(&pair.reference)?, of_python(&pair.tested)?))
        }
        // One without an executable is only distinguished by its version and build.
        Reference::Embedded => match embedded()?.matching_executable() {
            Some(python) => of_python(&python),
            None => Ok(Hash::of(&[format!("{:?}", reference.info()?).as_bytes()]).to_string()),
        },
    }
}

fn of_python(python: &Python) -> Result<String, CannotCompare> {
    let failed = |why: String| CannotCompare(format!("Python {}: {why}", python.info.label()));
    let child = Child::start(&python.path, ASK).map_err(|error| failed(error.to_string()))?;
    let facts = { child }.receive(TIME_LIMIT).map_err(failed)?;
    Ok(Hash::of(&[&facts]).to_string())
}

impl From<BadState> for CannotCompare {
    fn from(why: BadState) -> CannotCompare {
        CannotCompare(why.to_string())
    }
}
