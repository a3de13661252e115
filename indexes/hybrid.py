"""``HybridIndex``: the one door to retrieval over a library's papers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexes import searching
from indexes.damage import reading
from indexes.errors import EncoderError, HintedError, IndexDamagedError, IndexMismatchError
from indexes.fusion import CONVEX, Fusion
from indexes.generations import ENCODINGS, Generations
from indexes.manifest import Generation, Manifest
from indexes.searching import Feedback, Legs, Page
from indexes.types import (
    LEGS,
    Coverage,
    Document,
    Filters,
    Leg,
    LegName,
    OnProgress,
    Query,
    Ranking,
    Source,
    Span,
)

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    from indexes.features import Impacts
    from indexes.keyphrases import Keyphrase
    from indexes.rerank import Reranker

__all__ = ["Feedback", "HybridIndex"]

EVERYTHING = Filters()
ABSENT = {
    "bm25": "nothing is indexed yet",
    "sparse": "it was dropped",
    "dense": "it was dropped: `litsearch models use SPEC --leg dense` gives it one",
}


class HybridIndex:
    """The legs of a folder over a source. Opening makes nothing on disk; searching takes no lock.

    Searches may come from several threads, as far as the source allows it. All methods raise
    IndexMismatchError or IndexDamagedError, which name the mending command, where the folder can't serve.
    """

    def __init__(self, folder: Path, source: Source) -> None:
        self.folder = folder
        self.source = source
        self._generations = Generations(folder, source)

    @classmethod
    def open(cls, folder: Path, source: Source) -> "HybridIndex":
        return cls(folder, source)

    def search(
        self,
        query: Query,
        *,
        k: int = 10,
        offset: int = 0,
        fusion: Fusion = CONVEX,
        legs: Sequence[LegName] | None = None,
        feedback: Feedback = "none",
        explain: bool = False,
        reranker: "Reranker | None" = None,
    ) -> Ranking:
        """The papers that match best, by all legs there are or by the given ones, the first of them in the
        order of the re-ranker, where there is one.

        Raises QuerySyntaxError where the text can't be read, EncoderError where the query can't be encoded.
        """
        page = Page(k, offset, fusion, feedback, explain, reranker=reranker)
        return self._steady(lambda: searching.rank(self._taking_part(legs), query, page))

    def similar(
        self,
        id: int,  # noqa: A002
        *,
        k: int = 10,
        offset: int = 0,
        filters: Filters = EVERYTHING,
        fusion: Fusion = CONVEX,
        legs: Sequence[LegName] | None = None,
        explain: bool = False,
    ) -> Ranking:
        """The papers most like one, by its telling words, its impacts and its vector; never itself."""
        page = Page(k, offset, fusion, explain=explain, without=frozenset((id,)))
        query = Query("", filters, like=(id,))
        return self._steady(lambda: searching.rank(self._taking_part(legs), query, page))

    def update(
        self,
        *,
        legs: Sequence[LegName] | None = None,
        on_progress: OnProgress | None = None,
        wait: float = 10.0,
        on_wait: Callable[[], None] | None = None,
    ) -> None:
        """Have legs catch up with the source, batch by batch; rebuilds that were cut short go on.

        Killed or interrupted, every leg stands at its last commit. While another process writes, this one
        calls ``on_wait`` once and waits; IndexBusyError after ``wait`` seconds.
        """
        from indexes import upkeep
        from indexes.building import Writer

        writer = Writer(self.folder, on_progress, wait, on_wait)
        upkeep.update(self._generations, self.source, writer, legs)

    def rebuild(
        self,
        legs: Sequence[LegName],
        *,
        encoder: str | None = None,
        on_progress: OnProgress | None = None,
        wait: float = 10.0,
        on_wait: Callable[[], None] | None = None,
    ) -> None:
        """Build legs anew; the old ones serve until the new ones are complete.

        ``encoder`` pins another encoder to the legs named, ``none`` drops them. Killed, it is taken
        up by the next rebuild with the same encoder, or by the next update. Raises EncoderError before
        anything is changed.
        """
        from indexes import upkeep
        from indexes.building import Writer

        writer = Writer(self.folder, on_progress, wait, on_wait)
        upkeep.rebuild(self._generations, self.source, writer, legs, encoder)

    def status(self) -> tuple[Coverage, ...]:
        """What each leg covers; never raises, the notes say what is wrong."""
        try:
            manifest = self._generations.manifest() or Manifest()
        except (IndexDamagedError, IndexMismatchError) as error:
            return tuple(Coverage(leg, False, note=f"{error.message} {error.hint}") for leg in LEGS)
        return tuple(self._coverage(leg, manifest) for leg in LEGS)

    def verify(self) -> list[str]:
        """Problems, each with the command that mends it; empty when all legs are sound."""
        from indexes.verifying import problems

        try:
            manifest = self._generations.manifest() or Manifest()
        except (IndexDamagedError, IndexMismatchError) as error:
            return [f"{error.message} {error.hint}"]
        return [
            problem
            for each in manifest.serving.values()
            for problem in problems(self._generations.open(each), each, self.source, self.folder)
        ]

    def encoder(self, leg: LegName) -> str:
        """The spec of a leg's encoder; empty for none."""
        manifest = self._generations.manifest() or Manifest()
        return manifest.serving[leg].encoder if leg in manifest.serving else ""

    def suggest(self, text: str) -> str | None:
        """The query with misspelt words replaced by the nearest that papers have, or None."""
        lexical = self._generations.lexical()
        return lexical.suggest(text) if lexical is not None else None

    def highlight(self, text: str, query: Query) -> list[Span]:
        """Where a text has words of the query or of its expansion, in characters."""
        from indexes.highlight import highlight
        from indexes.querylang import parse, words

        wanted = (*words(parse(query.text)), *(term.term for term in query.expansion))
        return list(highlight(text, wanted))

    def idf(self, stems: Collection[str]) -> dict[str, float]:
        """BM25's inverse document frequency of stems; 0 for one that no paper has."""
        lexical = self._generations.lexical()
        return {stem: lexical.idf(stem) if lexical is not None else 0.0 for stem in stems}

    def titles(self, words: Collection[str]) -> dict[str, tuple[int, int]]:
        """For each exact word, how many titles have it, and how many titles or abstracts, if more."""
        lexical = self._generations.lexical()
        return {word: lexical.titles(word) if lexical is not None else (0, 0) for word in words}

    def keyphrases(self, document: Document) -> "Sequence[Keyphrase]":
        """What a paper is about, by the sparse leg's encoder; none without the leg."""
        from indexes.impact import ImpactLeg
        from indexes.keyphrases import keyphrases

        leg = self._generations.serving().get("sparse")
        if not isinstance(leg, ImpactLeg) or leg.encoder is None:
            return ()
        impacts, idf = leg.weighed(document)
        return keyphrases(document, impacts, idf, leg.encoder)

    def sparse_vectors(
        self, question: str, passages: Sequence[str]
    ) -> tuple[Mapping[int, float], Sequence[Mapping[int, float]]] | None:
        """Token weights of a question and impacts of passages; None without a sparse leg whose encoder is
        cheap."""
        from indexes.impact import ImpactLeg

        leg = self._generations.serving().get("sparse")
        if not isinstance(leg, ImpactLeg) or leg.encoder is None or not leg.encoder.cheap:
            return None
        return leg.weights(Query(question)), leg.encoder.documents(passages)

    def dense_vectors(
        self, question: str, passages: Sequence[str]
    ) -> "tuple[NDArray[float32], NDArray[float32]] | None":
        """Unit vectors of a question, shape (dimensions,), and of passages, (passages, dimensions); None
        without a dense leg."""
        leg = self._generations.serving().get("dense")
        if leg is None:
            return None
        from indexes.dense import DenseLeg

        if not isinstance(leg, DenseLeg) or leg.encoder is None:
            return None
        return leg.encoder.query(question), leg.encoder.documents(passages)

    def features(self, ids: Collection[int]) -> "tuple[Impacts | None, Mapping[int, NDArray[float32]]]":
        """Impacts and dense vectors of those papers that have them, to learn from; nothing is encoded."""
        from indexes import features

        legs = self._generations.serving()
        encodings = self.folder / ENCODINGS
        return features.impacts(legs, encodings, self.source, ids), features.vectors(legs, ids)

    def _steady(self, search: Callable[[], Ranking]) -> Ranking:
        """A search that is tried again when a rebuilt leg took the place of the one it was reading."""
        before = self._generations.manifest()
        try:
            return search()
        except IndexDamagedError:
            if self._generations.manifest() is before:
                raise
            return search()

    def _taking_part(self, wanted: Sequence[LegName] | None) -> Legs:
        manifest = self._generations.manifest() or Manifest()
        names = [leg for leg in LEGS if wanted is None or leg in wanted]
        coverage = tuple(self._coverage(leg, manifest) for leg in names)
        taking_part: dict[LegName, Leg] = {
            leg: self._generations.open(manifest.serving[leg])
            for leg in names
            if leg in manifest.serving and self._can_serve(leg, manifest)
        }
        if wanted is not None and not taking_part and manifest.serving:
            raise searching.nothing_to_search(names)
        return Legs(taking_part, coverage, self._generations.lexical(), self.source)

    def _coverage(self, leg: LegName, manifest: Manifest) -> Coverage:
        if leg not in manifest.serving:
            return Coverage(leg, False, note=ABSENT[leg if manifest.serving else "bm25"])
        generation = manifest.serving[leg]
        reached = self._reached(generation)
        behind = self.source.revision() - reached.revision
        if behind > 0 and not self.source.changes(reached.revision, 1):
            behind = 0
        note = reached.note
        if leg in manifest.building:
            new = manifest.building[leg]
            built = self._reached(new).documents
            note = f"{note} It is being rebuilt {f'with {new.encoder}' if new.encoder else ''}".strip()
            note += f": {built:,} papers so far."
        return replace(reached, encoder=generation.encoder, behind=max(behind, 0), note=note.strip())

    def _reached(self, generation: Generation) -> Coverage:
        """What a leg says of itself; what is wrong with it goes into the note, and searching it raises."""
        try:
            with reading(generation.leg):
                return self._generations.open(generation).coverage()
        except HintedError as error:
            return Coverage(generation.leg, False, note=f"{error.message} {error.hint}")

    def _can_serve(self, leg: LegName, manifest: Manifest) -> bool:
        """False for a leg whose encoder is gone while another is being built in; else searching may raise."""
        if leg not in manifest.building:
            return True
        try:
            self._generations.check(manifest.serving[leg])
        except (EncoderError, IndexMismatchError):
            return False
        return True
