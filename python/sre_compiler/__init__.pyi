from sre_compiler._native import (
    Status as Status,
    __version__ as __version__,
    install as install,
    self_test as self_test,
    status as status,
    uninstall as uninstall,
)
