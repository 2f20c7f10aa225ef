"""State files of `sre`: what is done, and what was found."""

import hashlib
import json
import os
import tempfile


def read(text):
    """Returns the state in the bytes of a state file; None if they are damaged.

    `sre` checks the hash of the file when it reads it; this detects a file that is cut off."""
    try:
        state = json.loads(text)["state"]
        state["job"]["units"], state["parts"]
        return state
    except (ValueError, KeyError, TypeError):
        return None


def shard_range(units, index, of):
    """Returns the first unit of a shard, and the one after its last, as `sre --shard` does."""
    return units * index // of, units * (index + 1) // of


def done(state, index, of):
    """Returns how many units of a shard are done, summed over the interpreters."""
    first, end = shard_range(state["job"]["units"], index, of)
    ranges = [held for part in state["parts"] for held in part["done"]]
    return sum(max(0, min(end, b) - max(first, a)) for a, b in ranges)


def whole(state, index, of, parts):
    """Returns whether a shard is complete for that many interpreters."""
    first, end = shard_range(state["job"]["units"], index, of)
    return len(state["parts"]) == parts and done(state, index, of) == (end - first) * parts


def mismatch(state, plan):
    """Says how a state differs from the plan of its job; None if it is of that job."""
    for name in ("verb", "compiler", "input", "units"):
        if state["job"][name] != plan["job"][name]:
            return f"{name} {state['job'][name]!r} instead of {plan['job'][name]!r}"
    wanted = {part["name"]: part["identity"] for part in plan["parts"]}
    for part in state["parts"]:
        name, identity = part["name"], part["identity"]
        if name not in wanted:
            return f"Python {name} instead of {', '.join(wanted)}"
        if identity != wanted[name]:
            return f"another build of Python {name}"
    return None


def findings(state):
    """Returns the divergences in a state: (version, signature, case) of each."""
    for part in state["parts"]:
        results = part["results"]
        for found in results.get("unknown", []) if isinstance(results, dict) else []:
            yield part["name"], found["signature"], found["case"]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def sha256_of(path):
    """Returns the hash of a file, which may be large."""
    digest, buffer = hashlib.sha256(), memoryview(bytearray(1 << 18))
    with open(path, "rb", buffering=0) as file:
        while size := file.readinto(buffer):
            digest.update(buffer[:size])
    return digest.hexdigest()


def write(path, data, mode=0o644):
    """Writes a file atomically: a reader sees the old one or the new one."""
    folder, name = os.path.split(path)
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder or ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
