"""CPython's compiler of patterns, loaded once more with a mark at each branch. Runs unchanged on 3.8 to 3.15.

What a pattern reaches of it can then be asked at the cost of a few microseconds; `sys.settrace` and `sys.monitoring`
make it several times slower. The interpreter's own two modules stay as they are.

A mark does one of two things, neither of which can fail or change what is computed: a statement `hits[n] = 1`, which
is the cheapest that there is, or where only an expression can stand `seen(n) or …`; `seen` adds to a set, and is None.
"""

import ast
import importlib
import importlib.util
import sys
import types

# These only print.
_PRINTERS = {"dump", "dis"}


class Branches:
    """`parse` and `_code` of the interpreter, with marks; `sites` tells for each mark its module, line and meaning."""

    def __init__(self):
        self.sites = []
        self._seen = set()
        self._hits = []
        names = ("re._parser", "re._compiler") if sys.version_info >= (3, 11) else ("sre_parse", "sre_compile")
        parser, compiler = map(self._load, names)
        # It imported the parser without marks.
        setattr(compiler, names[0].rpartition(".")[2], parser)
        self.parse, self.code = parser.parse, compiler._code
        self._none = [0] * len(self.sites)
        self.take()

    def _load(self, name):
        importlib.import_module(name)
        spec = importlib.util.find_spec(name)
        source = spec.loader.get_source(name)
        if source is None:
            raise ImportError("no source of " + name)
        tree = _Marker(name, self.sites).visit(ast.parse(source))
        self._hits.extend([0] * (len(self.sites) - len(self._hits)))
        module = types.ModuleType(name)
        module.__file__, module.__package__ = spec.origin, name.rpartition(".")[0]
        module._branch_hits, module._branch_seen = self._hits, self._seen.add
        exec(compile(ast.fix_missing_locations(tree), spec.origin, "exec"), module.__dict__)
        return module

    def take(self):
        """A byte for each site: 1 if it was reached since the last time."""
        hits = self._hits
        for n in self._seen:
            hits[n] = 1
        self._seen.clear()
        taken = bytes(hits)
        hits[:] = self._none
        return taken


class _Marker(ast.NodeTransformer):
    """Puts the marks into a module."""

    def __init__(self, name, sites):
        self.name, self.sites = name, sites

    def _site(self, node, what):
        self.sites.append((self.name, node.lineno, what))
        return len(self.sites) - 1

    def _mark(self, body, node, what):
        text = "_branch_hits[%d] = 1" % self._site(node, what)
        body.insert(0, _at(node, ast.parse(text).body[0]))

    def _marked(self, value, what):
        text = "_branch_seen(%d) or 0" % self._site(value, what)
        either = _at(value, ast.parse(text, mode="eval").body)
        either.values[1] = value
        return either

    def visit_FunctionDef(self, node):
        if node.name in _PRINTERS:
            return node
        before = len(self.sites)
        self.generic_visit(node)
        # Else it is not called without reaching another site, or reaches none that tells anything.
        if len(self.sites) == before and len(node.body) > 1:
            self._mark(node.body, node, "called")
        return node

    def visit_If(self, node):
        # What follows an `elif` that is false has marks of its own.
        is_chain = len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)
        self.generic_visit(node)
        self._mark(node.body, node, "true")
        if not is_chain:
            self._mark(node.orelse, node, "false")
        return node

    def _loop(self, node):
        self.generic_visit(node)
        self._mark(node.body, node, "again")
        if not (isinstance(node, ast.While) and isinstance(node.test, ast.Constant)):
            self._mark(node.orelse, node, "over")
        return node

    visit_While = visit_For = _loop

    def visit_ExceptHandler(self, node):
        self.generic_visit(node)
        self._mark(node.body, node, "caught")
        return node

    def visit_IfExp(self, node):
        self.generic_visit(node)
        node.body, node.orelse = self._marked(node.body, "true"), self._marked(node.orelse, "false")
        return node

    def visit_BoolOp(self, node):
        self.generic_visit(node)
        node.values[1:] = [self._marked(value, "asked") for value in node.values[1:]]
        return node


def _at(place, made):
    for node in ast.walk(made):
        ast.copy_location(node, place)
    return made
