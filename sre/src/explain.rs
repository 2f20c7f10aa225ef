//! `sre explain`: locates the cause of a divergence.

use std::io::Write;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use serde_json::json;
use sre_oracle::explain::{Explanation, explain};
use sre_oracle::pythons::Allowed;
use sre_oracle::{Comparator, Options, Verdict, is_crash};

use crate::messages::stdout;
use crate::options::{Format, FormatOption, Patterns, Pythons, Target, single_pattern, with_default};
use crate::status::Status;
use crate::summary;

/// Explain where a result, or a divergence, comes from
///
/// Shows the first difference between sre-compiler and CPython, the part of the pattern it comes
/// from, the CPython function that produces it, and the dialect rules involved.
///
/// A rule is involved if flipping it changes the outcome of sre-compiler. It is suspect if the
/// changed outcome equals CPython's. The rules are described in compiler/src/dialect/rules.rs.
///
/// Exit status: 0 if there is no unknown divergence, 1 for a usage or input error, 2 for a
/// divergence.
#[derive(Args)]
#[command(mut_arg("targets", single_pattern), mut_arg("pythons", |arg| with_default(arg, "embedded, or else newest, or else none")))]
pub(crate) struct Arguments {
    #[command(flatten)]
    patterns: Patterns,
    #[command(flatten)]
    python: Pythons,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    format: FormatOption,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let case = arguments.patterns.one_case("explain")?;
    let explanation = match arguments.python.reference(Allowed::Any)? {
        Some(reference) => {
            arguments.target.check(std::slice::from_ref(&reference))?;
            let time_limit = Duration::from_secs(30);
            let options = Options { jobs: 1, debug: true, time_limit, dialect: arguments.target.dialect() };
            let mut comparator = Comparator::start(&reference, options)?;
            let verdict = comparator.verdict(&case);
            explain(&case, Some(comparator.info()), comparator.dialect(), verdict)
        }
        None => explain(&case, None, arguments.target.or_newest(), Verdict::Equal),
    };
    let mut out = stdout();
    match arguments.format.format {
        Format::Text => write!(out, "{}", summary::paint_report(&explanation.to_string()))?,
        Format::Json => writeln!(out, "{:#}", object(&explanation))?,
    }
    out.flush()?;
    Ok(match explanation.verdict {
        Verdict::Divergent(_) => Status::Divergence,
        Verdict::NoAnswer { why } if is_crash(&why) => Status::Divergence,
        Verdict::NoAnswer { .. } => Status::Usage,
        Verdict::Equal | Verdict::Known(_) => Status::Same,
    })
}

fn object(explanation: &Explanation) -> serde_json::Value {
    let Explanation {
        case,
        python,
        dialect,
        verdict,
        place,
        functions,
        rules,
        agreeing,
        reference,
        is_nearest: _,
        rejected,
    } = explanation;
    let (verdict, divergence) = match verdict {
        Verdict::Equal => ("same", None),
        Verdict::NoAnswer { .. } => ("lost", None),
        Verdict::Known(known) => (known.name(), None),
        Verdict::Divergent(divergence) => ("different", Some(divergence)),
    };
    let functions = functions.iter().map(|function| json!([function.name(), function.file(*reference)]));
    let rules = rules.iter().map(|rule| {
        json!({ "name": rule.name, "aspect": rule.aspect.name(), "change": rule.change, "suspect": rule.is_suspect })
    });
    json!({
        "case": format!("{case:?}"),
        "python": python,
        "dialect": dialect.to_string(),
        "reference": reference.to_string(),
        "verdict": verdict,
        "aspect": divergence.map(|divergence| divergence.aspect.name()),
        "refused": rejected.as_ref().map(|rejected| json!({
            "type": rejected.exception,
            "msg": rejected.message.to_string(),
            "pos": rejected.pos,
        })),
        "signature": divergence.map(|divergence| &divergence.signature),
        "rust": place.as_ref().and_then(|place| place.rust.as_ref()),
        "cpython": place.as_ref().and_then(|place| place.cpython.as_ref()),
        "span": place.as_ref().and_then(|place| Some([place.span.as_ref()?.start, place.span.as_ref()?.end])),
        "functions": functions.collect::<Vec<_>>(),
        "rules": rules.collect::<Vec<_>>(),
        "agreeing": agreeing.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
