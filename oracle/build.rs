//! Lets the command and the tests find the interpreter that the build links.

fn main() {
    #[cfg(feature = "embedded")]
    pyo3_build_config::add_libpython_rpath_link_args();
}
