import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from math import log
from pathlib import Path

import pytest
from toy_encoders import ToySparse

from indexes.encoders import load_sparse
from indexes.errors import IndexBusyError, IndexDamagedError, IndexMismatchError
from indexes.impact import MANY_IDS, ImpactLeg
from indexes.lexical import LexicalLeg
from indexes.types import Change, Document, Filters, MatchedTerm, Query

PAPERS = (
    Document(
        1,
        "a",
        "Sparse retrieval",
        "Impacts of word pieces in an inverted index.",
        ("Ada Amsel",),
        2019,
        "Journal A",
    ),
    Document(
        2, "b", "Dense retrieval", "Vectors, no words.", ("Bo Berg",), 2020, "Journal B", sources=("b.bib",)
    ),
    Document(3, "c", "Sparse retrieval, sparse vectors", "", ("Ada Berg", "Bo Amsel"), 2021),
    Document(4, "d", "Cooking rice", "A recipe."),
)


def applied(leg: ImpactLeg, papers: Collection[Document] = PAPERS) -> ImpactLeg:
    leg.apply([Change(number, paper.id, paper) for number, paper in enumerate(papers, 1)], len(papers))
    return leg


@pytest.fixture
def leg(tmp_path: Path) -> ImpactLeg:
    names = LexicalLeg(tmp_path / "bm25")
    names.apply([Change(paper.id, paper.id, paper) for paper in PAPERS], len(PAPERS))
    names.close()
    return applied(
        ImpactLeg(tmp_path / "sparse", load_sparse("wordpieces"), documents=_fetch, resolve=names.matching)
    )


def _fetch(ids: Collection[int]) -> Mapping[int, Document]:
    return {paper.id: paper for paper in PAPERS if paper.id in ids}


def found(leg: ImpactLeg, query: Query, k: int = 10) -> list[int]:
    return [each for each, _ in leg.search(query, k)]


def test_only_papers_with_a_word_of_the_query_are_found_the_best_first(leg: ImpactLeg) -> None:
    assert found(leg, Query("sparse retrieval")) == [3, 1, 2]
    assert found(leg, Query("sparse retrieval"), k=1) == [3]
    assert found(leg, Query("")) == []
    assert found(leg, Query("quokka")) == []


def test_a_score_is_the_dot_product_of_quantised_impacts(tmp_path: Path) -> None:
    leg = ImpactLeg(tmp_path, ToySparse())
    texts = ["aa aa bb", "aa bb bb bb cccc", "bb"]
    applied(leg, [Document(number, "", text) for number, text in enumerate(texts, 1)])
    # the ceiling of 4 in 16 levels holds every whole number exactly
    assert leg.search(Query("aa bb bb cccc"), 9) == [(2, 1 + 6 + 1), (1, 2 + 2), (3, 2)]


def test_papers_of_equal_score_come_by_id(tmp_path: Path) -> None:
    leg = ImpactLeg(tmp_path, load_sparse("wordpieces"))
    for first in (400, 200, 300, 100):
        applied(leg, [Document(first + each, "", "same words") for each in range(50)])
    assert found(leg, Query("same words"), k=60) == [*range(100, 150), *range(200, 210)]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(year_from=2020), [3, 2]),
        (Filters(year_to=2019), [1]),
        (Filters(authors=("amsel ada",)), [1]),
        (Filters(authors=("Berg",), year_from=2021), [3]),
        (Filters(venues=("Journal",)), [1, 2]),
        (Filters(sources=("b.bib",)), [2]),
        (Filters(authors=("Amsel",), ids=frozenset({3, 4})), [3]),
        (Filters(authors=("Nobody",)), []),
        (Filters(ids=frozenset({2, 4})), [2]),
        (Filters(ids=frozenset()), []),
        (Filters(has_abstract=False), [3]),
    ],
)
def test_a_filter_admits_only_matches_and_changes_no_score(
    leg: ImpactLeg, filters: Filters, expected: list[int]
) -> None:
    free = dict(leg.search(Query("sparse retrieval"), 10))
    kept = leg.search(Query("sparse retrieval", filters), 10)
    assert [each for each, _ in kept] == expected
    assert all(free[each] == score for each, score in kept)


def test_a_paper_beyond_those_looked_at_meets_a_filter_by_name(tmp_path: Path) -> None:
    papers = [
        Document(each, "", "sparse " * (1 + each // 50), authors=("Ada Amsel",)) for each in range(50, 999)
    ]
    papers.append(Document(1, "", "a sparse paper among the last", authors=("Bo Berg",)))
    names = LexicalLeg(tmp_path / "bm25")
    names.apply([Change(paper.id, paper.id, paper) for paper in papers], 1000)
    names.close()
    leg = applied(ImpactLeg(tmp_path / "sparse", load_sparse("wordpieces"), resolve=names.matching), papers)
    assert found(leg, Query("sparse", Filters(authors=("Berg",))), 1) == [1]
    assert len(found(leg, Query("sparse", Filters(authors=("Ada",))), 20)) == 20


class Expanding(ToySparse):
    """Adds “zz” to every document, and gives words of two letters no impact."""

    idf_weighted = True

    def documents(self, texts: Sequence[str]) -> Sequence[Mapping[int, float]]:
        added = self.query("zz")
        return [
            {**{token: count for token, count in self.query(text).items() if token >= 3 * 256}, **added}
            for text in texts
        ]


def test_a_token_is_as_frequent_as_the_texts_that_it_stands_in(tmp_path: Path) -> None:
    leg = ImpactLeg(tmp_path, Expanding())
    texts = ["aa bbb", "aa cccc", "aa bbb", "dddd", "zz dddd", "eee"]
    applied(leg, [Document(number, "", text) for number, text in enumerate(texts, 1)])
    frequencies = {"aa": 3, "bbb": 2, "zz": 1, "eee": 1}
    assert leg.weights(Query("aa bbb zz eee")) == {
        ord(word[0]) + 256 * len(word): pytest.approx(log(1 + (6 - count + 0.5) / (count + 0.5)))
        for word, count in frequencies.items()
    }
    assert found(leg, Query("zz")) == [1, 2, 3, 4, 5, 6]  # what was added finds
    assert found(leg, Query("aa")) == []


def test_many_ids_filter_as_few_do(tmp_path: Path) -> None:
    leg = ImpactLeg(tmp_path, load_sparse("wordpieces"))
    applied(
        leg, [Document(each, "", "sparse " * (each % 7) + "retrieval", year=each) for each in range(1, 3000)]
    )
    odd = frozenset(range(1, 3000, 2))
    assert len(odd) > MANY_IDS
    free = [each for each in found(leg, Query("sparse retrieval"), 3000) if each % 2]
    assert found(leg, Query("sparse retrieval", Filters(ids=odd)), 700) == free[:700]
    assert found(leg, Query("sparse retrieval", Filters(ids=odd, year_from=2990)), 9) == [
        each for each in free if each >= 2990
    ]


def test_changed_and_removed_papers(leg: ImpactLeg) -> None:
    leg.apply([Change(5, 1, Document(1, "a", "Cooking pasta")), Change(6, 3, None)], 6)
    assert found(leg, Query("sparse retrieval")) == [2]
    assert found(leg, Query("pasta")) == [1]
    assert leg.covers([1, 2, 3, 4, 99]) == {1, 2, 4}
    coverage = leg.coverage()
    assert (coverage.revision, coverage.documents, coverage.encoder) == (6, 3, "wordpieces")
    assert coverage.bytes > 0


def test_an_explanation_adds_up_and_names_whole_words(leg: ImpactLeg) -> None:
    applied(leg, [*PAPERS, Document(9, "e", "SciFact", "Sparse retrieval of claims")])
    query = Query("scifact retrieval")
    scores = dict(leg.search(query, 10))
    terms = leg.explain(query, [9, 2, 4])
    assert {term.term for term in terms[9]} == {"scifact", "retrieval"}
    assert [term.term for term in terms[2]] == ["retrieval"]
    assert terms[4] == ()
    assert sum(term.weight for term in terms[9]) == pytest.approx(scores[9], abs=0.001)
    assert terms[9][0].weight >= terms[9][1].weight


def test_expansion_adds_words_at_their_weight(leg: ImpactLeg) -> None:
    plain = dict(leg.search(Query("sparse"), 10))
    expanded = dict(leg.search(Query("sparse", expansion=(MatchedTerm("rice", 0.1),)), 10))
    assert set(expanded) - set(plain) == {4}
    assert expanded[3] == plain[3] > expanded[4]


def test_more_like_a_paper(leg: ImpactLeg) -> None:
    assert found(leg, Query("", like=(1,)))[:2] == [1, 3]
    assert 4 in found(leg, Query("sparse", like=(4,)))
    assert found(leg, Query("", like=(77,))) == []


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    leg = ImpactLeg(tmp_path / "none", load_sparse("wordpieces"))
    assert not leg.coverage().present
    assert leg.search(Query("sparse"), 5) == []
    assert leg.explain(Query("sparse"), [1]) == {}
    assert leg.covers([1]) == set()
    assert not (tmp_path / "none").exists()
    assert "no encoder" in ImpactLeg(tmp_path / "none", None).coverage().note


def test_another_encoder_is_an_error_with_the_command_that_mends_it(leg: ImpactLeg) -> None:
    other = ImpactLeg(leg.folder, ToySparse())
    with pytest.raises(IndexMismatchError) as raised:
        other.search(Query("sparse"), 5)
    assert "index rebuild --leg sparse" in raised.value.hint
    with pytest.raises(IndexMismatchError):
        other.apply([], 9)
    assert "toy" in other.coverage().note
    assert found(leg, Query("rice")) == [4]


def test_a_second_writer_is_turned_away_until_the_first_closes(leg: ImpactLeg) -> None:
    second = ImpactLeg(leg.folder, load_sparse("wordpieces"))
    with pytest.raises(IndexBusyError):
        second.apply([], 9)
    leg.close()
    second.apply([], 9)
    assert leg.coverage().revision == 9


def test_a_damaged_index_says_so(leg: ImpactLeg) -> None:
    leg.close()
    (leg.folder / "meta.json").write_text("{")
    damaged = ImpactLeg(leg.folder, load_sparse("wordpieces"))
    assert "can't be read" in damaged.coverage().note
    with pytest.raises(IndexDamagedError):
        damaged.search(Query("sparse"), 5)


def test_searching_loads_no_numpy_and_no_model(leg: ImpactLeg) -> None:
    program = (
        "import sys; from pathlib import Path; from indexes.impact import ImpactLeg;"
        "from indexes.encoders import load_sparse; from indexes.types import Query;"
        f"leg = ImpactLeg(Path({str(leg.folder)!r}), load_sparse('wordpieces'));"
        "assert leg.search(Query('sparse retrieval'), 5);"
        "print(sorted({'numpy', 'torch', 'onnxruntime', 'tokenizers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
