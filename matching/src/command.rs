//! Commands to paste that show a difference.

use std::fmt::Write;

use sre_case::{Case, PyText, Text};
use sre_compiler::Flags;
use sre_generate::Subject;
use sre_oracle::shell::quote;

use crate::difference::{Difference, len};
use crate::form::{Form, Operation};
use crate::matcher::Matcher;
use crate::plan::Side;
use crate::runner::Program;
use crate::wire::{self, Given, Request};

/// Returns commands that print the outcome of both sides: one for both if one Python has them, else
/// one for each.
pub fn commands(matcher: &mut Matcher, difference: &Difference) -> Vec<String> {
    let (reference, tested) = (difference.pair.reference, difference.pair.tested);
    if reference.program == tested.program {
        return command(matcher, difference, &[reference, tested]).into_iter().collect();
    }
    [reference, tested].into_iter().filter_map(|side| command(matcher, difference, &[side])).collect()
}

fn command(matcher: &mut Matcher, difference: &Difference, sides: &[Side]) -> Option<String> {
    let program = matcher.plan().programs[sides.first()?.program].program.clone();
    let path = quote(&program.path().to_string_lossy());
    if let Program::Engine(_) = program {
        let job = matcher.job(difference.case.clone(), vec![difference.subject.clone()]);
        let request = Request { forms: &[Form::Given], limit: 5.0, with_code: false };
        let line = wire::write(request, std::iter::once(&job));
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        return Some(format!("printf '%s\\n' {} | {path}", quote(&line)));
    }
    let script = script(matcher, difference, sides)?;
    Some(format!("{path} -I -c {}", quote(&script)))
}

/// Returns a program that prints the outcome of each side on a line of its own.
fn script(matcher: &mut Matcher, difference: &Difference, sides: &[Side]) -> Option<String> {
    let case = Case { flags: difference.case.flags.without(Flags::DEBUG), ..difference.case.clone() };
    let mut objects = String::new();
    let mut shown = String::new();
    let mut uses_sre = false;
    for (side, name) in sides.iter().zip(["p", "q"]) {
        let name = match side.form {
            // These use the object of the other side.
            Form::Positions | Form::Wide => "p",
            Form::Own => {
                write!(objects, "; {name} = {case:?}").ok()?;
                name
            }
            _ => {
                uses_sre = true;
                let code = matcher.code(*side, &case).ok()?;
                write!(objects, "; {name} = {}", compiled(&case, &code)).ok()?;
                name
            }
        };
        let groups = matcher.code(*side, &case).map_or(0, |Given(_, _, groups, _)| groups);
        write!(shown, "; print({})", expression(name, side.form, difference, groups > 0)).ok()?;
    }
    let import = if uses_sre { "re, _sre" } else { "re" };
    let show = match difference.operation {
        Operation::Sub | Operation::Split => "",
        _ => "; show = lambda m: m and (m.regs, m.lastindex, m.lastgroup)",
    };
    Some(format!("import {import}; t = {:?}{show}{objects}{shown}", difference.subject.text))
}

/// Returns the call that creates a pattern object from code.
fn compiled(case: &Case, Given(code, flags, groups, names): &Given) -> String {
    let name = |name: &str| format!("{:?}", PyText::from(name));
    let index: Vec<String> = names.iter().map(|(text, group)| format!("{}: {group}", name(text))).collect();
    let mut by_group = vec!["None".to_owned(); *groups as usize + 1];
    for (text, group) in names {
        if let Some(place) = by_group.get_mut(*group as usize) {
            *place = name(text);
        }
    }
    let (index, by_group) = (index.join(", "), by_group.join(", "));
    format!("_sre.compile({:?}, {flags}, {code:?}, {groups}, {{{index}}}, ({by_group},))", case.text)
}

fn expression(name: &str, form: Form, difference: &Difference, has_groups: bool) -> String {
    let Subject { text, pos, endpos } = &difference.subject;
    let mut arguments = match (*pos, *endpos) {
        (0, endpos) if endpos == len(text) => "t".to_owned(),
        (pos, endpos) => format!("t, {pos}, {endpos}"),
    };
    if form == Form::Wide {
        arguments = format!(r#"t + "\U00010400", {pos}, {endpos}"#);
    }
    let bytes = if matches!(text, Text::Bytes(_)) { "b" } else { "" };
    match difference.operation {
        Operation::Search if form == Form::Positions => format!(
            "show(next(filter(None, ({name}.match(t, i, {endpos}) for i in range({pos}, {}))), None))",
            endpos + 1
        ),
        Operation::Match | Operation::Search | Operation::Fullmatch => {
            format!("show({name}.{}({arguments}))", difference.operation)
        }
        Operation::Finditer => format!("[show(m) for m in {name}.finditer({arguments})]"),
        Operation::Sub if has_groups => format!(r#"{name}.sub({bytes}r"[\g<0>,\1]", t)"#),
        Operation::Sub => format!(r#"{name}.sub({bytes}r"[\g<0>]", t)"#),
        Operation::Split => format!("{name}.split(t)"),
    }
}
