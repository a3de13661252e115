"""The hybrid index over small corpora: what is found, by which legs, and what rebuilds keep."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy
import pytest

from indexes import pinned, upkeep
from indexes.corpus import Corpus
from indexes.encoders import PLAIN
from indexes.errors import EncoderError, HintedError, IndexDamagedError, IndexMismatchError, QuerySyntaxError
from indexes.fusion import Fusion
from indexes.hybrid import HybridIndex
from indexes.manifest import MANIFEST_NAME
from indexes.types import Document, Filters, Query, Ranking

_TEXTS = [
    (2020, "Dense passage retrieval", "Passages are embedded as vectors and found by nearest neighbours."),
    (2021, "Sparse retrieval with impacts", "An inverted index holds learned weights of word pieces."),
    (2009, "Reciprocal rank fusion", "Rankings of several systems are fused by the ranks alone."),
    (2004, "Pseudo relevance feedback", "Words of the best documents expand the query, as in RM3."),
    (1994, "Okapi at TREC", "Probabilistic weighting of terms by BM25 in an inverted index."),
    (2019, "Citation screening", "Abstracts are screened for systematic reviews of medicine."),
    (2018, "Nearest neighbours in graphs", "Small worlds make search of vectors quick."),
    (2012, "Query expansion for medicine", "Synonyms from a thesaurus expand the query of a clinician."),
]
PAPERS = [
    Document(number, f"p{number}", title, abstract, ("Ada Byron",) if number == 6 else (), year)
    for number, (year, title, abstract) in enumerate(_TEXTS, 1)
]


@pytest.fixture(autouse=True)
def without_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """New indexes begin with the legs that need none: what keeps them is the same, and takes no time."""
    monkeypatch.setattr(upkeep, "DEFAULT_ENCODERS", {"bm25": "", "sparse": PLAIN})


class LetterEncoder:
    """A dense encoder at the encoders' seam: counts of letters, so that similar words are near."""

    name, hash, dimensions = "letters", "letters-1", 26

    def __init__(self, version: str = "letters-1") -> None:
        self.hash = version

    def documents(self, texts: Sequence[str]) -> "numpy.ndarray":
        rows = [[text.lower().count(chr(97 + n)) + 0.01 for n in range(26)] for text in texts]
        vectors = numpy.array(rows, dtype=numpy.float32).reshape(-1, 26)
        return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)

    def query(self, text: str) -> "numpy.ndarray":
        return self.documents([text])[0]


@pytest.fixture
def letters(monkeypatch):
    def load(spec: str) -> LetterEncoder:
        if not spec.startswith("letters"):
            raise EncoderError(f"There is no encoder {spec}.", "Name another.")
        return LetterEncoder(spec)

    monkeypatch.setattr(pinned, "load_dense", load)


@pytest.fixture
def corpus():
    return Corpus(PAPERS)


@pytest.fixture
def index(tmp_path, corpus):
    index = HybridIndex.open(tmp_path / "index", corpus)
    index.update()
    return index


@pytest.fixture
def three_legs(index, letters):
    index.rebuild(["dense"], encoder="letters")
    return index


def ids(ranking: Ranking) -> list[int]:
    return [hit.id for hit in ranking.hits]


def test_opening_and_searching_make_nothing_on_disk(tmp_path, corpus):
    index = HybridIndex.open(tmp_path / "index", corpus)
    ranking = index.search(Query("retrieval"))
    assert ranking.hits == ()
    assert not any(coverage.present for coverage in ranking.coverage)
    assert index.verify() == []
    assert not (tmp_path / "index").exists()


def test_the_best_paper_comes_first_with_what_each_leg_saw(index):
    ranking = index.search(Query("inverted index with learned weights"))
    assert ids(ranking)[0] == 2
    assert ranking.total == 2
    assert ranking.hits[0].legs.keys() == {"bm25", "sparse"}
    assert ranking.hits[0].legs["bm25"].rank == 1
    assert [hit.rank for hit in ranking.hits] == list(range(1, len(ranking.hits) + 1))


def test_explaining_names_the_terms_of_each_leg(index):
    hit = index.search(Query("learned weights"), explain=True).hits[0]
    assert {term.term for term in hit.legs["bm25"].terms} == {"learned", "weights"}
    assert {term.term for term in hit.legs["sparse"].terms} == {"learned", "weights"}
    for seen in hit.legs.values():
        assert sum(term.weight for term in seen.terms) == pytest.approx(seen.score, abs=1e-3)


def test_pages_follow_each_other(three_legs):
    whole = three_legs.search(Query("the query of a search"), k=8)
    pages = [three_legs.search(Query("the query of a search"), k=3, offset=at) for at in (0, 3, 6)]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)


def test_only_the_legs_asked_for_take_part(three_legs):
    ranking = three_legs.search(Query("fused rankings"), legs=["sparse"])
    assert [coverage.leg for coverage in ranking.coverage] == ["sparse"]
    assert all(hit.legs.keys() == {"sparse"} for hit in ranking.hits)


def test_asking_for_a_leg_that_is_not_there_says_how_to_build_it(index):
    with pytest.raises(HintedError) as caught:
        index.search(Query("fusion"), legs=["dense"])
    assert "models use SPEC --leg dense" in caught.value.hint


def test_a_leg_of_weight_zero_does_not_show(three_legs):
    ranking = three_legs.search(Query("fused rankings"), fusion=Fusion("rrf", {"dense": 0.0}))
    assert not any("dense" in hit.legs for hit in ranking.hits)


def test_the_marked_parts_of_a_query_hold_for_every_leg(three_legs):
    without = three_legs.search(Query("retrieval of vectors -neighbours"), k=8)
    assert {1, 7}.isdisjoint(ids(without))
    assert 2 in ids(without)
    assert ids(three_legs.search(Query('vectors "inverted index"'), k=8)) in ([2, 5], [5, 2])
    assert set(ids(three_legs.search(Query("query year:>=2012"), k=8))) <= {1, 2, 6, 7, 8}


def test_filters_hold_for_every_leg_and_change_no_score(three_legs):
    whole = three_legs.search(Query("expand the query"), k=8)
    narrowed = three_legs.search(Query("expand the query", Filters(year_from=2010)), k=8)
    assert set(ids(narrowed)) <= {1, 2, 6, 7, 8}
    before = {hit.id: hit.legs for hit in whole.hits}
    for hit in narrowed.hits:
        for leg, seen in hit.legs.items():
            assert seen.score == pytest.approx(before[hit.id][leg].score, rel=1e-5)
    assert ids(three_legs.search(Query("search", Filters(authors=("byron",))), k=8)) == [6]


def test_a_query_that_cannot_be_read_is_an_error_with_its_place(index):
    with pytest.raises(QuerySyntaxError) as caught:
        index.search(Query('fusion "of ranks'))
    assert caught.value.position == 7


def test_a_removed_paper_is_not_shown_even_before_the_legs_know(three_legs, corpus):
    assert ids(three_legs.search(Query("reciprocal rank fusion")))[0] == 3
    corpus.remove([3])
    ranking = three_legs.search(Query("reciprocal rank fusion"))
    assert 3 not in ids(ranking)
    assert {coverage.behind for coverage in ranking.coverage} == {1}
    three_legs.update()
    assert 3 not in ids(three_legs.search(Query("reciprocal rank fusion")))
    assert three_legs.verify() == []
    assert {coverage.documents for coverage in three_legs.status()} == {7}


def test_many_removed_papers_do_not_empty_the_page(tmp_path):
    corpus = Corpus(Document(n, f"k{n}", "fusion " * (500 - n) + "of ranks") for n in range(1, 401))
    index = HybridIndex.open(tmp_path, corpus)
    index.update()
    corpus.remove(range(1, 391))
    assert len(ids(index.search(Query("fusion")))) == 10


def test_a_merged_paper_is_found_by_its_new_text(three_legs, corpus):
    corpus.remove([7])
    corpus.put([replace(PAPERS[0], abstract="Now about hierarchical navigable graphs of small worlds.")])
    three_legs.update()
    assert ids(three_legs.search(Query("small worlds"), legs=["bm25", "sparse"])) == [1]
    assert three_legs.search(Query("embedded"), legs=["bm25", "sparse"]).hits == ()
    assert three_legs.verify() == []


def test_a_paper_that_a_leg_has_not_reached_is_not_demoted(three_legs, corpus):
    corpus.put([Document(9, "i", "Fusion of ranks", "Fusion of ranks, reciprocal, of several systems.")])
    three_legs.update(legs=["bm25"])
    ranking = three_legs.search(Query("reciprocal fusion of ranks of several systems"))
    assert set(ids(ranking)[:2]) == {3, 9}
    assert {coverage.leg for coverage in ranking.coverage if coverage.behind} == {"sparse", "dense"}


def test_similar_papers_do_not_include_the_paper_itself(three_legs):
    ranking = three_legs.similar(1, k=8)
    assert 1 not in ids(ranking)
    assert ids(ranking)[0] == 7
    assert "neighbours" in {term.term for term in ranking.expansion}
    assert set(ids(three_legs.similar(1, filters=Filters(year_to=2012)))) <= {3, 4, 5, 8}


def test_feedback_finds_papers_without_the_words_of_the_query(index):
    plain = ids(index.search(Query("RM3"), legs=["bm25"]))
    ranking = index.search(Query("RM3"), legs=["bm25"], feedback="rm3")
    assert plain == [4]
    assert ids(ranking)[0] == 4
    assert 8 in ids(ranking)
    assert "expand" in {term.term for term in ranking.expansion}


def test_feedback_of_the_sparse_leg_comes_from_what_all_legs_found(index):
    query = Query("expand a query")
    before = index.search(query, explain=True)
    after = index.search(query, feedback="rocchio", explain=True)
    assert set(ids(after)) >= set(ids(before))
    best = set(ids(before)[:5])
    added = {term.term for hit in after.hits if hit.id in best for term in hit.legs["sparse"].terms}
    assert added > {term.term for hit in before.hits for term in hit.legs["sparse"].terms}
    for ranking in (before, after):
        assert {hit.legs.get("bm25") for hit in ranking.hits if hit.id == ids(before)[0]} == {
            before.hits[0].legs["bm25"]
        }


def test_feedback_without_words_or_without_the_sparse_leg_changes_nothing(index):
    for query, legs in ((Query("year:2000-2020"), None), (Query("expand a query"), ["bm25"])):
        plain = index.search(query, legs=legs)
        assert index.search(query, legs=legs, feedback="rocchio") == plain


def test_a_search_in_words_alone_needs_no_numpy(index):
    program = f"""
import sys
from pathlib import Path
from indexes.corpus import Corpus
from indexes.hybrid import HybridIndex
from indexes.types import Document, Query
corpus = Corpus([Document(n, "k", "t") for n in range(1, 9)])
index = HybridIndex.open(Path({str(index.folder)!r}), corpus)
assert index.search(Query("inverted index"), explain=True).hits
heavy = {{"numpy", "onnxruntime", "torch", "filelock", "asyncio", "pydantic"}} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": ":".join(sys.path)})


def test_a_rebuilt_leg_takes_over_while_a_reader_is_open(index, corpus):
    reader = HybridIndex.open(index.folder, corpus)
    before = ids(reader.search(Query("inverted index")))
    index.rebuild(["bm25", "sparse"])
    assert ids(reader.search(Query("inverted index"))) == before
    assert sorted(path.name for path in index.folder.glob("*-*")) == ["bm25-3", "sparse-4"]
    corpus.remove([before[0]])
    index.update()
    assert reader.verify() == []


def test_an_old_leg_serves_until_its_replacement_is_complete(three_legs, corpus, monkeypatch):
    monkeypatch.setattr("indexes.upkeep.SLOW_BATCH", 3)

    def interrupt(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        three_legs.rebuild(["dense"], encoder="letters-2", on_progress=interrupt)
    dense = three_legs.status()[2]
    assert (dense.encoder, dense.documents) == ("letters", 8)
    assert "3 papers so far" in dense.note
    assert any("dense" in hit.legs for hit in three_legs.search(Query("fusion")).hits)
    building = {path.name for path in three_legs.folder.glob("dense-*")}
    steps = []
    three_legs.rebuild(
        ["dense"], encoder="letters-2", on_progress=lambda progress: steps.append(progress.done)
    )
    assert steps == [6, 8]  # taken up where it stopped
    assert {path.name for path in three_legs.folder.glob("dense-*")} < building
    assert three_legs.status()[2].encoder == "letters-2"


def test_an_update_goes_on_with_an_interrupted_rebuild(three_legs, monkeypatch):
    monkeypatch.setattr("indexes.upkeep.SLOW_BATCH", 3)
    with pytest.raises(ZeroDivisionError):
        three_legs.rebuild(["dense"], encoder="letters-2", on_progress=lambda _: 1 / 0)
    three_legs.update()
    assert three_legs.status()[2].encoder == "letters-2"
    assert three_legs.verify() == []


def test_a_dropped_leg_stays_away_until_it_is_built_again(three_legs):
    three_legs.rebuild(["sparse"], encoder="none")
    three_legs.rebuild(["dense"], encoder="none")
    three_legs.update()
    assert [coverage.present for coverage in three_legs.status()] == [True, False, False]
    assert [path.name for path in three_legs.folder.glob("*-*")] == ["bm25-1"]
    three_legs.rebuild(["sparse"])
    assert three_legs.status()[1].present
    with pytest.raises(HintedError):
        three_legs.rebuild(["bm25"], encoder="none")


def test_an_encoder_that_changed_is_a_mismatch_that_names_the_command(three_legs, corpus, monkeypatch):
    monkeypatch.setattr(pinned, "load_dense", lambda _: LetterEncoder("changed"))
    again = HybridIndex.open(three_legs.folder, corpus)
    with pytest.raises(IndexMismatchError) as caught:
        again.search(Query("fusion"))
    assert "litsearch index rebuild --leg dense" in caught.value.hint
    assert again.search(Query("fusion"), legs=["bm25", "sparse"]).hits
    again.rebuild(["dense"])
    assert any("dense" in hit.legs for hit in again.search(Query("fusion")).hits)


def test_an_encoder_that_is_gone_does_not_keep_the_other_legs_from_catching_up(
    three_legs, corpus, monkeypatch
):
    def gone(spec: str) -> LetterEncoder:
        raise EncoderError("The folder is gone.")

    monkeypatch.setattr(pinned, "load_dense", gone)
    corpus.put([Document(9, "i", "A new paper")])
    again = HybridIndex.open(three_legs.folder, corpus)
    with pytest.raises(EncoderError) as caught:
        again.update()
    assert "models use none --leg dense" in caught.value.hint
    assert [coverage.behind for coverage in again.status()] == [0, 0, 1]


def test_an_encoder_that_cannot_be_loaded_changes_nothing(three_legs):
    with pytest.raises(EncoderError):
        three_legs.rebuild(["dense"], encoder="missing")
    assert three_legs.status()[2].encoder == "letters"


def test_another_schema_is_named_and_mended_by_a_rebuild(index, corpus):
    (index.folder / MANIFEST_NAME).write_text('{"schema": 99}')
    with pytest.raises(IndexMismatchError) as caught:
        index.search(Query("fusion"))
    assert "litsearch index rebuild" in caught.value.hint
    assert all("schema 99" in coverage.note for coverage in index.status())
    assert "schema 99" in index.verify()[0]
    with pytest.raises(IndexMismatchError):
        index.rebuild(["dense"], encoder="letters")
    index.rebuild(["bm25", "sparse"])
    assert ids(index.search(Query("reciprocal rank fusion")))[0] == 3
    assert sorted(path.name for path in index.folder.glob("*-*")) == ["bm25-3", "sparse-4"]


@pytest.mark.parametrize("leg", ["bm25", "sparse"])
@pytest.mark.parametrize("kind", ["*.term", "*.idx", "*.fast", "meta.json"])
def test_damaged_files_are_found_and_mended(index, corpus, leg, kind):
    for path in index.folder.glob(f"{leg}-*/{kind}"):
        content = bytearray(path.read_bytes())
        content[: len(content) // 2] = bytes(255 - value for value in content[: len(content) // 2])
        path.write_bytes(content)
    again = HybridIndex.open(index.folder, corpus)
    (problem,) = again.verify()
    assert f"litsearch index rebuild --leg {leg}" in problem
    with suppress(IndexDamagedError):  # a search may not touch what is damaged, but nothing else may happen
        again.search(Query("inverted index"), legs=[leg])
    assert again.status()[2].leg == "dense"
    again.rebuild([leg])
    assert again.verify() == []
    assert ids(again.search(Query("reciprocal rank fusion")))[0] == 3


def test_missing_files_are_found(three_legs, corpus):
    for path in three_legs.folder.glob("dense-*/*"):
        path.unlink()
    problems = HybridIndex.open(three_legs.folder, corpus).verify()
    assert len(problems) == 1
    assert "rebuild --leg dense" in problems[0]


def test_an_index_of_another_library_is_found(index):
    other = HybridIndex.open(index.folder, Corpus(PAPERS[:3]))
    assert all("revision" in problem for problem in other.verify())
    assert len(other.verify()) == 2


def test_a_misspelt_query_gets_a_suggestion_and_words_are_highlighted(index):
    assert index.suggest("reciprocl fusion") == "reciprocal fusion"
    text = PAPERS[2].title
    assert [text[span.start : span.end] for span in index.highlight(text, Query("fusions -rank"))] == [
        "fusion"
    ]


def test_a_word_that_no_paper_has_finds_nothing_by_its_pieces(tmp_path):
    index = HybridIndex.open(tmp_path / "index", Corpus(PAPERS))
    index.update()
    assert index.search(Query("retrievalx")).hits == ()
    assert index.search(Query("xyzzyqwv screening")).hits == index.search(Query("screening")).hits
