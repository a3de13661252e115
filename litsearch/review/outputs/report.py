"""What the report says, in order."""

from collections.abc import Iterator

from litsearch.agent.events import Reference
from litsearch.review.outputs import flow_svg, plots
from litsearch.review.outputs.document import (
    Block,
    Document,
    Facts,
    Figure,
    Heading,
    Inlines,
    Items,
    Paragraph,
    References,
    Table,
    Words,
)
from litsearch.review.outputs.extraction import plain
from litsearch.review.outputs.methods import methods, scope
from litsearch.review.outputs.numbering import citations, references
from litsearch.review.outputs.questions import question, sentences
from litsearch.review.result import Cell, ReviewResult

_STATUS = {
    "complete": "Complete: every stage did all that the protocol asks for.",
    "partial": "Partial: something failed or was cut short.",
    "failed": "Failed: no question was answered.",
}
_STARTER = (
    "These papers are litsearch's starter library: what is quoted is litsearch's own summary of a paper, not "
    "the paper."
)
_MEANING = {
    "supported": "the quotes are checked, and were judged to say what the sentence says",
    "quoted": "the quotes are checked word for word; whether they say the same was not judged",
    "unverified": "neither quotes nor a judgement hold the sentence up",
}


def report(result: ReviewResult) -> Document:
    """The report, without times and costs, which are in the manifest."""
    numbered = references(result)
    return Document(
        result.protocol.title,
        (
            *_summary(result, numbered),
            *_synthesis(result, numbered),
            *_changes(result),
            *_answers(result, numbered),
            *_extraction(result),
            *_screening(result),
            *methods(result),
            *_references(numbered),
        ),
    )


def _summary(result: ReviewResult, numbered: tuple[Reference, ...]) -> Iterator[Block]:
    answered = [asked.answered for asked in result.questions if asked.answered and asked.answered.sentences]
    facts = (
        [("Questions answered", f"{len(answered):,} of {len(result.questions):,}")]
        if result.questions
        else []
    )
    if result.flow.identified:
        facts.append(("Papers screened", f"{result.flow.screened:,}"))
        facts.append(("Papers included", f"{result.flow.included:,}"))
    if result.extracted:
        facts.append(("Papers read for the table", f"{len(result.extracted):,}"))
    facts += [("Checked quotes", f"{len(result.findings):,}"), ("References", f"{len(numbered):,}")]
    facts.append(("Read by", result.manifest.model or "a program; no model was asked"))
    if result.status != "complete":
        yield Paragraph(_words(_STATUS[result.status]), "warning")
    if result.problems:
        yield Items(tuple(_words(problem) for problem in result.problems))
    if result.manifest.starter:
        yield Paragraph(_words(_STARTER), "warning")
    yield Facts(tuple((name, _words(value)) for name, value in facts))
    if found := [stored.paper.year for stored in result.papers if stored.paper.year is not None]:
        yield Figure("years.svg", plots.years(found), "Papers that were included or quoted, by year.")


def _synthesis(result: ReviewResult, numbered: tuple[Reference, ...]) -> Iterator[Block]:
    if result.synthesis:
        yield Heading(2, "Synthesis", "synthesis")
        yield Paragraph(sentences(result.synthesis, citations(result.findings, numbered)))


def _changes(result: ReviewResult) -> Iterator[Block]:
    if result.changes:
        yield Heading(2, "What changed", "changes")
        yield Facts(tuple((asked, _words(change)) for asked, change in result.changes))


def _answers(result: ReviewResult, numbered: tuple[Reference, ...]) -> Iterator[Block]:
    if not result.questions:
        return
    yield Heading(2, "Answers", "answers")
    said = {
        sentence.status
        for asked in result.questions
        if asked.answered
        for sentence in asked.answered.sentences
    }
    if said:
        meanings = "; ".join(f"{status}: {meaning}" for status, meaning in _MEANING.items() if status in said)
        yield Paragraph(
            _words(f"Every quote was found in the stored text by the program. {meanings}."), "note"
        )
    yield Figure(
        "stances.svg",
        plots.stances(result.questions),
        "Where the evidence of each question stands, in quotes.",
    )
    if result.flow.identified:
        among = f"The answers were sought among the {result.flow.included:,} papers that were included."
        yield Paragraph(_words(among), "note")
    narrowed = {each.id: scope(each.filters) for each in result.protocol.questions}
    for place, asked in enumerate(result.questions, 1):
        yield from question(asked, place, numbered, narrowed.get(asked.id, ""))


def _extraction(result: ReviewResult) -> Iterator[Block]:
    if not result.extracted:
        return
    titles = {stored.id: stored.paper.title for stored in result.papers}
    fields = [field.name for field in result.protocol.extract]
    rows = []
    for paper in result.extracted:
        cells = {cell.field: cell for cell in paper.cells}
        name = (Words(paper.key, "strong"), Words(f" {titles.get(paper.id, '')}"))
        rows.append((name, *(_cell(cells.get(field)) for field in fields)))
    yield Heading(2, "Extracted data", "extraction")
    yield Table(("paper", *fields), tuple(rows))


def _cell(cell: Cell | None) -> Inlines:
    if cell is None or cell.value is None:
        return (Words((cell.note if cell else "") or "not found", "note"),)
    value = ("yes" if cell.value else "no") if isinstance(cell.value, bool) else str(plain(cell.value))
    quoted = (Words(" "), Words(cell.quote.text, "quote")) if cell.quote else ()
    noted = (Words(f" {cell.note}", "note"),) if cell.note else ()
    return (Words(value), *quoted, *noted)


def _screening(result: ReviewResult) -> Iterator[Block]:
    flow = result.flow
    if not (flow.identified or flow.screened):
        return
    yield Heading(2, "Flow of papers", "flow")
    yield Figure("prisma.svg", flow_svg.svg(flow), "PRISMA 2020 flow diagram, by titles and abstracts.")
    if flow.excluded:
        rows = tuple((_words(reason), _words(f"{count:,}")) for reason, count in flow.excluded)
        yield Table(("reason for exclusion", "papers"), rows)


def _references(numbered: tuple[Reference, ...]) -> Iterator[Block]:
    if numbered:
        yield Heading(2, "References", "references")
        yield References(numbered)


def _words(text: str) -> Inlines:
    return (Words(text),)
