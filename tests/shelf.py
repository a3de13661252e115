"""A small library of made-up papers, and runs over it."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from indexes.hybrid import HybridIndex
from litsearch.agent.events import Answered, Event, Started
from litsearch.agent.ledger import Ledger
from litsearch.agent.loop import Run
from litsearch.config import Settings
from litsearch.ingest import ingest
from litsearch.library import Library
from litsearch.papers import Author, Paper

QUESTION = "Does query expansion improve sparse retrieval?"

PAPERS = (
    Paper(
        "Query expansion for sparse retrieval",
        "Sparse retrieval matches words. Query expansion with feedback terms improved sparse retrieval by "
        "12.5 % on five test collections. We release our code.",
        (Author("Amsel", "Ada"),),
        2019,
        "Journal of Made-up Results",
        key="amsel2019",
    ),
    Paper(
        "When expansion hurts",
        "Users write short queries. In our study query expansion did not improve sparse retrieval for long "
        "questions, and it slowed every search down. The effect was small.",
        (Author("Birke", "Bo"), Author("Amsel", "Ada")),
        2021,
        key="birke2021",
    ),
    Paper(
        "Dense encoders for passages",
        "Dense encoders map passages to vectors. They need training data and a graphics card to be of use.",
        (Author("Clog", "Cy"),),
        2020,
        key="clog2020",
    ),
    Paper(
        "Feedback in sparse retrieval systems",
        "Pseudo-relevance feedback is a form of query expansion. It makes sparse retrieval systems find more "
        "relevant papers at a small cost in speed.",
        (Author("Dorn", "Di"),),
        2018,
        key="dorn2018",
    ),
    Paper("Caching web pages", "Caches keep the pages that many people read close to them.", key="esche2001"),
    Paper("Expansion of cities", "Cities expand along their railway lines, as maps show.", key="fink1999"),
    *(
        Paper(
            f"Report {n} on {topic}", f"This report describes {topic} and how people work with {topic} today."
        )
        for n, topic in enumerate(["compilers", "databases", "networks", "keyboards", "printers", "screens"])
    ),
)


class Shelf:
    """A library with its index and ledger; ``ask`` runs a question to its end and keeps its events."""

    def __init__(self, folder: Path) -> None:
        self.library = Library.open(folder)
        self.index = HybridIndex.open(self.library.index_folder, self.library)
        self.ledger = Ledger(folder)
        self.settings = Settings(library=folder)

    def add(self, *papers: Paper) -> None:
        ingest(self.library, papers, source="made up")
        self.index.update()

    def run(
        self,
        question: str = QUESTION,
        *,
        resume: str | None = None,
        starter: bool = False,
        continues: str | None = None,
        review: bool = False,
        own: Sequence[str] = (),
        **settings: Any,
    ) -> Run:
        return Run(
            question,
            Settings(**{"library": self.settings.library, **settings}),
            library=self.library,
            index=self.index,
            ledger=self.ledger,
            resume=resume,
            starter=starter,
            continues=continues,
            review=review,
            queries=own,
        )

    def ask(
        self,
        question: str = QUESTION,
        *,
        watch: Callable[[Run, Event], None] = lambda run, event: None,
        **options: Any,
    ) -> list[Event]:
        """Every event; ``watch`` sees each as it comes."""

        async def listen() -> list[Event]:
            run = self.run(question, **options)
            events = []
            async for event in run.events():
                events.append(event)
                watch(run, event)
            return events

        events = asyncio.run(listen())
        started = next((event for event in events if isinstance(event, Started)), None)
        if started:
            assert self.ledger.events(started.run) == events, "the ledger has what was shown"
        self.check(events)
        return events

    def check(self, events: list[Event]) -> None:
        """What holds in every run: quotes are stored text, citations resolve, statuses are what they say."""
        for answered in (event for event in events if isinstance(event, Answered)):
            findings = {finding.number: finding for finding in answered.findings}
            references = {reference.id for reference in answered.references}
            for finding in findings.values():
                quote = finding.quote
                [stored] = self.library.papers([quote.id])
                assert getattr(stored.paper, quote.field)[quote.start : quote.end] == quote.text
                assert quote.key == stored.key
                assert quote.is_summary == (stored.paper.is_summary and quote.field == "abstract")
                assert quote.id in references
            sections = answered.review.sections if answered.review else ()
            for sentence in (*answered.sentences, *(each for own in sections for each in own.sentences)):
                assert sentence.findings
                assert set(sentence.findings) <= findings.keys()
                assert sentence.status in ("quoted", "supported")

    def close(self) -> None:
        self.ledger.close()
        self.library.close()


def of(kind: type, events: list[Event]) -> list[Any]:
    """The events of a kind."""
    return [event for event in events if isinstance(event, kind)]
