//! The rules of each compiler. No other file compares versions.

use super::rules::{DigitLimitText, GlobalFlags, GroupNames, MAXREPEAT, Rules, Validator, WidthCap};
use crate::opcode::Numbering;
use crate::unicode::{AlgorithmicNames, Version};

/// Capped at `MAXREPEAT - 1` and `MAXREPEAT`.
const CAP_AT_MAXREPEAT: WidthCap = WidthCap { min: MAXREPEAT as u64 - 1, max: MAXREPEAT as u64 };
/// Capped at 2^64, which no rule distinguishes from 2^64 - 1.
const CAP_AT_MAXWIDTH: WidthCap = WidthCap { min: u64::MAX, max: u64::MAX };

// Every rule was seen run on the versions in COMPARED. The digit limit and the validator were
// also seen run on both sides of the patch level at which they change: the limit on 3.8.13 and
// 3.8.14, 3.9.13 and 3.9.14, 3.10.4 and 3.10.7; its text on 3.8.16, 3.9.16, 3.10.9 and 3.11.1;
// the validator on 3.10.7 and 3.10.9, 3.11.0rc2 and 3.11.1. The other patch levels are taken from
// CPython's changelog.
const V3_8_0: Rules = Rules {
    minor: 8,
    patch: 0,
    unicode: Version::V12_1,
    magic: 20171005,
    numbering: Numbering::MAGIC_20171005,
    global_flags: GlobalFlags::Anywhere { positioned: false },
    possessive_and_atomic: false,
    bytes_messages_are_ascii: false,
    group_names: GroupNames::Lenient,
    undefined_conditional_refused: false,
    escape_beyond_int_bad: false,
    named_sequence_undefined: false,
    algorithmic_names: AlgorithmicNames::Strict,
    max_groups: 0x7fff_ffff,
    width_cap: CAP_AT_MAXREPEAT,
    template_flag: true,
    empty_negative_assertion_fails: false,
    astral_literals_folded: false,
    complementary_categories_folded: false,
    lower_z_escape: false,
    cyrillic_extra_cases: false,
    atomic_dump_indented: false,
    digits_limited: false,
    digit_limit_text: DigitLimitText::Bare,
    validator: Validator::Guessing,
    huge_lookbehind_refused: true,
    marks_checked_exactly: false,
    bare_categories: false,
    set_operators: false,
    properties: false,
    sets_fused: false,
};
const V3_8_14: Rules = Rules { patch: 14, digits_limited: true, ..V3_8_0 };
const V3_8_15: Rules = Rules { patch: 15, digit_limit_text: DigitLimitText::Advice, ..V3_8_14 };
const V3_9_0: Rules = Rules { minor: 9, unicode: Version::V13_0, ..V3_8_0 };
const V3_9_13: Rules = Rules {
    patch: 13,
    global_flags: GlobalFlags::Anywhere { positioned: true },
    undefined_conditional_refused: true,
    named_sequence_undefined: true,
    cyrillic_extra_cases: true,
    ..V3_9_0
};
const V3_9_14: Rules = Rules { patch: 14, digits_limited: true, ..V3_9_13 };
const V3_9_15: Rules = Rules { patch: 15, digit_limit_text: DigitLimitText::Advice, ..V3_9_14 };
const V3_10_0: Rules = Rules { minor: 10, ..V3_9_0 };
const V3_10_5: Rules = Rules { minor: 10, patch: 5, ..V3_9_13 };
const V3_10_7: Rules = Rules { patch: 7, digits_limited: true, ..V3_10_5 };
const V3_10_8: Rules = Rules { patch: 8, digit_limit_text: DigitLimitText::Advice, ..V3_10_7 };
const V3_10_9: Rules = Rules { patch: 9, validator: Validator::Exact, ..V3_10_8 };
const V3_11_0: Rules = Rules {
    minor: 11,
    patch: 0,
    unicode: Version::V14_0,
    magic: 20220615,
    numbering: Numbering::MAGIC_20220615,
    global_flags: GlobalFlags::First,
    possessive_and_atomic: true,
    bytes_messages_are_ascii: true,
    group_names: GroupNames::Warned,
    max_groups: 0x3fff_ffff,
    ..V3_10_8
};
const V3_11_1: Rules = Rules { patch: 1, validator: Validator::Exact, ..V3_11_0 };
const V3_11_2: Rules = Rules { patch: 2, digit_limit_text: DigitLimitText::AdviceInDigits, ..V3_11_1 };
const V3_11_5: Rules = Rules { patch: 5, atomic_dump_indented: true, ..V3_11_2 };
const V3_11_7: Rules =
    Rules { patch: 7, width_cap: CAP_AT_MAXWIDTH, huge_lookbehind_refused: false, ..V3_11_5 };
const V3_12_0: Rules = Rules {
    minor: 12,
    patch: 0,
    unicode: Version::V15_0,
    magic: 20221023,
    group_names: GroupNames::Strict,
    ..V3_11_5
};
const V3_12_1: Rules =
    Rules { patch: 1, width_cap: CAP_AT_MAXWIDTH, huge_lookbehind_refused: false, ..V3_12_0 };
const V3_12_8: Rules = Rules { patch: 8, astral_literals_folded: true, ..V3_12_1 };
const V3_13_0: Rules = Rules {
    minor: 13,
    patch: 0,
    unicode: Version::V15_1,
    magic: 20230612,
    escape_beyond_int_bad: true,
    template_flag: false,
    empty_negative_assertion_fails: true,
    ..V3_12_1
};
const V3_13_1: Rules = Rules { patch: 1, astral_literals_folded: true, ..V3_13_0 };
const V3_13_13: Rules =
    Rules { patch: 13, algorithmic_names: AlgorithmicNames::AnyCase, marks_checked_exactly: true, ..V3_13_1 };
const V3_14_0: Rules = Rules {
    minor: 14,
    patch: 0,
    unicode: Version::V16_0,
    complementary_categories_folded: true,
    lower_z_escape: true,
    ..V3_13_1
};
const V3_14_4: Rules =
    Rules { patch: 4, algorithmic_names: AlgorithmicNames::AnyCase, marks_checked_exactly: true, ..V3_14_0 };
const V3_15_0: Rules = Rules { minor: 15, patch: 0, unicode: Version::V17_0, ..V3_14_4 };

/// As CPython's main branch was in September 2026, except for its Unicode version, 18.0. No
/// interpreter was compared.
const V3_16_0: Rules = Rules {
    minor: 16,
    patch: 0,
    magic: 20260622,
    bare_categories: true,
    set_operators: true,
    properties: true,
    sets_fused: true,
    ..V3_15_0
};

/// All rows of released versions, oldest first.
pub(super) static ROWS: [Rules; 26] = [
    V3_8_0, V3_8_14, V3_8_15, V3_9_0, V3_9_13, V3_9_14, V3_9_15, V3_10_0, V3_10_5, V3_10_7, V3_10_8, V3_10_9,
    V3_11_0, V3_11_1, V3_11_2, V3_11_5, V3_11_7, V3_12_0, V3_12_1, V3_12_8, V3_13_0, V3_13_1, V3_13_13,
    V3_14_0, V3_14_4, V3_15_0,
];

/// The interpreters whose answers to the corpus are recorded, oldest first; `corpus/answers` has
/// the same. `sre pythons --format json` prints the hash of an interpreter's sources.
pub(super) static COMPARED: [Compared; 16] = [
    compared(8, 18, 0xc437_6d4a_2e2e_210e),
    compared(9, 18, 0xc071_96e4_8f32_2e94),
    compared(10, 2, 0x02fa_5341_1243_3336),
    compared(10, 13, 0xb200_d2eb_02a4_dc3c),
    compared(11, 2, 0x0925_d852_2bee_99a5),
    compared(11, 3, 0x0925_d852_2bee_99a5),
    compared(11, 7, 0xba7f_542a_e1c2_752d),
    compared(12, 1, 0x96bf_40a4_988f_acb6),
    compared(12, 7, 0xaba2_3c31_2d14_e766),
    compared(13, 0, 0x1c34_6aec_5c15_ed67),
    compared(13, 2, 0xa703_c352_be04_584a),
    compared(13, 5, 0xa703_c352_be04_584a),
    compared(13, 18, 0xa703_c352_be04_584a),
    compared(14, 2, 0x0c9f_1d5b_3e25_887f),
    compared(14, 10, 0x0c9f_1d5b_3e25_887f),
    compared(15, 2, 0x3432_de59_06c0_e6db),
];

/// An interpreter that was compared.
pub(super) struct Compared {
    pub(super) version: (u32, u32, u32),
    /// The hash of its sources of `re`, as [`super::Dialect::with_sources`] takes it.
    pub(super) sources: u64,
}

const fn compared(minor: u32, patch: u32, sources: u64) -> Compared {
    Compared { version: (3, minor, patch), sources }
}

/// The rows of versions that are not released yet.
pub(super) static PREVIEWS: [Rules; 1] = [V3_16_0];
