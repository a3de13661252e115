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


def open_either(settings: Settings) -> Opened:
    """The user's own library with its index, or, while it is empty, the starter library; for the caller to
    close."""
    from indexes.hybrid import HybridIndex
    from litsearch.library import Library

    if (settings.library / "library.db").exists() or settings.library.is_file():
        library = Library.open(settings.library, create=False)
        if library.count():
            return Opened(library, HybridIndex.open(library.index_folder, library))
        library.close()
    from litsearch.starter import open_starter

    return Opened(*open_starter(), starter=True)


@contextmanager
def open_for_reading(settings: Settings) -> Iterator[Opened]:
    """As :func:`open_either`; says so where it is the starter library."""
    opened = open_either(settings)
    with opened.library as library:
        if opened.starter:
            say(
                f"Your library ({settings.library}) is empty, so this is litsearch's starter library: its "
                f"own summaries of {plural(library.count(), 'paper')}."
            )
            say("Add your own papers with: litsearch add PATH")
        yield opened
