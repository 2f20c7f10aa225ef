"""Records in examples.txt what interpreters answer to its patterns.

    python3 compiler/tests/record_examples.py [--check] PYTHON...

The interpreters are given as paths, and run the oracle's program, oracle/python/oracle.py. With --check nothing is written,
and the exit status is 2 if something would change; answers of interpreters that are not given are not compared.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).with_name("examples.txt")
ORACLE = Path(__file__).parents[2] / "oracle/python/oracle.py"
# Answers each line of standard input; says in the first line which version answers.
PROGRAM = """
import json
record_warnings()
print(json.dumps(sys.version_info[:3]))
for line in sys.stdin:
    request = json.loads(line)
    case = pattern_of(request), request["flags"]
    result = compile_pattern(*case)
    answer = outcome(case, result, request["debug"], "code", result[0] and list(map(int, result[0])))
    if "error" in answer:
        answer["error"]["str"] = str(result[1])
    print(json.dumps(answer))
"""
FLAGS = {"a": 256, "i": 2, "L": 4, "m": 8, "s": 16, "t": 1, "u": 32, "x": 64, "-": 0}


def escaped(text):
    """Printable ASCII as it is, everything else as \\u{HEX}."""
    return "".join(c if " " <= c <= "~" else "\\u{%x}" % ord(c) for c in text)


def unescaped(text):
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), text)


def request(head, line):
    """What the interpreters are asked: the pattern line of an example as an object."""
    kind, letters, pattern = (line + " ").split(" ", 2)
    pattern = unescaped(pattern[:-1])
    return {
        "kind": kind,
        "codepoints" if kind == "str" else "pattern": list(map(ord, pattern)) if kind == "str" else pattern,
        "flags": sum(FLAGS[letter] for letter in letters),
        "debug": head.endswith(" with debug"),
    }


def shown(answer):
    """The lines of an answer."""
    for category, text in answer["warnings"]:
        yield "warning %s: %s" % (category, escaped(text))
    if "error" in answer:
        error = answer["error"]
        yield "error %s:" % error["type"] + (" " + escaped(error["msg"]) if error["msg"] else "")
        if error.get("pos") is not None:
            yield "position %(pos)d, line %(lineno)d, column %(colno)d" % error
            yield "str(error): " + escaped(error["str"])
        return
    yield "code " + " ".join(map(str, answer["code"]))
    yield "flags %(flags)d, groups %(groups)d" % answer
    for name, group in answer["groupindex"]:
        yield "name %s = %d" % (escaped(name), group)
    for part in ("tree", "dis"):
        for line in answer.get(part, "").splitlines():
            yield "%s| %s" % (part, line)


def ask(python, requests):
    """The version of an interpreter, and the lines of its answers."""
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    program = "__name__ = 'oracle'\n" + ORACLE.read_text() + PROGRAM
    command = [python, "-I", "-S", "-c", program]
    done = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE, check=True)
    version, *answers = map(json.loads, done.stdout.splitlines())
    if len(answers) != len(requests):
        sys.exit("%s: %d answers to %d examples" % (python, len(answers), len(requests)))
    return tuple(version), [list(shown(answer)) for answer in answers]


def read(lines):
    """The interpreters, and the parts of the file: lines to be kept, for each example its head, its pattern and its
    answers by version, and None for the list of the interpreters."""
    pythons, parts, answers = [], [], None
    for line in lines:
        if line.startswith("pythons"):
            pythons = [version_of(word) for word in line.split()[1:]]
            parts.append(None)
        elif line.startswith("example "):
            parts.append((line, []))
            answers = None
        elif parts and isinstance(parts[-1], tuple) and len(parts[-1]) == 2:
            answers = {}
            parts[-1] = parts[-1][0], line, answers
        elif line.startswith("from "):
            answers[version_of(line[5:])] = found = []
        elif line.startswith("  "):
            found.append(line[2:])
        else:
            parts.append(line)
    for part in parts:
        if isinstance(part, tuple):
            fill(pythons, part[2])
    return pythons, parts


def fill(pythons, answers):
    """Gives each version the answer that holds for it."""
    before = None
    for version in pythons:
        before = answers.setdefault(version, before)


def version_of(text):
    return tuple(map(int, text.split(".")))


def written(pythons, parts):
    dotted = [".".join(map(str, version)) for version in pythons]
    for part in parts:
        if not isinstance(part, tuple):
            yield "pythons " + " ".join(dotted) if part is None else part
            continue
        head, pattern, answers = part
        yield from (head, pattern)
        before = None
        for version, name in zip(pythons, dotted):
            if answers[version] != before:
                before = answers[version]
                yield "from " + name
                yield from ("  " + line for line in before or [])


def main(arguments):
    check = "--check" in arguments
    paths = [argument for argument in arguments if argument != "--check"]
    if not paths or any(path.startswith("-") for path in paths):
        sys.exit(__doc__)
    old = EXAMPLES.read_text(encoding="utf-8")
    pythons, parts = read(old.splitlines())
    examples = [part for part in parts if isinstance(part, tuple)]
    requests = [request(head, line) for head, line, _ in examples]
    for path in paths:
        version, answers = ask(path, requests)
        pythons = sorted({*pythons, version})
        for (_, _, recorded), answer in zip(examples, answers):
            recorded[version] = answer
    for head, _, recorded in examples:
        missing = [version for version in pythons if recorded.get(version) is None]
        if missing:
            sys.exit("%s: no answer of %s: give all interpreters" % (head, missing))
    new = "\n".join(written(pythons, parts)) + "\n"
    if new == old:
        print("examples.txt is as these interpreters answer")
    elif check:
        print("examples.txt is not what these interpreters answer: run this without --check, and look at the difference")
        return 2
    else:
        EXAMPLES.write_text(new, encoding="utf-8")
        print("examples.txt is written anew")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
