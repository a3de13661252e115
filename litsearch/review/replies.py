"""What a model is asked to reply in a review. Flat and small, as in :mod:`litsearch.agent.replies`."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from litsearch.agent.replies import Text, lower

MOST_CELLS = 60


def _as_text(value: object) -> object:
    """A model that writes a number or a boolean where a text is asked for means that text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) else value


class ScreenReply(BaseModel):
    reason: Text = ""  # first: a small model that has to say why before it decides, decides better
    criterion: Annotated[Text, BeforeValidator(_as_text)] = ""
    verdict: Annotated[Literal["include", "maybe", "exclude"], BeforeValidator(lower)]


class CellReply(BaseModel):
    field: Text
    quote: Text  # before the value, so that it is taken from the quote
    value: Annotated[Text, BeforeValidator(_as_text)]


class ExtractReply(BaseModel):
    cells: list[CellReply] = Field(max_length=MOST_CELLS)
