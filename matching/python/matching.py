"""Matches subjects with patterns that are compiled in several forms. Runs unchanged on 3.8 and later, after the
definitions of oracle.py. A subject that exceeds its time or the memory of the process is slow.

A request is a line with an array: the names of the forms, the operations, the time limit of a subject in seconds of
processor time, whether to return code, and the cases, each of kind, pattern, flags, a program or null, and subjects of
text, pos and endpos. The reply is a frame of JSON: for each case an object, either with the reason why the pattern is
"refused", or with "forms": for each form an object, with the reason why it is "missing", or with "subjects": for each
subject a list with the outcome of each operation.
"""

import json
import re
import signal

_INFO = _compiler.INFO
# What other forms have changed is reset with these.
_PARTS = {
    name: getattr(_compiler, name)
    for name in ("_optimize_charset", "_simple", "_get_literal_prefix", "_get_charset_prefix")
    if hasattr(_compiler, name)
}
# An outcome that is not compared.
_SKIPPED = "="


# The limit of this process's memory: some patterns take more than a machine has.
_MEMORY = 1 << 30


class _Slow(BaseException):
    """The time limit of a subject has passed."""


# Whether a subject is being matched. A signal may be handled some time after the matcher has returned.
_matching = False


def _late(*_):
    if _matching:
        raise _Slow


def _members(charset, iscased=None, fixup=None, fixes=None):
    """Replaces `_optimize_charset`: folds case, and leaves everything else as written."""
    folded, cased = [], False
    for op, argument in charset if fixup else ():
        if op not in (_compiler.LITERAL, _compiler.RANGE):
            folded.append((op, argument))
            continue
        first, last = (argument, argument) if op is _compiler.LITERAL else argument
        if last - first > 4096:
            raise _NoForm("a range is too long")
        for character in range(first, last + 1):
            cased = cased or iscased(character)
            lower = fixup(character)
            folded += [(_compiler.LITERAL, same) for same in (lower,) + tuple((fixes or {}).get(lower, ()))]
    return (folded, True) if cased else (list(charset), False)


class _NoForm(Exception):
    """A pattern that cannot be compiled in a form."""


# For each form, the function of the compiler that is replaced.
_WITHOUT = {
    "no-info": {},
    "no-prefix": {"_get_literal_prefix": lambda *_: ([], None, False)},
    "no-first": {"_get_charset_prefix": lambda *_: None},
    "no-sets": {"_optimize_charset": _members},
    "no-repeats": {"_simple": lambda *_: False},
}


def _with_literals(tree):
    """Replaces references to groups of literals by these literals, where the group always takes part in the match."""
    items, literals = [], {}
    for op, argument in tree.data:
        if op is _compiler.SUBPATTERN and argument[0] is not None and not (argument[1] or argument[2]):
            body = argument[3].data
            if all(inner is _compiler.LITERAL for inner, _ in body):
                literals[argument[0]] = body
        if op is _compiler.GROUPREF and argument in literals:
            items += literals[argument]
        else:
            items.append((op, argument))
    if len(items) == len(tree.data) and items == tree.data:
        raise _NoForm("no reference to a group of literals")
    tree.data[:] = items


def _compiled(form, pattern, flags, program):
    """Returns a function of subject, pos and endpos for each operation, and the code."""
    if form == "given":
        if program is None:
            raise _NoForm("no program")
        code, flags, groups, names = program
    else:
        changes = _WITHOUT.get(form, {})
        for name in changes:
            if name not in _PARTS:
                raise _NoForm("this Python has no " + name)
        vars(_compiler).update(changes)
        try:
            tree = _parse(pattern, flags)
            if form == "no-references":
                _with_literals(tree)
            code = _code(tree, flags)
        finally:
            vars(_compiler).update(_PARTS)
        if form == "no-info" and code and code[0] == _INFO:
            del code[: 1 + code[1]]
        state = tree.state
        flags, groups, names = flags | state.flags, state.groups - 1, list(state.groupdict.items())
    index = [None] * (groups + 1)
    for name, group in names:
        index[group] = name
    made = _sre.compile(pattern, flags, code, groups, dict(names), tuple(index))
    return made, [int(word) for word in code]


class _Impossible(Exception):
    """A match that cannot be."""


def _one(match):
    if not match:
        return None
    regs, index = match.regs, match.lastindex
    length = len(match.string)
    for start, end in regs:
        if not (0 <= start <= end <= length or start == end == -1):
            raise _Impossible("a group ends before it starts" if start > end else "a span outside of the text")
    if not match.pos <= regs[0][0] <= regs[0][1] <= match.endpos:
        raise _Impossible("a match outside of pos and endpos")
    if index is not None and regs[index][0] < 0:
        raise _Impossible("lastindex is a group that did not match")
    return [[place for span in regs for place in span], index, match.lastgroup]


def _operation(form, name, made, text, pos, endpos):
    if form == "positions":
        if name != "search":
            return _SKIPPED
        for start in range(pos, endpos + 1):
            match = made.match(text, start, endpos)
            if match:
                return _one(match)
        return None
    if form == "wide":
        if name in ("sub", "split") or isinstance(text, bytes) or text and max(text) > "\uffff":
            return _SKIPPED
        text += "\U00010400"
    if name == "finditer":
        return {"all": [_one(match) for match in made.finditer(text, pos, endpos)]}
    if name in ("sub", "split") and (pos, endpos) != (0, len(text)):
        return _SKIPPED
    if name == "sub":
        template = r"[\g<0>,\1]" if made.groups else r"[\g<0>]"
        return {"text": ascii(made.sub(template.encode() if isinstance(text, bytes) else template, text))}
    if name == "split":
        return {"text": ascii(made.split(text))}
    return _one(getattr(made, name)(text, pos, endpos))


def _outcomes(form, operations, limit, made, subject):
    """Returns the outcome of each operation. After the time limit, those that are left are slow."""
    global _matching
    text, pos, endpos = subject
    found = []
    try:
        _matching = True
        if limit:
            signal.setitimer(signal.ITIMER_PROF, limit)
        for name in operations:
            try:
                found.append(_operation(form, name, made, text, pos, endpos))
            except (_Impossible, SystemError, RuntimeError) as error:
                found.append({"wrong": _said(error).lstrip("_")})
            except MemoryError:
                found.append({"slow": True})
            except Exception as error:
                found.append({"error": _said(error)})
        _matching = False
        if limit:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except _Slow:
        _matching = False
        del found[len(operations):]
        found += [{"slow": True}] * (len(operations) - len(found))
    return found


def _said(error):
    """Returns type and text of an exception, which may quote a lone surrogate of the pattern."""
    said = "%s: %s" % (type(error).__name__, error)
    return said.encode("utf-8", "backslashreplace").decode("utf-8")


def _matched(forms, operations, limit, with_code, kind, pattern, flags, program, subjects):
    pattern = pattern_from(kind, pattern)
    subjects = [(pattern_from(kind, text), pos, endpos) for text, pos, endpos in subjects]
    flags &= ~_DEBUG
    replies = []
    for form in forms:
        try:
            made, code = _compiled(form, pattern, flags, program)
        except _NoForm as why:
            replies.append({"missing": str(why)})
            continue
        except Exception as error:
            why = _said(error)
            if form == "own":
                return {"refused": why}
            replies.append({"missing": why})
            continue
        if with_code:
            replies.append({"code": [code, int(made.flags), made.groups, list(made.groupindex.items())]})
        else:
            found = [_outcomes(form, operations, limit, made, subject) for subject in subjects]
            replies.append({"subjects": found})
    return {"forms": replies}


def _reply(line, limited=True):
    forms, operations, limit, with_code, cases = json.loads(line)
    limit = limit if limited else 0
    replies = [_matched(forms, operations, limit, with_code, *case) for case in cases]
    return json.dumps(replies, separators=(",", ":")).encode("ascii")


def _main():
    record_warnings()
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
        signal.signal(signal.SIGPROF, _late)
        serve(_reply)
    except ImportError:
        # Not every system has these limits. There, who waits for a reply ends the process.
        serve(lambda line: _reply(line, limited=False))


_main()
