"""The report as Markdown and as HTML: what it says, and that others' text is shown and never obeyed."""

import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from made_reviews import made

from litsearch.review.outputs import flow_svg, plots
from litsearch.review.outputs.document import Document
from litsearch.review.outputs.html import html
from litsearch.review.outputs.markdown import markdown
from litsearch.review.outputs.markup import clip, columns, fit, wrap
from litsearch.review.outputs.report import report
from litsearch.review.result import Flow

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=y>",
    "]]>",
    "&amp;",
    "\x00\x1b[31m",
    "a\u202eb",
]
texts = st.text(min_size=1) | st.sampled_from(HOSTILE)


class Page(HTMLParser):
    """What a browser would make of a page: elements, ids, links, and the text that is shown."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._hidden = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._hidden += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    def all(self, name: str) -> list[str]:
        return [value for each, value in self.attributes if each == name]


def page(document: Document) -> Page:
    return Page("".join(html(document)))


def squeezed(text: str) -> str:
    return "".join(fit(text).split())


@given(texts)
def test_html_shows_every_text_and_obeys_none(text: str) -> None:
    plain, hostile = page(report(made())), page(report(made(text)))
    assert set(hostile.elements) == set(plain.elements)
    assert hostile.elements.count("td") == plain.elements.count("td")
    assert {name for name, _ in hostile.attributes} == {name for name, _ in plain.attributes}
    assert squeezed(f"Review of {text}") in squeezed("".join(hostile.words))


def test_html_needs_nothing_from_elsewhere() -> None:
    found = page(report(made()))
    assert not {"script", "link", "img", "iframe", "object"} & set(found.elements)
    assert not found.all("src")
    assert "@import" not in "".join(html(report(made())))
    assert "url(" not in "".join(html(report(made())))


def test_every_citation_leads_to_its_reference() -> None:
    found = page(report(made()))
    inside = {link.removeprefix("#") for link in found.all("href") if link.startswith("#")}
    ids = found.all("id")
    assert inside <= set(ids)
    assert len(ids) == len(set(ids))
    written = "".join(markdown(report(made())))
    cited = set(re.findall(r"\(#(ref-\d+)\)", written))
    assert cited
    assert cited <= set(re.findall(r'<a id="(ref-\d+)"></a>', written))


def test_what_is_said_is_there_in_both() -> None:
    document = report(made())
    shown = squeezed("".join(page(document).words))
    written = "".join(markdown(document))
    for words in (
        "plain words less in some.",
        "Expansion number 2 helped in all cases.",
        "What contradicts",
        "Where papers disagree",
        "This question failed: the server is gone",
        "not said",
        "4 searches of 50 papers.",
        "Partial: something failed or was cut short.",
        "one sentence more",
        "about plain words",
    ):
        assert squeezed(words) in shown
        assert words in written


def test_a_paper_has_one_number_in_the_whole_report_and_uncited_ones_come_last() -> None:
    written = "".join(markdown(report(made())))
    numbered = re.findall(r'^(\d+)\. <a id="ref-\1">.*`(\w+)`$', written, re.MULTILINE)
    assert numbered == [(str(number), f"amsel{2000 + number}") for number in range(1, 7)]
    assert "[[1](#ref-1), [2](#ref-2)]" in written  # the synthesis, by the same numbers


def test_no_time_id_or_cost_is_in_the_report() -> None:
    written = "".join((*markdown(report(made())), *html(report(made()))))
    for words in ("2026-01-01", "review-abcd", "run-1", "0.01"):
        assert words not in written


@given(texts)
def test_markdown_obeys_no_text(text: str) -> None:
    written = "".join(markdown(report(made(text))))
    assert not re.search(r"(?<!\\)<(?!/?a\b|https://)", written)
    headings = re.findall(r"^#{1,6} .*$", written, re.MULTILINE)
    assert len(headings) == len(re.findall(r"^#{1,6} .*$", "".join(markdown(report(made()))), re.MULTILINE))
    rows = [line for line in written.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3, 4}


@given(texts)
def test_drawings_are_xml_and_show_the_text(text: str) -> None:
    drawn = flow_svg.svg(Flow(((text, 3),), 0, 3, ((text, 1),), 2))
    words = "".join(ElementTree.fromstring(drawn).itertext())
    assert squeezed(text) in squeezed(words)
    ElementTree.fromstring(plots.stances(made(text).questions))


@given(st.lists(st.integers(1500, 2100), min_size=1, max_size=60))
def test_years_count_every_paper(years: list[int]) -> None:
    drawn = ElementTree.fromstring(plots.years(years))
    bars = [title.text or "" for title in drawn.findall(".//{*}rect/{*}title")]
    assert sum(int(bar.rpartition(": ")[2]) for bar in bars) == len(years)
    assert len(bars) <= 41


@given(st.text(), st.integers(4, 60))
def test_wrapped_text_is_whole_and_clipped_text_is_short(text: str, most: int) -> None:
    lines = wrap(text, most)
    assert squeezed("".join(lines)) == squeezed(text)
    assert all(columns(line) <= most for line in lines)
    assert columns(clip(text, most)) <= most
