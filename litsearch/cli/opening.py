"""Which library and index a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litsearch.cli.screen import plural, say
from litsearch.config import Settings

if TYPE_CHECKING:
    from indexes.hybrid import HybridIndex
    from litsearch.library import Library


@dataclass(frozen=True, slots=True)
class Opened:
    library: "Library"
    index: "HybridIndex"
    starter: bool = False


@contextmanager
def open_library(settings: Settings, *, create: bool = False) -> Iterator["Library"]:
    """The user's own library. Raises LibraryError where there is none and none is to be made."""
    from litsearch.library import Library

    with Library.open(settings.library, create=create) as library:
        yield library


@contextmanager
def open_for_reading(settings: Settings) -> Iterator[Opened]:
    """The user's own library with its index, or, while it is empty, the starter library, and says so."""
    from indexes.hybrid import HybridIndex
    from litsearch.library import Library

    if (settings.library / "library.db").exists() or settings.library.is_file():
        with Library.open(settings.library, create=False) as library:
            if library.count():
                yield Opened(library, HybridIndex.open(library.index_folder, library))
                return
    from litsearch.starter import open_starter

    library, index = open_starter()
    with library:
        say(
            f"Your library ({settings.library}) is empty, so this is litsearch's starter library: its own "
            f"summaries of {plural(library.count(), 'paper')}."
        )
        say("Add your own papers with: litsearch add PATH")
        yield Opened(library, index, starter=True)
