"""Patterns to test with: the corpus, samples, and mutations of them."""
import json
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "..", "..", "corpus")
LETTERS = {"a": 256, "i": 2, "L": 4, "m": 8, "s": 16, "u": 32, "x": 64}


def read_case(path):
    """Return pattern and flags of a case file; see corpus/README.md."""
    with open(path, "rb") as file:
        header, pattern = file.read().split(b"\n", 1)
    kind, letters = header.decode("ascii").split(" ")
    flags = sum(LETTERS[letter] for letter in letters if letter != "-")
    if kind == "bytes":
        return pattern, flags
    return pattern.decode("utf-8", "surrogatepass"), flags


def corpus(folders=("seeds", "regressions")):
    """Return the cases of the corpus, in order."""
    found = []
    for folder in folders:
        for path, _, names in sorted(os.walk(os.path.join(CORPUS, folder))):
            found += [read_case(os.path.join(path, name)) for name in sorted(names) if name.endswith(".case")]
    return found


def samples():
    """Return the patterns of the file that SRE_SAMPLES names, or none."""
    path = os.environ.get("SRE_SAMPLES")
    if not path:
        return []
    with open(path, encoding="utf-8") as lines:
        return [of_json(json.loads(line)) for line in lines]


def of_json(data):
    text = data["pattern"] if "pattern" in data else "".join(map(chr, data["codepoints"]))
    return (text.encode("latin-1") if data["kind"] == "bytes" else text), data["flags"]


PIECES = list("()[]{}|*+?^$\\.-:=!<>#,&~'\"aAzZ09 \n\u00e9\u0130\u20ac\U00010400\ud800") + [
    "(?:", "(?P<n>", "(?P=n)", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:", "(?-i:", "(?i)", "(?x)", "(?(1)",
    "*?", "*+", "{2}", "{1,3}", "{,4}", "[^", "[[", "||", "--", "\\d", "\\W", "\\b", "\\1", "\\x41", "\\u0130",
    "\\N{DIGIT ONE}", "\\Z", "\\z", "[a-z]", "[^\\s\\S]", "\u017f", "\u212a",
]  # fmt: skip


def mutations(cases, count, seed=0):
    """Return mutated cases, the same ones for the same seed."""
    rng = random.Random(seed)
    found = []
    while len(found) < count:
        pattern, flags = rng.choice(cases)
        is_bytes = isinstance(pattern, bytes)
        text = list(pattern.decode("latin-1") if is_bytes else pattern)[:2000]
        for _ in range(rng.choice((1, 1, 2, 4))):
            at, kind = rng.randint(0, len(text)), rng.randrange(5)
            if kind == 0:
                text[at:at] = rng.choice(PIECES)
            elif kind == 1:
                del text[at : at + rng.choice((1, 1, 3, 10))]
            elif kind == 2:
                text[at : at + 1] = rng.choice(PIECES)
            elif kind == 3:
                end = at + rng.randint(1, 8)
                text[at:at] = text[at:end]
            else:
                other = rng.choice(cases)[0]
                other = other.decode("latin-1") if isinstance(other, bytes) else other
                start = rng.randint(0, len(other))
                text[at:at] = other[start : start + rng.randint(1, 12)]
        if rng.random() < 0.3:
            flags ^= rng.choice((2, 4, 8, 16, 32, 64, 256))
        text = "".join(text)
        if is_bytes:
            found.append((text.encode("latin-1", "ignore"), flags))
        else:
            found.append((text, flags))
    return found
