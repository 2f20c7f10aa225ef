"""Compares what programs get from re, plain and hooked: pattern, groups, names, flags, warnings, exceptions.

Run by an interpreter in which sre_compiler can be imported. Arguments: how many cases of the corpus, of the samples and
mutations to take ("all" or a number), and the seed of the mutations. Exits with 1 on a difference.
"""
import re
import sys
import warnings

import cases
import sre_compiler

if sys.version_info >= (3, 11):
    from re import _compiler as compiler
else:
    import sre_compile as compiler

# Exceptions whose text depends on how deep the stack is.
DEPTH = "RecursionError"


def outer(pattern, flags):
    return re.compile(pattern, flags)


def inner(pattern, flags):
    return compiler.compile(pattern, flags)


def outcome(function, pattern, flags):
    """Return the pattern or None, and all else that a program can see."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made, facts = None, None
        try:
            made = function(pattern, flags)
            facts = (made.flags, made.groups, list(made.groupindex.items()), made.pattern is pattern)
        except RecursionError:
            facts = DEPTH
        except Exception as error:
            kind = type(error)
            attributes = {name: getattr(error, name) for name in vars(error)}
            facts = (kind.__module__, kind.__qualname__, str(error), error.args, attributes)
    seen = [(w.category.__name__, str(w.message), w.filename, w.lineno) for w in caught]
    return made, facts, seen


def outcomes(chosen):
    """Return the outcomes through both functions. One place calls, so that warnings are about the same line."""
    re.purge()
    return [[outcome(function, *case) for case in chosen] for function in (outer, inner)]


def select(found, limit):
    if limit == "all" or len(found) <= int(limit):
        return found
    step = len(found) / int(limit)
    return [found[int(n * step)] for n in range(int(limit))]


def main(corpus_limit, sample_limit, mutation_limit, seed):
    corpus = cases.corpus(("seeds", "regressions", "known"))
    samples = cases.samples()
    mutations = cases.mutations(corpus + samples, int(mutation_limit), int(seed))
    chosen = select(corpus, corpus_limit) + select(samples, sample_limit) + mutations
    # A pattern that is in the cache already would be another object than the one that is passed.
    chosen = list({(type(pattern), pattern, flags): (pattern, flags) for pattern, flags in chosen}.values())
    plain = outcomes(chosen)
    assert sre_compiler.install(), sre_compiler.status()
    hooked = outcomes(chosen)
    different = 0
    for function, before, after in zip((outer, inner), plain, hooked):
        for case, expected, found in zip(chosen, before, after):
            if found != expected:
                different += 1
                if different <= 5:
                    print(f"DIFFERENT {function.__name__} {case!r}\n  plain  {expected}\n  hooked {found}")
    status = sre_compiler.status()
    counts = f"{len(chosen)} patterns through both hooks, {status['compiled']} compiled by sre-compiler"
    print(f"{counts}, {different} different")
    # A test that compares CPython with itself proves nothing.
    # The corpus has more patterns that are refused than programs have.
    least = 0.5 if samples else 0.3
    assert status["compiled"] > len(chosen) * 2 * least, status
    return 1 if different or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
