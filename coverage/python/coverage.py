"""Measures which lines and branches of CPython's own compiler patterns reach. Runs on 3.8 to 3.15, after oracle.py.

The parser and the code generator are loaded again from their sources, with a probe before each statement of a function
and around each condition. A line is where a statement begins. A branch is one outcome of one condition: of the tests of
`if`, `while`, conditional expressions and comprehensions, and of each operand of `and` and `or`; a `for` loop has an
item, or ends. Probes do not depend on the bytecode, so they are at the same places in all versions.

Reads requests as oracle.py does, and replies only to the last line, `"report"`.
"""

import ast
import importlib.util
import re
import types

_MODULES = ("re._parser", "re._compiler") if sys.version_info >= (3, 11) else ("sre_parse", "sre_compile")

# The sites: [module, function, line, text, kind], where the kind is "line", or the outcome of a branch.
_sites = []
# For each site, 1 if it was reached.
_seen = bytearray()
# For each reached site, the number of the first case that reached it.
_first = {}


def _branch(site, value):
    """Records the outcome of a condition, and returns it."""
    _seen[site if value else site + 1] = 1
    return value


class _Probes(ast.NodeTransformer):
    """Inserts probes into a module."""

    def __init__(self, module, source):
        self.module = module
        self.source = source
        self.lines = source.splitlines()
        self.scope = []
        self.in_function = False

    def site(self, line, text, kind):
        _sites.append([self.module, ".".join(self.scope), line, " ".join(text.split()), kind])
        _seen.append(0)
        return len(_sites) - 1

    def pair(self, node, text, kinds):
        """Adds the sites of both outcomes, and returns the first."""
        first = self.site(node.lineno, text, kinds[0])
        self.site(node.lineno, text, kinds[1])
        return first

    def probe(self, site, at):
        """Returns the statement `_seen[site] = 1`."""
        return ast.copy_location(ast.parse("_seen[%d] = 1" % site).body[0], at)

    def visit_ClassDef(self, node):
        return self.inside(node, self.in_function)

    def visit_FunctionDef(self, node):
        return self.inside(node, True)

    def inside(self, node, in_function):
        outer = self.in_function
        self.scope.append(node.name)
        self.in_function = in_function
        node.body = [self.visit(statement) for statement in node.body]
        if in_function:
            node.body = self.probed(node.body, ast.get_docstring(node, clean=False) is not None)
        self.scope.pop()
        self.in_function = outer
        return node

    def probed(self, statements, has_docstring=False):
        """Returns the statements, each with a probe before it."""
        result = list(statements[:has_docstring])
        for statement in statements[has_docstring:]:
            statement.site = self.site(statement.lineno, self.lines[statement.lineno - 1], "line")
            result += [self.probe(statement.site, statement), statement]
        return result

    def generic_visit(self, node):
        super().generic_visit(node)
        if self.in_function:
            for field in ("body", "orelse", "finalbody"):
                if isinstance(getattr(node, field, None), list):
                    setattr(node, field, self.probed(getattr(node, field)))
        return node

    def condition(self, node):
        """Inserts probes around the conditions in an expression that is used for its truth value."""
        if isinstance(node, ast.BoolOp):
            node.values = [self.condition(value) for value in node.values]
            return node
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self.condition(node.operand)
            return node
        text = ast.get_source_segment(self.source, node)
        node = self.visit(node)
        if not self.in_function or isinstance(node, ast.Constant):
            return node
        site = self.pair(node, text, ("true", "false"))
        call = ast.copy_location(ast.parse("_branch(%d, 0)" % site, mode="eval").body, node)
        call.args[1] = node
        call.site = site
        return call

    def visit_BoolOp(self, node):
        # The last operand is the value, not a condition.
        node.values = [self.condition(value) for value in node.values[:-1]] + [self.visit(node.values[-1])]
        return node

    def visit_IfExp(self, node):
        node.test, node.body, node.orelse = self.condition(node.test), self.visit(node.body), self.visit(node.orelse)
        return node

    def visit_comprehension(self, node):
        node.iter = self.visit(node.iter)
        node.ifs = [self.condition(test) for test in node.ifs]
        return node

    def visit_If(self, node):
        node.test = self.condition(node.test)
        for field in ("body", "orelse"):
            statements = [self.visit(statement) for statement in getattr(node, field)]
            setattr(node, field, self.probed(statements) if self.in_function else statements)
        return node

    visit_While = visit_If

    def visit_For(self, node):
        node = self.generic_visit(node)
        if self.in_function:
            text = "for %s in %s" % tuple(
                ast.get_source_segment(self.source, part) for part in (node.target, node.iter)
            )
            site = self.pair(node, text, ("item", "end"))
            node.body.insert(0, self.probe(site, node))
            node.orelse.insert(0, self.probe(site + 1, node))
        return node


class _Texts(ast.NodeVisitor):
    """Collects the texts of the errors and warnings of a module in which probes were inserted."""

    def __init__(self, found):
        self.found = found
        self.statement = None
        self.assigned = {}

    def visit(self, node):
        self.statement = getattr(node, "site", self.statement) if isinstance(node, ast.stmt) else self.statement
        super().visit(node)

    def visit_Assign(self, node):
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.assigned[target.id] = node.value

    def visit_Raise(self, node):
        call = node.exc
        if isinstance(call, ast.Call) and call.args:
            name = getattr(call.func, "id", "error")
            self.add("error", "error" if name == "PatternError" else name, call.args[0])

    def visit_Call(self, node):
        if getattr(node.func, "attr", None) == "warn":
            self.add("warning", node.args[1].id, node.args[0])
        self.generic_visit(node)

    def add(self, kind, category, node):
        for text, site in self.texts(node):
            # A text that consists only of arguments, as of an error raised again, is skipped.
            if text.strip("…"):
                self.found.append([kind, category, text, self.statement if site is None else site])

    def texts(self, node):
        """Returns the texts that an expression can have, each with the site that is reached if it does; None for the site
        of the statement."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return [(node.value, None)]
        if isinstance(node, ast.Name) and node.id in self.assigned:
            return self.texts(self.assigned[node.id])
        if isinstance(node, ast.JoinedStr):
            return [("".join(getattr(part, "value", "…") if isinstance(part, ast.Constant) else "…"
                             for part in node.values), None)]
        if isinstance(node, ast.IfExp):
            # In `not x` the probe would be around x; CPython's compilers have no such expression here.
            site = getattr(node.test, "site", None)
            branches = ((node.body, site), (node.orelse, None if site is None else site + 1))
            return [(text, site if inner is None else inner)
                    for branch, site in branches for text, inner in self.texts(branch)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self.joined(self.texts(node.left), self.texts(node.right))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            (text, _), = self.texts(node.left)
            values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            pieces = re.split("%[a-z]", text)
            result = [(pieces[0], None)]
            for piece, value in zip(pieces[1:], values):
                result = self.joined(self.joined(result, self.texts(value)), [(piece, None)])
            return result
        return [("…", None)]

    def joined(self, heads, tails):
        return [(head + tail, a if b is None else b) for head, a in heads for tail, b in tails]


def _load(name, texts):
    """Loads a module with probes, which replaces the original, and returns its source."""
    source = importlib.util.find_spec(name).loader.get_source(name)
    if source is None:
        raise ImportError("no source of " + name)
    tree = _Probes(name, source).visit(ast.parse(source))
    _Texts(texts).visit(tree)
    old = sys.modules[name]
    module = types.ModuleType(name)
    module.__dict__.update(__file__=old.__file__, __package__=old.__package__, _seen=_seen, _branch=_branch)
    exec(compile(ast.fix_missing_locations(tree), old.__file__, "exec"), module.__dict__)
    sys.modules[name] = module
    package, _, last = name.rpartition(".")
    if package:
        setattr(sys.modules[package], last, module)
    return source


def _reply(sources, texts, compile_pattern):
    """Returns the function that replies to a line."""
    import json

    cases = 0

    def reply(line):
        nonlocal cases
        request = json.loads(line)
        if request == "report":
            return _report(sources, texts)
        before = _seen.count(1)
        del _warned[:]
        try:
            compile_pattern(pattern_of(request), request["flags"])
        except Exception:
            # `sre corpus test` compares errors.
            pass
        if _seen.count(1) > before:
            for site, seen in enumerate(_seen):
                if seen:
                    _first.setdefault(site, cases)
        cases += 1

    return reply


def _report(sources, texts):
    constants = sys.modules["re._constants" if sys.version_info >= (3, 11) else "sre_constants"]
    return {
        "sources": sources,
        "sites": [site + [_first.get(n)] for n, site in enumerate(_sites)],
        "texts": texts,
        "words": [str(word) for word in constants.OPCODES + constants.ATCODES + constants.CHCODES],
    }


def main():
    record_warnings()
    texts = []
    try:
        sources = {name: _load(name, texts) for name in _MODULES}
    except (ImportError, OSError, SyntaxError) as e:
        failed = {"failed": str(e)}
        return serve(lambda line: failed if line == b'"report"\n' else None)
    serve(_reply(sources, texts, sys.modules[_MODULES[1]].compile))


if __name__ == "__main__":
    main()
