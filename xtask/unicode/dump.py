"""Print what this interpreter knows of Unicode, as facts to build the tables from or to check them against.

    python dump.py CANDIDATES [STEP]

Runs on CPython 3.8 to 3.15 and needs nothing but the interpreter. CANDIDATES is candidates.txt: the aliases and
the named sequences, which `unicodedata` finds but does not list. Near misses are made from every STEPth name (29).

One fact a line, numbers in hexadecimal, ranges inclusive:

    python 3.13.0            unicode 15.1.0
    lower C L                _sre.unicode_tolower(C) is L, and is not C
    decimal C V              unicodedata.decimal(chr(C)), which is what int(chr(C)) gives
    cased F L                _sre.unicode_iscased; likewise alpha, printable, space, id-start, id-continue
    names strict             whether algorithmic names are found as written only (strict) or in any case (any-case)
    name C NAME              unicodedata.lookup finds C by NAME, by its lower case and by mixed case
    capitals C NAME          ... finds C by NAME, but not by its lower case nor by mixed case
    lookup C NAME            ... finds C by NAME, as it stands; for C also +N, a sequence of N characters, or - for none
"""

import _sre
import sys
import unicodedata

END = 0x110000
HEX_PREFIXES = ("CJK UNIFIED IDEOGRAPH-", "TANGUT IDEOGRAPH-")


def lookup(name):
    try:
        found = unicodedata.lookup(name)
    except KeyError:
        return "-"
    return "%X" % ord(found) if len(found) == 1 else "+%d" % len(found)


def print_ranges(label, holds):
    first = None
    for c in range(END + 1):
        if c < END and holds(c):
            if first is None:
                first = c
        elif first is not None:
            print(label, "%X %X" % (first, c - 1))
            first = None


def print_properties():
    for c in range(END):
        lower = _sre.unicode_tolower(c)
        if lower != c:
            print("lower %X %X" % (c, lower))
    for c in range(END):
        decimal = unicodedata.decimal(chr(c), None)
        try:
            number = int(chr(c))
        except ValueError:
            number = None
        assert number == decimal, "int() of U+%04X is %s, its decimal value %s" % (c, number, decimal)
        if decimal is not None:
            print("decimal %X %X" % (c, decimal))
    print_ranges("cased", _sre.unicode_iscased)
    print_ranges("alpha", lambda c: chr(c).isalpha())
    print_ranges("printable", lambda c: chr(c).isprintable())
    print_ranges("space", lambda c: chr(c).isspace())
    print_ranges("id-start", lambda c: chr(c).isidentifier())
    print_ranges("id-continue", lambda c: ("a" + chr(c)).isidentifier())


def mixed(name):
    return "".join(char.lower() if i % 2 else char for i, char in enumerate(name))


def print_names():
    """Every character that has a name, and returns the names."""
    names = []
    for c in range(END):
        name = unicodedata.name(chr(c), None)
        # 3.13.13 finds Tangut ideographs by names that it does not give them.
        for candidate in [name] if name else [prefix + "%04X" % c for prefix in HEX_PREFIXES]:
            wanted = "%X" % c
            if lookup(candidate) != wanted:
                assert not name, "U+%04X is not found by its own name %s" % (c, name)
                continue
            others = {lookup(candidate.lower()), lookup(mixed(candidate))}
            assert others in ({wanted}, {"-"}), "%s depends on its case in a new way" % candidate
            print("name" if others == {wanted} else "capitals", wanted, candidate)
            names.append(candidate)
    return names


def print_lookup(name):
    print("lookup", lookup(name), name)


def print_candidates(path):
    """The aliases and sequences that somebody knows, those included that this interpreter does not."""
    names = []
    with open(path, encoding="ascii") as lines:
        for line in lines:
            if line.startswith("#") or not line.strip():
                continue
            name = line.rstrip("\n").split(";")[1]
            names.append(name)
            for variant in (name, name.lower(), mixed(name)):
                print_lookup(variant)
    return names


def near_misses(name):
    """Names that differ from a good one by something small; a few of them are good too."""
    middle = len(name) // 2
    yield name[1:]
    yield name[:-1]
    yield name[:middle] + name[middle + 1 :]
    yield name[:middle] + name[middle] + name[middle:]
    yield name + "S"
    yield name + "\0"
    yield " " + name
    yield name + " "
    yield name + "-"
    yield "-" + name
    yield name.replace(" ", "  ", 1)
    yield name.replace(" ", "_")
    yield name.replace(" ", "-", 1)
    yield name.replace(" ", "")
    yield name.replace("-", " ", 1)
    yield name.replace("-", "", 1)
    yield name.replace("-", "--", 1)
    head, hyphen, tail = name.rpartition("-")
    if hyphen:
        yield head + hyphen + "0" + tail
        yield head + hyphen + "00" + tail
        yield head + hyphen + tail.lower()
        yield head + hyphen + " " + tail
        yield head + hyphen + tail[:-1]
        yield head.lower() + hyphen + tail
    # Letters whose upper or lower case is ASCII.
    yield name.replace("S", "\u017f", 1)
    yield name.replace("I", "\u0131", 1)
    yield name.replace("K", "\u212a", 1)
    # The upper or the lower half of the name in lower case.
    yield name[:middle].lower() + name[middle:]
    yield name[:middle] + name[middle:].lower()


def print_near_misses(names, step):
    for name in names[::step]:
        for near in near_misses(name):
            if near != name:
                print_lookup(near)


def print_algorithmic():
    """The borders of what is made by rule: hexadecimal digits after a prefix, and syllables of Hangul."""
    # The interpreter's prefixes also before characters that have another name, or none.
    prefixes = HEX_PREFIXES + (
        "CJK COMPATIBILITY IDEOGRAPH-",
        "EGYPTIAN HIEROGLYPH-",
        "KHITAN SMALL SCRIPT CHARACTER-",
        "NUSHU CHARACTER-",
    )
    for prefix in prefixes:
        for c in range(0, END, 37):
            print_lookup(prefix + "%04X" % c)
            print_lookup(prefix + "%05X" % c)
        for digits in ("", "0", "4E0", "4E000", "0000", "FFFF", "110000", "14E00", "104E00", "-4E00", "+4E00", "4E0G"):
            print_lookup(prefix + digits)
        print_lookup(prefix[:-1])
    # Every combination of what can stand first, middle and last, and of what cannot.
    initials = "G GG N D DD R M B BB S SS  J JJ C K T P H L NG Q".split(" ")
    medials = "A AE YA YAE EO E YEO YE O WA WAE OE YO U WEO WE WI YU EU YI I W Y AA".split(" ") + [""]
    finals = "G GG GS N NJ NH D L LG LM LB LS LT LP LH M B BS S SS NG J C K T P H R DD Q X".split(" ") + ["", " ", "-"]
    for initial in initials:
        for medial in medials:
            for final in finals:
                print_lookup("HANGUL SYLLABLE " + initial + medial + final)


def main():
    step = int(sys.argv[2]) if len(sys.argv) > 2 else 29
    print("python", sys.version.split()[0])
    print("unicode", unicodedata.unidata_version)
    print("names", "strict" if lookup("hangul syllable ga") == "-" else "any-case")
    print_properties()
    names = print_names()
    names += print_candidates(sys.argv[1])
    print_near_misses(names, step)
    print_algorithmic()
    for name in ("", " ", "-", "<control>", "CONTROL", "A" * 88, "A" * 300, "LATIN SMALL LETTER A" + " " * 300):
        print_lookup(name)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    main()
