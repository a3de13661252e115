"""A corpus in memory as a source of indexes, for evaluation, benchmarks and tests."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from indexes.types import Change, Document


class Corpus:
    """Documents by id, and a log of what changed. Implements :class:`indexes.types.Source`."""

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self._documents: dict[int, Document] = {}
        self._log: list[int] = []  # the id that changed at revision 1, 2, 3 ...
        self._latest: dict[int, int] = {}  # id -> revision of its latest change
        self.put(documents)

    def put(self, documents: Iterable[Document]) -> None:
        """Add documents, or replace those with the same ids."""
        for document in documents:
            self._documents[document.id] = document
            self._changed(document.id)

    def remove(self, ids: Iterable[int]) -> None:
        for each in ids:
            if self._documents.pop(each, None) is not None:
                self._changed(each)

    def _changed(self, each: int) -> None:
        self._log.append(each)
        self._latest[each] = len(self._log)

    def revision(self) -> int:
        return len(self._log)

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        numbered = ((number, self._log[number - 1]) for number in range(after + 1, len(self._log) + 1))
        newest = ((number, each) for number, each in numbered if self._latest[each] == number)
        return [Change(number, each, self._documents.get(each)) for number, each in islice(newest, limit)]

    def documents(self, ids: Collection[int]) -> Mapping[int, Document]:
        return {each: self._documents[each] for each in ids if each in self._documents}

    def live(self, ids: Collection[int]) -> set[int]:
        return {each for each in ids if each in self._documents}

    def count(self) -> int:
        return len(self._documents)
