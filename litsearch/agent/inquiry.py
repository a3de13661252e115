"""What the steps of a run work with: the question, the library and its index, and the model that reads."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from indexes.hybrid import HybridIndex
from indexes.rerank import Reranker
from indexes.types import Filters, Span
from litsearch.agent.budget import Budget
from litsearch.agent.constraints import constraints
from litsearch.agent.events import Finding
from litsearch.agent.ledger import Ledger
from litsearch.agent.strength import described
from litsearch.config import Settings
from litsearch.library import Library
from litsearch.llm import Model
from litsearch.pacing import Pacing
from litsearch.papers import StoredPaper
from litsearch.paths import default_prompts
from litsearch.secret import library_secret
from prompts import NAMES, Name, Template, fence, load

if TYPE_CHECKING:
    from litsearch.agent.conditions import Conditions
    from litsearch.agent.entailment import Entailment

T = TypeVar("T", bound=BaseModel)

USUAL_WINDOW = 1_200  # words of a paper that a model of unknown size is shown at once
LEAST_WINDOW, MOST_WINDOW = 200, 3_000
LONGEST_TEXT = 8_000  # characters of a paper that a prompt shows
MOST_FINDINGS = 40  # that a prompt shows
WRITING: frozenset[Name] = frozenset(
    {"claims", "compose", "outline", "revise", "section", "synthesise"}
)  # the rest is reading


@dataclass(frozen=True, slots=True)
class Reader:
    """The model with the prompts it is asked by; ``writer`` is asked for what it writes, where that is
    another one. What either is shown of papers is fenced."""

    model: Model
    budget: Budget
    secret: bytes
    templates: Mapping[Name, Template]
    writer: Model | None = None

    @classmethod
    def open(
        cls, settings: Settings, library: Library, ledger: Ledger, budget: Budget, *, run: str, pacing: Pacing
    ) -> "Reader":
        """The models that the settings name, their calls kept as those of ``run``.

        All templates are read now: one that can't be used ends the run before it costs anything. Raises
        PromptError for that one.
        """
        templates = {name: load(name, default_prompts()) for name in NAMES}
        names = dict.fromkeys((settings.reading, settings.writing))
        model, *writers = (
            Model(settings, ledger, budget, run=run, name=name, pacing=pacing) for name in names
        )
        return cls(model, budget, library_secret(library.folder), templates, *writers)

    async def ask(self, name: Name, reply_type: type[T], *, step: str, **values: str) -> T:
        """Fill a template and have it answered. Raises ModelError and BudgetError."""
        model = self.writer if self.writer and name in WRITING else self.model
        return await model.ask(self.templates[name].fill(**values), reply_type, step=step)

    async def close(self) -> None:
        """Done with both models."""
        for model in (self.model, self.writer):
            if model:
                await model.close()

    def fenced(self, text: str) -> str:
        return fence(self.secret, text)

    def paper(self, stored: StoredPaper) -> str:
        text = f"{stored.paper.title}\n\n{stored.paper.abstract or '(no abstract)'}"
        return self.fenced(text[:LONGEST_TEXT])

    def window(self, stored: StoredPaper, window: Span) -> str:
        """The title and a stretch of the abstract."""
        text = stored.paper.abstract[window.start : window.end] or "(no abstract)"
        return self.fenced(f"{stored.paper.title}\n\n{text}")

    async def window_words(self) -> int:
        """Words of a paper that the model reads at once: half of what it holds, where that is known."""
        tokens = await self.model.context()
        return USUAL_WINDOW if tokens is None else max(LEAST_WINDOW, min(MOST_WINDOW, tokens // 3))

    def findings(self, findings: Sequence[Finding]) -> str:
        shown = findings[:MOST_FINDINGS]
        lines = (f'[{f.number}] {_noted(f)}: {f.claim} Quote: "{f.quote.text}"' for f in shown)
        return self.fenced("\n".join(lines) or "(none)")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question put to one library. ``reader`` is None where no model reads."""

    question: str
    settings: Settings
    library: Library
    index: HybridIndex
    filters: Filters
    reader: Reader | None
    reranker: Reranker | None = None
    entailment: "Entailment | None" = None  # a classifier in place of the model
    review: bool = False  # beside the answer a review is wanted
    queries: tuple[str, ...] = ()  # of the user's own, in place of a planner's
    conditions: "Conditions | None" = None  # None where the question was not held against the library yet

    @property
    def about(self) -> str:
        """The question without the years and the venue that it asks for, which are no words to look for."""
        return self.conditions.about if self.conditions else constraints(self.question).about

    async def papers(self, ids: Iterable[int]) -> list[StoredPaper]:
        """Those of the papers that are still there, in that order."""
        return await asyncio.to_thread(self.library.papers, list(ids))


def _noted(finding: Finding) -> str:
    """The stance, and what the paper's record says of its strength."""
    note = described(finding.strength)
    return f"{finding.stance} ({note})" if note else finding.stance
