"""Writing the BM25 leg: batches of changes, each one commit together with its revision."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import tantivy

from indexes.analysis import register
from indexes.errors import IndexBusyError, IndexDamagedError
from indexes.filtering import ID
from indexes.lexical_schema import FILLER, SENTINEL, build_schema, filler, sentinel, to_tantivy
from indexes.segments import merge_small
from indexes.types import Change

HEAP = 200_000_000  # bytes the writer fills, over its threads, before it writes a segment by itself
THREADS = 2
MANY_SEGMENTS = 12  # of all sizes, when every merge is done
REBUILD = "Run `litsearch index rebuild --leg bm25` to build it again from the library."


class LexicalWriter:
    """Holds Tantivy's lock of the folder until it is closed. Makes folder and index where there are none."""

    def __init__(self, folder: Path) -> None:
        """IndexBusyError where another writer holds the lock, IndexDamagedError where there is no writing."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        try:
            self._index = tantivy.Index(build_schema(), str(folder), reuse=True)
            register(self._index)
            self._index.config_reader("manual")
            self._writer = self._open()
        except ValueError as error:
            if "LockBusy" in str(error):
                hint = "Wait until it is done, then try again."
                raise IndexBusyError(f"Another process is writing to the index in {folder}.", hint) from error
            if "PermissionDenied" in str(error):
                hint = "Check that you may write to the folder."
                raise IndexBusyError(f"The index in {folder} is read-only here.", hint) from error
            raise IndexDamagedError(f"The index in {folder} can't be written: {error}", REBUILD) from error
        self._highest = self._highest_id()

    def apply(self, changes: Sequence[Change], revision: int) -> None:
        """Delete the batch's papers, add them as they are now, and commit with the revision."""
        schema = self._index.schema
        try:
            for change in changes:
                if change.id <= self._highest:  # a new paper needs no search for what it replaces
                    self._writer.delete_documents_by_term(ID, change.id)
            for change in changes:
                if change.document is not None:
                    self._writer.add_document(to_tantivy(change.document, schema))
            for marker in (1, FILLER):
                self._writer.delete_documents_by_term(SENTINEL, marker)
            self._writer.add_document(sentinel(revision, schema))
            self._writer.commit()
        except BaseException:  # a cancelled batch must not ride along with the next commit
            self._writer.rollback()
            raise
        self._highest = max([self._highest, *(change.id for change in changes)])

    def close(self) -> None:
        """Wait for merges, so that segments don't pile up, and free the lock.

        A merge that ends while the writer is closing starts no further one: 30 small commits on a busy
        machine left up to 25 segments. So it is asked again as long as that helps.
        """
        self._writer.wait_merging_threads()
        segments, before = self._segments(), 0
        while segments > MANY_SEGMENTS and segments != before:
            before = segments
            try:
                self._writer = self._open()
            except ValueError:  # someone else writes by now, and merges
                return
            self._writer.commit()
            self._writer.wait_merging_threads()
            segments = self._segments()
        with suppress(ValueError):
            merge_small(self._folder, self._open, filler(self._index.schema), SENTINEL, FILLER)

    def _open(self) -> tantivy.IndexWriter:
        return self._index.writer(HEAP, THREADS)

    def _segments(self) -> int:
        self._index.reload()
        return self._index.searcher().num_segments

    def _highest_id(self) -> int:
        searcher = self._index.searcher()
        newest = searcher.search(tantivy.Query.exists_query(ID), 1, count=False, order_by_field=ID).hits
        return int(newest[0][0]) if newest else 0
