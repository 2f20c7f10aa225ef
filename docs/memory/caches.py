"""What the caches of `re` keep, which pattern they evict, and what purge() frees."""

import fnmatch
import gc
import re
import sys
import tracemalloc
import weakref

gc.disable()
print("CPython %d.%d.%d" % sys.version_info[:3])


def cached(pattern):
    return (str, pattern, 0) in re._cache


re.purge()
for number in range(1000):
    re.compile("k%d" % number)
two = hasattr(re, "_cache2")
print("after 1,000 patterns:", len(re._cache), "in _cache,", "%d in _cache2" % len(re._cache2) if two else "no _cache2")
assert len(re._cache) == 512 and (not two or len(re._cache2) == 256)

re.purge()
for number in range(512):
    re.compile("k%d" % number)
re.compile("k0")  # the oldest is used once more, and then a new one comes
re.compile("new")
lru = cached("k0")
print("evicted:", "the least recently used (LRU)" if lru else "the oldest, used or not (FIFO)")
assert lru == two and cached("k1") != lru

size = len(re._cache)
try:
    re.compile("(")
except re.error:
    pass
assert len(re._cache) == size
print("rejected patterns: not cached")

pattern = weakref.ref(re.compile("nobody keeps this"))
assert pattern() is not None
re.purge()
assert pattern() is None
print("a pattern that only the cache kept: freed by purge(), at once")

tracemalloc.start()
re.compile("x" * 100000)
kept = tracemalloc.get_traced_memory()[0]
re.purge()
print("a pattern of 100,000 characters: %.2f MB in the cache, %.2f MB after purge()"
      % (kept / 1e6, tracemalloc.get_traced_memory()[0] / 1e6))
assert kept > 1.6e6 and tracemalloc.get_traced_memory()[0] < 0.2e6

fnmatch.fnmatch("a", "*a")
re.purge()
info = fnmatch._compile_pattern.cache_info()
print("fnmatch's own cache after purge(): %d of at most %d" % (info.currsize, info.maxsize))
assert info.currsize == 1
