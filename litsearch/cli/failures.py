"""What a user sees when something goes wrong, and the exit status that goes with it."""

import logging
import re

from indexes.errors import HintedError, QuerySyntaxError
from litsearch.cli.screen import line, say

DONE = 0
NOTHING = 1  # nothing found, or a check that found problems
ERROR = 2
FAULT = 3  # a fault of litsearch itself
INTERRUPTED = 130

EXIT_STATUS = (
    "Exit status: 0 done, 1 nothing found (or a check found problems), 2 an error, "
    "3 a fault of litsearch itself, 130 interrupted."
)

log = logging.getLogger(__name__)


def report(error: Exception) -> int:
    """Says what happened on stderr and returns the exit status."""
    if isinstance(error, QuerySyntaxError):
        _point_at(error)
        return ERROR
    if isinstance(error, HintedError):
        say(f"error: {error.message}")
        if error.hint:
            say(f"hint: {error.hint}")
        return ERROR
    if isinstance(error, OSError) and error.filename is not None:
        say(f"error: {error.strerror}: {error.filename}")
        return ERROR
    log.debug("the traceback of the error below", exc_info=error)
    say(f"error: litsearch failed unexpectedly ({type(error).__name__}: {line(str(error))})")
    say("hint: Run the command again with -v to see where, and report it with what is shown")
    return FAULT


def _point_at(error: QuerySyntaxError) -> None:
    """The query with a caret under the place, in columns of the terminal and not in characters."""
    from unicodedata import east_asian_width

    say(f"error: {error.message}")
    query = re.sub(r"\s", " ", error.query)  # one line, every character at its place
    before = query[: error.position]
    columns = sum(2 if east_asian_width(character) in "WF" else 1 for character in before)
    say("  " + query)
    say("  " + " " * columns + "^")
    if error.hint:
        say(f"hint: {error.hint}")
