//! What is compared with what.

use std::path::PathBuf;

use sre_compiler::Dialect;
use sre_oracle::pythons::Python;

use crate::form::Form;
use crate::runner::Program;

/// A side of a comparison.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Side {
    /// Index of the program in [`Plan::programs`].
    pub program: usize,
    /// The form of the pattern.
    pub form: Form,
}

/// Two sides that should match the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Pair {
    /// The side that is right.
    pub reference: Side,
    /// The side that is tested.
    pub tested: Side,
}

/// A program of a comparison.
#[derive(Clone, Debug)]
pub struct Participant {
    /// What is started.
    pub program: Program,
    /// Its version, for reports.
    pub label: String,
}

/// A comparison: programs, and pairs of what they run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The programs.
    pub programs: Vec<Participant>,
    /// What is compared.
    pub pairs: Vec<Pair>,
    /// The dialect of the code that sre-compiler gives, and in which subjects are made.
    pub dialect: Dialect,
}

impl Plan {
    /// Compares two interpreters, each with the code of its own compiler.
    pub fn builds(reference: &Python, tested: &Python) -> Plan {
        let side = |program| Side { program, form: Form::Own };
        Plan {
            programs: vec![participant(reference), participant(tested)],
            pairs: vec![Pair { reference: side(0), tested: side(1) }],
            dialect: reference.info.nearest_dialect(),
        }
    }

    /// Compares sre-compiler's code for `dialect` with that of the interpreter's own compiler.
    pub fn code(python: &Python, dialect: Dialect) -> Plan {
        Plan {
            programs: vec![participant(python)],
            pairs: vec![pair_with(0, Form::Own, 0, Form::Given)],
            dialect,
        }
    }

    /// Compares the interpreter's own code with other forms of it.
    pub fn variants(python: &Python, forms: &[Form]) -> Plan {
        Plan {
            programs: vec![participant(python)],
            pairs: forms.iter().map(|&form| pair_with(0, Form::Own, 0, form)).collect(),
            dialect: python.info.nearest_dialect(),
        }
    }

    /// Compares an engine with the interpreter's, both with sre-compiler's code for `dialect`.
    pub fn engine(python: &Python, dialect: Dialect, engine: PathBuf, label: String) -> Plan {
        let engine = Participant { program: Program::Engine(engine), label };
        Plan {
            programs: vec![participant(python), engine],
            pairs: vec![pair_with(0, Form::Given, 1, Form::Given)],
            dialect,
        }
    }

    /// Compares two engines, with sre-compiler's code for `dialect`.
    pub fn engines(reference: Participant, tested: Participant, dialect: Dialect) -> Plan {
        Plan {
            programs: vec![reference, tested],
            pairs: vec![pair_with(0, Form::Given, 1, Form::Given)],
            dialect,
        }
    }

    /// Returns the forms that a program is asked for.
    pub(crate) fn forms(&self, program: usize) -> Vec<Form> {
        let mut forms: Vec<Form> = Vec::new();
        for side in self.pairs.iter().flat_map(|pair| [pair.reference, pair.tested]) {
            if side.program == program && !forms.contains(&side.form) {
                forms.push(side.form);
            }
        }
        forms
    }

    /// Returns what distinguishes the sides of a pair, for reports.
    pub fn names(&self, pair: Pair) -> [String; 2] {
        let label = |side: Side| self.programs[side.program].label.clone();
        if pair.reference.program == pair.tested.program {
            [pair.reference, pair.tested].map(|side| side.form.describe().to_owned())
        } else {
            [label(pair.reference), label(pair.tested)]
        }
    }
}

fn participant(python: &Python) -> Participant {
    Participant { program: Program::Python(python.path.clone()), label: python.info.label() }
}

fn pair_with(reference: usize, form: Form, tested: usize, tested_form: Form) -> Pair {
    Pair { reference: Side { program: reference, form }, tested: Side { program: tested, form: tested_form } }
}
