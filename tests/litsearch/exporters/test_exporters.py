import csv as csvlib
import io
import json
import re

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from litsearch.exporters import FORMATS, Format, export
from litsearch.exporters.citation import citation_key, pandoc_citation, safe_url, web_link
from litsearch.papers import Author, Identifier, Paper, StoredPaper

PAPER = Paper(
    title="BERT & the 100% of {braces}: a_b of C# at $5 for müons ~ 1^2 \\o/",
    abstract="We study.\nTwo lines.",
    authors=(
        Author("Núñez, Jr.", "Ana"),
        Author("World Health Organization"),
        Author("Rice and Beans", "B."),
    ),
    year=2019,
    venue="Proc. of R&D",
    kind="paper-conference",
    identifiers=(
        Identifier("doi", "10.1/a_b%c"),
        Identifier("arxiv", "1901.00001"),
        Identifier("pmid", "77"),
        Identifier("acl", "P19-1001"),
    ),
    key="nunez2019",
    url="https://example.org/a?b=1&c=%20d",
    volume="3",
    issue="4",
    pages="1–10",
    publisher="P",
    language="en",
    keywords=("one", "two words"),
    references=("doi:10.2/x",),
    extra={"note": "kept"},
)
STORED = StoredPaper(7, "nunez2019", PAPER, tags=("read",), collections=("thesis",))


def text_of(format_name: Format, *papers: StoredPaper) -> str:
    return "".join(export(papers, format_name))


def bibtex_fields(text: str) -> dict[str, str]:
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    (entry,) = library.entries
    return {"": entry.key, **{field.key: field.value for field in entry.fields}}


def latex_to_text(latex: str) -> str:
    text: str = LatexNodes2Text().latex_to_text(latex)
    return text.replace("ˆ", "^")


def test_bibtex_is_read_back_by_a_bibtex_parser_as_it_was() -> None:
    fields = bibtex_fields(text_of("bibtex", STORED))
    assert fields[""] == "nunez2019"
    assert latex_to_text(fields["title"]) == PAPER.title
    assert latex_to_text(fields["booktitle"]) == PAPER.venue
    assert "{BERT}" in fields["title"]
    assert fields["author"] == "{Núñez, Jr.}, Ana and {World Health Organization} and {Rice and Beans}, B."
    assert (fields["doi"], fields["eprint"], fields["archiveprefix"]) == ("10.1/a_b%c", "1901.00001", "arXiv")
    assert (fields["pages"], fields["number"], fields["acl"]) == ("1--10", "4", "P19-1001")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_bibtex_holds_any_text(title: str) -> None:
    text = text_of("bibtex", StoredPaper(1, "k", Paper(title=f"A {title} z", abstract=title)))
    fields = bibtex_fields(text)
    shown = latex_to_text(fields["title"])
    for character in "%$#&_\\":
        assert shown.count(character) == title.count(character)


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_keys_never_become_one(one: str, other: str) -> None:
    assert (citation_key(one) == citation_key(other)) == (one == other)


def test_keys_stay_where_they_can() -> None:
    assert citation_key("Vaswani:2017/a+b") == "Vaswani:2017/a+b"
    assert pandoc_citation("Vaswani:2017") == "@Vaswani:2017"
    assert pandoc_citation("Vaswani2017.") == "@{Vaswani2017.}"
    assert pandoc_citation("a b") == "@a-x20b"


def test_ris_is_read_back_by_rispy() -> None:
    (record,) = rispy.loads(text_of("ris", STORED))
    assert (record["type_of_reference"], record["id"]) == ("CPAPER", "nunez2019")
    assert record["title"] == PAPER.title
    assert record["authors"] == ["Núñez, Jr., Ana", "World Health Organization", "Rice and Beans, B."]
    assert (record["year"], record["doi"]) == ("2019", "10.1/a_b%c")
    assert (record["start_page"], record["end_page"]) == ("1", "10")
    assert record["keywords"] == ["one", "two words"]
    assert record["abstract"] == "We study. Two lines."


def test_a_line_that_looks_like_a_tag_begins_no_record_in_ris() -> None:
    paper = Paper(title="T", abstract="first\nER  - \nTY  - JOUR\nTI  - forged")
    assert len(rispy.loads(text_of("ris", StoredPaper(1, "k", paper)))) == 1


def test_csl_json_is_an_array_of_items() -> None:
    items = json.loads(text_of("csl-json", STORED, STORED))
    assert len(items) == 2
    assert items[0]["author"][:2] == [
        {"family": "Núñez, Jr.", "given": "Ana"},
        {"literal": "World Health Organization"},
    ]
    assert items[0]["issued"] == {"date-parts": [[2019]]}
    assert (items[0]["DOI"], items[0]["PMID"], items[0]["type"]) == ("10.1/a_b%c", "77", "paper-conference")
    assert "arxiv:1901.00001" in items[0]["note"]
    assert json.loads(text_of("csl-json")) == []


def test_csv_has_a_row_a_paper() -> None:
    (row,) = csvlib.DictReader(io.StringIO(text_of("csv", STORED)))
    assert (row["key"], row["title"], row["doi"], row["tags"]) == (
        "nunez2019",
        PAPER.title,
        "10.1/a_b%c",
        "read",
    )
    assert row["authors"].startswith("Núñez, Jr., Ana; World Health Organization; ")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝"])
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(start: str) -> None:
    paper = Paper(title=f"{start}HYPERLINK(1)", venue=f"{start}1", authors=(Author(f"{start}cmd"),))
    (row,) = csvlib.DictReader(io.StringIO(text_of("csv", StoredPaper(1, f"{start}k", paper))))
    assert not [cell for cell in row.values() if cell.startswith(start)]


def test_markdown_names_and_links_the_paper() -> None:
    text = text_of("markdown", STORED)
    assert "(2019)" in text
    assert "(<https://doi.org/10.1/a_b%25c>)" in text
    assert text.endswith("[@nunez2019]\n")


def test_markup_of_a_title_is_not_markup_in_markdown() -> None:
    title = "<script>x</script> [a](javascript:b) **c** `d` [@e] # f"
    text = text_of("markdown", StoredPaper(1, "k", Paper(title=title)))
    assert not re.search(r"(?<!\\)[<\[`#](?!@k)", text)


def test_links_are_http_or_https_or_nothing() -> None:
    assert web_link(("pmid:1", "doi:10.1/x")) == "https://doi.org/10.1/x"
    assert web_link((), "http://example.org/x>y") == "http://example.org/x%3Ey"
    for url in ("javascript:alert(1)", "file:///etc/passwd", "ftp://x/y", "http://", "", "http://[bad"):
        assert safe_url(url) == ""


def test_jsonl_has_everything_and_nothing_empty() -> None:
    record = json.loads(text_of("jsonl", STORED))
    assert record["identifiers"][1] == "arxiv:1901.00001"
    assert (record["extra"], record["tags"], record["references"]) == (
        {"note": "kept"},
        ["read"],
        ["doi:10.2/x"],
    )
    assert json.loads(text_of("jsonl", StoredPaper(1, "k", Paper(title="T")))) == {"key": "k", "title": "T"}


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_bare_paper_can_be_written_in_every_format(format_name: Format) -> None:
    assert "Bare title" in text_of(format_name, StoredPaper(1, "k", Paper(title="Bare title")))
