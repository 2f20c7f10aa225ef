//! Sets of flags.

use sre_compiler::Flags;

use super::choices::Choices;

/// Flags that are valid for `str` and `bytes`.
const COMMON: [Flags; 4] = [Flags::IGNORECASE, Flags::MULTILINE, Flags::DOTALL, Flags::VERBOSE];
const TYPE: [Flags; 3] = [Flags::ASCII, Flags::LOCALE, Flags::UNICODE];

/// Returns flags that are usually valid for the kind.
pub(super) fn any(choices: &mut Choices<'_, '_>, is_bytes: bool) -> Flags {
    let of_type = if is_bytes { Flags::LOCALE } else { Flags::UNICODE };
    match choices.below(32) {
        0..=9 => Flags::empty(),
        10..=15 => Flags::IGNORECASE,
        16..=17 => Flags::VERBOSE,
        18..=19 => Flags::IGNORECASE | choices.pick(&[Flags::ASCII, of_type]),
        30 => subset(choices, &TYPE) | subset(choices, &COMMON),
        31 => choices.pick(&[Flags::LOCALE, Flags::UNICODE]) | subset(choices, &COMMON),
        _ => {
            let of_type = choices.pick(&[Flags::empty(), Flags::empty(), Flags::ASCII, of_type]);
            subset(choices, &COMMON) | of_type
        }
    }
}

/// Returns the flags with one of them toggled.
pub(super) fn toggled(choices: &mut Choices<'_, '_>, flags: Flags) -> Flags {
    let flag = match choices.below(3) {
        0 => choices.pick(&TYPE),
        _ => choices.pick(&COMMON),
    };
    if flags.intersects(flag) { flags.without(flag) } else { flags | flag }
}

fn subset(choices: &mut Choices<'_, '_>, of: &[Flags]) -> Flags {
    let bits = choices.below(1 << of.len());
    let chosen = of.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1);
    chosen.fold(Flags::empty(), |flags, (_, &flag)| flags | flag)
}
