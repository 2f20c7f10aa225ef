from typing import Any, Dict, List, Optional, Tuple, TypedDict, Union

class Status(TypedDict):
    version: str
    installed: bool
    why: Optional[str]
    cache: bool
    verify: bool
    dialect: Optional[str]
    compiled: int
    cache_hits: int
    left: Dict[str, int]

__version__: str

def install(*, cache: bool = True, verify: bool = False) -> bool: ...
def uninstall() -> None: ...
def status() -> Status: ...
def self_test() -> int: ...
def _start() -> None: ...
def _examine(
    pattern: Union[str, bytes], flags: int, /
) -> Tuple[
    Optional[Any],
    Optional[List[int]],
    Optional[Tuple[str, str, Optional[int], Optional[int], Optional[int]]],
    List[Tuple[str, str]],
    Optional[str],
]: ...
def _original(pattern: Union[str, bytes], flags: int, /) -> Any: ...
