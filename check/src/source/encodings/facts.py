"""What this interpreter's codecs do: the name and an object for each text encoding."""

import codecs
import encodings
import encodings.aliases
import json
import pkgutil
import random
import sys

ASCII = range(1, 128)
UPPER = range(128, 256)
PAIRS = {"gbk", "gb2312", "gb18030", "big5", "cp950", "euc_jp", "shift_jis", "cp932", "euc_kr", "cp949"}


def decoded(data, name):
    try:
        return data.decode(name)
    except (UnicodeError, ValueError, LookupError):
        return None


def facts(name):
    """None if it is no text encoding."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ImportError, AttributeError):
        return None
    if not codec._is_text_encoding:
        return None
    if codec.name not in known:
        known[codec.name] = codec_facts(codec, name)
    return known[codec.name]


known = {}


def codec_facts(codec, name):
    other = {"codec": codec.name, "changed": list(ASCII), "single": None}
    # Its limits are those of names in the net.
    if codec.name == "idna":
        return other
    changed = [byte for byte in ASCII if decoded(bytes([byte]), name) != chr(byte)]
    kept = [byte for byte in ASCII if byte not in changed]
    if len(changed) > 32:
        return other
    generator = random.Random(1)
    for _ in range(100):
        data = bytes(generator.choices(kept, k=generator.randrange(200)))
        if decoded(data, name) != data.decode("latin-1"):
            return other
    points = [decoded(bytes([byte]), name) for byte in UPPER]
    points = [ord(point) if point and len(point) == 1 else None for point in points]
    single = True
    for _ in range(500):
        data = bytes(generator.choices(UPPER, k=6))
        expected = [points[byte - 128] for byte in data]
        found = decoded(data, name)
        single = single and (found is None if None in expected else found == "".join(map(chr, expected)))
    fact = {"codec": codec.name, "changed": changed, "single": points if single else None}
    if codec.name in PAIRS:
        fact["pairs"] = [decoded(bytes([first, second]), name) for first in UPPER for second in range(256)]
    return fact


names = {module.name for module in pkgutil.iter_modules(encodings.__path__)}
names |= set(encodings.aliases.aliases) | set(encodings.aliases.aliases.values())
for name in sorted(names - {"aliases"}):
    fact = facts(name)
    if fact is None:
        continue
    json.dump([name, fact], sys.stdout)
    print()
    # The pairs are many, and those of one codec are the same under each name.
    fact.pop("pairs", None)
