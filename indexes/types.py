"""The values that cross a module boundary in retrieval, and the protocols around them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

LegName = Literal["bm25", "sparse", "dense"]
LEGS: tuple[LegName, ...] = ("bm25", "sparse", "dense")


@dataclass(frozen=True, slots=True)
class Document:
    """What retrieval knows of a paper. ``id`` is positive and never used again for another paper."""

    id: int
    key: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()  # "Given Family"
    year: int | None = None
    venue: str = ""
    identifiers: tuple[str, ...] = ()  # "doi:10.1/x", "arxiv:2101.00001", "pmid:1", "acl:P19-1001"
    sources: tuple[str, ...] = ()  # names of the files or services the paper came from
    keywords: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Title and abstract, the text that every leg ranks by."""
        return f"{self.title}\n{self.abstract}" if self.abstract else self.title


@dataclass(frozen=True, slots=True)
class Change:
    """One paper as it stands now; ``document`` is None where the paper is gone."""

    revision: int
    id: int
    document: Document | None


class Source(Protocol):
    """What indexes are derived from: the library, or a corpus in memory."""

    def revision(self) -> int:
        """Number of the latest change; 0 for an empty source."""

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        """The next changes after a revision, ascending, each id once (its latest within the batch).

        At most about ``limit`` of them; the last one's revision is where a leg that applied the batch
        stands. Empty when there is nothing newer. Applying a batch again changes nothing.
        """

    def documents(self, ids: Collection[int]) -> Mapping[int, Document]:
        """The documents of those ids that are still there."""

    def live(self, ids: Collection[int]) -> set[int]:
        """Those of the ids that are still there. Called once for each search, so it must be quick."""

    def count(self) -> int:
        """How many documents there are."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a paper must meet to be found; a filter never changes a score.

    Values within a field are alternatives, fields are joined by and. Author, venue and source match
    when all words of the value occur in one author's name, the venue, or a source's name (folded, unstemmed).
    """

    year_from: int | None = None
    year_to: int | None = None
    authors: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    ids: frozenset[int] | None = None  # tags and collections, resolved by the caller
    has_abstract: bool | None = None

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class MatchedTerm:
    """A term with its weight: in an explanation its share of the score, in an expansion its weight."""

    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class Query:
    """One search. ``text`` is free text or the query language; ``like`` are ids of papers known to be
    relevant, which alone or beside the text pull the result towards them (Rocchio, vector feedback)."""

    text: str
    filters: Filters = Filters()
    like: tuple[int, ...] = ()
    expansion: tuple[MatchedTerm, ...] = ()  # extra words, weighted relative to a query word's 1.0


Scored = tuple[int, float]  # document id, score


@dataclass(frozen=True, slots=True)
class LegHit:
    """How one leg saw a hit: 1-based rank, raw score, and, where asked, the terms behind it."""

    rank: int
    score: float
    terms: tuple[MatchedTerm, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a re-ranker saw a hit: the rank that it had before, and the re-ranker's score."""

    before: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    id: int
    rank: int  # 1-based, in the whole ranking, not in the page
    score: float  # of the fusion, where the hit was re-ranked too
    legs: Mapping[LegName, LegHit] = field(default_factory=dict)
    reranked: Reading | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the source a leg has reached. A leg without an encoder or files is absent."""

    leg: LegName
    present: bool
    revision: int = 0
    documents: int = 0
    behind: int = 0  # changes of the source that the leg has not applied
    encoder: str = ""
    bytes: int = 0
    note: str = ""  # why it is absent, or what is being built


@dataclass(frozen=True, slots=True)
class Ranking:
    """A page of hits, how many papers match in all (by the BM25 leg where it took part), and who searched."""

    hits: tuple[Hit, ...]
    total: int
    coverage: tuple[Coverage, ...]
    revision: int
    expansion: tuple[MatchedTerm, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text in characters, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work has come; ``total`` is None while it is not known."""

    stage: str
    done: int
    total: int | None = None


OnProgress = Callable[[Progress], None]


class Leg(Protocol):
    """One way of ranking, an index of its own. Searching needs no lock; applying holds the writer's lock."""

    name: LegName

    def coverage(self) -> Coverage:
        """What the leg covers now (``behind`` is filled in by HybridIndex)."""

    def apply(self, changes: Sequence[Change], revision: int) -> None:
        """Upsert and delete, then make batch and revision durable together: a reader sees both or neither."""

    def search(self, query: Query, k: int) -> Sequence[Scored]:
        """The best k, best first; ties by id. Only documents that match, never the rest of the filter."""

    def explain(self, query: Query, ids: Sequence[int]) -> Mapping[int, tuple[MatchedTerm, ...]]:
        """The terms behind each id's score, heaviest first; empty for a dense leg."""

    def covers(self, ids: Collection[int]) -> set[int]:
        """Those of the ids that the leg has indexed."""

    def close(self) -> None:
        """Let go of what writing holds, so that another process may write. Searching goes on."""
