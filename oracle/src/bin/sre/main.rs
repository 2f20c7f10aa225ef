//! The command `sre`.
fn main() {}
