"""The application: the library of papers, the research loop, the command line.

From Python: ``litsearch.Library`` (docs/python.md).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litsearch.api import Library

__all__ = ["Library"]


def __getattr__(name: str) -> object:
    """``Library`` is loaded when it is first used: the command line never is."""
    if name == "Library":
        from litsearch.api import Library

        return Library
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
