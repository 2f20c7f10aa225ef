//! Examples in the help of each verb. A test runs them.

use clap::Command;

use crate::exhaustive::alphabet;
use crate::summary::WORDS;

/// A verb, and its examples: what each does, and the command.
type Examples = (&'static str, &'static [(&'static str, &'static str)]);

const VERBS: [Examples; 15] = [
    (
        "check",
        &[
            ("In which versions does a pattern work?", "sre check '(?>a+)b'"),
            ("The patterns in Python files, for 3.9 and later", "sre check --target 3.9.. app.py"),
            ("What a program compiles", "sre check mine.jsonl"),
        ],
    ),
    ("rule", &[("What does a finding mean?", "sre rule SRE001")]),
    (
        "compile",
        &[
            ("Code, flags and groups, as `_sre.compile` takes them", "sre compile --target 3.13 'ab*|c'"),
            ("Many patterns", "sre compile --target 3.13 --jsonl mine.jsonl"),
        ],
    ),
    (
        "dis",
        &[
            ("What re.DEBUG prints, with the part of the pattern of each line", "sre dis --spans 'ab*|c'"),
            ("A verbose bytes pattern, as an older version", "sre dis --bytes -f x --target 3.8 'a  # b'"),
        ],
    ),
    (
        "explain",
        &[
            ("Which function of CPython, and which rule?", "sre explain '(?i)[k]'"),
            ("Why does 3.8 refuse it?", "sre explain 'a++' --target 3.8"),
        ],
    ),
    (
        "compare",
        &[
            ("A pattern, with every interpreter found", "sre compare 'a{2,3}+' --pythons all"),
            ("What a program compiles, with 3.9 and later", "sre compare --jsonl mine.jsonl --pythons 3.9.."),
            ("Generated patterns", "sre compare --generate 1000 --seed 1"),
            ("What a pattern matches, not its code", "sre compare --match '(a|b)+c' --subject xabc"),
            ("A build of your own with a release", "sre compare '(?i:a)*' --pythons 3.13 --against newest"),
        ],
    ),
    (
        "minimize",
        &[("The smallest pattern with the divergence", "sre minimize 'xa++y' --target 3.8 -o small.case")],
    ),
    (
        "record",
        &[
            ("A script", "sre record -o mine.jsonl -- app.py"),
            ("A module", "sre record -o mine.jsonl -- -m timeit -n 1"),
        ],
    ),
    ("pythons", &[("Interpreters that are not on the PATH", "SRE_PYTHONS=/opt/pythons sre pythons")]),
    (
        "memory",
        &[
            ("A pattern, next to CPython", "sre memory '[a-z]+|b'"),
            (
                "What a program compiles, of sre-compiler alone",
                "sre memory --jsonl mine.jsonl --pythons none",
            ),
        ],
    ),
    (
        "references",
        &[(
            "What a debug build of your own leaves behind",
            "sre references --pythons ./python --generate 1000",
        )],
    ),
    (
        "soak",
        &[
            ("Does memory grow?", "sre soak --minutes 30"),
            ("Does that of CPython?", "sre soak --minutes 30 --pythons 3.13"),
        ],
    ),
    (
        "exhaustive",
        &[
            ("All patterns of two tokens", "sre exhaustive --tokens 2"),
            ("How many shards of ten minutes?", "sre exhaustive --tokens 4 --plan 600"),
            ("The first of five shards", "sre exhaustive --tokens 4 --shard 0/5 --state 0.json"),
        ],
    ),
    (
        "merge",
        &[
            ("All shards", "sre merge 0.json 1.json 2.json 3.json 4.json"),
            ("What there is so far", "sre merge --partial 0.json 1.json"),
        ],
    ),
    ("completions", &[("For bash", "sre completions bash > ~/.local/share/bash-completion/completions/sre")]),
];

const CORPUS: [Examples; 4] = [
    ("add", &[("A regression", "sre corpus add 'a(?<=b*)' --name width-is-not-fixed")]),
    (
        "record",
        &[
            ("What would change?", "sre corpus record --pythons 3.13"),
            ("Write it", "sre corpus record --pythons 3.13 --accept"),
        ],
    ),
    (
        "test",
        &[
            ("With the recorded answers only", "sre corpus test --no-python"),
            ("A folder, with every interpreter", "sre corpus test corpus/seeds --pythons all --debug"),
        ],
    ),
    ("coverage", &[("A page with every line", "sre corpus coverage --output page")]),
];

/// The verbs that compare, whose help defines the words of their output.
const COMPARING: [&str; 4] = ["compare", "minimize", "test", "exhaustive"];

/// Returns the command with examples in the help of each verb.
pub(crate) fn add(command: Command) -> Command {
    let command = VERBS.iter().fold(command, add_to);
    command.mut_subcommand("corpus", |corpus| CORPUS.iter().fold(corpus, add_to))
}

fn add_to(command: Command, (verb, examples): &Examples) -> Command {
    let mut help = String::from("Examples:");
    for (what, line) in *examples {
        help.push_str(&format!("\n  # {what}\n  {line}"));
    }
    if *verb == "exhaustive" {
        help.push_str("\n\n");
        help.push_str(&alphabet());
    }
    if COMPARING.contains(verb) {
        help.push_str("\n\n");
        help.push_str(WORDS);
    }
    command.mut_subcommand(verb, |verb| verb.after_long_help(help))
}
