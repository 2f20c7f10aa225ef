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

/// The name of a rule, and a function that copies it from other rules.
type Copy = (&'static str, fn(&mut Rules, &Rules));

impl Dialect {
    /// Returns this dialect once for each rule in which the other one differs, with only that rule
    /// taken from it, and the name of the rule. Each call leaks a few kilobytes.
    #[doc(hidden)]
    pub fn with_rules_of(self, other: Dialect) -> Vec<(&'static str, Dialect)> {
        let copy = |&(name, copy): &Copy| {
            let mut rules = Rules { ..*self.0 };
            copy(&mut rules, other.0);
            (name, rules)
        };
        let leak = |(name, rules)| (name, Dialect(Box::leak(Box::new(rules)) as &'static Rules));
        COPIES.iter().map(copy).filter(|(_, rules)| rules != self.0).map(leak).collect()
    }

    /// Returns the names of all rules.
    #[doc(hidden)]
    pub fn rule_names() -> impl Iterator<Item = &'static str> {
        COPIES.iter().map(|&(name, _)| name)
    }
}

macro_rules! copies {
    ($($rule:ident)*) => {
        // A new rule does not compile unless it is listed.
        const _: fn(&Rules) = |rules| {
            let Rules { minor: _, patch: _, magic: _, $($rule: _),* } = rules;
        };
        const COPIES: &[Copy] = &[$((stringify!($rule), |to, from| to.$rule = from.$rule)),*];
    };
}

copies! {
    unicode
    numbering
    global_flags
    possessive_and_atomic
    bytes_messages_are_ascii
    group_names
    undefined_conditional_refused
    escape_beyond_int_bad
    named_sequence_undefined
    algorithmic_names
    max_groups
    width_cap
    template_flag
    empty_negative_assertion_fails
    astral_literals_folded
    complementary_categories_folded
    lower_z_escape
    cyrillic_extra_cases
    atomic_dump_indented
    digits_limited
    digit_limit_text
    validator
    huge_lookbehind_refused
    marks_checked_exactly
    bare_categories
    set_operators
    properties
    sets_fused
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
    fn two_dialects_differ_in_the_rules_of_the_table() {
        let names = |of: Dialect, other: Dialect| {
            of.with_rules_of(other).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        let [first, next] = ["3.13.0", "3.13.1"].map(|version| version.parse().unwrap());
        assert_eq!(names(first, next), ["astral_literals_folded"]);
        assert_eq!(names(next, first), ["astral_literals_folded"]);
        assert!(names(first, first).is_empty());
        let preview = ["bare_categories", "set_operators", "properties", "sets_fused"];
        assert_eq!(names(Dialect::PY315, Dialect::PY316_PREVIEW), preview);
        let [(_, mixed)] = first.with_rules_of(next)[..] else { panic!("one rule") };
        assert!(mixed.0.astral_literals_folded && !mixed.0.marks_checked_exactly);
    }

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
