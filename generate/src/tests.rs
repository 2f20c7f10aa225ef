use std::collections::HashSet;

use sre_compiler::{Compiler, Dialect, ErrorKind, Flags};

use super::*;

const MANY: usize = 4000;

fn cases(generator: Generator) -> Vec<Case> {
    let mut generator = generator;
    (0..MANY).map(|_| generator.case()).collect()
}

/// Returns the percentage of cases that the newest dialect accepts.
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
fn about_half_of_the_mutated_samples_are_accepted() {
    let samples = [
        Case::str(r"(?P<year>\d{4})-(?P<month>\d\d)", Flags::empty()),
        Case::bytes(br"^[\x80-\xff]+(?:\r\n|$)", Flags::MULTILINE),
    ];
    let mut generator = Generator::new(1);
    let bytes = |generator: &mut Generator| -> Vec<u8> {
        std::iter::repeat_with(|| generator.random.u8(..)).take(200).collect()
    };
    let changed: Vec<Case> = (0..MANY)
        .map(|n| mutate(&samples[n % 2], &[], &mut Unstructured::new(&bytes(&mut generator))).unwrap())
        .collect();
    let share = accepted(&changed);
    assert!((40..=90).contains(&share), "{share} %");
    assert!(changed.iter().any(Case::is_bytes) && changed.iter().any(|case| !case.is_bytes()));
}

#[test]
fn duplicate_cases_are_rare() {
    let different: HashSet<Case> = cases(Generator::new(1)).into_iter().collect();
    assert!(different.len() > MANY * 90 / 100, "{} of {MANY}", different.len());
}

#[test]
fn all_code_points_exist_and_flags_have_letters() {
    for case in cases(Generator::new(3)) {
        assert_eq!(case.pattern().chars().count(), case.len());
        assert!(case.to_file().is_ok());
    }
}

#[test]
fn any_bytes_give_a_case() {
    for length in 0..300 {
        for fill in [0, 0x55, 0xff] {
            let bytes = vec![fill; length];
            let case = case_from(&mut Unstructured::new(&bytes)).unwrap();
            mutate(&case, &[], &mut Unstructured::new(&bytes)).unwrap();
        }
    }
}

#[test]
fn rejected_cases_have_many_kinds_of_errors() {
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

#[test]
fn repair_makes_rejected_cases_compile() {
    let mut compiler = Compiler::new(Dialect::default());
    let (mut rejected, mut still, mut longer) = (0, Vec::new(), 0);
    for case in cases(Generator::new(9)) {
        let is_accepted = compiler.compile(case.pattern(), case.flags).is_ok();
        let (repaired, now_accepted) = repaired(case.clone(), &mut compiler);
        assert_eq!(compiler.compile(repaired.pattern(), repaired.flags).is_ok(), now_accepted);
        assert!(!is_accepted || repaired == case, "{case:?} was valid");
        rejected += usize::from(!is_accepted);
        longer += usize::from(!is_accepted && repaired.len() * 2 >= case.len());
        still.extend((!now_accepted).then_some(case));
    }
    assert!(rejected > 500);
    assert!(still.len() * 20 < rejected, "{} of {rejected} still rejected: {:?}", still.len(), &still[..5]);
    assert!(longer * 10 > rejected * 9, "{longer} of {rejected} retain half of their length");
}

#[test]
fn repairs_are_local() {
    let mut compiler = Compiler::new(Dialect::default());
    for (wrong, right) in [
        ("(a", "(a)"),
        ("a)b", "ab"),
        ("[a-", "[a-]"),
        ("*a", "a"),
        ("a**", "a*"),
        ("\\q", "q"),
        ("a\\", "a"),
        ("[z-a]", "[a-z]"),
        ("(?<=a*)b", "(?=a*)b"),
        ("(?P=x)", "(?P<x>)(?P=x)"),
        ("(?P<x>a)(?P<x>b)", "(?P<x>a)(?P<nx>b)"),
        ("ab(?i)c", "ab(?i:)c"),
        ("(?q)", "(q)"),
        ("(?iq:a)", "(:a)"),
        ("a{3,1}", "a\\{3,1}"),
        ("\\1\\", "()\\1"),
        ("()(?(1)a|b|c)", "()(?(1)a|bc)"),
    ] {
        let (case, is_accepted) = repaired(Case::str(wrong, Flags::empty()), &mut compiler);
        assert_eq!((case, is_accepted), (Case::str(right, Flags::empty()), true), "{wrong}");
    }
    let flags = Flags::LOCALE | Flags::IGNORECASE;
    let (case, is_accepted) = repaired(Case::str("a", flags), &mut compiler);
    assert_eq!((case, is_accepted), (Case::str("a", Flags::IGNORECASE), true));
}

#[test]
fn every_documented_mutation_happens() {
    let start = Case::str("a(?:b|c)*d{2}[e-g]k", Flags::empty());
    let others = [Case::str("(?P<other>xyz)", Flags::empty())];
    let mut generator = Generator::new(2);
    let mut seen = HashSet::new();
    for _ in 0..20 * MANY {
        let mut bytes = [0; 64];
        generator.random.fill(&mut bytes);
        let case = mutate(&start, &others, &mut Unstructured::new(&bytes)).unwrap();
        seen.insert(case);
    }
    for (what, pattern) in [
        ("a piece less", "ad{2}[e-g]k"),
        ("a piece twice", "a(?:b|c)(?:b|c)*d{2}[e-g]k"),
        ("a piece within a group", "a(?=(?:b|c))*d{2}[e-g]k"),
        ("a quantifier", "a(?:b|c)*d{2}[e-g]+k"),
        ("another group", "a(?=b|c)*d{2}[e-g]k"),
        ("another quantifier", "a(?:b|c)*+d{2}[e-g]k"),
        ("a wider range", "a(?:b|c)*d{2}[a-g]k"),
        ("another count", "a(?:b|c)*d{65535}[e-g]k"),
        ("the same without case", "a(?:b|c)*d{2}[e-g]\u{212a}"),
        ("a border", "\u{ffff}(?:b|c)*d{2}[e-g]k"),
        ("a piece of another", "a(?:b|c)*(?P<other>xyz)d{2}[e-g]k"),
    ] {
        assert!(seen.contains(&Case::str(pattern, Flags::empty())), "{what}: {pattern}");
    }
    let flags = |flags| Case { flags, text: start.text.clone() };
    assert!(seen.contains(&flags(Flags::IGNORECASE)) && seen.contains(&flags(Flags::LOCALE)));
    assert!(seen.iter().any(|case| case.is_bytes()));
    let surrogates = |case: &Case| case.pattern().chars().any(|c| (0xd800..0xe000).contains(&c));
    assert!(seen.iter().any(surrogates));
}

#[test]
fn dense_patterns_are_accepted_repeatable_and_mostly_different() {
    let make = |seed| {
        let mut generator = Generator::new(seed);
        std::iter::repeat_with(move || generator.case_to_match()).take(2000).collect::<Vec<_>>()
    };
    let cases = make(7);
    assert_eq!(cases, make(7));
    let share = accepted(&cases);
    assert!((60..=98).contains(&share), "{share} %");
    let distinct: HashSet<_> = cases.iter().collect();
    assert!(distinct.len() > 1500, "{}", distinct.len());
}
