"""Checks the sources of installed packages with `sre check`, and what it says with interpreters.

    python check_packages.py --sre target/release/sre --subjects target/release/examples/subjects \
        --site venv/lib/python3.12/site-packages --python venv/bin/python --pythons 3.8,3.9,… PACKAGE…

The packages are installed in an environment first (`pip install`). For them this script

1. runs `sre check --source` with the frameworks whose conventions it knows;
2. imports every module of the packages under `sre record`, with trace.py, and compares: what a call whose pattern is
   known compiled has to be the extracted pattern with its flags, and a literal that a call of `re` compiled has to be
   among the extracted ones;
3. asks each interpreter of PYTHONS about each pattern that has a finding: errors and warnings have to be the same;
4. searches a witness for each change of meaning: a text that interpreters of the two versions match differently.

It prints the totals, and ends with status 1 if something is not as it should be. docs/check.md has a run's figures.
"""

import argparse
import ast
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
FRAMEWORKS = "django,pygments,pyparsing,ply"
FUNCTIONS = {"compile", "match", "fullmatch", "search", "findall", "finditer", "split", "sub", "subn", "template"}


def folders(site, packages):
    for package in packages:
        folder = os.path.join(site, package)
        yield folder if os.path.isdir(folder) else folder + ".py"


def check(options, versions):
    command = [options.sre, "check", "--isolated", "--no-gitignore", "--exclude", "node_modules", "--format", "json",
               "--skipped", "--target", versions, "--framework", FRAMEWORKS, "--source"]
    output = subprocess.run(command + list(folders(options.site, options.packages)), stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in output.splitlines()]


def case_of(request):
    text = request.get("pattern")
    if text is None:
        text = "".join(map(chr, request["codepoints"]))
    return request["kind"], text, request["flags"]


def literal_calls(file):
    """The calls of functions of a module `re` whose pattern is one literal: first line, last line and text of each."""
    with open(file, "rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(stream.read())
        except (SyntaxError, ValueError):
            return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FUNCTIONS:
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.args:
                value = getattr(node.args[0], "value", None)
                if isinstance(node.args[0], ast.Constant) and isinstance(value, (str, bytes)):
                    text = value if isinstance(value, str) else value.decode("latin-1")
                    yield node.lineno, node.end_lineno, text


def spans_of(file):
    """The first and last lines of each call, by the place of its first argument, or of an argument by keyword."""
    spans = {}
    with open(file, "rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = stream.read()
        try:
            tree = ast.parse(content)
        except (SyntaxError, ValueError):
            return spans
    lines = content.split(b"\n")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for argument in node.args[:1] + [keyword.value for keyword in node.keywords]:
                before = lines[argument.lineno - 1][:argument.col_offset].decode("utf-8", "replace")
                spans[argument.lineno, len(before) + 1] = node.lineno, node.end_lineno
    return spans


def compare_with_traces(found, traces, recorded, totals, problems):
    by_file = collections.defaultdict(list)
    for entry in found:
        if entry["function"] in ("RegexLexer", "lex"):
            known = case_of(entry["case"]) in recorded
            totals["of conventions, and recorded" if known else "of conventions, not recorded"] += 1
            if not known and os.environ.get("VERBOSE"):
                print("not recorded: %s:%d: %r" % (entry["file"], entry["line"], entry["case"]))
        else:
            by_file[entry["file"]].append(entry)
    events = collections.defaultdict(list)
    for event in traces:
        events[os.path.realpath(event["file"])].append(event)
        totals["calls traced"] += 1
        totals["of these seen by record"] += case_of(event) in recorded
    for file, file_events in events.items():
        entries = by_file.get(file, [])
        known = {case_of(entry["case"]) for entry in entries}
        compiled = {case_of(event) for event in file_events}
        spans = spans_of(file) if os.path.exists(file) else {}
        literals = list(literal_calls(file)) if os.path.exists(file) else []
        for event in file_events:
            at = event["line"]
            if any(first <= at <= last and text == event["pattern"] for first, last, text in literals):
                totals["literals compiled"] += 1
                if case_of(event) not in known:
                    problems.append("missed: %s:%d: %r" % (file, at, case_of(event)))
        # A call whose pattern is known compiles that, whenever it is made.
        for entry in entries:
            span = spans.get((entry["line"], entry["column"]))
            if span is None:
                totals["calls not located"] += 1
                continue
            here = [case_of(event) for event in file_events if span[0] <= event["line"] <= span[1]]
            alone = sum(1 for other in spans.values() if other[0] <= span[1] and other[1] >= span[0]) == 1
            if case_of(entry["case"]) in here:
                totals["extracted, and compiled there"] += 1
            elif not here:
                totals["extracted, not executed"] += case_of(entry["case"]) not in compiled
            elif alone:
                problems.append("wrong: %s:%d: %r, compiled %r" % (file, entry["line"], entry["case"], here))


ASK = """
import json, re, sys, warnings
for line in sys.stdin:
    kind, text, flags = json.loads(line)
    re.purge()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            re.compile(text if kind == "str" else text.encode("latin-1"), flags)
            error = None
        except Exception as why:
            error = [type(why).__name__.replace("PatternError", "error"), getattr(why, "msg", str(why))]
    print(json.dumps([error, [[w.category.__name__, str(w.message)] for w in caught]]))
"""


def confirm(entries, versions, pythons, totals, problems):
    """Each interpreter says of the patterns that have findings what `sre check` says."""
    cases = [entry for entry in entries if entry["codes"]]
    lines = "".join(json.dumps(case_of(entry["case"])) + "\n" for entry in cases)
    for number, python in enumerate(pythons):
        output = subprocess.run([python, "-I", "-S", "-c", ASK], input=lines.encode(), stdout=subprocess.PIPE).stdout
        answers = [json.loads(line) for line in output.splitlines()]
        for entry, (error, caught) in zip(cases, answers):
            said = next(answer for answer in entry["answers"] if versions[number] in answer["versions"])
            if said.get("error") and said["error"]["code"] == "SRE004":
                totals["names missing"] += 1
                continue
            expected = said.get("error") and [said["error"]["type"], said["error"]["msg"]]
            texts = [[warning["category"], warning["text"]] for warning in said["warnings"]]
            totals["answers confirmed"] += 1
            if (error, caught) != (expected, texts):
                problems.append("%s: %r: %r, not %r" % (versions[number], entry["case"], (error, caught), (expected, texts)))


def witnesses(entries, options, versions, pythons, totals, problems):
    """A text that two versions match differently, for each change of meaning."""
    changes = []
    for entry in entries:
        for answer in entry["answers"]:
            if "differs" in answer:
                changes.append((entry, answer["differs"]["since"], answer["versions"][0]))
    if not changes:
        return
    lines = "".join(json.dumps(entry["case"]) + "\n" for entry, _, _ in changes)
    requests = subprocess.run([options.subjects, "2000"], input=lines.encode(), stdout=subprocess.PIPE).stdout
    script = os.path.join(HERE, "..", "tests", "match_subjects.py")
    answers = {}
    for version in {version for _, before, after in changes for version in (before, after)}:
        python = pythons[versions.index(version)]
        output = subprocess.run([python, "-I", "-S", script], input=requests, stdout=subprocess.PIPE).stdout
        answers[version] = [json.loads(line) for line in output.splitlines()]
    for number, (entry, before, after) in enumerate(changes):
        totals["changes of meaning"] += 1
        if answers[before][number] != answers[after][number]:
            totals["of these with a witness"] += 1
        else:
            problems.append("no witness: %s:%d: %r, %s and %s" % (entry["file"], entry["line"], entry["case"], before, after))


def version_of(python):
    code = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
    return subprocess.run([python, "-I", "-c", code], stdout=subprocess.PIPE).stdout.decode().strip()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sre", required=True)
    parser.add_argument("--subjects", required=True)
    parser.add_argument("--site", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--pythons", required=True, help="paths, separated by commas")
    parser.add_argument("packages", nargs="+")
    options = parser.parse_args()
    options.site = os.path.realpath(options.site)
    pythons = sorted(options.pythons.split(","), key=lambda python: [int(n) for n in version_of(python).split(".")])
    versions = [version_of(python) for python in pythons]
    entries = check(options, ",".join(versions))
    found = [entry for entry in entries if "case" in entry]
    totals = collections.Counter()
    problems = []
    for entry in entries:
        if "note" in entry:
            totals["files not checked"] += 1
        if "skipped" in entry:
            totals["calls skipped: " + entry["skipped"]] += isinstance(entry["skipped"], str)
    totals["patterns extracted"] = len(found)
    for entry in found:
        for code in sorted(set(entry["codes"])):
            totals["patterns with " + code] += 1
    totals["files"] = next(entry["summary"]["files"] for entry in entries if "summary" in entry)
    with tempfile.TemporaryDirectory() as folder:
        traced, recorded = os.path.join(folder, "trace.jsonl"), os.path.join(folder, "recorded.jsonl")
        command = [options.sre, "record", "--python", options.python, "--output", recorded, "--",
                   os.path.join(HERE, "trace.py"), traced] + options.packages
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(traced) as lines:
            traces = [json.loads(line) for line in lines]
        with open(recorded) as lines:
            seen = {case_of(json.loads(line)) for line in lines}
    totals["patterns recorded"] = len(seen)
    checked = [folder if folder.endswith(".py") else os.path.join(folder, "") for folder in folders(options.site, options.packages)]
    traces = [event for event in traces if os.path.realpath(event["file"]).startswith(tuple(checked))]
    compare_with_traces(found, traces, seen, totals, problems)
    confirm(found, versions, pythons, totals, problems)
    witnesses(found, options, versions, pythons, totals, problems)
    for name in sorted(totals):
        print("%7d  %s" % (totals[name], name))
    print("%7d  problems" % len(problems))
    for problem in problems:
        print(problem)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
