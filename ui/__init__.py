"""Qt: draws records, calls the desk, decides nothing."""

import builtins

# Qt's binding puts an import of its own in Python's place, for `from __feature__ import …`, which nobody here
# says. It reads the source of every module that comes after it: a fifth of what reading ours takes.
_import = builtins.__import__
import PySide6.QtCore  # noqa: E402, F401

builtins.__import__ = _import
