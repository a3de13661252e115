"""What a review says to the world. Every event is a value, kept in its record before it is shown."""

from dataclasses import dataclass
from typing import Literal

from litsearch.agent.events import Sentence, Spent
from litsearch.review.result import ExtractedPaper, ReviewStatus, ScreenedPaper

Stage = Literal["search", "de-duplicate", "screen", "answer", "extract", "synthesise"]


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt begins: the first one, or one that carries on."""

    review: str
    title: str
    questions: int
    model: str
    papers: int  # in the library
    attempt: int  # from 1
    parent: str = ""


@dataclass(frozen=True, slots=True)
class StageBegun:
    stage: Stage
    total: int  # pieces of work
    done: int  # of them, by an earlier attempt


@dataclass(frozen=True, slots=True)
class Identified:
    """What a query found, best first. The empty query finds everything within the filters."""

    query: str
    papers: tuple[int, ...]
    total: int  # that match


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A paper that is left out, for another one of the candidates is the same work."""

    paper: int
    of: int


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    records: int


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """The candidates, best first, and the records that they are made of, by source."""

    papers: tuple[int, ...]
    sources: tuple[Source, ...]
    merged: int  # records that the library had merged with another one of the same paper
    duplicates: tuple[Duplicate, ...]


@dataclass(frozen=True, slots=True)
class Screened:
    """Decisions, in the order in which they were made. A paper's newest counts."""

    papers: tuple[ScreenedPaper, ...]


@dataclass(frozen=True, slots=True)
class Extracted:
    paper: ExtractedPaper


@dataclass(frozen=True, slots=True)
class QuestionBegun:
    id: str
    question: str
    run: str


@dataclass(frozen=True, slots=True)
class QuestionEnded:
    """``run`` has the answer. ``whole`` is False where it failed or was cut short: then resuming takes it up
    again."""

    id: str
    run: str
    sentences: int
    whole: bool
    error: str = ""
    hint: str = ""
    carried: bool = False  # taken over from the review that this one updates
    change: str = ""  # of an update: what is new in the answer


@dataclass(frozen=True, slots=True)
class Synthesised:
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that failed or was cut short, alone and visibly. It makes the review partial."""

    stage: Stage
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    status: ReviewStatus
    spent: Spent


ReviewEvent = (
    Begun
    | StageBegun
    | Identified
    | Deduplicated
    | Screened
    | Extracted
    | QuestionBegun
    | QuestionEnded
    | Synthesised
    | Trouble
    | Ended
)
