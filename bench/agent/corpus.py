"""Judged abstracts as a library of litsearch, and questions put to it without a model."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.corpora import lines
from indexes.hybrid import HybridIndex
from indexes.types import Filters, Span
from litsearch.agent.inquiry import Inquiry
from litsearch.config import Settings
from litsearch.ingest import ingest
from litsearch.library import Library
from litsearch.papers import Paper, StoredPaper


@dataclass(frozen=True)
class Bench:
    """A library with its index; ``sentences`` of each document by its id, as its makers cut them."""

    library: Library
    index: HybridIndex

    def inquiry(self, question: str) -> Inquiry:
        settings = Settings(library=self.library.folder)
        return Inquiry(question, settings, self.library, self.index, Filters(), None)

    @cached_property
    def stored(self) -> dict[str, StoredPaper]:
        """Each paper by its document id."""
        return {each.paper.key: each for each in self.library.all()}


@contextmanager
def bench(folder: Path, papers: Iterator[Paper], dense: str = "") -> Iterator[Bench]:
    """The papers in a library of ``folder``, made where it is not there yet, with a dense leg where named."""
    with Library.open(folder) as library:
        index = HybridIndex.open(library.index_folder, library)
        if not library.count():
            ingest(library, papers, source="benchmark")
        index.update()
        if dense and index.encoder("dense") != dense:
            index.rebuild(["dense"], encoder=dense)
        yield Bench(library, index)


def scifact(data: Path) -> tuple[list[Paper], dict[str, list[str]]]:
    """Papers of SciFact, keyed by document id, and the sentences of each."""
    papers, sentences = [], {}
    for line in lines(data / "dev" / "scifact_train" / "corpus.jsonl"):
        record = json.loads(line)
        papers.append(Paper(record["title"], record["text"], key=record["_id"]))
        sentences[record["_id"]] = record["metadata"]["sentences"]
    return papers, sentences


def places(text: str, sentences: list[str]) -> list[Span]:
    """Where the sentences stand in a text that was cleaned since; an empty span where one does not."""
    spans, at = [], 0
    for sentence in sentences:
        wanted = " ".join(sentence.split())
        start = text.find(wanted, at)
        if start < 0:  # cleaning changed a character: the words at both ends are sought
            start = text.find(wanted[:20], at)
            stop = text.find(wanted[-20:], start) + 20 if start >= 0 else -1
        else:
            stop = start + len(wanted)
        if start < 0 or stop <= start:
            spans.append(Span(0, 0))
            continue
        spans.append(Span(start, stop))
        at = stop
    return spans
