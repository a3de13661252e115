"""What the research loop says to the world. Every event is a value, kept in the ledger before it is shown."""

from dataclasses import dataclass
from typing import Literal

Stance = Literal["supports", "contradicts", "mixed", "background"]
Judge = Literal["model", "program"]
Status = Literal["supported", "quoted", "unverified"]
"""supported: an entailment verdict says so. quoted: the quotes are checked, nothing more. unverified: neither."""


@dataclass(frozen=True, slots=True)
class Started:
    run: str
    question: str
    model: str  # "" where no model reads
    seed: int
    papers: int  # in the library
    revision: int
    starter: bool  # the library is litsearch's own starter library of summaries


@dataclass(frozen=True, slots=True)
class PlannedQuery:
    text: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Planned:
    round: int  # 1-based
    queries: tuple[PlannedQuery, ...]
    planner: Judge


@dataclass(frozen=True, slots=True)
class Found:
    id: int
    key: str
    title: str
    year: int | None
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Searched:
    round: int
    query: str
    found: tuple[Found, ...]
    total: int
    new: int  # papers that no earlier query of this run had found
    legs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    id: int
    key: str
    title: str
    relevance: int  # 0 to 3
    reason: str
    judge: Judge


@dataclass(frozen=True, slots=True)
class Quote:
    """A checked stretch of a paper's stored text: ``text == field[start:end]``, in characters."""

    id: int
    key: str
    field: Literal["title", "abstract"]
    start: int
    end: int
    text: str
    is_summary: bool  # from litsearch's summary of the paper, not from the paper


@dataclass(frozen=True, slots=True)
class Finding:
    number: int  # 1-based in the run
    claim: str
    quote: Quote
    stance: Stance
    judge: Judge


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that failed a check, and which one."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Distilled:
    id: int
    key: str
    findings: tuple[Finding, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer and the numbers of the findings it cites."""

    text: str
    findings: tuple[int, ...]
    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    number: int  # 1-based, in order of first citation; what [1] in the text means
    id: int
    key: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    venue: str
    identifiers: tuple[str, ...]
    url: str
    is_summary: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """How much was looked at, in counts; ``statement`` says it in plain words and claims no more."""

    papers: int
    queries: int
    found: int  # distinct papers
    judged: int
    relevant: int
    findings: int
    legs: tuple[str, ...]
    statement: str


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


Event = (
    Started | Planned | Searched | Judged | Distilled | Drafted | Verified | Answered | Failed | Spent
)
