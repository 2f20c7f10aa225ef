//! Characters that some rule treats specially.

use super::choices::Choices;

/// Few characters, so that alternatives often have a common prefix, sets repeat a member, and
/// prefixes overlap.
const COMMON: &[u8] = b"abcaabbcdexyzABCkKsSiI0123789_- ";

/// Characters that are equal if case is ignored, in some version.
const ORBITS: &[&[u32]] = &[
    &[0x4b, 0x6b, 0x212a],          // K, k, KELVIN SIGN
    &[0x53, 0x73, 0x17f],           // S, s, LONG S
    &[0x49, 0x69, 0x130, 0x131],    // I, i, with and without dot
    &[0xdf, 0x1e9e],                // sharp s
    &[0xb5, 0x3bc, 0x39c],          // MICRO SIGN, mu
    &[0xc5, 0xe5, 0x212b],          // ANGSTROM SIGN
    &[0x3a9, 0x3c9, 0x2126],        // OHM SIGN
    &[0x3a3, 0x3c3, 0x3c2],         // the three sigmas
    &[0x345, 0x399, 0x3b9, 0x1fbe], // iota and iota below
    &[0x390, 0x1fd3],               // iota with dialytika and tonos
    &[0x3b0, 0x1fe3],               // upsilon with dialytika and tonos
    &[0x392, 0x3b2, 0x3d0],         // beta
    &[0x395, 0x3b5, 0x3f5],         // epsilon
    &[0x398, 0x3b8, 0x3d1, 0x3f4],  // theta
    &[0x39a, 0x3ba, 0x3f0],         // kappa
    &[0x3a0, 0x3c0, 0x3d6],         // pi
    &[0x3a1, 0x3c1, 0x3f1],         // rho
    &[0x3a6, 0x3c6, 0x3d5],         // phi
    &[0x1e60, 0x1e61, 0x1e9b],      // s with dot above
    &[0xfb05, 0xfb06],              // the ligatures st
    &[0xff, 0x178],                 // y with diaeresis: the lower case is Latin-1, the upper is not
    &[0x149, 0x1f0, 0xfb01],        // cased without a single upper case
    &[0x412, 0x432, 0x1c80],        // Cyrillic letters and their old forms
    &[0x414, 0x434, 0x1c81],
    &[0x41e, 0x43e, 0x1c82],
    &[0x421, 0x441, 0x1c83],
    &[0x422, 0x442, 0x1c84, 0x1c85],
    &[0x42a, 0x44a, 0x1c86],
    &[0x462, 0x463, 0x1c87],
    &[0xa64a, 0xa64b, 0x1c88],
    &[0x10d0, 0x1c90, 0x10a0, 0x2d00],           // Georgian
    &[0x13a0, 0xab70, 0x13f0, 0x13f8],           // Cherokee
    &[0x10400, 0x10428, 0x10427, 0x1044f],       // Deseret
    &[0x1e900, 0x1e922, 0x118a0, 0x118c0],       // Adlam, Warang Citi
    &[0xa7c7, 0xa7c8, 0xa7f5, 0xa7f6],           // since Unicode 13
    &[0x10570, 0x10597, 0xa7d0, 0x2c2f],         // since Unicode 14
    &[0x10d50, 0x10d70, 0x1c89, 0x1c8a, 0xa7cb], // since Unicode 16
    &[0x16ea0, 0x16ebb, 0xa7ce, 0xa7d2],         // since Unicode 17
];

/// Characters at borders: of ASCII, Latin-1, the BMP, Unicode, the surrogates, white space and
/// digits.
const BORDERS: &[u32] = &[
    0x00, 0x01, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1f, 0x20, 0x7e, 0x7f, 0x80, 0x85, 0xa0, 0xaa, 0xb2,
    0xd7, 0xe9, 0xff, 0x100, 0x101, 0x661, 0x1ff, 0x200, 0x2028, 0x3000, 0x4e00, 0xac00, 0xd7ff, 0xd800,
    0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfeff, 0xff11, 0xfffe, 0xffff, 0x10000, 0x10001, 0x1f600, 0x20000,
    0x10fffe, 0x10ffff,
];

/// The same for bytes.
const LATIN_BORDERS: &[u32] =
    &[0x00, 0x09, 0x0d, 0x20, 0x40, 0x41, 0x5a, 0x61, 0x7a, 0x7f, 0x80, 0xb5, 0xdf, 0xe0, 0xff];

/// Returns a character, or a byte for a bytes pattern.
pub(super) fn character(choices: &mut Choices<'_, '_>, bytes: bool) -> u32 {
    match choices.below(20) {
        0..=11 => u32::from(choices.pick(COMMON)),
        12..=13 => choices.within(0x20, 0x7e) as u32,
        14 if bytes => choices.within(0x00, 0x1f) as u32,
        _ if bytes => choices.within(0x7f, 0xff) as u32,
        14..=16 => {
            let orbit = choices.pick(ORBITS);
            choices.pick(orbit)
        }
        17..=18 => choices.pick(BORDERS),
        _ => choices.below(0x11_0000) as u32,
    }
}

/// Returns a character that is equal if case is ignored, or one near the same border; otherwise any
/// character that some rule treats specially.
pub(super) fn case_variants(choices: &mut Choices<'_, '_>, c: u32, bytes: bool) -> u32 {
    let last = if bytes { 0xff } else { 0x10ffff };
    let orbit = ORBITS.iter().find(|orbit| orbit.contains(&c)).filter(|_| !bytes);
    let border = BORDERS.iter().find(|&&border| border.abs_diff(c) < 3).filter(|_| choices.one_in(2));
    match (orbit, border) {
        (Some(orbit), _) => choices.pick(orbit),
        (None, Some(&border)) => (border.saturating_sub(1) + choices.below(3) as u32).min(last),
        _ if bytes => choices.pick(LATIN_BORDERS),
        _ if choices.one_in(2) => choices.pick(BORDERS),
        _ => {
            let orbit = choices.pick(ORBITS);
            choices.pick(orbit)
        }
    }
}

/// Returns a new start for a range that starts at `low`.
pub(super) fn below(choices: &mut Choices<'_, '_>, low: u32) -> u32 {
    match choices.below(4) {
        0 => choices.below(low as usize + 1) as u32,
        _ => low.saturating_sub(choices.below(30) as u32),
    }
}

/// Returns an end for a range that starts at `low`.
pub(super) fn above(choices: &mut Choices<'_, '_>, low: u32, bytes: bool) -> u32 {
    let last = if bytes { 0xff } else { 0x10ffff };
    let border = if bytes { low } else { choices.pick(BORDERS) };
    match choices.below(8) {
        0..=4 => (low + choices.below(30) as u32).min(last),
        5 => (low + choices.below(0x400) as u32).min(last),
        _ => border.max(low),
    }
}
