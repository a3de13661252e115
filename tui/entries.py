"""What stands in the lists of the app: a text, and what it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content

from litsearch.agent.events import Finding, Stance

MUTED = "$foreground 60%"  # $text-muted is for style sheets: in a text it comes out as bright as the rest

STANCES: Mapping[Stance, str] = {
    "supports": "$text-success",
    "contradicts": "$text-error",
    "mixed": "$text-warning",
    "background": MUTED,
    "unjudged": MUTED,
}
"""The style of each stance; its word always stands beside it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list, or a few. Without ``findings`` and ``paper`` it leads nowhere."""

    content: Content
    findings: tuple[Finding, ...] = ()  # whose quotes stand behind it
    paper: int | None = None

    @property
    def leads(self) -> bool:
        return bool(self.findings) or self.paper is not None


def heading(words: str) -> list[Entry]:
    """What begins a part of a list, with a space before it."""
    return [SPACE, Entry(Content.styled(words, "bold $text-accent"))]


SPACE = Entry(Content(""))


def note(words: str, style: str = MUTED) -> Entry:
    """A remark."""
    return Entry(Content.styled(words, style))
