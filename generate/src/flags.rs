//! Sets of flags.

use sre_compiler::Flags;

use super::dice::Dice;

/// What every kind of pattern can have.
const COMMON: [Flags; 4] = [Flags::IGNORECASE, Flags::MULTILINE, Flags::DOTALL, Flags::VERBOSE];
const TYPE: [Flags; 3] = [Flags::ASCII, Flags::LOCALE, Flags::UNICODE];

/// Flags that usually suit the kind.
pub(super) fn any(dice: &mut Dice<'_, '_>, is_bytes: bool) -> Flags {
    let of_type = if is_bytes { Flags::LOCALE } else { Flags::UNICODE };
    match dice.below(32) {
        0..=9 => Flags::empty(),
        10..=15 => Flags::IGNORECASE,
        16..=17 => Flags::VERBOSE,
        18..=19 => Flags::IGNORECASE | dice.pick(&[Flags::ASCII, of_type]),
        30 => subset(dice, &TYPE) | subset(dice, &COMMON),
        31 => dice.pick(&[Flags::LOCALE, Flags::UNICODE]) | subset(dice, &COMMON),
        _ => {
            let of_type = dice.pick(&[Flags::empty(), Flags::empty(), Flags::ASCII, of_type]);
            subset(dice, &COMMON) | of_type
        }
    }
}

/// The same with one flag more or less.
pub(super) fn toggled(dice: &mut Dice<'_, '_>, flags: Flags) -> Flags {
    let flag = match dice.below(3) {
        0 => dice.pick(&TYPE),
        _ => dice.pick(&COMMON),
    };
    if flags.intersects(flag) { flags.without(flag) } else { flags | flag }
}

fn subset(dice: &mut Dice<'_, '_>, of: &[Flags]) -> Flags {
    let bits = dice.below(1 << of.len());
    let chosen = of.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1);
    chosen.fold(Flags::empty(), |flags, (_, &flag)| flags | flag)
}
