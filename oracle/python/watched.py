"""Compiles patterns and notes what of them a refusal depends on. It follows oracle.py in one program.

A compiler that refuses a pattern without having read its end refuses every pattern that begins alike, in the same way;
and one that has not read a flag does so whether the flag is set or not. The parser reads a pattern through its
Tokenizer, one character after the other, and flags by `&`, so both are watched there. Everything that is not foreseen
counts as if all was read: another use of the pattern, another operation with the flags, an error after parsing.
"""

_plain_tokenizer = _parser.Tokenizer

# Whether the end of the pattern was read, and the flags that were read.
_end_read = False
_flags_read = 0


class _Text(str):
    """The text of a Tokenizer."""

    def __getitem__(self, index, _item=str.__getitem__):
        global _end_read
        try:
            return _item(self, index)
        except IndexError:
            _end_read = True
            raise


class _WatchedTokenizer(_plain_tokenizer):
    def __init__(self, string):
        super().__init__(string)
        self.decoded_string = _Text(self.decoded_string)
        # Reads the first character again.
        self.seek(0)

    @property
    def string(self):
        """The pattern as it was passed, which some warnings quote."""
        global _end_read
        _end_read = True
        return self._string

    @string.setter
    def string(self, string):
        self._string = string

    def error(self, *args):
        # An error refers to the pattern, but counts only the newlines before its position.
        global _end_read
        before = _end_read
        error = super().error(*args)
        _end_read = before
        return error


class _Flags:
    """Flags that can only be tested with `&` and extended with `|`; everything else is a TypeError."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value

    def __and__(self, mask):
        global _flags_read
        _flags_read |= mask
        return self.value & mask

    def __or__(self, other):
        return _Flags(self.value | other)

    def __bool__(self):
        raise TypeError

    def __eq__(self, other):
        raise TypeError


def compile_watched(pattern, flags, watches_end):
    """Returns what `compile_pattern` returns, and what the refusal depends on: the flags that were read, times two, plus
    one if the end was read, or is not watched; -1 if the pattern is accepted, or if it may depend on everything."""
    global _end_read, _flags_read
    if flags & _DEBUG:
        return compile_pattern(pattern, flags), -1
    del _warned[:]
    _end_read, _flags_read = not watches_end, 0
    if watches_end:
        _parser.Tokenizer = _WatchedTokenizer
    try:
        p = _parse(pattern, _Flags(flags))
    except _error as e:
        return (None, e.with_traceback(None), tuple(_warned)), _flags_read << 1 | _end_read
    except Exception:
        _parser.Tokenizer = _plain_tokenizer
        return compile_pattern(pattern, flags), -1
    finally:
        _parser.Tokenizer = _plain_tokenizer
    state = p.state
    if isinstance(state.flags, _Flags):
        state.flags = state.flags.value
    try:
        code = _code(p, flags)
    except Exception as e:
        return (None, e.with_traceback(None), tuple(_warned)), -1
    return (code, flags | state.flags, state.groups - 1, state.groupdict, tuple(_warned)), -1


# The replies to refusals, of which there are few different ones.
_refusals = {}


def _refusal(case, result, debug):
    parts = error_parts(result[1]), result[-1]
    reply = _refusals.get(parts)
    if reply is None:
        if len(_refusals) > 10000:
            _refusals.clear()
        import json

        reply = _refusals[parts] = json.dumps(outcome(case, result, debug, "words", None))
    return reply


def watched_batch(watches_end, debug, requests):
    """Returns what `batch` returns, with what each refusal depends on."""
    import json

    global _spent
    words, outcomes, reads = array("I"), [], []
    cases = [(pattern_from(kind, text), flags) for kind, text, flags in requests]
    start = _clock()
    results = [compile_watched(pattern, flags, watches_end) for pattern, flags in cases]
    compiling = _clock() - start
    for case, (result, read) in zip(cases, results):
        reads.append(read)
        code = result[0]
        if code is None:
            outcomes.append(_refusal(case, result, debug))
            continue
        words.fromlist(code)
        if debug or result[3] or result[4]:
            outcomes.append(json.dumps(outcome(case, result, debug, "words", len(code))))
        else:
            outcomes.append(_PLAIN % (len(code), result[1], result[2]))
    spent, _spent = _spent, time.process_time_ns()
    head = '{"outcomes": [%s], "reads": %s, "compiling": %d, "everything": %d}\n'
    head %= ", ".join(outcomes), reads, compiling, _spent - spent
    return head.encode("ascii") + words.tobytes()


def watched_reply(line):
    """Returns the reply to a line: an object with a batch to be watched, or one of those of `reply`."""
    if line.startswith(b'{"watched"'):
        import json

        request = json.loads(line)
        return watched_batch(request["watches_end"], *request["watched"])
    return reply(line)


record_warnings()
_spent = time.process_time_ns()
serve(watched_reply)
