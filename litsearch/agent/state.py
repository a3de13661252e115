"""What a run knows so far: the events of its stream, folded."""

from dataclasses import dataclass, field

from litsearch.agent.events import (
    Attribution,
    Claim,
    Distilled,
    Drafted,
    Event,
    Finding,
    Grouped,
    Judged,
    Planned,
    PlannedQuery,
    Searched,
    Sentence,
    Started,
    Verified,
    Widened,
)
from litsearch.agent.plan_notes import PlanNote


@dataclass(slots=True)
class State:
    started: Started | None = None
    queries: list[PlannedQuery] = field(default_factory=list)
    notes: list[PlanNote] = field(default_factory=list)
    searched: list[Searched] = field(default_factory=list)
    judged: dict[int, Judged] = field(default_factory=dict)
    distilled: dict[int, Distilled] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    widened: Widened | None = None
    drafted: tuple[Sentence, ...] | None = None
    verified: tuple[Sentence, ...] | None = None
    attribution: Attribution | None = None

    def apply(self, event: Event) -> None:
        match event:
            case Started():
                self.started = event
            case Planned():
                self.queries.extend(event.queries)
                self.notes.extend(event.notes)
            case Searched():
                self.searched.append(event)
            case Judged():
                self.judged[event.id] = event
            case Distilled():
                earlier = self.distilled.get(event.id)
                self.distilled[event.id] = _joined(earlier, event) if earlier else event
            case Grouped():
                self.claims = event.claims
            case Widened():
                self.widened = event
            case Drafted():
                self.drafted = event.sentences
            case Verified():
                self.verified = event.sentences
                self.attribution = event.attribution
            case _:
                pass

    @property
    def findings(self) -> list[Finding]:
        """Every finding by its number."""
        findings = (finding for distilled in self.distilled.values() for finding in distilled.findings)
        return sorted(findings, key=lambda finding: finding.number)

    @property
    def found(self) -> set[int]:
        """Papers that any query found."""
        return {found.id for searched in self.searched for found in searched.found}

    def relevant(self, least: int = 2) -> list[Judged]:
        """Judged papers of that relevance or more, the most relevant first, else as they were judged."""
        kept = [judged for judged in self.judged.values() if judged.relevance >= least]
        return sorted(kept, key=lambda judged: -judged.relevance)


def _joined(earlier: Distilled, later: Distilled) -> Distilled:
    """A paper that was read twice: for the question, and to verify what was drafted."""
    return Distilled(
        later.id, later.key, (*earlier.findings, *later.findings), (*earlier.dropped, *later.dropped)
    )
