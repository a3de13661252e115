"""What a review knows so far: the events of its record, folded. A later attempt adds to an earlier one."""

from dataclasses import dataclass, field

from litsearch.agent.events import Sentence
from litsearch.review.events import (
    Begun,
    Deduplicated,
    Ended,
    Extracted,
    Identified,
    QuestionBegun,
    QuestionEnded,
    ReviewEvent,
    Screened,
    StageBegun,
    Synthesised,
    Trouble,
)
from litsearch.review.result import ExtractedPaper, ScreenedPaper


@dataclass(slots=True)
class State:
    begun: Begun | None = None
    identified: list[Identified] = field(default_factory=list)
    deduplicated: Deduplicated | None = None
    screened: dict[int, ScreenedPaper] = field(default_factory=dict)
    extracted: dict[int, ExtractedPaper] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)  # the run of each question that was begun
    questions: dict[str, QuestionEnded] = field(default_factory=dict)
    synthesis: tuple[Sentence, ...] | None = None
    troubles: list[Trouble] = field(default_factory=list)  # of the last attempt
    ended: Ended | None = None

    def apply(self, event: ReviewEvent) -> None:
        match event:
            case Begun():
                self.begun = event
                self.troubles.clear()
                self.ended = None
            case StageBegun(stage="search"):
                self.identified.clear()
            case Identified():
                self.identified.append(event)
            case Deduplicated():
                self.deduplicated = event
            case Screened():
                self.screened.update({paper.id: paper for paper in event.papers})
            case Extracted():
                self.extracted[event.paper.id] = event.paper
            case QuestionBegun():
                self.runs[event.id] = event.run
            case QuestionEnded():
                self.runs[event.id] = event.run
                self.questions[event.id] = event
                self.synthesis = None  # it is made of the answers
            case Synthesised():
                self.synthesis = event.sentences
            case Trouble():
                self.troubles.append(event)
            case Ended():
                self.ended = event
            case _:
                pass
