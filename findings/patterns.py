"""Generates patterns over a few letters, with texts of the same letters, so that many match. Runs with 3.8 to 3.15."""

import random
import re
import sys

TEXT = "aabbcAB1 _\néÉsſSkKiİı٣\xa0ßẞµμ𐐀𐐨ςσ"
BYTES = "aabbcAB1 _\n\xe9\xc9"
CATEGORIES = r"\w", r"\W", r"\d", r"\D", r"\s", r"\S"
ANCHORS = "^", "$", r"\b", r"\B", r"\A", r"\Z"
TEXTS = 6
NEW = sys.version_info >= (3, 11)
LAZINESS = ["", "", "?"] + ["+"] * NEW
ATOMIC = ["(?>"] * NEW


class Maker:
    """A pattern over a few letters, with texts of the same letters."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.bytes = self.random.random() < 0.2
        every = BYTES if self.bytes else TEXT
        self.letters = self.random.sample(every, self.random.randint(2, 4)) + ["a"]
        self.groups, self.closed = 0, []
        flags = "".join(flag for flag in ("ims" + "aL"[self.bytes]) if self.random.random() < 0.2)
        start = self.random.choice(CATEGORIES) if self.random.random() < 0.2 else ""
        self.pattern = "(?{})".format(flags) if flags else ""
        self.pattern += self.type_flag() + start + ")" if start else ""
        self.pattern += self.alternatives(self.random.randint(1, 3))
        self.texts = ["".join(self.random.choices(self.letters, k=self.random.randint(0, 6))) for _ in range(TEXTS)]

    def alternatives(self, depth):
        return "|".join(self.sequence(depth) for _ in range(self.random.choice([1, 1, 1, 2, 3])))

    def sequence(self, depth):
        out = []
        for _ in range(self.random.choice([0, 1, 1, 2, 3])):
            item = self.item(depth)
            if item not in ANCHORS and self.random.random() < 0.35:
                item += self.random.choice(["*", "+", "?", "{2}", "{1,2}", "{,2}"]) + self.random.choice(LAZINESS)
            # Separates a reference from a digit that follows.
            out.append(item + "(?:)" if re.match(r"\\\d", item) else item)
        return "".join(out)

    def item(self, depth):
        choice = self.random.choice
        kind = self.random.random()
        if depth == 0 or kind < 0.4:
            return choice(self.letters)
        if kind < 0.5:
            return "[{}{}]".format(choice(["", "", "^"]), "".join(self.member() for _ in range(self.random.randint(1, 3))))
        if kind < 0.62:
            return choice(CATEGORIES + ANCHORS + (".",) * 3)
        if kind < 0.75:
            self.groups += 1
            number, body = self.groups, self.alternatives(depth - 1)
            self.closed.append(number)
            return "({})".format(body)
        if kind < 0.92:
            opening = choice(["(?:", "(?i:", "(?-i:", "(?=", "(?!", "(?s:", self.type_flag()] + ATOMIC)
            return opening + self.alternatives(depth - 1) + ")"
        if kind < 0.94:
            return choice(["(?<=", "(?<!"]) + choice(self.letters) + ")"
        if not self.closed:
            return choice(self.letters)
        if kind < 0.97:
            return "\\{}".format(choice(self.closed))
        return "(?({}){}|{})".format(choice(self.closed), self.sequence(depth - 1), self.sequence(depth - 1))

    def type_flag(self):
        return "(?{}:".format(self.random.choice("aL" if self.bytes else "au"))

    def member(self):
        if self.random.random() < 0.3:
            return self.random.choice(CATEGORIES)
        return "-".join(sorted(self.random.choices(self.letters, k=self.random.randint(1, 2))))
