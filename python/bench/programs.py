"""Whole programs, each in a new process, which prints its processor time, and the time spent compiling.

Run as `python programs.py NAME` by an interpreter that has the packages. With MEASURE_COMPILE=1 in the environment the
time inside the compiler of re is measured, of which the ceiling is made: the time without it.
"""
import os
import sys
import time


def pygments_lexers():
    from pygments.lexers import get_lexer_by_name

    names = "python c cpp java javascript html css rust go ruby perl php bash sql json yaml xml lua haskell scala"
    for name in names.split():
        list(get_lexer_by_name(name).get_tokens("x = 1\n"))


def pygments_html():
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    highlight("def f(x):\n    return [x, 'a', 1.5]\n", PythonLexer(), HtmlFormatter())


def ua_parser():
    from ua_parser import user_agent_parser

    user_agent_parser.Parse("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0")


def yt_dlp():
    from yt_dlp.extractor import gen_extractor_classes

    url = "https://example.org/none/of/these"
    [found for found in gen_extractor_classes() if found.suitable(url)]


def phonenumbers_50():
    import phonenumbers

    for region in sorted(phonenumbers.SUPPORTED_REGIONS)[:50]:
        number = phonenumbers.example_number(region)
        if number is not None:
            phonenumbers.is_valid_number(number)
            phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def gallery_dl():
    from gallery_dl import extractor

    extractor.find("https://example.org/none/of/these")


def docutils():
    from docutils.core import publish_string

    text = "Title\n=====\n\nA *word*, a `link <http://example.org>`_.\n\n- one\n- two\n"
    publish_string(text, writer_name="html", settings_overrides={"report_level": 5})


def markdown():
    from markdown import markdown as convert

    convert("# Title\n\n*word*, `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", extensions=["extra"])


def standard_library():
    import argparse
    import email.message
    import json
    import logging
    import string
    import textwrap


def nothing():
    pass


PROGRAMS = {
    "Pygments, 20 lexers": (pygments_lexers, "Pygments"),
    "Pygments, Python to HTML": (pygments_html, "Pygments"),
    "ua-parser, first lookup": (ua_parser, "ua-parser<1"),
    "yt-dlp, match a URL": (yt_dlp, "yt-dlp"),
    "phonenumbers, 50 regions": (phonenumbers_50, "phonenumbers"),
    "gallery-dl, match a URL": (gallery_dl, "gallery-dl"),
    "docutils, a page": (docutils, "docutils"),
    "Markdown, a page": (markdown, "Markdown"),
    "six modules of the standard library": (standard_library, None),
    "pass": (nothing, None),
}


def measure_compile():
    """Wrap the compiler of re; return a list to which the time of each call is added."""
    import re

    compiler = sys.modules.get("re._compiler") or sys.modules["sre_compile"]
    original, spent, clock = compiler.compile, [], time.process_time

    def compile(p, flags=0):
        start = clock()
        try:
            return original(p, flags)
        finally:
            spent.append(clock() - start)

    compiler.compile = compile
    return re and spent


def main(name):
    spent = measure_compile() if os.environ.get("MEASURE_COMPILE") else []
    PROGRAMS[name][0]()
    print(time.process_time(), sum(spent), len(spent))


if __name__ == "__main__":
    main(sys.argv[1])
