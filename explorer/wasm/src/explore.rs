//! The answers of all dialects, in groups.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use sre_compiler::{Compiler, Dialect, Error, Flags, Program};

use crate::answer::Answer;
use crate::dialects::dialects;
use crate::json::Json;
use crate::request::Request;
use crate::rules::Boundary;
use crate::{listing, tree};

/// Compiles patterns for all dialects, and keeps what that needs from one to the next.
pub struct Explorer {
    dialects: Vec<Dialect>,
    compiler: Compiler,
    /// The rules in which each dialect differs from the one after it.
    boundaries: Vec<Boundary>,
}

/// How much is written of a group.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Lines of the disassembly, and of the tree.
    pub lines: usize,
    /// The longest pattern, in characters, for which the rules that make the difference are
    /// determined: that compiles it several times more.
    pub rules: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Limits {
    /// What the page shows.
    pub const OF_PAGE: Limits = Limits { lines: 400, rules: 4000, warnings: 50 };
    /// Everything.
    pub const NONE: Limits = Limits { lines: usize::MAX, rules: usize::MAX, warnings: usize::MAX };
}

/// Dialects with equal answers.
struct Group {
    dialects: Vec<usize>,
    /// The answer of the newest of them.
    answer: Answer,
}

impl Default for Explorer {
    fn default() -> Explorer {
        let dialects: Vec<Dialect> = dialects().collect();
        let boundaries = dialects.windows(2).map(|pair| Boundary::between(pair[0], pair[1])).collect();
        Explorer { dialects, compiler: Compiler::new(Dialect::LATEST), boundaries }
    }
}

impl fmt::Debug for Explorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Explorer")
    }
}

impl Explorer {
    /// Returns the answers of all dialects. Equal ones are one group, in the order of its oldest
    /// dialect. `of` has the group of each dialect, `changes` the rules that make a dialect differ
    /// from the one before it, which are missing for patterns longer than [`Limits::rules`].
    ///
    /// ```text
    /// {"length": 8, "of": [0, …, 1], "changes": [{"at": 12, "rules": ["possessive_and_atomic"]}], "groups": [
    ///   {"dialects": [0, …], "accepted": false, "error": {…}, "warnings": […]},
    ///   {"dialects": […], "accepted": true, "flags": 32, …, "lines": […], "tree": […]}]}
    /// ```
    pub fn explore(&mut self, request: &Request, limits: Limits) -> String {
        let length = request.pattern().len();
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of: Vec<usize> = Vec::new();
        let mut changes: Vec<(usize, Vec<&'static str>)> = Vec::new();
        let mut last: Option<Answer> = None;
        for (index, &dialect) in self.dialects.iter().enumerate() {
            let answer = Answer::of(&mut self.compiler, request, dialect);
            let before = last.replace(answer);
            let Some(answer) = &last else { continue };
            // Most dialects answer as the one before.
            let same =
                |group: &usize| groups.get(*group).is_some_and(|group| group.answer.is_same_as(answer));
            let found = group_of.last().copied().filter(same).or_else(|| (0..groups.len()).find(same));
            if let Some(before) = before.filter(|_| length <= limits.rules)
                && found.is_none_or(|found| group_of.last() != Some(&found))
                && let Some(boundary) = self.boundaries.get(index - 1)
            {
                changes.push((index, boundary.involved(&mut self.compiler, request, &before, answer)));
            }
            match found.and_then(|found| groups.get_mut(found)) {
                Some(group) => group.dialects.push(index),
                None => {
                    let answer = Answer::of(&mut self.compiler, request, dialect);
                    groups.push(Group { dialects: Vec::from([index]), answer });
                }
            }
            group_of.push(found.unwrap_or(groups.len() - 1));
        }
        let mut json = Json::default();
        json.object(|json| {
            json.key("length").plain(length);
            json.key("of").list(|json| group_of.iter().for_each(|group| json.plain(group)));
            json.key("changes").list(|json| {
                for (at, rules) in &changes {
                    json.object(|json| {
                        json.key("at").plain(at);
                        json.key("rules").list(|json| rules.iter().for_each(|rule| json.string(rule)));
                    });
                }
            });
            json.key("groups").list(|json| {
                for group in &groups {
                    json.object(|json| write_group(json, group, &self.dialects, request, limits));
                }
            });
        });
        // One long pattern does not keep its memory.
        self.compiler.shrink_to(Compiler::HIGH_WATER);
        json.into_text()
    }
}

fn write_group(json: &mut Json, group: &Group, dialects: &[Dialect], request: &Request, limits: Limits) {
    let newest = group.dialects.last().and_then(|&index| dialects.get(index)).copied();
    let dialect = newest.unwrap_or(group.answer.dialect);
    json.key("dialects").list(|json| group.dialects.iter().for_each(|index| json.plain(index)));
    json.key("accepted").plain(group.answer.is_accepted());
    if group.answer.is_refused_by_sre() {
        json.key("invalid").plain(true);
    }
    // As the answers above were compiled: what it takes without a tree and origins.
    let mut plain = Compiler::new(dialect);
    let mut program = Program::new(dialect);
    if plain.compile_into(request.pattern(), request.flags(), &mut program).is_ok() {
        let memory = plain.memory_usage();
        json.key("memory").object(|json| {
            json.key("program").plain(size_of_val(program.code()));
            json.key("parser").plain(memory.parser);
            json.key("codegen").plain(memory.codegen);
            json.key("warnings").plain(memory.warnings);
        });
    }
    drop((plain, program));
    let mut compiler = Compiler::builder(dialect).tree(true).origins(true).build();
    let mut program = Program::new(dialect);
    match compiler.compile_into(request.pattern(), request.flags(), &mut program) {
        Ok(()) => write_program(json, &program, limits),
        Err(error) => write_error(json, &error),
    }
    json.key("warnings").list(|json| {
        for warning in compiler.warnings().take(limits.warnings) {
            json.object(|json| {
                json.key("category").string(warning.category());
                json.key("msg").display(warning);
                json.key("pos").plain(warning.pos());
                json.key("span").span(Some(warning.span()));
            });
        }
    });
    json.key("more_warnings").plain(compiler.warnings().len().saturating_sub(limits.warnings));
    if let Some(parsed) = compiler.tree() {
        json.key("tree").list(|json| tree::write(json, parsed, limits.lines));
    }
}

fn write_error(json: &mut Json, error: &Error) {
    json.key("error").object(|json| {
        json.key("type").string(error.exception().name());
        json.key("msg").code_points(error.message());
        json.key("pos").number_or_null(error.pos());
        json.key("lineno").number_or_null(error.lineno());
        json.key("colno").number_or_null(error.colno());
        json.key("span").span(error.span());
    });
}

fn write_program(json: &mut Json, program: &Program, limits: Limits) {
    json.key("flags").list(|json| write_flags(json, program.flags()));
    json.key("groups").plain(program.group_count());
    json.key("names").list(|json| {
        for (name, group) in program.group_index().take(limits.lines) {
            json.list(|json| {
                json.string(name);
                json.plain(group);
            });
        }
    });
    json.key("width").list(|json| {
        json.plain(program.min_width());
        json.number_or_null(program.max_width());
    });
    json.key("prefix").code_points(program.literal_prefix().iter().take(limits.lines).copied());
    json.key("literal").plain(program.is_literal());
    json.key("words").plain(program.code().len());
    json.key("lines").list(|json| listing::write(json, program, limits.lines));
}

/// Writes Python's names of the flags.
fn write_flags(json: &mut Json, flags: Flags) {
    let names = [
        ("TEMPLATE", Flags::TEMPLATE),
        ("IGNORECASE", Flags::IGNORECASE),
        ("LOCALE", Flags::LOCALE),
        ("MULTILINE", Flags::MULTILINE),
        ("DOTALL", Flags::DOTALL),
        ("UNICODE", Flags::UNICODE),
        ("VERBOSE", Flags::VERBOSE),
        ("DEBUG", Flags::DEBUG),
        ("ASCII", Flags::ASCII),
    ];
    names.iter().filter(|(_, flag)| flags.contains(*flag)).for_each(|(name, _)| json.string(name));
}
