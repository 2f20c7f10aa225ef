"""Uses packages that read the inside of re, and prints what they make of some patterns. Same plain and hooked.

Each part is skipped, with a line that says so, if its package is not installed.
"""
import re
import warnings

PACKAGES = ["hypothesis", "exrex", "rstr", "sre_yield", "lark", "pyparsing", "regex", "nltk", "byexample", "greenery"]
PATTERNS = ["a[bc]d{2,3}", "(?P<n>x|yz)+", r"\d{3}-\w", "[^a-y]{2}", "(a|b)?c"]


def hypothesis():
    from hypothesis import HealthCheck, given, seed, settings
    from hypothesis import strategies as st

    found = []

    @seed(1)
    @settings(max_examples=30, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(r"\A(a[bc]d{2,3}|[0-9]{2})\Z"))
    def collect(text):
        found.append(text)

    collect()
    return found


def exrex():
    import exrex

    return [[exrex.count(pattern), list(exrex.generate("a[bc]d{2,3}"))] for pattern in PATTERNS[:1]]


def rstr():
    from random import Random

    from rstr import Rstr

    return [Rstr(Random(3)).xeger(pattern) for pattern in PATTERNS]


def sre_yield():
    import sre_yield

    return [list(sre_yield.AllStrings("a[bc]d{2,3}"))]


def lark():
    from lark import Lark

    parser = Lark("start: (WORD | NUMBER)+\nWORD: /[a-z]+/i\nNUMBER: /\\d+/\n%ignore /\\s+/", parser="lalr")
    return repr(parser.parse("abc 12 Def"))


def pyparsing():
    import pyparsing as p

    return (p.Regex(r"(?P<year>\d{4})") + p.Suppress("-") + p.Word(p.alphas)).parse_string("2024-abc").as_list()


def regex():
    import regex

    return [regex.findall(pattern, "abdd xyz 123-4") for pattern in PATTERNS]


def nltk():
    from nltk.tokenize import RegexpTokenizer

    return RegexpTokenizer(r"\w+|[^\w\s]+").tokenize("Good muffins cost $3.88")


def byexample():
    from byexample.regex import compile as compile_

    return [compile_(pattern).findall("abdd 123-4") for pattern in PATTERNS]


def greenery():
    from greenery import parse

    return [str(parse(pattern).reduce()) for pattern in ("a[bc]d{2,3}", "(a|b)?c")]


def main():
    warnings.simplefilter("ignore")
    for name in PACKAGES:
        try:
            print(name, globals()[name]())
        except ImportError:
            print(name, "skipped: not installed")
        except Exception as error:
            print(name, "raises", type(error).__name__, error)
    print(re.compile("the[ ]end").pattern)


if __name__ == "__main__":
    main()
