"""What a language model is asked to reply, one type for each template.

Flat and small on purpose: a model of 1.5 billion parameters must get them right.
"""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from litsearch.agent.events import Stance

# Control characters, bidirectional marks and overrides, and lone surrogates (which can't be stored).
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def _plain(text: str) -> str:
    return _UNPRINTABLE.sub("", text).strip()


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


Text = Annotated[str, AfterValidator(_plain)]


class PlannedQueryReply(BaseModel):
    text: Annotated[Text, Field(min_length=1, max_length=300)]
    purpose: Text = ""


class PlanReply(BaseModel):
    queries: list[PlannedQueryReply] = Field(min_length=1, max_length=12)


class JudgeReply(BaseModel):
    reason: Text = ""  # first: a small model that has to say why before it judges, judges better
    relevance: int = Field(ge=0, le=3)


class FindingReply(BaseModel):
    quote: Text  # first: so that the claim is made from it, and not the quote looked for afterwards
    claim: Text
    stance: Annotated[Stance, BeforeValidator(_lower)]


class DistillReply(BaseModel):
    findings: list[FindingReply]


class SentenceReply(BaseModel):
    text: Text
    findings: list[int]


class ComposeReply(BaseModel):
    sentences: list[SentenceReply]


class GapsReply(BaseModel):
    queries: list[PlannedQueryReply]


class VerifyReply(BaseModel):
    reason: Text = ""
    verdict: Annotated[Literal["supported", "not"], BeforeValidator(_lower)]
