"""Tables and the page of the measurements."""
import html

RATIOS = [
    ("the compiler of re alone", "compiler plain", "compiler hook 1"),
    ("re.compile, not in the cache", "re.compile plain", "re.compile accelerated"),
    ("re.match(str), in the cache", "match(str) plain", "match(str) accelerated"),
    ("re.match(str, flags=re.I)", "match(str, I) plain", "match(str, I) accelerated"),
    ("re.match(compiled pattern)", "match(compiled) plain", "match(compiled) accelerated"),
]


def pattern_lines(values):
    """Return a table for one interpreter."""
    lines = []
    for label, plain, fast in RATIOS:
        unit = "ns" if plain.startswith("match") else "µs"
        before, after = values[plain], values[fast]
        share = f"{before / after:5.1f} times as fast" if unit == "µs" else f"{after / before:5.2f} of the time"
        lines.append(f"  {label:32} {before:8.2f} {unit} -> {after:8.2f} {unit}  {share}")
    return lines


def program_line(name, result):
    times = f"{result['plain']:7.1f} ms -> {result['accelerated']:7.1f} ms"
    return (
        f"  {name:36} {result['patterns']:5} patterns {times}  {result['ratio']:.2f} times as fast,"
        f" ceiling {result['plain'] / result['ceiling']:.2f}, got {result['got']:.0%}"
    )


STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #222 }
h1, h2 { font-weight: 600 } table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem }
td, th { padding: .3rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid #ddd }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.bar { height: .8rem; margin: .15rem 0; border-radius: 2px } .plain { background: #b8bcc4 }
.fast { background: #2f6fde } .ceiling { background: #9fc3a0 } td.bars { width: 45% }
.legend span { display: inline-block; width: .8rem; height: .8rem; margin: 0 .3rem 0 1rem; border-radius: 2px }
"""
EXPLANATION = """Times are of the processor: of a thread per pattern, of a new process per program, run in turns with
medians of the rounds. The ceiling of a program is its plain time less what it spends in the compiler of re, measured in
the same round; <i>got</i> is the share of that gain that was reached. More than 100 % is possible, because other
parts of re become faster as well."""


def bar(kind, value, largest):
    return f'<div class="bar {kind}" style="width:{max(0.5, 100 * value / largest):.1f}%"></div>'


def render(results):
    """Return the page."""
    parts = [
        "<!doctype html><meta charset=utf-8><title>sre-compiler: benchmarks</title>",
        f"<style>{STYLE}</style><h1>CPython's re with sre-compiler</h1><p>{EXPLANATION}</p>",
        '<p class="legend">Bars:<span class="plain"></span>plain<span class="fast"></span>accelerated'
        '<span class="ceiling"></span>ceiling</p>',
    ]
    for result in results:
        parts.append(f"<h2>CPython {html.escape(result['python'])}</h2>")
        if result["patterns"]:
            parts.append(pattern_table(result["patterns"]))
        if result["programs"]:
            parts.append(program_table(result["programs"]))
    return "\n".join(parts) + "\n"


def pattern_table(patterns):
    rows = [f"<tr><th>Per pattern (mean of {patterns['patterns']:,})<th><th class=number>Plain<th class=number>Fast<th class=number>Ratio"]
    for label, plain, fast in RATIOS:
        before, after = patterns["values"][plain], patterns["values"][fast]
        unit = "ns" if plain.startswith("match") else "µs"
        bars = bar("plain", before, before) + bar("fast", after, before)
        rows.append(
            f"<tr><td>{html.escape(label)}<td class=bars>{bars}<td class=number>{before:.2f} {unit}"
            f"<td class=number>{after:.2f} {unit}<td class=number>{before / after:.1f}"
        )
    return "<table>" + "\n".join(rows) + "</table>"


def program_table(programs):
    rows = ["<tr><th>Program (patterns)<th><th class=number>Plain<th class=number>Fast<th class=number>Ratio<th class=number>Got"]
    for name, result in programs.items():
        largest = result["plain"]
        sides = (("plain", "plain"), ("fast", "accelerated"), ("ceiling", "ceiling"))
        bars = "".join(bar(kind, result[key], largest) for kind, key in sides)
        got = f"{result['got']:.0%}" if result["plain"] - result["ceiling"] > 0.03 * result["plain"] else "–"
        rows.append(
            f"<tr><td>{html.escape(name)} ({result['patterns']})<td class=bars>{bars}"
            f"<td class=number>{result['plain']:.0f} ms<td class=number>{result['accelerated']:.0f} ms"
            f"<td class=number>{result['ratio']:.2f}<td class=number>{got}"
        )
    return "<table>" + "\n".join(rows) + "</table>"
