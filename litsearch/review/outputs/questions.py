"""The part of a report that answers one question."""

from collections.abc import Iterator, Sequence

from litsearch.agent.citations import Citations, by_stance, label
from litsearch.agent.events import Answered, Attribution, Claim, Finding, Reference, Sentence, Stance
from litsearch.agent.strength import described
from litsearch.review.outputs.document import (
    Block,
    Cite,
    Heading,
    Inline,
    Inlines,
    Items,
    Paragraph,
    Table,
    Words,
)
from litsearch.review.outputs.numbering import citations
from litsearch.review.result import QuestionResult


def question(
    asked: QuestionResult, place: int, numbered: tuple[Reference, ...], narrowed: str
) -> Iterator[Block]:
    """Its answer, evidence, what contradicts, contested claims, and how much was looked at; ``narrowed`` are
    its own filters in words."""
    yield Heading(3, f"{asked.id}: {asked.question}", f"question-{place}")
    if narrowed:
        yield Paragraph((Words(f"Narrowed to {narrowed}."),), "note")
    if asked.answered is None:
        hint = f" {asked.hint}" if asked.hint else ""
        yield Paragraph((Words(f"This question failed: {asked.error}.{hint}"),), "warning")
        return
    answered = asked.answered
    cited = citations(answered.findings, numbered)
    yield from _answer(answered, cited)
    if answered.findings:
        if not _quoted_as_it_is(answered):
            rows = tuple(_row(each, cited) for each in by_stance(answered.findings))
            yield Table(("stance", "quote", "paper"), rows, "evidence")
        yield from _against(answered.findings, cited)
        yield from _contested([claim for claim in answered.claims if claim.contested], cited)
    yield Paragraph((Words(answered.extent.statement),), "note")


def sentences(said: Sequence[Sentence], cited: Citations) -> Inlines:
    """Sentences as a paragraph; each says its status where they differ."""
    differ = len({sentence.status for sentence in said}) > 1
    inlines: list[Inline] = []
    for sentence in said:
        inlines += [Words(" ")] if inlines else []
        inlines += _sentence(sentence, cited, differ=differ)
    return tuple(inlines)


def _answer(answered: Answered, cited: Citations) -> Iterator[Block]:
    read = any(finding.judge == "model" for finding in answered.findings)
    if not answered.sentences:
        yield Paragraph((Words("No evidence was found, so there is no answer.", "strong"),))
    elif read:
        yield Paragraph(sentences(answered.sentences, cited))
    else:  # quotes that nobody joined into a text
        yield Items(tuple(sentences([sentence], cited) for sentence in answered.sentences))
    if not answered.complete:
        yield Paragraph(
            (Words(f"This answer ended early: {answered.ending or 'it was stopped'}."),), "warning"
        )
    if said := answered.attribution:
        yield Paragraph((Words(_attribution(said)),), "note")


def _attribution(said: Attribution) -> str:
    judge = "the model" if said.judge == "model" else said.judge
    return (
        f"As {judge} judged the draft, {said.recall:.0%} of its sentences follow from their quotes (citation "
        f"recall), and {said.precision:.0%} of its citations are to the point (citation precision)."
    )


def _sentence(sentence: Sentence, cited: Citations, *, differ: bool) -> Inlines:
    inlines: list[Inline] = [Words(sentence.text)]
    if numbers := tuple(reference.number for reference in cited.sentence(sentence)):
        inlines += [Words(" "), Cite(numbers)]
    if differ or sentence.status == "unverified":
        inlines.append(Words(f" ({sentence.status})", "note"))
    if sentence.note:
        inlines.append(Words(f" ({sentence.note})", "note"))
    return tuple(inlines)


def _quoted_as_it_is(answered: Answered) -> bool:
    """Nobody judged a quote, and the answer has them all: a table of them would say it twice."""
    shown = {number for sentence in answered.sentences for number in sentence.findings}
    return all(each.stance == "unjudged" and each.number in shown for each in answered.findings)


def _row(finding: Finding, cited: Citations) -> tuple[Inlines, ...]:
    stance = (Words(label(finding.stance), finding.stance),)
    return stance, (Words(finding.quote.text, "quote"),), _source(finding, cited)


def _source(finding: Finding, cited: Citations) -> Inlines:
    reference = cited.finding(finding)
    inlines: list[Inline] = [Words("litsearch's summary of ")] if finding.quote.is_summary else []
    inlines += [Cite((reference.number,)), Words(" ")] if reference else []
    inlines.append(Words(finding.quote.key))
    if note := described(finding.strength):
        inlines.append(Words(f" ({note})", "note"))
    return tuple(inlines)


def _against(findings: Sequence[Finding], cited: Citations) -> Iterator[Block]:
    against = [finding for finding in findings if finding.stance in ("contradicts", "mixed")]
    if all(finding.stance == "unjudged" for finding in findings):
        yield Paragraph(
            (Words("What contradicts: not known, nobody compared these quotes with the question."),)
        )
    elif not against:
        yield Paragraph((Words("What contradicts: none of these quotes was judged to."),))
    else:
        yield Paragraph((Words("What contradicts", "strong"),))
        yield Items(
            tuple(
                (Words(label(each.stance), each.stance), Words(f" {each.claim} "), *_source(each, cited))
                for each in against
            )
        )


def _contested(claims: Sequence[Claim], cited: Citations) -> Iterator[Block]:
    """Claims on which papers disagree, with both their sides."""
    if claims:
        yield Paragraph((Words("Where papers disagree", "strong"),))
        yield Items(tuple((Words(claim.text), *_sides(claim, cited)) for claim in claims))


def _sides(claim: Claim, cited: Citations) -> Iterator[Inline]:
    sides: tuple[tuple[Stance, tuple[int, ...]], ...] = (
        ("supports", claim.supports),
        ("contradicts", claim.contradicts),
        ("mixed", claim.mixed),
    )
    for stance, numbers in sides:
        found = [reference for each in numbers if (reference := cited.finding(cited.findings[each]))]
        if found:
            yield from (Words(" "), Words(label(stance), stance), Words(" "))
            yield Cite(tuple(sorted({reference.number for reference in found})))
