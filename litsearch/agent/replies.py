"""What a language model is asked to reply, one type for each template.

Flat and small on purpose: a model of 1.5 billion parameters must get them right.
"""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

# Control characters, bidirectional marks and overrides, and lone surrogates (which can't be stored).
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def _plain(text: str) -> str:
    return _UNPRINTABLE.sub("", text).strip()


def lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


JudgedStance = Literal["supports", "contradicts", "mixed", "background"]
Text = Annotated[str, AfterValidator(_plain)]
Terms = Annotated[list[Text], BeforeValidator(_listed)]


class FollowUpReply(BaseModel):
    question: Text


class PlannedQueryReply(BaseModel):
    text: Annotated[Text, Field(min_length=1, max_length=300)]
    purpose: Text = ""


class PlanReply(BaseModel):
    must: Terms = Field(default_factory=list)
    should: Terms = Field(default_factory=list)
    synonyms: Terms = Field(default_factory=list)
    population: Text = ""
    intervention: Text = ""
    comparison: Text = ""
    outcome: Text = ""
    queries: list[PlannedQueryReply] = Field(min_length=1, max_length=12)


class PseudoAnswersReply(BaseModel):
    answers: Annotated[list[Text], BeforeValidator(_listed), Field(min_length=1, max_length=12)]


class JudgeReply(BaseModel):
    reason: Text = ""  # first: a small model that has to say why before it judges, judges better
    relevance: int = Field(ge=0, le=3)


class FindingReply(BaseModel):
    quote: Text  # first: so that the claim is made from it, and not the quote looked for afterwards
    claim: Text
    stance: Annotated[JudgedStance, BeforeValidator(lower)]
    population: Text = ""
    method: Text = ""


class DistillReply(BaseModel):
    findings: list[FindingReply]


class SentenceReply(BaseModel):
    text: Text
    findings: list[int]


class ComposeReply(BaseModel):
    sentences: list[SentenceReply]


class ClaimReply(BaseModel):
    claim: Text
    supports: list[int] = Field(default_factory=list)
    contradicts: list[int] = Field(default_factory=list)


class ClaimsReply(BaseModel):
    claims: list[ClaimReply] = Field(max_length=40)


class HeadingReply(BaseModel):
    title: Annotated[Text, Field(max_length=200)]
    claims: list[int]


class OutlineReply(BaseModel):
    sections: list[HeadingReply] = Field(max_length=20)


class DoubtReply(BaseModel):
    sentence: int = 0
    question: Annotated[Text, Field(max_length=400)]


class QuestionsReply(BaseModel):
    questions: list[DoubtReply] = Field(max_length=20)


class GapsReply(BaseModel):
    queries: list[PlannedQueryReply]


class VerifyReply(BaseModel):
    reason: Text = ""
    verdict: Annotated[Literal["supported", "not"], BeforeValidator(lower)]
