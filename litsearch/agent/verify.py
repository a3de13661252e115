"""What of a draft may be shown: sentences that cite checked quotes and name nothing beyond them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from litsearch.agent.events import Dropped, Finding, Sentence
from litsearch.agent.mentions import unfounded_mentions
from litsearch.agent.numbers import unsupported_numbers
from litsearch.agent.wording import bearing, only_repeats
from litsearch.papers import StoredPaper

RETRACTED = "cites a retracted paper"

_MARKER = re.compile(r"\s*[\[(](?:findings?\s*)?\d+(?:\s*(?:,|;|-|–|and)\s*\d+)*[\])]", re.IGNORECASE)


def check(
    drafted: Sequence[Sentence],
    findings: Sequence[Finding],
    papers: Mapping[int, StoredPaper],
    question: str,
) -> tuple[tuple[Sentence, ...], tuple[Dropped, ...]]:
    """The sentences that cite findings there are, and name nothing beyond them; each is "quoted".

    Numbers of findings that don't exist are taken out, and of those whose quotes have little of the
    sentence's words where others have more; a sentence left with none is dropped.
    """
    known = {finding.number: finding for finding in findings if finding.quote.id in papers}
    kept: list[Sentence] = []
    dropped: list[Dropped] = []
    for sentence in drafted:
        cited = tuple(dict.fromkeys(number for number in sentence.findings if number in known))
        if not sentence.text:
            continue
        if not cited:
            named = ", ".join(str(number) for number in sentence.findings)
            dropped.append(
                Dropped(sentence.text, f"there is no finding {named}" if named else "it cites nothing")
            )
            continue
        bears = bearing(sentence.text, [known[number].quote.text for number in cited])
        cited = tuple(number for number, bear in zip(cited, bears, strict=True) if bear)
        missing = _missing(sentence.text, [known[number] for number in cited], papers, question)
        if missing:
            dropped.append(Dropped(sentence.text, f"its quotes do not have {', '.join(missing)}"))
            continue
        quotes = [known[number].quote for number in cited]
        sources = [text for quote in quotes for text in (quote.text, papers[quote.id].paper.title)]
        if only_repeats(sentence.text, question, sources):
            dropped.append(
                Dropped(sentence.text, "it only repeats the question, and its quotes are not about that")
            )
            continue
        retracted = any(known[number].strength.retracted for number in cited)
        note = RETRACTED if retracted else sentence.note
        kept.append(replace(sentence, findings=cited, status="quoted", note=note))
    return tuple(kept), tuple(dropped)


def without_markers(text: str) -> str:
    """The text of a sentence without citation marks of the model's own, such as [3]."""
    return " ".join(_MARKER.sub("", text).split())


def _missing(
    text: str, cited: Sequence[Finding], papers: Mapping[int, StoredPaper], question: str
) -> tuple[str, ...]:
    """Numbers, quotations and works that a sentence names without the papers it cites."""
    quotes = [finding.quote.text for finding in cited]
    sources = list({finding.quote.id: papers[finding.quote.id].paper for finding in cited}.values())
    numbers = unsupported_numbers(
        text,
        quotes,
        years=[paper.year for paper in sources if paper.year],
        papers=len(sources),
        names=[*(paper.title for paper in sources), question],
    )
    return (*numbers, *unfounded_mentions(text, quotes, sources))
