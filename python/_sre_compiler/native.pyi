from typing import Any, List, Optional, Tuple, Union

from sre_compiler import (
    __version__ as __version__,
    install as install,
    self_test as self_test,
    status as status,
    uninstall as uninstall,
)

def _start() -> None: ...
def _original(pattern: Union[str, bytes], flags: int, /) -> Any: ...
def _examine(
    pattern: Union[str, bytes], flags: int, /
) -> Tuple[
    Optional[Any],
    Optional[List[int]],
    Optional[Tuple[str, str, Optional[int], Optional[int], Optional[int]]],
    List[Tuple[str, str]],
    Optional[str],
]: ...
