from typing import Dict, Optional, TypedDict

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
