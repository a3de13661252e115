"""What a review came to: the values that its outputs are written from.

The same protocol on the same library and cache gives an equal result, but for ``manifest``'s own times and
ids, the ids of the runs, and ``spent``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from litsearch.agent.events import Answered, Finding, Quote, Sentence, Spent
from litsearch.papers import StoredPaper
from litsearch.review.protocol import Protocol
from litsearch.screening.decisions import Verdict

ReviewStatus = Literal["complete", "partial", "failed"]
"""complete: every stage did all it set out to do. partial: something failed or was cut short by a budget or
the user, and it says what. failed: no question was answered, and nothing else came out."""

NOT_MET = "not met: "


@dataclass(frozen=True, slots=True)
class ScreenedPaper:
    id: int
    key: str
    title: str
    year: int | None
    verdict: Verdict
    reason: str
    by: str  # "user", a model's name, "feedback", "seed", or "" where nobody screened it
    criterion: str = ""  # that decided, as the protocol has it; one of inclusion after NOT_MET


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a paper, with the checked quote that has it; ``value`` is None where none was found.

    ``quote`` is None for what comes from the paper's record (its year), and where there is no value; then
    ``note`` says why.
    """

    field: str
    value: str | int | float | bool | None
    quote: Quote | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExtractedPaper:
    id: int
    key: str
    cells: tuple[Cell, ...]  # one for each field of the protocol, in its order
    by: str = ""  # the model's name; "" where a program read


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """``answered`` is None where the question failed: then ``error`` and ``hint`` say why."""

    id: str
    question: str
    run: str
    answered: Answered | None
    error: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """Counts as a PRISMA 2020 flow diagram has them. A review that did not search or screen has zeros."""

    identified: tuple[tuple[str, int], ...] = ()  # records, by source
    duplicates: int = 0  # records removed, for another one is of the same paper
    screened: int = 0  # papers that somebody decided about
    excluded: tuple[tuple[str, int], ...] = ()  # papers, by reason; the most frequent first
    included: int = 0  # papers, those that are "maybe" too where the protocol takes them in
    undecided: int = 0  # papers found that nobody decided about


@dataclass(frozen=True, slots=True)
class PromptUsed:
    name: str
    version: str
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is needed to repeat a review. ``review``, ``parent``, ``started_at`` and ``finished_at`` differ
    between two reviews of the same protocol; nothing else does."""

    review: str
    parent: str  # the review that this one is an update of; "" where it is none
    started_at: str  # ISO 8601, UTC
    finished_at: str
    version: str  # of litsearch
    model: str  # "" where no model read
    rerank: str
    entailment: str
    prompts: tuple[PromptUsed, ...]  # none where no model read
    encoders: tuple[str, ...]  # of the index
    revision: int  # of the library
    papers: int  # in the library
    starter: bool  # the library is litsearch's own starter library of summaries
    seed: int


@dataclass(frozen=True, slots=True)
class ReviewResult:
    protocol: Protocol
    flow: Flow
    screened: tuple[ScreenedPaper, ...]
    extracted: tuple[ExtractedPaper, ...]
    questions: tuple[QuestionResult, ...]  # in the protocol's order
    synthesis: tuple[Sentence, ...]  # its numbers are those of :attr:`findings`; empty without a model
    papers: tuple[StoredPaper, ...]  # included, extracted or quoted, by key
    spent: Spent
    status: ReviewStatus
    manifest: Manifest
    problems: tuple[str, ...] = ()  # what failed or was cut short, in words
    changes: tuple[tuple[str, str], ...] = ()  # of an update: question id, and what changed in its answer

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all answers, question by question, numbered through from 1."""
        return all_findings(self.questions)


def all_findings(questions: Iterable[QuestionResult]) -> tuple[Finding, ...]:
    every = [finding for each in questions if each.answered for finding in each.answered.findings]
    return tuple(replace(finding, number=number) for number, finding in enumerate(every, 1))
