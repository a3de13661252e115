import numpy
import pytest
import toy_joint

from indexes.joint import JointModel
from indexes.training.known_items import improvement, measure, ndcg, ranks, sparse_scores, weighted
from indexes.training.papers import TrainingPaper


def test_the_rank_of_an_answer_counts_those_that_are_as_good() -> None:
    scores = numpy.array([[3.0, 2.0, 1.0], [1.0, 1.0, 1.0], [0.0, 5.0, 2.0]])
    assert ranks(scores, numpy.array([0, 1, 2])).tolist() == [1, 3, 2]


def test_ndcg_of_one_answer_falls_with_its_rank() -> None:
    gains = ndcg(numpy.array([1, 2, 3, 10, 11]))
    assert gains.tolist() == pytest.approx([1, 0.6309, 0.5, 0.2891, 0], abs=1e-4)


def test_sparse_scores_are_dot_products() -> None:
    found = sparse_scores([{1: 2.0, 7: 1.0}, {9: 1.0}], [{1: 0.5}, {1: 1.0, 7: 3.0}])
    assert found.tolist() == [[1.0, 5.0], [0.0, 0.0]]
    assert weighted([{1: 2.0, 5: 1.0}], {1: 0.5, 2: 3.0}) == [{1: 1.0, 5: 3.0}]


def test_an_improvement_is_told_from_chance() -> None:
    random = numpy.random.default_rng(0)
    before = random.random(200)
    gain, p = improvement(before, before + 0.1)
    assert gain == pytest.approx(0.1)
    assert p < 0.001
    gain, p = improvement(before, random.permutation(before))
    assert gain == pytest.approx(0, abs=1e-9)
    assert p > 0.5
    assert improvement(before, before)[1] == 1


def test_both_sides_and_bm25_are_measured(tmp_path_factory: pytest.TempPathFactory) -> None:
    model = JointModel.load(toy_joint.joint(tmp_path_factory.mktemp("joint"), max_length=256))
    words = [toy_joint.made_up(topic, number) for topic in range(12) for number in range(20)]
    papers = [
        TrainingPaper(str(n), " ".join(words[4 * n : 4 * n + 4]), " ".join(words[4 * n : 4 * n + 4]), "", ())
        for n in range(50)
    ]
    measured = measure(model, papers)
    assert list(measured) == ["BM25", "sparse", "dense"]
    for each in measured.values():  # every title is its own abstract, and no other's
        assert each.ndcg == each.mrr == 1
