use std::collections::HashSet;

use sre_compiler::{Compiler, Dialect, ErrorKind};

use super::*;

const MANY: usize = 4000;

fn cases(generator: Generator) -> Vec<Case> {
    let mut generator = generator;
    (0..MANY).map(|_| generator.case()).collect()
}

/// Of a hundred cases, how many the newest dialect accepts.
fn accepted(cases: &[Case]) -> usize {
    let mut compiler = Compiler::new(Dialect::default());
    let accepts = |case: &&Case| compiler.compile(case.pattern(), case.flags).is_ok();
    cases.iter().filter(accepts).count() * 100 / cases.len()
}

#[test]
fn a_seed_gives_the_same_cases() {
    let of_seed = |seed| cases(Generator::new(seed));
    assert!(of_seed(7) == of_seed(7));
    assert!(of_seed(7) != of_seed(8));
}

#[test]
fn most_cases_are_accepted_but_not_all() {
    let share = accepted(&cases(Generator::new(1)));
    assert!((60..=90).contains(&share), "{share} %");
}

#[test]
fn changed_samples_are_accepted_as_often_as_not() {
    let samples = [
        Case::str(r"(?P<year>\d{4})-(?P<month>\d\d)", Flags::NONE),
        Case::bytes(br"^[\x80-\xff]+(?:\r\n|$)", Flags::MULTILINE),
    ];
    let mut generator = Generator::new(1);
    let bytes = |generator: &mut Generator| -> Vec<u8> {
        std::iter::repeat_with(|| generator.random.u8(..)).take(200).collect()
    };
    let changed: Vec<Case> = (0..MANY)
        .map(|n| mutate(&samples[n % 2], &mut Unstructured::new(&bytes(&mut generator))).unwrap())
        .collect();
    let share = accepted(&changed);
    assert!((40..=90).contains(&share), "{share} %");
    assert!(changed.iter().any(Case::is_bytes) && changed.iter().any(|case| !case.is_bytes()));
}

#[test]
fn cases_are_rarely_the_same() {
    let different: HashSet<Case> = cases(Generator::new(1)).into_iter().collect();
    assert!(different.len() > MANY * 90 / 100, "{} of {MANY}", different.len());
}

#[test]
fn all_code_points_exist_and_flags_have_letters() {
    for case in cases(Generator::new(3)) {
        assert_eq!(case.pattern().chars().count(), case.len());
        assert!(case.flags_have_letters());
    }
}

#[test]
fn any_bytes_give_a_case() {
    for length in 0..300 {
        for fill in [0, 0x55, 0xff] {
            let bytes = vec![fill; length];
            let case = case_from(&mut Unstructured::new(&bytes)).unwrap();
            mutate(&case, &mut Unstructured::new(&bytes)).unwrap();
        }
    }
}

#[test]
fn cases_are_refused_for_many_reasons() {
    let mut compiler = Compiler::new(Dialect::default());
    let mut generator = Generator::new(5);
    let kinds: HashSet<_> = (0..10 * MANY)
        .filter_map(|_| {
            let case = generator.case();
            compiler.compile(case.pattern(), case.flags).err()
        })
        .map(|error| std::mem::discriminant(&error.kind()))
        .collect();
    assert!(kinds.len() >= 40, "{} kinds", kinds.len());
    assert!(kinds.contains(&std::mem::discriminant(&ErrorKind::VariableLookbehind)));
}
