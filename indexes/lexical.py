"""The BM25 leg: one Tantivy directory, followed from commit to commit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log
from pathlib import Path

import tantivy

from indexes import analysis, spelling
from indexes.errors import IndexDamagedError, IndexMismatchError
from indexes.filtering import ID, filtered, id_query
from indexes.lexical_query import Translator
from indexes.lexical_schema import BODY, EXACT, FILLER, REVISION, SCHEMA_VERSION, SENTINEL, VERSION
from indexes.lexical_writer import REBUILD, LexicalWriter
from indexes.opening import committed, open_to_read, size
from indexes.querytree import Node
from indexes.types import Change, Coverage, Filters, LegName, MatchedTerm, Query, Scored

MANY_IDS = 500  # from here on a set of ids is quicker to check on the hits than to look up
DEEPEST = 5_000  # hits that are taken for that


@dataclass(eq=False)
class _Snapshot:
    """One commit, as a search sees it from beginning to end."""

    folder: Path
    schema: tantivy.Schema
    searcher: tantivy.Searcher
    revision: int

    @property
    def documents(self) -> int:
        return self.searcher.num_docs - self._markers

    @cached_property
    def _markers(self) -> int:
        """The sentinel, and what a killed merge left."""
        marker = tantivy.Query.range_query(self.schema, SENTINEL, tantivy.FieldType.Integer, 1, FILLER)
        found = self.searcher.search(marker, 1, count=True)
        return int(found.count)  # type: ignore[attr-defined]  # missing from tantivy's stubs

    @cached_property
    def bytes(self) -> int:
        return size(self.folder)

    @property
    def translator(self) -> Translator:
        return Translator(self.schema, self.searcher)

    def ids(self, query: tantivy.Query, limit: int) -> set[int]:
        hits = self.searcher.search(query, limit, count=False).hits if limit > 0 else []
        return {int(value or 0) for value in self.searcher.fast_field_values(ID, [each for _, each in hits])}

    def run(self, query: tantivy.Query, limit: int, *, scored: bool = True) -> list[Scored]:
        """Ids and scores, best first; ties, and everything where nothing is scored, by id."""
        if limit <= 0:
            return []
        if not scored:
            by_id = self.searcher.search(
                query, limit, count=False, order_by_field=ID, order=tantivy.Order.Asc
            )
            return [(int(value), 0.0) for value, _ in by_id.hits]
        return self.by_score(self.searcher.search(query, limit, count=False))

    def by_score(self, result: tantivy.SearchResult) -> list[Scored]:
        hits = result.hits
        values = self.searcher.fast_field_values(ID, [address for _, address in hits])
        found = [(int(value or 0), float(score)) for value, (score, _) in zip(values, hits, strict=True)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))


class LexicalLeg:
    """Implements :class:`indexes.types.Leg`. Nothing is made on disk before the first `apply`.

    Searching follows the commits of this and other processes. After a series of `apply` call `close`,
    which waits for merges and lets others write.
    """

    name: LegName = "bm25"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stamp: tuple[int, int] | None = None
        self._current: _Snapshot | None = None
        self._writer: LexicalWriter | None = None
        self._counted: tuple[_Snapshot, Query, int] | None = None

    def coverage(self) -> Coverage:
        snapshot = self._snapshot()
        if snapshot is None:
            return Coverage(self.name, present=False, note="not built yet")
        return Coverage(self.name, True, snapshot.revision, snapshot.documents, bytes=snapshot.bytes)

    def apply(self, changes: Sequence[Change], revision: int) -> None:
        """IndexBusyError while another process writes."""
        self._snapshot()  # an index of another schema must be seen before it is written to
        if self._writer is None:
            self._writer = LexicalWriter(self.folder)
        self._writer.apply(changes, revision)

    def close(self) -> None:
        """End writing: merges are waited for. Searching goes on as before."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()

    def search(self, query: Query, k: int) -> list[Scored]:
        """The best k. QuerySyntaxError where the text can't be read as a query."""
        snapshot = self._snapshot()
        if snapshot is None:
            return []
        ids = query.filters.ids
        if ids is not None and len(ids) >= MANY_IDS:
            found = _search_then_check(snapshot, query, k, ids)
            if found is not None:
                return found
        translation = snapshot.translator.translate(query)
        if translation is None:
            return []
        if not translation.clauses or k <= 0:
            return snapshot.run(translation.query, k, scored=False)
        result = snapshot.searcher.search(translation.query, k, count=True)  # counting along is free
        self._counted = snapshot, query, int(result.count)  # type: ignore[attr-defined]
        return snapshot.by_score(result)

    def count(self, query: Query) -> int:
        """How many documents match in all; words of an expansion bring in no more.

        Nothing is searched where that query was the last to be searched.
        """
        snapshot = self._snapshot()
        counted = self._counted
        if counted is not None and counted[0] is snapshot and counted[1] == query and not query.expansion:
            return counted[2]
        plain = replace(query, expansion=()) if query.text.strip() else query
        translation = snapshot.translator.translate(plain) if snapshot else None
        if snapshot is None or translation is None:
            return 0
        found = snapshot.searcher.search(translation.query, 1, count=True)
        return int(found.count)  # type: ignore[attr-defined]  # missing from tantivy's stubs

    def explain(self, query: Query, ids: Sequence[int]) -> dict[int, tuple[MatchedTerm, ...]]:
        """For each id the query's words with their shares of its score, heaviest first."""
        terms: dict[int, list[MatchedTerm]] = {each: [] for each in ids}
        snapshot = self._snapshot()
        translation = snapshot.translator.translate(query) if snapshot else None
        if snapshot is None or translation is None or not ids:
            return dict.fromkeys(ids, ())
        wanted = [id_query(snapshot.schema, frozenset(ids))]
        for clause in translation.clauses:
            for found, share in snapshot.run(filtered(clause.query, wanted), len(terms)):
                terms[found].append(MatchedTerm(clause.term, share))
        return {each: tuple(sorted(found, key=lambda term: -term.weight)) for each, found in terms.items()}

    def covers(self, ids: Collection[int]) -> set[int]:
        snapshot = self._snapshot()
        if snapshot is None or not ids:
            return set()
        return snapshot.ids(id_query(snapshot.schema, frozenset(ids)), len(ids))

    def matching(
        self, filters: Filters, node: Node | None = None, ids: Collection[int] | None = None
    ) -> set[int]:
        """The ids that meet filters and a query's `restriction`, among the given ones or all.

        All of 139k papers take 30 ms, a hundred given ones 2 ms.
        """
        snapshot = self._snapshot()
        if snapshot is None:
            return set()
        translator = snapshot.translator
        constraints = translator.filters(filters)
        if node is not None:
            constraints.append(translator.strict(node))
        if ids is not None:
            constraints.append(id_query(snapshot.schema, frozenset(ids)))
        everything = tantivy.Query.const_score_query(translator.everything(), 0.0)
        return snapshot.ids(
            filtered(everything, constraints), snapshot.documents if ids is None else len(ids)
        )

    def frequency(self, stem: str) -> int:
        """How many documents have the stem in title or abstract."""
        snapshot = self._snapshot()
        return snapshot.searcher.doc_freq(BODY, stem) if snapshot else 0

    def document_frequency(self, word: str) -> int:
        """How many documents have any form of the word, by its stem; 0 for stop words."""
        return max(map(self.frequency, analysis.stems(word, query=True)), default=0)

    def idf(self, stem: str) -> float:
        """BM25's inverse document frequency of a stem; 0 for one that no document has."""
        snapshot = self._snapshot()
        frequency = self.frequency(stem)
        if snapshot is None or not frequency:
            return 0.0
        return log(1 + max(0.0, snapshot.documents - frequency + 0.5) / (frequency + 0.5))

    def titles(self, word: str) -> tuple[int, int]:
        """How many titles have an exact word, and how many titles or abstracts, whichever are more."""
        snapshot = self._snapshot()
        if snapshot is None:
            return 0, 0
        title, abstract = (snapshot.searcher.doc_freq(field, word) for field in EXACT)
        return title, max(title, abstract)

    def suggest(self, text: str) -> str | None:
        """The query with words that no paper has replaced by the nearest that one has, or None."""
        snapshot = self._snapshot()
        if snapshot is None:
            return None
        searcher = snapshot.searcher

        def frequency(word: str) -> int:
            return max(searcher.doc_freq(field, word) for field in EXACT)

        def beginning(prefix: str) -> dict[str, int]:
            counts: dict[str, int] = {}
            for field in EXACT:
                for word, count in searcher.terms_with_prefix(field, prefix):
                    counts[word] = max(count, counts.get(word, 0))
            return counts

        return spelling.correct(text, frequency, beginning)

    def _snapshot(self) -> _Snapshot | None:
        """The last commit. IndexMismatchError, IndexDamagedError where it can't serve."""
        stamp = committed(self.folder)
        if stamp is None:
            self._current = None
        elif stamp != self._stamp:
            self._current = _open(self.folder)
        self._stamp = stamp
        return self._current


def _open(folder: Path) -> _Snapshot | None:
    """None for an index that was made but never committed to."""
    try:
        schema, searcher = open_to_read(folder)
    except (ValueError, OSError) as error:
        raise IndexDamagedError(f"The index in {folder} can't be read: {error}", REBUILD) from error
    if not searcher.num_docs:
        return None
    try:
        hits = searcher.search(tantivy.Query.term_query(schema, SENTINEL, 1), 1, count=False).hits
        addresses = [address for _, address in hits]
        version = searcher.fast_field_values(VERSION, addresses)[0]
        revision = searcher.fast_field_values(REVISION, addresses)[0]
    except (ValueError, IndexError):
        version = revision = None
    if version != SCHEMA_VERSION:
        raise IndexMismatchError(f"The index in {folder} was built by another version of litsearch.", REBUILD)
    return _Snapshot(folder, schema, searcher, int(revision or 0))


def _search_then_check(
    snapshot: _Snapshot, query: Query, k: int, ids: Collection[int]
) -> list[Scored] | None:
    """Search without the set of ids and keep the hits that are in it; None where that finds too few.

    At 139k papers 10,000 ids as a clause cost 13 ms, this 2 ms.
    """
    depth = min(DEEPEST, 2 * k * max(1, snapshot.documents // max(1, len(ids))))
    translation = snapshot.translator.translate(query, ids_elsewhere=True)
    if translation is None or not translation.clauses or depth < k:
        return None
    hits = snapshot.run(translation.query, depth)
    kept = [hit for hit in hits if hit[0] in ids]
    return kept[:k] if len(kept) >= k or len(hits) < depth else None
