"""What every screen works on: the library, its index and the ledger, opened once."""

from indexes.hybrid import HybridIndex
from litsearch.agent.ledger import Ledger
from litsearch.browsing import Facets, facets, relabelled
from litsearch.cli.opening import Opened, open_either
from litsearch.config import Settings
from litsearch.library import Library


class Desk:
    """The user's library or, while that is empty, the starter library, with what belongs to it.

    Its methods, and those of what it holds, block: they are called from thread workers only.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._opened = open_either(settings)
        self._own: Library | None = None
        self._replaced: list[Opened] = []
        self._counted: tuple[Library, int, Facets] | None = None
        self.ledger = Ledger(settings.library)

    @property
    def library(self) -> Library:
        return self._opened.library

    @property
    def index(self) -> HybridIndex:
        return self._opened.index

    @property
    def starter(self) -> bool:
        """Whether it is the starter library that is shown."""
        return self._opened.starter

    def facets(self) -> Facets:
        """Of all papers, counted anew where they are other ones: that takes a second for 139,000."""
        library, revision = self.library, self.library.revision()
        if self._counted is None or self._counted[:2] != (library, revision):
            self._counted = library, revision, facets(library)
        return relabelled(self._counted[2], library)

    def own_library(self) -> Library:
        """The user's own library, made where there is none: what papers are added to."""
        if not self.starter:
            return self.library
        if self._own is None:
            self._own = Library.open(self.settings.library)
        return self._own

    def reopen(self) -> bool:
        """Whether the user's own library, no longer empty, took the place of the starter library."""
        if not self.starter:
            return False
        opened = open_either(self.settings)
        if opened.starter:
            opened.library.close()
            return False
        self._replaced.append(self._opened)  # a search may still be reading it
        self._opened = opened
        return True

    def close(self) -> None:
        for each in (*self._replaced, self._opened):
            each.library.close()
        if self._own is not None:
            self._own.close()
        self.ledger.close()
