"""Records to one paper: which field of which record is shown."""

from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from litsearch.merging import merge, overlay
from litsearch.papers import Author, Identifier, Paper

PREPRINT = Paper(
    title="Attention Is All You Need",
    abstract="A long abstract, as the authors wrote it at first.",
    authors=(Author("Vaswani", "A."),),
    year=2016,
    venue="arXiv",
    identifiers=(Identifier("arxiv", "1706.03762"), Identifier("doi", "10.48550/arxiv.1706.03762")),
    keywords=("Attention", "translation"),
    extra={"comment": "15 pages"},
)
JOURNAL = Paper(
    title="ATTENTION IS ALL YOU NEED.",
    abstract="A short abstract.",
    authors=(Author("Vaswani", "Ashish"), Author("Shazeer", "Noam")),
    year=2017,
    venue="NeurIPS",
    pages="1-11",
    identifiers=(Identifier("doi", "10.5555/3295222"),),
    key="vaswani17",
    keywords=("attention", "transformer"),
)


def test_the_richer_field_wins_in_either_order() -> None:
    for records in permutations([PREPRINT, JOURNAL]):
        paper = merge(records)
        assert paper.title == PREPRINT.title
        assert paper.abstract == PREPRINT.abstract
        assert paper.authors == JOURNAL.authors
        assert (paper.year, paper.venue, paper.pages) == (2017, "NeurIPS", "1-11")
        assert paper.keywords == ("attention", "transformer", "translation")
        assert paper.key == "vaswani17"
        assert paper.extra == {"comment": "15 pages"}
        assert set(paper.identifiers) == {*PREPRINT.identifiers, *JOURNAL.identifiers}


def test_a_real_abstract_wins_over_a_longer_summary() -> None:
    summary = replace(JOURNAL, abstract="A summary of ours. " * 20, is_summary=True)
    for records in permutations([summary, PREPRINT]):
        paper = merge(records)
        assert (paper.abstract, paper.is_summary) == (PREPRINT.abstract, False)
    assert merge([summary, replace(PREPRINT, abstract="")]).is_summary


def test_a_newer_state_decides_what_it_says_and_keeps_the_rest() -> None:
    later = Paper(title="Attention", abstract="", year=2018, identifiers=(Identifier("doi", "10.1/x"),))
    paper = overlay([PREPRINT, later])
    assert (paper.title, paper.year) == ("Attention", 2018)
    assert paper.abstract == PREPRINT.abstract
    assert paper.identifiers == (Identifier("doi", "10.1/x"), Identifier("arxiv", "1706.03762"))


def test_a_real_abstract_replaces_a_summary_in_a_newer_state() -> None:
    paper = overlay([replace(PREPRINT, is_summary=True), replace(PREPRINT, abstract="Real.")])
    assert (paper.abstract, paper.is_summary) == ("Real.", False)


def test_disguised_identifiers_are_shown() -> None:
    paper = merge([Paper(title="x", identifiers=(Identifier("doi", "10.18653/v1/p19-1001"),))])
    assert Identifier("acl", "P19-1001") in paper.identifiers


words = st.text("abc ", max_size=8)
papers = st.builds(
    Paper,
    title=words,
    abstract=words,
    authors=st.lists(st.builds(Author, words, words), max_size=2).map(tuple),
    year=st.none() | st.integers(2000, 2005),
    venue=words,
    identifiers=st.lists(
        st.builds(Identifier, st.sampled_from(["doi", "arxiv", "issn"]), words), max_size=3, unique=True
    ).map(tuple),
    keywords=st.lists(words, max_size=2, unique=True).map(tuple),
)


@given(st.lists(papers, min_size=1, max_size=4))
def test_nothing_is_poorer_than_the_richest_record_and_no_identifier_is_lost(records: list[Paper]) -> None:
    paper = merge(records)
    assert set(paper.identifiers) >= {identifier for record in records for identifier in record.identifiers}
    assert len(paper.abstract) == max(len(record.abstract) for record in records)
    assert len(paper.authors) == max(len(record.authors) for record in records)
    assert bool(paper.venue) == any(record.venue for record in records)
    assert merge([paper, *records]).identifiers == merge([paper]).identifiers


@given(st.lists(papers, min_size=2, max_size=3))
def test_order_does_not_change_which_identifiers_there_are(records: list[Paper]) -> None:
    assert len({frozenset(merge(list(order)).identifiers) for order in permutations(records)}) == 1
