//! PCRE2, and the parser of fancy-regex.

use std::ptr;

use fancy_regex::Expr;
use fancy_regex::internal::{FLAG_CASEI, FLAG_DOTNL, FLAG_IGNORE_SPACE, FLAG_MULTI, FLAG_UNICODE};
use sre_compiler::Flags;

use super::Linkable;
use crate::sample::Sample;

/// Returns a compiler's options for the flags of a pattern.
fn options(flags: Flags, table: &[(Flags, u32)]) -> u32 {
    table.iter().filter(|(flag, _)| flags.any(*flag)).fold(0, |options, (_, option)| options | option)
}

/// PCRE2, compiling to its own code.
pub(super) struct Pcre2;

impl Linkable for Pcre2 {
    const NAME: &'static str = "pcre2";
    const ABOUT: &'static str = "PCRE2, to its own code, without JIT; version";
    type Input = (String, u32);

    fn prepare(&mut self, sample: &Sample) -> Option<(String, u32)> {
        let flags = sample.case.flags;
        let table = [
            (Flags::IGNORECASE, pcre2_sys::PCRE2_CASELESS),
            (Flags::MULTILINE, pcre2_sys::PCRE2_MULTILINE),
            (Flags::DOTALL, pcre2_sys::PCRE2_DOTALL),
            (Flags::VERBOSE, pcre2_sys::PCRE2_EXTENDED),
        ];
        let unicode = !sample.case.is_bytes() && !flags.intersects(Flags::ASCII);
        let utf = if sample.case.is_bytes() { 0 } else { pcre2_sys::PCRE2_UTF };
        let ucp = if unicode { pcre2_sys::PCRE2_UCP } else { 0 };
        Some((sample.utf8.clone()?, options(flags, &table) | utf | ucp))
    }

    fn compile(&mut self, (pattern, options): &(String, u32)) -> bool {
        let (mut error, mut offset) = (0, 0);
        // SAFETY: the pattern is valid for its length; the result is null or code that is freed once.
        unsafe {
            let code = pcre2_sys::pcre2_compile_8(
                pattern.as_ptr(),
                pattern.len(),
                *options,
                &mut error,
                &mut offset,
                ptr::null_mut(),
            );
            pcre2_sys::pcre2_code_free_8(code);
            !code.is_null()
        }
    }

    fn version(&self) -> String {
        let mut text = [0_u8; 64];
        // SAFETY: PCRE2 documents 24 bytes as enough for the version.
        unsafe { pcre2_sys::pcre2_config_8(pcre2_sys::PCRE2_CONFIG_VERSION, text.as_mut_ptr().cast()) };
        text.iter().take_while(|&&byte| byte != 0).map(|&byte| char::from(byte)).collect()
    }
}

/// The parser of fancy-regex. The crate regex, which it passes patterns on to, is not measured.
pub(super) struct Fancy;

impl Linkable for Fancy {
    const NAME: &'static str = "fancy-regex";
    const ABOUT: &'static str = "fancy-regex 0.20, its parser only";
    type Input = (String, u32);

    fn prepare(&mut self, sample: &Sample) -> Option<(String, u32)> {
        let flags = sample.case.flags;
        let table = [
            (Flags::IGNORECASE, FLAG_CASEI),
            (Flags::MULTILINE, FLAG_MULTI),
            (Flags::DOTALL, FLAG_DOTNL),
            (Flags::VERBOSE, FLAG_IGNORE_SPACE),
        ];
        let unicode = !sample.case.is_bytes() && !flags.intersects(Flags::ASCII);
        Some((sample.utf8.clone()?, options(flags, &table) | if unicode { FLAG_UNICODE } else { 0 }))
    }

    fn compile(&mut self, (pattern, flags): &(String, u32)) -> bool {
        Expr::parse_tree_with_flags(pattern, *flags).is_ok()
    }
}
