"""What a review sets out to do: the values of a protocol file, field by field as the file names them.

:func:`litsearch.review.protocol_file.read` reads one and explains what is wrong in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Le, MaxLen, MinLen

FieldType = Literal["text", "int", "float", "bool", "choice"]
ScreenedBy = Literal["model", "user", "feedback"]

ID_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"  # of a question: it names its run and files

Year = Annotated[int, Ge(0), Le(9999)]
Text = Annotated[str, MinLen(1), MaxLen(4000)]
Texts = tuple[Text, ...]
Count = Annotated[int, Ge(1)]
Dollars = Annotated[float, Ge(0)]
Seconds = Annotated[float, Ge(0)]

_STRICT: Mapping[str, object] = {"extra": "forbid", "strict": True, "allow_inf_nan": False}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which papers are meant. Values within a field are alternatives, fields are joined by and."""

    __pydantic_config__ = _STRICT

    year_from: Year | None = None
    year_to: Year | None = None
    authors: Texts = ()
    venues: Texts = ()
    sources: Texts = ()
    tags: Texts = ()
    collections: Texts = ()
    has_abstract: bool | None = None


@dataclass(frozen=True, slots=True)
class Question:
    __pydantic_config__ = _STRICT

    question: Text
    id: str = ""  # never empty in a protocol that was read: then q1, q2 ... stand for it
    filters: Scope = Scope()  # beside the protocol's own


@dataclass(frozen=True, slots=True)
class Search:
    """How the papers to be screened are found. Without queries, the questions are the queries."""

    __pydantic_config__ = _STRICT

    queries: Texts = ()
    everything: bool = False  # every paper within the filters, ranked by no query
    most: Count = 200  # papers of each query


@dataclass(frozen=True, slots=True)
class Screening:
    """Who says which papers are included: a model by the criteria, the user's decisions, or what is learnt
    from decisions and seeds (relevance feedback)."""

    __pydantic_config__ = _STRICT

    by: ScreenedBy = "model"
    name: str = ""  # of the screening whose decisions count
    most: Count | None = None  # papers that a model reads, or that feedback includes; the most promising
    maybe: bool = True  # papers that are neither in nor out are taken in


@dataclass(frozen=True, slots=True)
class ExtractedField:
    """A column of the table that is extracted."""

    __pydantic_config__ = _STRICT

    name: Text
    type: FieldType = "text"
    description: str = ""
    choices: Texts = ()  # of a choice


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Who reads; what is not given comes from the settings."""

    __pydantic_config__ = _STRICT

    name: str | None = None  # what litellm takes; "" for no model
    read: str | None = None  # plans, judges, screens and extracts in place of it
    write: str | None = None  # composes and synthesises in place of it
    rounds: Count | None = None
    queries: Count | None = None
    max_papers: Count | None = None  # judged for a question
    rerank: str | None = None
    entailment: str | None = None


@dataclass(frozen=True, slots=True)
class Budgets:
    """Limits for one question, and for the review in all; None is no limit but that of the settings."""

    __pydantic_config__ = _STRICT

    max_calls: Annotated[int, Ge(0)] | None = None
    max_cost: Dollars | None = None  # US dollars
    timeout: Seconds | None = None
    question_calls: Annotated[int, Ge(0)] | None = None
    question_cost: Dollars | None = None
    question_timeout: Seconds | None = None
    concurrency: Count | None = None  # model calls at once, in all
    questions: Count | None = None  # questions at once


@dataclass(frozen=True, slots=True)
class Protocol:
    """``search`` and ``screening`` are None where the protocol has neither: then the questions are answered
    from every paper within the filters."""

    __pydantic_config__ = _STRICT

    title: Text
    questions: tuple[Question, ...] = ()
    questions_file: str = ""  # where questions were read from too, as the protocol names it
    include: Texts = ()
    exclude: Texts = ()
    seeds: Texts = ()  # keys or identifiers of papers known to be relevant
    filters: Scope = Scope()
    search: Search | None = None
    screening: Screening | None = None
    extract: tuple[ExtractedField, ...] = ()
    synthesis: bool = True
    model: ModelChoice = ModelChoice()
    budget: Budgets = Budgets()
    seed: int = 0
