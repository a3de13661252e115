"""``report.md``: a report as Markdown that reads as it is, and that GitHub and Pandoc show with its links."""

from collections.abc import Callable, Iterator
from typing import assert_never

from litsearch.agent.events import Reference
from litsearch.exporters.citation import web_link
from litsearch.exporters.markdown import inline, plain
from litsearch.review.outputs.document import (
    Block,
    Cite,
    Document,
    Facts,
    Figure,
    Heading,
    Inline,
    Inlines,
    Items,
    Link,
    Paragraph,
    References,
    Table,
)
from litsearch.review.outputs.markup import fit


def markdown(document: Document) -> Iterator[str]:
    yield f"# {_within(document.title)}\n"
    for block in document.blocks:
        yield "\n"
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text, anchor):
            yield f'<a id="{anchor}"></a>\n\n{"#" * level} {_within(text)}\n'
        case Paragraph(inlines, kind):
            yield f"{'> ' if kind == 'warning' else ''}{_line(inlines)}\n"
        case Items(items):
            yield from (f"- {_line(item)}\n" for item in items)
        case Facts(facts):
            yield from (f"- **{_within(name)}**: {_inlines(value)}\n" for name, value in facts)
        case Table(head, rows):
            yield _row([_within(name) for name in head]) + _row(["---"] * len(head))
            yield from (_row([_inlines(cell) for cell in row]) for row in rows)
        case Figure(file, _, caption):
            yield f"![{_within(caption)}]({file})\n"
        case References(references):
            yield from (_reference(reference) for reference in references)
        case _:
            assert_never(block)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _line(inlines: Inlines) -> str:
    """Inlines that begin a line, or an item."""
    return "".join(_inline(each, _within if place else _plain) for place, each in enumerate(inlines)).strip()


def _inlines(inlines: Inlines) -> str:
    return "".join(_inline(each, _within) for each in inlines).strip()


def _inline(each: Inline, shown: Callable[[str], str]) -> str:
    match each:
        case Cite(numbers):
            return f"[{', '.join(f'[{number}](#ref-{number})' for number in numbers)}]"
        case Link(file):
            return f"[{file}]({file})"
    words = shown(each.text)
    before = " " if each.text[:1].isspace() else ""
    after = " " if each.text[1:] and each.text[-1].isspace() else ""
    if not words:
        return before
    match each.style:
        case "strong" | "supports" | "contradicts" | "mixed":
            words = f"**{words}**"
        case "quote":
            words = f"“{words}”"
    return f"{before}{words}{after}"


def _reference(reference: Reference) -> str:
    authors = f"{_within(', '.join(reference.authors))} " if reference.authors else ""
    year = f"({reference.year}). " if reference.year is not None else ""
    venue = f" *{_within(reference.venue)}*." if reference.venue else ""
    link = web_link(reference.identifiers, reference.url)
    title = f"[{_within(reference.title)}](<{link}>)" if link else _within(reference.title)
    key = f" `{_key(reference.key)}`"
    return f'{reference.number}. <a id="ref-{reference.number}"></a>{authors}{year}{title}.{venue}{key}\n'


def _key(key: str) -> str:
    return " ".join(fit(key).replace("`", "'").split())


def _plain(text: str) -> str:
    return plain(fit(text))


def _within(text: str) -> str:
    return inline(fit(text))
