"""Which references the sentences and findings of an answer cite."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from litsearch.agent.events import Answered, Finding, Reference, Sentence, Stance

STANCES: tuple[Stance, ...] = get_args(Stance)


@dataclass(frozen=True, slots=True)
class Citations:
    findings: Mapping[int, Finding]
    references: Mapping[int, Reference]  # by paper id

    @classmethod
    def of(cls, answered: Answered) -> "Citations":
        return cls(
            {finding.number: finding for finding in answered.findings},
            {reference.id: reference for reference in answered.references},
        )

    def sentence(self, sentence: Sentence) -> list[Reference]:
        """The references of a sentence, each once, by number."""
        found = (self.findings.get(number) for number in sentence.findings)
        cited = {ref.number: ref for each in found if each and (ref := self.finding(each))}
        return [cited[number] for number in sorted(cited)]

    def finding(self, finding: Finding) -> Reference | None:
        return self.references.get(finding.quote.id)


def label(stance: Stance) -> str:
    """A stance in words."""
    return "not judged" if stance == "unjudged" else stance


def by_stance(findings: Iterable[Finding]) -> list[Finding]:
    """Those that support first, then those that contradict, mixed ones and background; else as they came."""
    return sorted(findings, key=lambda finding: STANCES.index(finding.stance))
