"""``report.html``: a report as one page that needs nothing else: no script, font or picture."""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import assert_never

from litsearch.agent.events import Reference
from litsearch.exporters.citation import web_link
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
from litsearch.review.outputs.markup import escape

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # what a browser may load: nothing


def html(document: Document) -> Iterator[str]:
    title = escape(document.title)
    style = (files("litsearch.review.outputs") / "report.css").read_text("utf-8")
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    )
    contents = [block for block in document.blocks if isinstance(block, Heading)]
    for block in document.blocks:
        if contents and block is contents[0]:  # after the summary
            yield from _navigation(contents)
        yield from _block(block)
    yield "</main>\n</body>\n</html>\n"


def _navigation(contents: Sequence[Heading]) -> Iterator[str]:
    yield "<nav>\n"
    yield from (f'<a class="level-{h.level}" href="#{h.anchor}">{escape(h.text)}</a>\n' for h in contents)
    yield "</nav>\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text, anchor):
            yield f'<h{level} id="{anchor}">{escape(text)}</h{level}>\n'
        case Paragraph(inlines, kind):
            yield f"<p{_class(kind)}>{_inlines(inlines)}</p>\n"
        case Items(items):
            yield "<ul>\n"
            yield from (f"<li>{_inlines(item)}</li>\n" for item in items)
            yield "</ul>\n"
        case Facts(facts):
            yield "<dl>\n"
            yield from (
                f"<div><dt>{escape(name)}</dt><dd>{_inlines(value)}</dd></div>\n" for name, value in facts
            )
            yield "</dl>\n"
        case Table(head, rows, kind):
            yield f'<div class="wide"><table{_class(kind)}>\n'
            yield f"<thead>{_row(map(escape, head), 'th')}</thead>\n<tbody>\n"
            yield from (_row(map(_inlines, row), "td") for row in rows)
            yield "</tbody></table></div>\n"
        case Figure(_, svg, caption):
            yield f"<figure>\n{svg}<figcaption>{escape(caption)}</figcaption>\n</figure>\n"
        case References(references):
            yield '<ol class="references">\n'
            yield from (_reference(reference) for reference in references)
            yield "</ol>\n"
        case _:
            assert_never(block)


def _row(cells: Iterator[str], element: str) -> str:
    return f"<tr>{''.join(f'<{element}>{cell}</{element}>' for cell in cells)}</tr>\n"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _inlines(inlines: Inlines) -> str:
    return "".join(_inline(each) for each in inlines)


def _inline(inline: Inline) -> str:
    match inline:
        case Cite(numbers):
            links = ", ".join(f'<a href="#ref-{number}">{number}</a>' for number in numbers)
            return f'<span class="cite">[{links}]</span>'
        case Link(file):
            return f'<a href="{escape(file)}">{escape(file)}</a>'
    words = escape(inline.text)
    match inline.style:
        case "":
            return words
        case "strong":
            return f"<strong>{words}</strong>"
        case "quote":
            return f"<q>{words}</q>"
        case "note":
            return f'<span class="note">{words}</span>'
        case stance:
            return f'<span class="stance {stance}">{words}</span>'


def _reference(reference: Reference) -> str:
    authors = f"{escape(', '.join(reference.authors))} " if reference.authors else ""
    year = f"({reference.year}). " if reference.year is not None else ""
    venue = f" <em>{escape(reference.venue)}</em>." if reference.venue else ""
    link = web_link(reference.identifiers, reference.url)
    title = escape(reference.title)
    linked = f'<a href="{escape(link)}" rel="noreferrer">{title}</a>' if link else title
    return (
        f'<li id="ref-{reference.number}" value="{reference.number}">{authors}{year}{linked}.{venue} '
        f"<code>{escape(reference.key)}</code></li>\n"
    )
