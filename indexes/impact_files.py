"""The Tantivy directory of the learned-sparse leg: schema, state, one writer, readers by generation.

A posting's term is the token's id and a mark. Marks are digits of base 32: up to f the token stands in the
text, from g on the encoder has added it, and either way the digit is the level. A token that stands in the
text but has no impact is marked too: the frequency of a token is in how many texts it stands, as when the
encoder was trained, and not in how many it was thought of. The marks of expansions cost 7 bytes a paper,
those without impact up to 25.
"""

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from math import log
from pathlib import Path

import tantivy

from indexes.analysis import TERMS, register
from indexes.encoders import SparseEncoder
from indexes.errors import EncoderError, IndexBusyError, IndexDamagedError, IndexMismatchError
from indexes.filtering import ID, add_number_fields, number_values
from indexes.opening import committed, open_to_read, size
from indexes.types import Document, Scored

logger = logging.getLogger(__name__)

SCHEMA = 2
LEVELS = 16  # evenly spaced: 8 cost up to .010 nDCG@10, 32 gave nothing
HEAP = 64 << 20  # bytes the writer fills before it writes a segment by itself
IMPACTS, STATE = "impacts", "state"
MARKS = "0123456789abcdefghijklmnopqrstuv"  # levels of a text's own tokens, then of tokens that were added
UNWEIGHTED = "-"  # stands in the text and has no impact
SENTINEL = 0  # id of the document that carries the state, written in the commit that it speaks of
REBUILD = "Run `litsearch index rebuild --leg sparse` to build it again from the library."


@dataclass(frozen=True, slots=True)
class State:
    """What the leg on disk was built with, and the revision it was built to."""

    encoder: str
    hash: str
    ceiling: float
    revision: int
    schema: int = SCHEMA


@dataclass(eq=False)
class Snapshot:
    """One generation of the index. What was looked up of its tokens is remembered."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    state: State
    folder: Path
    _marks: dict[int, Mapping[str, int]] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        return self.searcher.num_docs - 1

    @cached_property
    def bytes(self) -> int:
        return size(self.folder)

    def search(self, query: tantivy.Query, limit: int) -> list[Scored]:
        """Document ids with scores, best first."""
        hits = self.searcher.search(query, limit, count=False).hits
        ids = self.searcher.fast_field_values(ID, [address for _, address in hits])
        return [(int(each or 0), float(score)) for each, (score, _) in zip(ids, hits, strict=True)]

    def marks(self, token: int) -> Mapping[str, int]:
        """The marks that the token has in any document, and in how many."""
        known = self._marks.get(token)
        if known is None:
            terms = self.searcher.terms_with_prefix(IMPACTS, _term(token))
            known = self._marks[token] = {term[-1]: count for term, count in terms}
        return known

    def idf(self, token: int) -> float:
        """BM25's inverse document frequency over the texts; 0 for a token that no document has."""
        marks = self.marks(token)
        own = sum(count for mark, count in marks.items() if mark < MARKS[LEVELS])
        return self._idf(max(own, 1)) if marks else 0.0

    @property
    def largest_idf(self) -> float:
        return self._idf(1)

    def _idf(self, frequency: int) -> float:
        return log(1 + max(0.0, self.documents - frequency + 0.5) / (frequency + 0.5))

    def any_impact(self, weights: Mapping[int, float]) -> tantivy.Query | None:
        """The sum of weight times impact over the tokens; None when no document has any of them."""
        step = self.state.ceiling / LEVELS
        clauses = []
        for token, weight in weights.items():
            for mark in self.marks(token):
                if mark == UNWEIGHTED:
                    continue
                term = tantivy.Query.term_query(
                    self.schema, IMPACTS, _term(token, mark), index_option="basic"
                )
                score = weight * step * (MARKS.index(mark) % LEVELS + 1)
                clauses.append((tantivy.Occur.Should, tantivy.Query.const_score_query(term, score)))
        return tantivy.Query.boolean_query(clauses) if clauses else None


class ImpactFiles:
    """The directory on disk; it is made by the first write, and reading never makes or changes anything."""

    def __init__(self, folder: Path, encoder: SparseEncoder | None) -> None:
        self.folder = folder
        self._encoder = encoder
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._snapshot: Snapshot | None = None
        self._stamp: tuple[int, int] | None = None

    def encoder(self) -> SparseEncoder:
        if self._encoder is None:
            raise EncoderError("The sparse leg has no encoder.", REBUILD)
        return self._encoder

    def snapshot(self) -> Snapshot | None:
        """The index as last committed; None where there is none yet.

        Raises IndexMismatchError when another encoder or schema built it, IndexDamagedError when it
        can't be read.
        """
        stamp = committed(self.folder)
        if stamp is None:
            return None
        if self._snapshot is None or stamp != self._stamp:
            try:
                self._snapshot = _read(*open_to_read(self.folder), self.folder)
            except (ValueError, OSError) as error:
                raise IndexDamagedError(
                    f"The sparse index in {self.folder} can't be read: {error}", REBUILD
                ) from error
            self._stamp = stamp
        if self._snapshot is not None:
            self._check(self._snapshot.state)
        return self._snapshot

    def write(
        self, added: Iterable[tuple[Document, Mapping[int, float]]], gone: Collection[int], revision: int
    ) -> None:
        """Delete, add, and commit with the revision; after a crash all of it is there or nothing."""
        encoder = self.encoder()
        self.snapshot()  # a mismatch must be seen before anything is written
        writer = self._open_writer()
        try:
            for each in gone:
                writer.delete_documents_by_term(ID, each)
            step = encoder.ceiling / LEVELS
            for document, impacts in added:
                own = encoder.query(document.text) if encoder.idf_weighted else impacts
                terms = " ".join(_terms(impacts, own, step))
                values = {name: [value] for name, value in number_values(document).items()}
                writer.add_document(tantivy.Document.from_dict({**values, IMPACTS: [terms]}, self._schema()))
            state = State(encoder.name, encoder.hash, encoder.ceiling, revision)
            writer.delete_documents_by_term(ID, SENTINEL)
            writer.add_document(
                tantivy.Document.from_dict(
                    {ID: [SENTINEL], STATE: [json.dumps(asdict(state))]}, self._schema()
                )
            )
            writer.commit()
            self._stamp = None
        except BaseException:
            writer.rollback()
            raise

    def close(self) -> None:
        """Wait for merges, and let others write."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def _schema(self) -> tantivy.Schema:
        assert self._index is not None
        return self._index.schema

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                if self._index is None:
                    self._index = tantivy.Index(_new_schema(), path=str(self.folder), reuse=True)
                    register(self._index)
                self._writer = self._index.writer(HEAP, num_threads=1)
            except ValueError as error:
                if "lock" not in str(error).lower():
                    raise IndexDamagedError(f"The sparse index in {self.folder}: {error}", REBUILD) from error
                raise IndexBusyError(
                    f"Another process is writing to the sparse index in {self.folder}.",
                    "Try again when it is done.",
                ) from error
        return self._writer

    def _check(self, state: State) -> None:
        if state.schema != SCHEMA:
            raise IndexMismatchError(f"The sparse index has schema {state.schema}, not {SCHEMA}.", REBUILD)
        if self._encoder is not None and state.hash != self._encoder.hash:
            raise IndexMismatchError(
                f"The sparse index was built by the encoder {state.encoder}, another than "
                f"{self._encoder.name} is now.",
                REBUILD,
            )


def _new_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    add_number_fields(builder)
    builder.add_text_field(IMPACTS, tokenizer_name=TERMS, index_option="basic")
    builder.add_text_field(STATE, stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _read(schema: tantivy.Schema, searcher: tantivy.Searcher, folder: Path) -> Snapshot | None:
    """None for an index that was made but never committed to."""
    sentinel = tantivy.Query.term_query(schema, ID, SENTINEL)
    hits = searcher.search(sentinel, 1, count=False).hits
    if not hits:
        return None
    state = State(**json.loads(searcher.doc(hits[0][1])[STATE][0]))
    return Snapshot(searcher, schema, state, folder)


def _terms(impacts: Mapping[int, float], own: Collection[int], step: float) -> Iterator[str]:
    """A document's terms; level 0 stands for one step, and each next for one more."""
    for token, impact in impacts.items():
        level = min(max(int(impact / step - 0.5), 0), LEVELS - 1)
        yield _term(token, MARKS[level if token in own else LEVELS + level])
    for token in own:
        if token not in impacts:
            yield _term(token, UNWEIGHTED)


def _term(token: int, mark: str = "") -> str:
    """One term for a token with a mark; without the mark, what the token's terms begin with."""
    return f"{token:05x}{mark}"
