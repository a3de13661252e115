"""What a run knows so far: the events of its stream, folded."""

from dataclasses import dataclass, field

from litsearch.agent.events import (
    Attribution,
    Claim,
    Continued,
    Distilled,
    Drafted,
    Event,
    Failed,
    Finding,
    Grouped,
    Heading,
    Judged,
    Outlined,
    Planned,
    PlannedQuery,
    Searched,
    Section,
    Sectioned,
    Sentence,
    Started,
    Verified,
    Widened,
)
from litsearch.agent.plan_notes import PlanNote


@dataclass(slots=True)
class State:
    started: Started | None = None
    continued: Continued | None = None
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
    outline: tuple[Heading, ...] = ()
    sections: list[Section] = field(default_factory=list)
    failures: list[Failed] = field(default_factory=list)

    def apply(self, event: Event) -> None:
        match event:
            case Started():
                self.started = event
            case Continued():
                self.continued = event
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
            case _:
                self._write(event)

    def _write(self, event: Event) -> None:
        match event:
            case Widened():
                self.widened = event
            case Drafted():
                self.drafted = event.sentences
            case Verified():
                self.verified = event.sentences
                self.attribution = event.attribution
            case Outlined():
                self.outline = event.sections
            case Sectioned():
                self.sections.append(event.section)
                if event.attribution:
                    self.attribution = event.attribution.joined(self.attribution)
            case Failed():
                self.failures.append(event)
            case _:
                pass

    @property
    def own(self) -> list[Finding]:
        """The findings of this run by their numbers."""
        findings = (finding for distilled in self.distilled.values() for finding in distilled.findings)
        return sorted(findings, key=lambda finding: finding.number)

    @property
    def findings(self) -> list[Finding]:
        """This run's own findings, then those that it began with, but for passages that it quotes itself."""
        own = self.own
        quoted = {finding.quote for finding in own}
        return [*own, *(each for each in self._continued_findings() if each.quote not in quoted)]

    @property
    def next_number(self) -> int:
        """The number of the next finding."""
        return 1 + max((each.number for each in (*self.own, *self._continued_findings())), default=0)

    @property
    def found(self) -> set[int]:
        """Papers that any query found."""
        return {found.id for searched in self.searched for found in searched.found}

    def relevant(self, least: int = 2) -> list[Judged]:
        """Judged papers of that relevance or more, the most relevant first, else as they were judged; those
        that the run began with count until it judges them itself."""
        before = self.continued.judged if self.continued else ()
        judged = {each.id: each for each in before} | self.judged
        kept = [each for each in judged.values() if each.relevance >= least]
        return sorted(kept, key=lambda each: -each.relevance)

    def _continued_findings(self) -> tuple[Finding, ...]:
        return self.continued.findings if self.continued else ()


def _joined(earlier: Distilled, later: Distilled) -> Distilled:
    """A paper that was read twice: for the question, and to verify what was drafted."""
    return Distilled(
        later.id, later.key, (*earlier.findings, *later.findings), (*earlier.dropped, *later.dropped)
    )
