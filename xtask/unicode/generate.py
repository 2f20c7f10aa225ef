"""Build the Unicode tables of the compiler from the facts of every interpreter.

    python generate.py FOLDER FACTS...

FACTS are outputs of dump.py, one for each Unicode version of VERSIONS at least. Writes into FOLDER: tables.rs, and the
names as lists of sorted, front-coded byte strings (*.bin). How they are laid out is said where they are read:
`ranges.rs`, `case.rs`, `algorithmic.rs`, `list.rs` and `names.rs` of the compiler's module `unicode`.

What the compiler's code takes for granted is asserted here.
"""

import os
import re
import sys
from collections import Counter

VERSIONS = ["12.1.0", "13.0.0", "14.0.0", "15.0.0", "15.1.0", "16.0.0", "17.0.0"]
CONSTANTS = ["V12_1", "V13_0", "V14_0", "V15_0", "V15_1", "V16_0", "V17_0"]
SETS = ["cased", "alpha", "printable", "id-start", "id-continue"]
HEX_PREFIXES = [
    "CJK UNIFIED IDEOGRAPH-",
    "TANGUT IDEOGRAPH-",
    "CJK COMPATIBILITY IDEOGRAPH-",
    "EGYPTIAN HIEROGLYPH-",
    "KHITAN SMALL SCRIPT CHARACTER-",
    "NUSHU CHARACTER-",
]
HANGUL = "HANGUL SYLLABLE "
BLOCK = 32  # entries of a list between two that can be reached directly; as in list.rs


class Facts:
    """What the interpreters of one Unicode version say."""

    def __init__(self):
        self.lower = {}
        self.decimal = {}
        self.sets = {label: set() for label in SETS + ["space"]}
        self.names = {}  # any case
        self.capitals = {}  # only as written; empty if algorithmic names are found in any case
        self.any_case = None
        self.lookups = {}

    @classmethod
    def read(cls, path):
        facts, version = cls(), None
        with open(path, encoding="utf-8", newline="\n") as lines:
            for line in lines:
                label, _, rest = line.rstrip("\n").partition(" ")
                if label == "unicode":
                    version = rest
                elif label == "names":
                    facts.any_case = rest == "any-case"
                elif label in ("lower", "decimal"):
                    c, value = rest.split()
                    getattr(facts, label)[int(c, 16)] = int(value, 16)
                elif label in facts.sets:
                    first, last = rest.split()
                    facts.sets[label].update(range(int(first, 16), int(last, 16) + 1))
                elif label in ("name", "capitals"):
                    c, _, name = rest.partition(" ")
                    (facts.names if label == "name" else facts.capitals)[name] = int(c, 16)
                elif label == "lookup":
                    found, _, name = rest.partition(" ")
                    facts.lookups[name] = found
        return version, facts


def collect(paths):
    """The facts by version, and the Tangut ranges, which only some interpreters of a version know."""
    by_version = {}
    for path in paths:
        version, facts = Facts.read(path)
        if version in VERSIONS:
            by_version.setdefault(version, []).append((path, facts))
    missing = [version for version in VERSIONS if version not in by_version]
    if missing:
        sys.exit("no interpreter for Unicode " + ", ".join(missing))
    merged = []
    for version in VERSIONS:
        (first, facts), *others = by_version[version]
        for path, other in others:
            same = facts.lower == other.lower and facts.decimal == other.decimal and facts.sets == other.sets
            assert same, "%s and %s differ" % (first, path)
            if other.any_case == facts.any_case:
                assert (facts.names, facts.capitals) == (other.names, other.capitals)
            if other.any_case and not facts.any_case:
                facts = other
        merged.append(facts)
        # The same names whichever rule: what is found only as written in the one is found in any case in the other.
        for _, other in by_version[version]:
            known = {**other.names, **other.capitals}
            assert all(name.startswith("TANGUT IDEOGRAPH-") for name in facts.names if name not in known)
            assert all(name.startswith((HANGUL, HEX_PREFIXES[0])) for name in other.capitals)
    return merged


def runs(values):
    """Sorted numbers as inclusive ranges."""
    out = []
    for value in sorted(values):
        if out and out[-1][1] == value - 1:
            out[-1][1] = value
        else:
            out.append([value, value])
    return out


def since_ranges(sets):
    """Sets that only grow, one for each version, as ranges (first, last, since)."""
    out, known = [], set()
    for since, members in enumerate(sets):
        assert known <= members, "something was withdrawn in " + VERSIONS[since]
        out += [(first, last, since) for first, last in runs(members - known)]
        known = members
    return sorted(out)


def lower_runs(versions):
    """The mappings as runs (first, last, step, delta, since), disjoint and in ascending order."""
    mapping = {}
    for since, lower in enumerate(versions):
        for c, small in mapping.items():
            assert lower.get(c) == small[0], "U+%04X changed its lower case" % c
        for c, small in lower.items():
            mapping.setdefault(c, (small, since))
            assert small not in lower, "U+%04X: lower case is not idempotent" % c
            assert (c > 0xFFFF) == (small > 0xFFFF), "U+%04X: lower case crosses the BMP's border" % c
    out = []
    for c in sorted(mapping):
        small, since = mapping[c]
        if out:
            first, last, step, delta, run_since = out[-1]
            gap = c - last
            fits = gap in (1, 2) and (first == last or gap == step)
            if fits and (delta, run_since) == (small - c, since):
                out[-1] = (first, c, gap, delta, since)
                continue
        out.append((c, c, 1, small - c, since))
    assert all(before[1] < after[0] for before, after in zip(out, out[1:]))
    return out


def decimal_ranges(versions):
    """Digits as ranges that start at a zero and count in tens."""
    newest = versions[-1]
    for decimal in versions:
        assert all(newest[c] == value for c, value in decimal.items())
    ranges = since_ranges([set(decimal) for decimal in versions])
    for first, last, _ in ranges:
        assert (last + 1 - first) % 10 == 0
        assert all(newest[c] == (c - first) % 10 for c in range(first, last + 1))
    return ranges


def hex_ranges(prefix, versions):
    """Where PREFIX and the digits of the code point make the name, as (first, last, since, until)."""
    valid = []
    for facts in versions:
        members = set()
        for names in (facts.names, facts.capitals):
            for name, c in names.items():
                if name.startswith(prefix) and name[len(prefix) :] == "%04X" % c:
                    members.add(c)
        valid.append(members)
    out = []
    newest = len(VERSIONS) - 1
    lifetimes = {}
    for c in set().union(*valid):
        known = [c in members for members in valid]
        since = known.index(True)
        until = newest - known[::-1].index(True)
        assert all(known[since : until + 1])
        lifetimes.setdefault((since, until), []).append(c)
    for (since, until), members in lifetimes.items():
        out += [(first, last, since, until) for first, last in runs(members)]
    return sorted(out)


def is_algorithmic(name, c):
    return name.startswith(HANGUL) or any(name == prefix + "%04X" % c for prefix in HEX_PREFIXES)


def check_hangul(versions):
    """All versions name the same 11,172 syllables (algorithmic.rs says how; the check compares every one)."""
    for facts in versions:
        named = {c for d in (facts.names, facts.capitals) for name, c in d.items() if name.startswith(HANGUL)}
        assert named == set(range(0xAC00, 0xD7A4))


def plain_names(versions):
    """Names that are in the lists: {name: code point} and {code point: since}."""
    names, since_of = {}, {}
    for since, facts in enumerate(versions):
        plain = {name: c for name, c in facts.names.items() if not is_algorithmic(name, c)}
        assert all(plain.get(name) == c for name, c in names.items()), "a name was withdrawn"
        assert all(is_algorithmic(name, c) for name, c in facts.capitals.items())
        for name, c in plain.items():
            if name not in names:
                assert c not in since_of, "U+%04X has two names" % c
                names[name] = c
                since_of[c] = since
    return names, since_of


def candidate_names(versions):
    """Aliases and sequences: {name: (code point or length, since)} each."""
    aliases, sequences = {}, {}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "candidates.txt"), encoding="ascii") as lines:
        rows = [line.rstrip("\n").split(";") for line in lines if line.strip() and not line.startswith("#")]
    for codes, name in rows:
        length = len(codes.split())
        found = [facts.lookups[name] for facts in versions]
        since = next((i for i, answer in enumerate(found) if answer != "-"), None)
        assert since is not None, name + " is known to no interpreter"
        wanted = codes.lstrip("0") or "0" if length == 1 else "+%d" % length
        assert all(answer == wanted for answer in found[since:]), name
        for facts, answer in zip(versions, found):
            assert facts.lookups[name.lower()] == answer, name + " depends on its case"
        if length == 1:
            aliases[name] = (int(codes, 16), since)
        else:
            sequences[name] = (length, since)
    return aliases, sequences


def words_of(name):
    """A name as words. One that begins with a hyphen follows directly, any other follows a space."""
    first, *rest = re.split("(?=[ -])", name)
    words = [first] + [word[1:] if word[0] == " " else word for word in rest]
    spelled = words[0] + "".join(word if word.startswith("-") else " " + word for word in words[1:])
    assert spelled == name
    return words


def front_coded(entries):
    """A list as list.rs reads it, of (key bytes) or (key bytes, value), sorted by key."""
    entries = sorted(entry if isinstance(entry, tuple) else (entry, None) for entry in entries)
    assert len({key for key, _ in entries}) == len(entries)
    body, offsets = bytearray(), []
    for i, (key, value) in enumerate(entries):
        if i % BLOCK == 0:
            offsets.append(len(body))
            before, last = b"", 0
        shared = min(len(os.path.commonprefix([before, key])), 15)
        rest = key[shared:]
        body.append(shared << 4 | min(len(rest), 15))
        if len(rest) >= 15:
            assert len(rest) - 15 < 256
            body.append(len(rest) - 15)
        body += rest
        if value is not None:
            delta = value - last
            number = delta << 1 if delta >= 0 else (-delta << 1) - 1
            while number >= 0x80:
                body.append(number & 0x7F | 0x80)
                number >>= 7
            body.append(number)
            last = value
        before = key
    head = [len(entries)] + offsets
    return b"".join(number.to_bytes(4, "little") for number in head) + bytes(body)


class Lexicon:
    """Words in two classes: the common ones are written as one byte, the others as two."""

    def __init__(self, names):
        count = Counter(word for name in names for word in words_of(name))
        ranked = sorted(count, key=lambda word: (-count[word], word))
        common = max(n for n in range(256) if len(ranked) - n <= (256 - n) * 256)
        self.common = sorted(ranked[:common])
        self.others = sorted(ranked[common:])
        self.code = {word: bytes([i]) for i, word in enumerate(self.common)}
        for i, word in enumerate(self.others):
            self.code[word] = bytes([common + i // 256, i % 256])

    def encode(self, name):
        return b"".join(self.code[word] for word in words_of(name))


def rust_table(name, doc, kind, rows):
    """Rows as a Rust static, several on a line."""
    lines, line = [], "   "
    for row in rows:
        if len(line) + len(row) + 2 > 110:
            lines.append(line)
            line = "   "
        line += " " + row + ","
    lines.append(line)
    return "/// %s\npub(super) static %s: [%s; %d] = [\n%s\n];\n" % (doc, name, kind, len(rows), "\n".join(lines))


def rust_range(row):
    first, last, since = row
    return "r(0x%X, 0x%X, %s)" % (first, last, CONSTANTS[since])


def write_tables(folder, versions, since_of):
    out = [
        "// Generated by `cargo xtask unicode` (xtask/unicode/generate.py) from the answers of CPython's interpreters.\n"
        "// Do not edit.\n",
        "use super::entries::{HexRange, Lower, Range, hex, lower, r};\n"
        "use super::version::Version::{%s};\n" % ", ".join(CONSTANTS),
    ]
    rows = [
        "lower(0x%X, 0x%X, %d, %d, %s)" % (*row[:4], CONSTANTS[row[4]]) for row in lower_runs([f.lower for f in versions])
    ]
    out.append(rust_table("LOWER", "Characters that have another lower case.", "Lower", rows))
    titles = {
        "cased": "Characters whose lower or upper case is another character.",
        "alpha": "Letters: `str.isalpha`.",
        "printable": "Characters that `repr` leaves as they are: `str.isprintable`.",
        "id-start": "What an identifier may begin with.",
        "id-continue": "What an identifier may go on with.",
    }
    for label in SETS:
        rows = [rust_range(row) for row in since_ranges([facts.sets[label] for facts in versions])]
        out.append(rust_table(label.upper().replace("-", "_"), titles[label], "Range", rows))
    rows = [rust_range(row) for row in decimal_ranges([facts.decimal for facts in versions])]
    out.append(rust_table("DECIMAL", "Decimal digits: every range starts at a zero and counts in tens.", "Range", rows))
    assert all(facts.sets["space"] == versions[0].sets["space"] for facts in versions)
    rows = ["(0x%X, 0x%X)" % tuple(row) for row in runs(versions[0].sets["space"])]
    out.append(rust_table("SPACE", "Whitespace: `str.isspace`, the same in all versions.", "(u32, u32)", rows))
    later = [{c for c, since in since_of.items() if 0 < since <= i} for i in range(len(VERSIONS))]
    rows = [rust_range(row) for row in since_ranges(later)]
    title = "Characters in the list of names that the oldest version does not name."
    out.append(rust_table("NAMED_LATER", title, "Range", rows))
    for prefix in HEX_PREFIXES:
        rows = [
            "hex(0x%X, 0x%X, %s, %s)" % (first, last, CONSTANTS[since], CONSTANTS[until])
            for first, last, since, until in hex_ranges(prefix, versions)
        ]
        label = prefix[:-1].replace(" ", "_")
        out.append(rust_table(label, "Characters named `%s` and their code point." % prefix, "HexRange", rows))
    with open(os.path.join(folder, "tables.rs"), "w", encoding="ascii", newline="\n") as file:
        file.write("\n".join(out))


def main():
    folder = sys.argv[1]
    versions = collect(sys.argv[2:])
    check_hangul(versions)
    names, since_of = plain_names(versions)
    aliases, sequences = candidate_names(versions)
    assert not set(names) & set(aliases) and not set(names) & set(sequences) and not set(aliases) & set(sequences)
    everything = [*names, *aliases, *sequences]
    assert max(map(len, everything)) <= 96, "names.rs has a buffer of 96 characters"
    lexicon = Lexicon(everything)
    assert max(len(lexicon.encode(name)) for name in everything) <= 32, "names.rs has a buffer of 32 bytes"
    encode = lexicon.encode
    lists = {
        "common": [word.encode() for word in lexicon.common],
        "others": [word.encode() for word in lexicon.others],
        "characters": [(encode(name), c) for name, c in names.items()],
        "aliases": [(encode(name), c << 3 | since) for name, (c, since) in aliases.items()],
        "sequences": [(encode(name), length << 3 | since) for name, (length, since) in sequences.items()],
    }
    write_tables(folder, versions, since_of)
    for label, entries in lists.items():
        blob = front_coded(entries)
        with open(os.path.join(folder, label + ".bin"), "wb") as file:
            file.write(blob)
        print("%s: %d entries, %d bytes" % (label, len(entries), len(blob)))


if __name__ == "__main__":
    main()
