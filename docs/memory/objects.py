"""Which objects CPython's compiler makes for one pattern, and when they are freed. The collector is off."""

import gc
import sys
import weakref

try:
    from re import _compiler as compiler, _parser as parser  # 3.11 and later
except ImportError:
    import sre_compile as compiler
    import sre_parse as parser

CLASSES = (parser.Tokenizer, parser.State, parser.SubPattern)
made = []


def watch(cls):
    """Notes every instance, without keeping it alive."""
    original = cls.__init__

    def init(self, *args, **keywords):
        made.append((cls.__name__, weakref.ref(self)))
        original(self, *args, **keywords)

    cls.__init__ = init


def alive():
    names = [name for name, instance in made if instance() is not None]
    return ", ".join("%d %s" % (names.count(cls.__name__), cls.__name__) for cls in CLASSES)


for cls in CLASSES:
    watch(cls)
print("CPython %d.%d.%d" % sys.version_info[:3])
gc.disable()
known = {id(thing) for thing in gc.get_objects()}
tree = parser.parse(r"(\w+)@(example|test)\.org", 0)
new = [type(thing) for thing in gc.get_objects() if id(thing) not in known]
print("made:           ", ", ".join("%d %s" % (sum(name == cls.__name__ for name, _ in made), cls.__name__) for cls in CLASSES))
print("after parsing:  ", alive(), "(and %d lists, %d tuples)" % (new.count(list), new.count(tuple)))
code = compiler._code(tree, 0)
assert alive().startswith("0 Tokenizer, 1 State")
del tree
print("tree dropped:   ", alive())
assert not any(instance() for _, instance in made)
print("kept:            %d words of code" % len(code))
assert len(made) > 3
