"""Loads a second copy of CPython's pattern compiler with a mark at each branch. Runs unchanged on 3.8 to 3.15.

Reading which branches a pattern reaches takes a few microseconds; `sys.settrace` and `sys.monitoring` would make the
compiler several times slower. The interpreter's own two modules are not changed.

A mark cannot fail or change the result. It is the statement `hits[n] = 1`, which is the fastest, or, within an
expression, `seen(n) or …`, where `seen` adds to a set and returns None.
"""

import ast
import importlib
import importlib.util
import sys
import types

# Functions that only print.
_PRINTERS = {"dump", "dis"}


class Branches:
    """The interpreter's `parse` and `_code` with marks, and without; `sites` has module, line and meaning of each mark."""

    def __init__(self):
        self.sites = []
        self._seen = set()
        self._hits = []
        names = ("re._parser", "re._compiler") if sys.version_info >= (3, 11) else ("sre_parse", "sre_compile")
        parser, compiler = map(self._load, names)
        # It has imported the parser without marks.
        setattr(compiler, names[0].rpartition(".")[2], parser)
        self.parse, self.code = parser.parse, compiler._code
        self.plain_parse, self.plain_code = sys.modules[names[0]].parse, sys.modules[names[1]]._code
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
        """Returns a byte for each site: 1 if it was reached since the last call."""
        hits = self._hits
        for n in self._seen:
            hits[n] = 1
        self._seen.clear()
        taken = bytes(hits)
        hits[:] = self._none
        return taken


class _Marker(ast.NodeTransformer):
    """Inserts the marks into a module."""

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
        # Otherwise every call reaches another site, or the function is trivial.
        if len(self.sites) == before and len(node.body) > 1:
            self._mark(node.body, node, "called")
        return node

    def visit_If(self, node):
        # The rest of an `elif` chain has marks of its own.
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
