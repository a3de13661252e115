"""The end of a run on the screen: answer, evidence, what contradicts it, references, extent and cost."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from litsearch.agent.citations import Citations, by_stance, label
from litsearch.agent.events import Answered, Attribution, Failed, Finding, Reference, Sentence, Spent
from litsearch.agent.story import Story
from litsearch.cli.render_claims import COLOURS, show_claims, source, text
from litsearch.cli.screen import line, page, plural
from litsearch.exporters.citation import author_line, web_link

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_WIDE = 90  # columns from which the evidence fits into a table
MEANING = {
    "supported": "supported: the quotes are checked, and were judged to say what the sentence says",
    "quoted": "quoted: the quotes are checked word for word; whether they say the same was not judged",
    "unverified": "unverified: neither quotes nor a judgement hold this sentence up",
}


def show_story(story: Story) -> None:
    """All of it on stdout, at the width of the terminal, or 80 columns where there is none."""
    with page() as screen:
        if story.answered is None:
            screen.print(text("This run has no answer.", "bold"))
        elif story.answered.review:
            from litsearch.cli.render_sections import show_review

            show_review(screen, story.answered, story.answered.review)
        else:
            _show_answered(screen, story.answered)
        if story.spent:
            screen.print(text(spent_line(story.spent), "dim"))


def _show_answered(screen: "Console", answered: Answered) -> None:
    citations = Citations.of(answered)
    read = any(finding.judge == "model" for finding in answered.findings)
    screen.print(text(line(answered.question), "bold"))
    screen.print()
    if answered.sentences:
        show_sentences(screen, answered.sentences, citations, joined=read)
        show_statuses(screen, answered.sentences, answered.attribution)
    else:
        screen.print(text("No evidence was found, so there is no answer.", "bold"))
    show_ending(screen, answered)
    if answered.findings:
        heading(screen, "Evidence")
        _show_evidence(screen, by_stance(answered.findings), citations)
        heading(screen, "What contradicts")
        _show_against(screen, answered.findings, citations, read=read)
        if any(claim.contested or len(claim.findings) > 1 for claim in answered.claims):
            heading(screen, "Who says the same, and who does not")
            show_claims(screen, answered.claims, citations)
    if answered.references:
        heading(screen, "References")
        show_references(screen, answered.references)
    heading(screen, "What was searched")
    screen.print(text(line(answered.extent.statement)))


def failure_line(failure: Failed) -> str:
    """Which step failed, why, and what to do."""
    hint = f" ({line(failure.hint)})" if failure.hint else ""
    return f"{line(failure.step)} failed: {line(failure.message)}{hint}"


def spent_line(spent: Spent) -> str:
    """``12 calls (3 from the cache), 10,000 tokens in, 2,000 out, $0.0123``."""
    cached = f" ({spent.cached:,} from the cache)" if spent.cached else ""
    if not spent.calls and not spent.cached:
        return "No model was called."
    cost = "cost unknown" if spent.cost is None else f"${spent.cost:.4f}"
    tokens = f"{spent.prompt_tokens:,} tokens in, {spent.completion_tokens:,} out"
    return f"{plural(spent.calls, 'model call')}{cached}, {tokens}, {cost}"


def attribution_line(said: Attribution) -> str:
    """Recall and precision of the draft's citations, in plain words."""
    judge = "the model" if said.judge == "model" else line(said.judge)
    return (
        f"Of {plural(said.sentences, 'drafted sentence')}, {said.recall:.0%} follow from their quotes as "
        f"{judge} judged (citation recall); of {plural(said.citations, 'citation')}, {said.precision:.0%} "
        "were to the point (citation precision)."
    )


def heading(screen: "Console", title: str) -> None:
    """A line above, then the title of a part."""
    screen.print()
    screen.print(text(title, "bold underline"))


def _answer(sentences: Sequence[Sentence], citations: Citations) -> "Text":
    """The sentences as a paragraph; each says its status where they differ."""
    from rich.text import Text

    differ = len({sentence.status for sentence in sentences}) > 1
    answer = Text()
    for sentence in sentences:
        if answer:
            answer.append(" ")
        answer.append(line(sentence.text))
        if cited := citations.sentence(sentence):
            answer.append(f" [{', '.join(str(reference.number) for reference in cited)}]", "cyan")
        if differ or sentence.status == "unverified":
            answer.append(f" ({sentence.status})", "yellow" if sentence.status == "unverified" else "dim")
        if sentence.note:
            answer.append(f" ({line(sentence.note)})", "dim")
    return answer


def show_sentences(
    screen: "Console", sentences: Sequence[Sentence], citations: Citations, *, joined: bool
) -> None:
    """A paragraph, or quotes that nobody joined into a text, one under the other."""
    from rich.table import Table

    if joined:
        screen.print(_answer(sentences, citations))
        return
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for sentence in sentences:
        grid.add_row(text("-", "dim"), _answer([sentence], citations))
    screen.print(grid)


def show_statuses(screen: "Console", sentences: Sequence[Sentence], attribution: Attribution | None) -> None:
    """What the sentences' statuses mean, and how well their citations carry them."""
    for status in dict.fromkeys(sentence.status for sentence in sentences):
        screen.print(text(MEANING[status], "dim"))
    if attribution:
        screen.print(text(attribution_line(attribution), "dim"))


def show_ending(screen: "Console", answered: Answered) -> None:
    """That a run ended early, where it did."""
    if not answered.complete:
        screen.print(text(f"This run ended early: {line(answered.ending) or 'it was stopped'}.", "yellow"))


def _show_evidence(screen: "Console", findings: Sequence[Finding], citations: Citations) -> None:
    from rich.padding import Padding
    from rich.table import Table

    if screen.width < _WIDE:
        for finding in findings:
            screen.print(
                text(f"{label(finding.stance)} ", COLOURS[finding.stance]) + source(finding, citations)
            )
            screen.print(Padding(text(f"“{line(finding.quote.text)}”"), (0, 0, 0, 2)))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    table.add_column("stance", no_wrap=True)
    table.add_column("quote", ratio=3, overflow="fold")
    table.add_column("paper", ratio=1, overflow="fold")
    for finding in findings:
        table.add_row(
            text(label(finding.stance), COLOURS[finding.stance]),
            text(f"“{line(finding.quote.text)}”"),
            source(finding, citations),
        )
    screen.print(table)


def _show_against(
    screen: "Console", findings: Iterable[Finding], citations: Citations, *, read: bool
) -> None:
    against = [finding for finding in findings if finding.stance in ("contradicts", "mixed")]
    if not against and not read:
        screen.print(text("Not known: without a model, quotes are not compared with each other."))
    elif not against:
        screen.print(text("None of these quotes was judged to contradict the answer."))
    for finding in against:
        words = text(f"{finding.stance}: ", COLOURS[finding.stance])
        screen.print(words + text(f"{line(finding.claim)} ") + source(finding, citations))


def show_references(screen: "Console", references: Sequence[Reference]) -> None:
    """One under the other, by number."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True, style="cyan")
    grid.add_column(overflow="fold")
    for reference in references:
        grid.add_row(text(f"[{reference.number}]"), text(" ".join(reference_parts(reference))))
    screen.print(grid)


def reference_parts(reference: Reference) -> Iterator[str]:
    """Authors, year, title, venue, link and key, to be joined by spaces."""
    if reference.authors:
        yield author_line([line(name) for name in reference.authors])
    if reference.year is not None:
        yield f"({reference.year})."
    yield f"{line(reference.title)}."
    if reference.venue:
        yield f"{line(reference.venue)}."
    if link := web_link(reference.identifiers, reference.url):
        yield link
    yield f"({line(reference.key)})"
    if reference.is_summary:
        yield "What is quoted is litsearch's summary, not the paper."
