"""What a run knows so far: the events of its stream, folded."""

from dataclasses import dataclass, field

from litsearch.agent.events import (
    Distilled,
    Drafted,
    Event,
    Finding,
    Judged,
    Planned,
    PlannedQuery,
    Searched,
    Sentence,
    Started,
    Verified,
)


@dataclass(slots=True)
class State:
    started: Started | None = None
    queries: list[PlannedQuery] = field(default_factory=list)
    searched: list[Searched] = field(default_factory=list)
    judged: dict[int, Judged] = field(default_factory=dict)
    distilled: dict[int, Distilled] = field(default_factory=dict)
    drafted: tuple[Sentence, ...] | None = None
    verified: tuple[Sentence, ...] | None = None

    def apply(self, event: Event) -> None:
        match event:
            case Started():
                self.started = event
            case Planned():
                self.queries.extend(event.queries)
            case Searched():
                self.searched.append(event)
            case Judged():
                self.judged[event.id] = event
            case Distilled():
                self.distilled[event.id] = event
            case Drafted():
                self.drafted = event.sentences
            case Verified():
                self.verified = event.sentences
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
