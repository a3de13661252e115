"""What is exported is read back by the importers as it was."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from litsearch.exporters import export
from litsearch.importers import open_records
from litsearch.papers import Author, Identifier, Paper, StoredPaper

PROSE = st.lists(
    st.sampled_from(
        [
            "Sparse",
            "retrieval",
            "100%",
            "R&D",
            "a_b",
            "C#",
            "$5",
            "{braces}",
            "x^2",
            "~ten",
            "naïve",
            "検索",
            "BERT",
            "“q”",
        ]
    ),
    min_size=2,
    max_size=8,
).map(lambda words: "Owls " + " ".join(words))
AUTHORS = st.builds(
    Author, st.sampled_from(["Amsel", "Núñez", "van der Meise"]), st.sampled_from(["Ada", "Jean-Luc"])
)
DOI = Identifier("doi", "10.1000/a_b-1")
PAPERS = st.builds(
    Paper,
    title=PROSE,
    abstract=st.one_of(st.just(""), PROSE),
    authors=st.lists(AUTHORS, max_size=3).map(tuple),
    year=st.one_of(st.none(), st.integers(1900, 2025)),
    venue=st.one_of(st.just(""), PROSE),
    kind=st.just("article-journal"),
    identifiers=st.sampled_from([(), (DOI,), (DOI, Identifier("pmid", "77"))]),
    key=st.just("amsel2019"),
    url=st.sampled_from(["", "https://example.org/a?b=1&c=2"]),
    volume=st.sampled_from(["", "3"]),
    issue=st.sampled_from(["", "4"]),
    publisher=st.sampled_from(["", "Birds & Sons"]),
    keywords=st.sampled_from([(), ("owls", "night birds")]),
)


def read_back(paper: Paper, format_name: str) -> Paper:
    stored = StoredPaper(1, paper.key, paper)
    with TemporaryDirectory() as folder:
        path = Path(folder, "papers")
        path.write_text("".join(export([stored], format_name)), "utf-8")  # type: ignore[arg-type]
        [record] = open_records(path, format=format_name).records
    assert isinstance(record, Paper), record
    return record


@settings(max_examples=60, deadline=None)
@given(PAPERS)
def test_our_own_format_keeps_everything(paper: Paper) -> None:
    assert read_back(paper, "jsonl") == paper


@settings(max_examples=60, deadline=None)
@given(PAPERS)
def test_the_formats_of_others_keep_what_a_citation_needs(paper: Paper) -> None:
    for format_name in ("bibtex", "ris", "csl-json"):
        back = read_back(paper, format_name)
        for name in ("title", "authors", "year", "venue", "key", "volume", "issue"):
            assert getattr(back, name) == getattr(paper, name), (format_name, name)
        assert set(paper.identifiers) <= set(back.identifiers), format_name
