"""The BM25 leg: what is found, in which order, and what a reader sees of a writer."""

import os
from pathlib import Path

import pytest

from indexes.errors import (
    HintedError,
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    QuerySyntaxError,
)
from indexes.lexical import MANY_IDS, LexicalLeg
from indexes.querylang import parse, restriction
from indexes.types import Change, Document, Filters, MatchedTerm, Query

PAPERS = (
    Document(
        1,
        "smith2020graph",
        "Graph neural networks for molecules",
        "We study graphs of naïve models. Vitamin C helps against COVID-19 in Straße tests.",
        ("Jane Smith", "Wei Wang"),
        2020,
        "Journal of Graphs",
        ("doi:10.1000/abc.1", "arxiv:2101.00001"),
        ("zotero.bib",),
        ("message passing",),
    ),
    Document(2, "li2019", "深度学习的研究", "我们用深度学习 attention。", ("李 明",), 2019, "計算機学報"),
    Document(3, "roe", "To be or not to be", "That is the question of networking.", ("Bob Roe",), None),
    Document(
        4,
        "kim2015",
        "한국어 검색",
        "검색은 어렵다. Neural graph search.",
        ("Kim Jane",),
        2015,
        "Graph Letters",
    ),
    Document(5, "petrov", "Нейронные сети и Ёлки", "О сетях. Σίσυφος. مُحَمَّد", (), 2001),
)


def changes(*papers: Document) -> list[Change]:
    return [Change(revision, paper.id, paper) for revision, paper in enumerate(papers, 1)]


@pytest.fixture(scope="module")
def leg(tmp_path_factory: pytest.TempPathFactory) -> LexicalLeg:
    made = LexicalLeg(tmp_path_factory.mktemp("index") / "bm25")
    made.apply(changes(*PAPERS), 5)
    made.close()
    return made


def ids(leg: LexicalLeg, text: str, filters: Filters | None = None, k: int = 10) -> list[int]:
    return [found for found, _ in leg.search(Query(text, filters or Filters()), k)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("networks", {1, 3}),
        ("the networking of a graph?", {1, 3, 4}),
        ("naive", {1}),
        ("strasse", {1}),
        ("vitamin", {1}),
        ("深度学习", {2}),
        ("度学", {2}),
        ("习", {2}),
        ("검색", {4}),
        ("елки", {5}),
        ("ΣΊΣΥΦΟΣ", {5}),
        ("محمد", {5}),
        ("to be or not to be", {3}),
        ('"graph neural"', {1}),
        ('"neural graph"', {4}),
        ('"graph neural"~3', {1, 4}),
        ('"graph network"', set()),
        ('"graph neural net*"', {1}),
        ('"to be or not"', {3}),
        ('"深度学习"', {2}),
        ('"深度研究"', set()),
        ('"naïve models"', {1}),
        ('"networks"', {1}),
        ("netw*", {1, 3}),
        ("검*", {4}),
        ("title:graphs", {1}),
        ("abstract:graphs", {1, 4}),
        ("title:(graph molecule)", {1}),
        ('title:"neural networks"', {1}),
        ("title:molec*", {1}),
        ("author:jane", {1, 4}),
        ('author:"Smith, Jane"', {1}),
        ('author:"Jane Wang"', set()),
        ("author:smi*", {1}),
        ("venue:graph", {4}),
        ("venue:graph*", {1, 4}),
        ("source:zotero", {1}),
        ('keyword:"message passing"', {1}),
        ("doi:10.1000/ABC.1", {1}),
        ("https://doi.org/10.1000/abc.1", {1}),
        ("doi:10.1000*", {1}),
        ("arxiv:2101.00001", {1}),
        ("id:2101.00001", {1}),
        ("id:arxiv:2101.00001", {1}),
        ("key:Smith2020Graph", {1}),
        ("year:2015..2019", {2, 4}),
        ("year:>=2019 graph", {1}),
        ("graph -molecules", {4}),
        ("+graph +search", {4}),
        ("graph AND (search OR molecules) NOT author:kim", {1}),
        ("author:smith OR year:2001", {1, 5}),
        ("author:kim molecules", set()),
        ("NOT graph", {2, 3, 5}),
        ("absent", set()),
        ("", set()),
        ("?!", set()),
    ],
)
def test_what_a_query_finds(leg: LexicalLeg, text: str, found: set[int]) -> None:
    assert set(ids(leg, text)) == found
    assert leg.count(Query(text)) == len(found)


def test_marked_parts_are_demanded_and_other_words_only_rank(leg: LexicalLeg) -> None:
    assert ids(leg, '"neural networks" search') == [1]
    assert set(ids(leg, "+graph search")) == {1, 4}
    assert ids(leg, "+graph search")[0] == 4


def test_filters_change_no_score(leg: LexicalLeg) -> None:
    free = dict(leg.search(Query("graph networks"), 10))
    kept = dict(leg.search(Query("graph networks", Filters(year_from=2000, authors=("jane",))), 10))
    assert set(kept) == {1, 4}
    assert all(score == free[paper] for paper, score in kept.items())
    assert ids(leg, "", Filters(year_to=2015)) == [4, 5]


def test_large_sets_of_ids_filter_like_small_ones(leg: LexicalLeg) -> None:
    many = frozenset(range(4, 4 + MANY_IDS))
    assert ids(leg, "graph networks", Filters(ids=many)) == [4]
    assert ids(leg, "", Filters(ids=many)) == [4, 5]
    assert ids(leg, "graph networks", Filters(ids=many - {4})) == []


def test_words_asked_for_twice_weigh_twice(leg: LexicalLeg) -> None:
    once, twice = (
        dict(leg.search(Query(text), 5)) for text in ("molecules graph", "molecules molecules graph")
    )
    assert twice[4] == once[4]
    assert twice[1] > once[1]


def test_an_expansion_adds_its_weight_and_brings_in_papers_but_does_not_count(leg: LexicalLeg) -> None:
    plain = dict(leg.search(Query("molecules"), 5))
    expanded = Query("molecules", expansion=(MatchedTerm("searching", 0.5),))
    hits = dict(leg.search(expanded, 5))
    assert hits[1] == plain[1]
    full = dict(leg.search(Query("search"), 5))
    assert hits[4] == pytest.approx(full[4] / 2)
    assert leg.count(expanded) == 1
    assert set(dict(leg.search(Query("", expansion=(MatchedTerm("search", 1.0),)), 5))) == {4}


def test_explanations_add_up_to_the_score(leg: LexicalLeg) -> None:
    query = Query('graph "neural networks" molec* absent', Filters(year_from=2000))
    terms = leg.explain(query, [1, 3])
    assert [each.term for each in terms[1]].count("graph") == 1
    assert sum(each.weight for each in terms[1]) == pytest.approx(leg.search(query, 1)[0][1], rel=1e-5)
    assert list(terms[1]) == sorted(terms[1], key=lambda each: -each.weight)
    assert leg.explain(Query("year:2020"), [1]) == {1: ()}


def test_matching_tells_which_papers_meet_filters_and_restriction(leg: LexicalLeg) -> None:
    marked = restriction(parse("graph -molecules year:2015.."))
    assert leg.matching(Filters(), marked) == {2, 4}
    assert leg.matching(Filters(), marked, [1, 2, 3]) == {2}
    assert leg.matching(Filters(has_abstract=True, year_to=2015)) == {4, 5}
    assert leg.matching(Filters()) == {1, 2, 3, 4, 5}


def test_covers_statistics_and_spelling(leg: LexicalLeg) -> None:
    assert leg.covers([5, 1, 77]) == {1, 5}
    assert leg.document_frequency("networking") == 2
    assert leg.frequency("network") == 2
    assert leg.document_frequency("the") == leg.frequency("absent") == 0
    assert leg.idf("molecul") > leg.idf("network") > 0 == leg.idf("absent")
    assert leg.titles("graph") == (1, 1)
    assert leg.titles("neural") == (1, 1)
    assert leg.titles("naive") == (0, 1)
    assert leg.titles("absent") == (0, 0)
    assert leg.suggest("nueral netwroks about mloecules") == "neural networks about molecules"
    assert leg.suggest('"garph neural" AND author:zzz') == '"graph neural" AND author:zzz'
    assert leg.suggest("neural graph") is None
    assert leg.suggest("xyzzyplugh") is None


def test_a_query_that_cannot_be_read_is_refused(leg: LexicalLeg) -> None:
    with pytest.raises(QuerySyntaxError):
        leg.search(Query('"open'), 5)


def test_an_index_that_is_not_there_finds_nothing_and_makes_nothing(tmp_path: Path) -> None:
    leg = LexicalLeg(tmp_path / "none" / "bm25")
    assert not leg.coverage().present
    assert leg.search(Query("x"), 5) == []
    assert leg.count(Query("x")) == 0
    assert leg.covers([1]) == leg.matching(Filters()) == set()
    assert leg.explain(Query("x"), [1]) == {1: ()}
    assert leg.suggest("x") is None
    assert leg.frequency("x") == 0
    leg.close()
    assert not (tmp_path / "none").exists()


def test_changes_replace_and_delete_and_the_revision_goes_with_them(tmp_path: Path) -> None:
    leg = LexicalLeg(tmp_path)
    leg.apply(changes(*PAPERS), 5)
    renamed = Document(1, "smith2020graph", "Whales", "About whales.")
    batch = [Change(6, 1, renamed), Change(7, 2, None), Change(8, 9, None)]
    for _ in range(2):  # applying a batch again changes nothing
        leg.apply(batch, 8)
        coverage = leg.coverage()
        assert (coverage.present, coverage.revision, coverage.documents) == (True, 8, 4)
        assert coverage.bytes > 0
        assert ids(leg, "whales") == [1]
        assert ids(leg, "molecules") == ids(leg, "深度") == []
    leg.apply([], 11)
    assert leg.coverage().revision == 11
    assert leg.matching(Filters()) == {1, 3, 4, 5}
    leg.close()
    assert LexicalLeg(tmp_path).coverage().revision == 11


def test_another_reader_follows_commits_and_sees_whole_batches_only(tmp_path: Path) -> None:
    writer, reader = LexicalLeg(tmp_path), LexicalLeg(tmp_path)
    writer.apply(changes(PAPERS[0]), 1)
    assert ids(reader, "graph") == [1]
    with pytest.raises(AttributeError):  # a batch that breaks off in the middle
        writer.apply([Change(2, 4, PAPERS[3]), Change(3, 5, "no document")], 3)  # type: ignore[arg-type]
    assert ids(reader, "graph") == [1]
    assert reader.coverage().revision == 1
    writer.apply(changes(PAPERS[3]), 4)
    assert set(ids(reader, "graph")) == {1, 4}
    assert ids(reader, "сети") == []
    assert reader.coverage().revision == 4
    writer.close()
    assert set(ids(reader, "graph")) == {1, 4}


def test_a_second_writer_is_told_so_until_the_first_is_closed(tmp_path: Path) -> None:
    first, second = LexicalLeg(tmp_path), LexicalLeg(tmp_path)
    first.apply(changes(PAPERS[0]), 1)
    with pytest.raises(IndexBusyError) as caught:
        second.apply(changes(PAPERS[3]), 2)
    assert caught.value.hint
    first.close()
    second.apply(changes(PAPERS[3]), 2)
    second.close()
    assert second.coverage().documents == 2


def test_many_small_batches_leave_few_segments(tmp_path: Path) -> None:
    leg = LexicalLeg(tmp_path)
    for number in range(1, 31):
        leg.apply([Change(number, number, Document(number, str(number), "whale"))], number)
    leg.close()
    assert len(list(tmp_path.glob("*.term"))) < 16
    assert ids(leg, "whale", k=50) == list(range(1, 31))  # equal scores: by id


def test_a_damaged_or_foreign_index_says_what_mends_it(tmp_path: Path) -> None:
    leg = LexicalLeg(tmp_path)
    leg.apply(changes(*PAPERS), 5)
    leg.close()
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(IndexDamagedError) as caught:
        LexicalLeg(tmp_path).search(Query("x"), 1)
    assert "rebuild" in caught.value.hint


def test_an_index_of_another_schema_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leg = LexicalLeg(tmp_path)
    leg.apply(changes(*PAPERS), 5)
    leg.close()
    monkeypatch.setattr("indexes.lexical.SCHEMA_VERSION", 99)
    with pytest.raises(IndexMismatchError) as caught:
        LexicalLeg(tmp_path).coverage()
    assert "rebuild" in caught.value.hint
    with pytest.raises(IndexMismatchError):
        LexicalLeg(tmp_path).apply([], 6)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_can_be_searched(tmp_path: Path) -> None:
    leg = LexicalLeg(tmp_path / "bm25")
    leg.apply(changes(*PAPERS), 5)
    leg.close()
    for lock in leg.folder.glob(".*.lock"):
        lock.unlink()
    leg.folder.chmod(0o555)
    try:
        assert set(ids(LexicalLeg(leg.folder), '"graph neural" OR author:kim')) == {1, 4}
        with pytest.raises(HintedError):
            LexicalLeg(leg.folder).apply([], 6)
    finally:
        leg.folder.chmod(0o755)
