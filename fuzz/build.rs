//! Detects the sanitizer of the build, injects a defect on request, and sets the path of libpython.

use std::env;

/// The environment variable that names a defect to inject, its former name, and the defects; see `src/injected.rs`.
const INJECT: &str = "SRE_FUZZ_INJECT";
const FORMER: &str = "SRE_FUZZ_PLANT";
const DEFECTS: [&str; 4] = ["leak", "leak_uncounted", "retained", "wrong_opcode"];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");

    [INJECT, FORMER].iter().for_each(|name| println!("cargo:rerun-if-env-changed={name}"));
    println!("cargo:rustc-check-cfg=cfg(injected, values(\"{}\"))", DEFECTS.join("\", \""));
    let set = [INJECT, FORMER].into_iter().filter_map(|name| env::var(name).ok());
    if let Some(defect) = set.into_iter().find(|defect| !defect.is_empty()) {
        assert!(
            DEFECTS.contains(&defect.as_str()),
            "{INJECT}={defect}: unknown defect (known: {})",
            DEFECTS.join(", ")
        );
        println!("cargo:rustc-cfg=injected=\"{defect}\"");
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
