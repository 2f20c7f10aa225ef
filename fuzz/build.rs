//! Says which sanitizer the build has, plants a defect if asked to, and lets the programs find libpython.

use std::env;

/// The environment variable that plants a defect, and the defects; see `src/planted.rs`.
const PLANT: &str = "SRE_FUZZ_PLANT";
const DEFECTS: [&str; 4] = ["leak", "leak_uncounted", "retained", "wrong_opcode"];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");

    println!("cargo:rerun-if-env-changed={PLANT}");
    println!("cargo:rustc-check-cfg=cfg(planted, values(\"{}\"))", DEFECTS.join("\", \""));
    if let Ok(defect) = env::var(PLANT)
        && !defect.is_empty()
    {
        assert!(DEFECTS.contains(&defect.as_str()), "{PLANT}={defect} is none of {DEFECTS:?}");
        println!("cargo:rustc-cfg=planted=\"{defect}\"");
    }

    // `cfg(sanitize)` itself is not stable.
    println!("cargo:rustc-check-cfg=cfg(leak_sanitizer)");
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    if ["sanitizer=leak", "sanitizer=address"].iter().any(|sanitizer| flags.contains(sanitizer)) {
        println!("cargo:rustc-cfg=leak_sanitizer");
    }

    #[cfg(feature = "embedded")]
    pyo3_build_config::add_libpython_rpath_link_args();
}
