"""The two streams: stdout is data, stderr is diagnostics. Nothing of a paper can steer the terminal."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

# Controls (C0, C1), bidirectional overrides and isolates, line and paragraph separators, surrogates, tags.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)


def safe(text: str) -> str:
    """The text without anything that a terminal would obey or that would reorder what is around it.

    Newlines and tabs stay.
    """
    return _UNSAFE.sub("", text)


def line(text: str) -> str:
    """The text safe and on one line."""
    return " ".join(safe(text).split())


def on_terminal() -> bool:
    """Whether a person looks at stdout."""
    return sys.stdout.isatty()


def console(*, stderr: bool = False) -> "Console":
    """A rich console that parses no markup, emoji or highlights of its own out of data."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


@contextmanager
def page() -> Iterator["Console"]:
    """A console for stdout. Where stdout is no terminal, lines have no blanks at their ends."""
    screen = console()
    if on_terminal():
        yield screen
        return
    with screen.capture() as captured:
        yield screen
    for each in captured.get().splitlines():
        write(each.rstrip() + "\n")


def write(text: str, *, flush: bool = False) -> None:
    """Data, to stdout, as it is but safe."""
    sys.stdout.write(safe(text))
    if flush:
        sys.stdout.flush()


def hang_up() -> None:
    """Sends the rest of stdout nowhere: its reader, such as ``head``, has what it wanted."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str = "") -> None:
    """A line to stderr."""
    sys.stderr.write(safe(text) + "\n")
    sys.stderr.flush()


def plural(count: int, noun: str, nouns: str = "") -> str:
    """``1 paper``, ``1,234 papers``."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"
