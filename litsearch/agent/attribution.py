"""Whether citations carry their sentences: recall and precision as ALCE defines them.

Gao, Yen, Yu and Chen, Enabling Large Language Models to Generate Text with Citations, EMNLP 2023.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from litsearch.agent.entailment import Entailment, Verdict
from litsearch.agent.events import Attribution, Dropped, Sentence


@dataclass(frozen=True, slots=True)
class Compared:
    """One sentence beside its quotes: what is kept of it, and how many of its citations are precise."""

    kept: Sentence | Dropped
    entailed: bool
    precise: int
    citations: int


async def compare(judge: Entailment, sentence: Sentence, quotes: Mapping[int, str]) -> Compared:
    """The sentence as "supported" where its quotes entail it together, dropped where not.

    A citation is precise where its quote entails the sentence alone, or the others do not without it. One
    that is not is taken out, as long as the rest still entails the sentence. ``quotes`` are those of the
    findings by number. Raises ModelError and BudgetError: the sentence then stays as it is, "quoted".
    """
    cited = sentence.findings

    async def entails(numbers: Sequence[int]) -> Verdict:
        return await judge.verdict([quotes[number] for number in numbers], sentence.text)

    together = await entails(cited)
    if not together.entailed:
        said = "its quotes say the opposite" if together.contradicted else "its quotes do not say so"
        dropped = Dropped(sentence.text, f"{said}: {together.reason}")
        return Compared(dropped, False, 0, len(cited))
    kept = list(cited)
    idle = 0
    for number in cited if len(cited) > 1 else ():
        others = [other for other in cited if other != number]
        if (await entails([number])).entailed or not (await entails(others)).entailed:
            continue
        idle += 1
        rest = [other for other in kept if other != number]
        if rest == others or (rest and (await entails(rest)).entailed):
            kept = rest
    supported = replace(sentence, findings=tuple(kept), status="supported")
    return Compared(supported, True, len(cited) - idle, len(cited))


def attribution(compared: Sequence[Compared], judge: str) -> Attribution | None:
    """Citation recall and precision over the sentences that were compared; None where none was."""
    citations = sum(each.citations for each in compared)
    if not citations:
        return None
    return Attribution(
        sentences=len(compared),
        citations=citations,
        recall=sum(each.entailed for each in compared) / len(compared),
        precision=sum(each.precise for each in compared) / citations,
        judge=judge,
    )
