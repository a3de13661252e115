"""Which records are the same paper, and what a record is recognised by."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litsearch.matching import (
    arrival,
    conflict,
    from_body,
    same_record,
    same_work,
    strong_ids,
    title_key,
    to_body,
)
from litsearch.names import parse_name
from litsearch.papers import Author, Identifier, Paper

PAPER = Paper(title="Attention is all you need", authors=(Author("Vaswani", "Ashish"),), year=2017)


def ids(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((scheme, value) for scheme, _, value in (name.partition(":") for name in names))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Attention Is All You Need.", "Attention is all you need"),
        ("Näive Bayes - and its friends", "Naive Bayes and its friends"),
        ("Pre-training & retrieval of documents", "Pretraining and retrieval of documents"),
        ("Müller's theory of Gödel numbers", "Mueller’s theory of Goedel numbers"),
        ("注意力机制就是你所需要的全部", "注意力机制就是你所需要的全部。"),
    ],
)
def test_titles_match_whatever_their_case_accents_and_punctuation(one: str, other: str) -> None:
    assert title_key(replace(PAPER, title=one)) == title_key(replace(PAPER, title=other)) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ("van der Berg", "Berg"),
            ("García Márquez", "Marquez"),
            ("VASWANI", "Vaswani"),
            ("O'Neil", "O’Neil"),
        ),
        *(("Smith Jr.", "Smith"), ("Doe III", "Doe"), ("Müller", "Mueller"), ("Ørsted", "Oersted")),
    ],
)
def test_family_names_match_wherever_files_split_them(one: str, other: str) -> None:
    keys = {title_key(replace(PAPER, authors=(Author(name),))) for name in (one, other)}
    assert len(keys) == 1


def test_first_authors_match_however_files_write_their_names() -> None:
    names = ("Xi Chen", "Chen, Xi", "X. Chen", "Chen X.", "Chen X")
    assert len({title_key(replace(PAPER, authors=(parse_name(name),))) for name in names}) == 1
    spaced = ("陈曦", "陈 曦", "陈, 曦")
    assert len({title_key(replace(PAPER, authors=(parse_name(name),))) for name in spaced}) == 1


@pytest.mark.parametrize(
    "paper",
    [
        replace(PAPER, title="Deep residual learning"),
        replace(PAPER, title="绪论"),
        replace(PAPER, authors=()),
        replace(PAPER, authors=(Author("!"),)),
        replace(PAPER, year=None),
    ],
)
def test_titles_that_say_too_little_match_nothing(paper: Paper) -> None:
    assert title_key(paper) is None


def test_other_titles_and_authors_do_not_match() -> None:
    assert title_key(PAPER) != title_key(replace(PAPER, title="Attention is all we need"))
    assert title_key(PAPER) != title_key(replace(PAPER, authors=(Author("Shazeer"),)))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (["doi:10.1/a"], ["doi:10.1/b"], True),
        (["doi:10.1/a", "doi:10.1/b"], ["doi:10.1/b"], False),
        (["doi:10.1/a"], ["arxiv:2101.00001"], False),
        (["doi:10.1/a", "pmid:1"], ["doi:10.1/a", "pmid:2"], True),
        (["doi:10.48550/arxiv.2101.00001"], ["doi:10.1/a"], False),
        (["doi:10.48550/arxiv.2101.00001"], ["doi:10.48550/arxiv.2101.00002"], True),
        ([], ["doi:10.1/a"], False),
    ],
)
def test_conflicts(one: list[str], other: list[str], expected: bool) -> None:
    mine, theirs = (strong_ids(Identifier(*name) for name in ids(*names)) for names in (one, other))
    assert conflict(mine, theirs) is conflict(theirs, mine) is expected


@pytest.mark.parametrize(
    ("doi", "disguised"),
    [
        ("10.48550/arxiv.2101.00001", ("arxiv", "2101.00001")),
        ("10.18653/v1/p19-1001", ("acl", "P19-1001")),
        ("10.18653/v1/2020.acl-main.1", ("acl", "2020.acl-main.1")),
    ],
)
def test_a_doi_that_is_another_id_in_disguise_counts_as_both(doi: str, disguised: tuple[str, str]) -> None:
    assert strong_ids([Identifier("doi", doi)]) == (("doi", doi), disguised)


def test_weak_identifiers_settle_nothing() -> None:
    assert strong_ids([Identifier("issn", "1234-5678"), Identifier("isbn", "9780000000000")]) == ()


def test_one_key_on_two_works_is_two_records() -> None:
    other = Paper(title="Something else entirely", authors=(Author("Smith"),), year=2017, key="k")
    assert not same_record(replace(PAPER, key="k"), other)
    assert same_record(PAPER, replace(PAPER, title="Attention is all you need: corrected"))
    assert same_record(PAPER, replace(PAPER, authors=(), year=None))
    doi = (Identifier("doi", "10.1000/a"),)
    assert same_record(replace(PAPER, identifiers=doi), Paper(title="Renamed", identifiers=doi))
    of_its_volume = replace(other, identifiers=doi)
    assert same_record(replace(PAPER, identifiers=doi, key="k"), of_its_volume)
    assert not same_record(replace(PAPER, identifiers=doi), replace(of_its_volume, key=""))


@pytest.mark.parametrize(
    ("title", "name", "expected"),
    [
        ("Attention: is it all you need?", "Shazeer, Noam", True),
        ("Attention is everything you need, or is it", "Shazeer, Noam", True),
        ("Attention is all", "", True),
        ("Mehr als Aufmerksamkeit braucht es nicht", "Vaswani, Ashish", True),
        ("Mehr als Aufmerksamkeit braucht es nicht", "A. VASWANI", True),
        ("Mehr als Aufmerksamkeit braucht es nicht", "Vaswani", True),
        ("Deep residual learning for images", "He, Kaiming", False),
        ("Deep residual learning for images", "Vaswani, Bharat", False),
        ("Do we need attention", "He, Kaiming", False),
        ("Do we need attention", "Vaswani, Ashish", True),
        ("Do we need attention", "", True),
        ("Attention is all", "Shazeer, Noam", True),
        ("You need attention now more than ever", "Shazeer, Noam", False),
        ("Attention for image models", "He, Kaiming", False),
        ("Deep residual learning for images", "", None),
        ("", "He, Kaiming", None),
        ("?!", "He, Kaiming", None),
        ("注意力机制就是你所需要的全部", "瓦斯瓦尼", None),
    ],
)
def test_title_and_first_author_tell_papers_of_one_volume_apart(
    title: str, name: str, expected: bool | None
) -> None:
    other = replace(PAPER, title=title, authors=(parse_name(name),) if name else ())
    assert same_work(PAPER, other) is same_work(other, PAPER) is expected


texts = st.text(max_size=12)
papers = st.builds(
    Paper,
    title=texts,
    abstract=texts,
    authors=st.lists(st.builds(Author, texts, texts), max_size=3).map(tuple),
    year=st.none() | st.integers(1500, 2100),
    venue=texts,
    identifiers=st.lists(st.builds(Identifier, st.sampled_from(["doi", "issn"]), texts), max_size=3).map(
        tuple
    ),
    key=texts,
    keywords=st.lists(texts, max_size=3).map(tuple),
    references=st.lists(texts, max_size=3).map(tuple),
    is_summary=st.booleans(),
    extra=st.dictionaries(texts, texts, max_size=3),
)


@given(papers)
def test_a_body_is_the_whole_record(paper: Paper) -> None:
    assert from_body(to_body(paper)) == paper
    assert arrival(from_body(to_body(paper))) == arrival(paper)
