//! Dialects with one rule changed, to test that the corpus covers each rule.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::rules::{DigitLimitText, GlobalFlags, GroupNames, Rules, Validator, WidthCap};
use super::version::Dialect;
use crate::opcode::Numbering;
use crate::unicode::{AlgorithmicNames, Version};

/// The name of a rule, and a function that changes it.
type Flip = (&'static str, fn(&mut Rules));

impl Dialect {
    /// Returns this dialect with each of its rules changed in turn, with the name of the rule. Each
    /// call leaks a few kilobytes.
    #[doc(hidden)]
    pub fn flipped(self) -> Vec<(&'static str, Dialect)> {
        let flip = |&(name, flip): &Flip| {
            let mut rules = Rules { ..*self.0 };
            flip(&mut rules);
            let rules: &'static Rules = Box::leak(Box::new(rules));
            (name, Dialect(rules))
        };
        FLIPS.iter().map(flip).filter(|(_, dialect)| dialect.0 != self.0).collect()
    }
}

/// Every rule, with a change of its value.
const FLIPS: &[Flip] = &[
    ("unicode", |rules| {
        // Characters are only added from version to version, so neighbouring versions differ.
        let at = Version::ALL.iter().position(|&version| version == rules.unicode).unwrap_or(0);
        rules.unicode = Version::ALL[if at == 0 { 1 } else { at - 1 }];
    }),
    ("numbering", |rules| {
        rules.numbering = match rules.numbering {
            Numbering::MAGIC_20171005 => Numbering::MAGIC_20220615,
            _ => Numbering::MAGIC_20171005,
        };
    }),
    ("global_flags", |rules| {
        rules.global_flags = match rules.global_flags {
            GlobalFlags::First => GlobalFlags::Anywhere { positioned: true },
            GlobalFlags::Anywhere { .. } => GlobalFlags::First,
        };
    }),
    ("global_flags.positioned", |rules| {
        if let GlobalFlags::Anywhere { positioned } = &mut rules.global_flags {
            *positioned = !*positioned;
        }
    }),
    ("possessive_and_atomic", |rules| rules.possessive_and_atomic ^= true),
    ("bytes_messages_are_ascii", |rules| rules.bytes_messages_are_ascii ^= true),
    ("group_names: lenient", |rules| rules.group_names = GroupNames::Lenient),
    ("group_names: warned", |rules| rules.group_names = GroupNames::Warned),
    ("group_names: strict", |rules| rules.group_names = GroupNames::Strict),
    ("undefined_conditional_refused", |rules| rules.undefined_conditional_refused ^= true),
    ("escape_beyond_int_bad", |rules| rules.escape_beyond_int_bad ^= true),
    ("named_sequence_undefined", |rules| rules.named_sequence_undefined ^= true),
    ("algorithmic_names", |rules| {
        rules.algorithmic_names = match rules.algorithmic_names {
            AlgorithmicNames::Strict => AlgorithmicNames::AnyCase,
            AlgorithmicNames::AnyCase => AlgorithmicNames::Strict,
        };
    }),
    ("max_groups", |rules| rules.max_groups ^= 0x4000_0000),
    ("width_cap", |rules| {
        let narrow = rules.width_cap.max != u64::MAX;
        let (min, max) = if narrow { (u64::MAX, u64::MAX) } else { (0xffff_fffe, 0xffff_ffff) };
        rules.width_cap = WidthCap { min, max };
    }),
    ("template_flag", |rules| rules.template_flag ^= true),
    ("empty_negative_assertion_fails", |rules| rules.empty_negative_assertion_fails ^= true),
    ("astral_literals_folded", |rules| rules.astral_literals_folded ^= true),
    ("complementary_categories_folded", |rules| rules.complementary_categories_folded ^= true),
    ("lower_z_escape", |rules| rules.lower_z_escape ^= true),
    ("cyrillic_extra_cases", |rules| rules.cyrillic_extra_cases ^= true),
    ("atomic_dump_indented", |rules| rules.atomic_dump_indented ^= true),
    ("digits_limited", |rules| rules.digits_limited ^= true),
    ("digit_limit_text", |rules| {
        rules.digit_limit_text = match rules.digit_limit_text {
            DigitLimitText::Advice => DigitLimitText::AdviceInDigits,
            DigitLimitText::Bare | DigitLimitText::AdviceInDigits => DigitLimitText::Advice,
        };
    }),
    ("validator", |rules| {
        rules.validator = match rules.validator {
            Validator::Guessing => Validator::Exact,
            Validator::Exact => Validator::Guessing,
        };
    }),
    ("huge_lookbehind_refused", |rules| rules.huge_lookbehind_refused ^= true),
    ("marks_checked_exactly", |rules| rules.marks_checked_exactly ^= true),
    ("bare_categories", |rules| rules.bare_categories ^= true),
    ("set_operators", |rules| rules.set_operators ^= true),
    ("properties", |rules| rules.properties ^= true),
    ("sets_fused", |rules| rules.sets_fused ^= true),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_flip() {
        // A new rule does not compile without a change above.
        let Rules {
            minor: _,
            patch: _,
            unicode: _,
            magic: _,
            numbering: _,
            global_flags: _,
            possessive_and_atomic: _,
            bytes_messages_are_ascii: _,
            group_names: _,
            undefined_conditional_refused: _,
            escape_beyond_int_bad: _,
            named_sequence_undefined: _,
            algorithmic_names: _,
            max_groups: _,
            width_cap: _,
            template_flag: _,
            empty_negative_assertion_fails: _,
            astral_literals_folded: _,
            complementary_categories_folded: _,
            lower_z_escape: _,
            cyrillic_extra_cases: _,
            atomic_dump_indented: _,
            digits_limited: _,
            digit_limit_text: _,
            validator: _,
            huge_lookbehind_refused: _,
            marks_checked_exactly: _,
            bare_categories: _,
            set_operators: _,
            properties: _,
            sets_fused: _,
        } = Dialect::default().0;
        for dialect in Dialect::all() {
            let flips = dialect.flipped();
            assert!(flips.len() >= 27, "{dialect}: {}", flips.len());
        }
    }
}
