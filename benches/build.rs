//! Records the version of Rust for the reports, and lets the programs find libpython.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    println!("cargo:rustc-env=SRE_BENCH_RUSTC={}", version.unwrap_or_default());
    println!("cargo:rustc-env=SRE_BENCH_PROFILE={}", env::var("PROFILE").unwrap_or_default());

    #[cfg(feature = "embedded")]
    pyo3_build_config::add_libpython_rpath_link_args();
}
