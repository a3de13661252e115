"""What a plan read in the question, beside the queries that it made of it: shown to the user."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

NoteKind = Literal[
    "must", "should", "synonym", "population", "intervention", "comparison", "outcome", "years", "venue"
]


@dataclass(frozen=True, slots=True)
class PlanNote:
    """Something that the plan read in the question, or knows of its words."""

    kind: NoteKind
    text: str


def told(notes: Sequence[PlanNote]) -> str:
    """All of them in a line: ``must: aspirin, stroke; synonym: ASA``."""
    kinds = dict.fromkeys(note.kind for note in notes)
    return "; ".join(
        f"{kind}: {', '.join(note.text for note in notes if note.kind == kind)}" for kind in kinds
    )
