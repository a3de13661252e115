"""What the research loop says to the world. Every event is a value, kept in the ledger before it is shown."""

from dataclasses import dataclass
from typing import Literal

from litsearch.agent.findings import (
    Attribution,
    Claim,
    Dropped,
    Extent,
    Finding,
    Judge,
    Quote,
    Reference,
    Sentence,
    Stance,
    Status,
    Strength,
)
from litsearch.agent.plan_notes import PlanNote
from litsearch.agent.sections import Heading, Review, Section, Study

__all__ = [
    "Answered",
    "Attribution",
    "Check",
    "Claim",
    "Continued",
    "Distilled",
    "Drafted",
    "Dropped",
    "Event",
    "Extent",
    "Failed",
    "Finding",
    "Found",
    "Grouped",
    "Heading",
    "Judge",
    "Judged",
    "Outlined",
    "Planned",
    "PlannedQuery",
    "Planner",
    "Quote",
    "Reference",
    "Review",
    "Searched",
    "Section",
    "Sectioned",
    "Sentence",
    "Spent",
    "Stance",
    "Started",
    "Status",
    "Strength",
    "Study",
    "Verified",
    "Widened",
]


Planner = Literal["model", "program", "user"]


@dataclass(frozen=True, slots=True)
class Started:
    run: str
    question: str
    model: str  # that reads, "" where none does
    seed: int
    papers: int  # in the library
    revision: int
    starter: bool  # the library is litsearch's own starter library of summaries
    writer: str = ""  # the model that writes, where it is another one


@dataclass(frozen=True, slots=True)
class Judged:
    id: int
    key: str
    title: str
    relevance: int  # 0 to 3
    reason: str
    judge: Judge

    @property
    def is_relevant(self) -> bool:
        """Whether the paper counts as relevant."""
        return self.relevance >= 2


@dataclass(frozen=True, slots=True)
class Continued:
    """The evidence of an earlier run, with which this one begins. The findings keep their numbers."""

    run: str
    question: str  # of that run
    asked: str  # what this one asks, complete in itself
    judged: tuple[Judged, ...]  # the papers that were held relevant
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PlannedQuery:
    text: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Planned:
    round: int  # 1-based
    queries: tuple[PlannedQuery, ...]
    planner: Planner
    notes: tuple[PlanNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    id: int
    key: str
    title: str
    year: int | None
    rank: int
    score: float
    legs: tuple[str, ...] = ()  # that found it by themselves


@dataclass(frozen=True, slots=True)
class Searched:
    round: int
    query: str
    found: tuple[Found, ...]
    total: int
    new: int  # papers that no earlier query of this run had found
    legs: tuple[str, ...]
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Grouped:
    """All findings so far by what they claim."""

    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Distilled:
    id: int
    key: str
    findings: tuple[Finding, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A verification question put to the library anew, with what its own evidence answers."""

    question: str
    sentence: str  # of the draft, that the question doubts
    papers: int  # judged for this question
    findings: tuple[int, ...]  # its own evidence
    answer: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Widened:
    """What doubting the draft brought. ``added`` are ids of papers that are evidence through this alone."""

    checks: tuple[Check, ...]
    added: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...]
    attribution: Attribution | None = None  # None where no judge compared anything


@dataclass(frozen=True, slots=True)
class Outlined:
    """The sections that a review is to have."""

    sections: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Sectioned:
    """A section of a review, checked. Where nothing that a model wrote held, it is made of quotes."""

    section: Section
    dropped: tuple[Dropped, ...]
    attribution: Attribution | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The end of a run. Without evidence ``sentences`` is empty and ``extent`` says what was tried."""

    question: str
    sentences: tuple[Sentence, ...]
    findings: tuple[Finding, ...]
    references: tuple[Reference, ...]
    extent: Extent
    complete: bool  # False where a budget, a timeout or the user ended it early
    ending: str = ""  # why it ended early
    claims: tuple[Claim, ...] = ()
    attribution: Attribution | None = None
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A step that failed: alone and visibly, or, where ``fatal``, the run with it."""

    step: str
    message: str
    hint: str
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Spent:
    """What the run has cost so far. ``cost`` is in US dollars, None where the price is not known."""

    calls: int
    cached: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None
    estimated: bool = False  # a server did not count its tokens, so they are reckoned from characters


Event = (
    Started
    | Continued
    | Planned
    | Searched
    | Judged
    | Distilled
    | Grouped
    | Drafted
    | Widened
    | Verified
    | Outlined
    | Sectioned
    | Answered
    | Failed
    | Spent
)
