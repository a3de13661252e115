"""Evaluation: figures by hand, judged sets that can't be read, and comparisons."""

import json
import lzma

import pytest

from indexes.encoders import NO_ENCODER, PLAIN
from litsearch.errors import EvaluationError
from litsearch.evaluate import METRICS, Scores, evaluate, paired_bootstrap, score
from litsearch.judgements import Judgements, read_judgements

CORPUS = [
    {"_id": "d1", "title": "Reciprocal rank fusion", "text": "Rankings are fused by ranks."},
    {"_id": "d2", "title": "Dense retrieval", "text": "Passages are embedded as vectors."},
    {"_id": "d3", "title": "Okapi", "text": "Probabilistic weighting of terms."},
]
QUERIES = [
    {"_id": "q1", "text": 'fusion of "rankings'},
    {"_id": "q2", "text": "embedded passages"},
    {"_id": "q3", "text": "zebrafish"},
    {"_id": "q4", "text": "not judged"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq2\td2\t1\nq3\td3\t1\n"


@pytest.fixture
def judged(tmp_path):
    write(tmp_path, "corpus.jsonl", "\n".join(map(json.dumps, CORPUS)))
    write(tmp_path, "queries.jsonl", "\n".join(map(json.dumps, QUERIES)) + "\n")
    write(tmp_path, "qrels.tsv", QRELS)
    return tmp_path


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")


def test_each_leg_and_the_fusion_are_scored_and_an_unanswered_query_is_zero(judged):
    result = evaluate(judged, sparse=PLAIN, encoder=NO_ENCODER)
    assert (result.documents, result.queries) == (3, 3)
    assert result.to_json().keys() == {"bm25", "sparse", "fused"}
    for means in result.to_json().values():
        assert tuple(means) == METRICS
        assert all(value == pytest.approx(2 / 3) for value in means.values())
    assert result.rankers["fused"].queries["nDCG@10"] == {"q1": 1.0, "q2": 1.0, "q3": 0.0}


def test_compressed_files_and_a_corpus_from_elsewhere_give_the_same(judged, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for folder, name in ((elsewhere, "corpus.jsonl"), (judged, "queries.jsonl"), (judged, "qrels.tsv")):
        (folder / f"{name}.xz").write_bytes(lzma.compress((judged / name).read_bytes()))
        (judged / name).unlink()
    assert evaluate(judged, corpus=elsewhere / "corpus.jsonl.xz").to_json()["bm25"]["R@5"] == pytest.approx(
        2 / 3
    )


def test_a_kept_index_is_used_again_until_the_corpus_changes(judged, tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    first = evaluate(judged, cache=cache)
    manifest = next(cache.glob("*/manifest.json"))
    before = manifest.stat().st_mtime_ns
    assert evaluate(judged, cache=cache) == first
    assert manifest.stat().st_mtime_ns == before
    write(judged, "corpus.jsonl", "\n".join(map(json.dumps, CORPUS[1:])))
    assert evaluate(judged, cache=cache).to_json()["bm25"]["R@5"] == pytest.approx(1 / 3)
    assert len(list(cache.iterdir())) == 2


def test_metrics_by_hand():
    judgements = Judgements({"q": "?"}, {"q": {"a": 3, "b": 1, "c": 0}})
    values = score({"q": ["x", "b", "a"]}, judgements).means
    found, ideal = 1 / 1.584962500721156 + 3 / 2, 3 + 1 / 1.584962500721156
    assert values["nDCG@10"] == pytest.approx(found / ideal)
    assert values["R@5"] == 1.0


def test_a_judged_query_without_text_counts_as_zero(judged):
    write(judged, "queries.jsonl", json.dumps(QUERIES[0]))
    assert evaluate(judged).to_json()["bm25"]["nDCG@10"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("qrels.tsv", "", "has no judgements"),
        ("qrels.tsv", "q1\td1\t1\n", "line 1: expected the header"),
        ("qrels.tsv", QRELS + "q1 d2 1\n", "line 5: 1 columns"),
        ("qrels.tsv", QRELS + "q1\td2\thigh\n", "line 5: the score “high”"),
        ("qrels.tsv", QRELS + "q1\td1\t0\n", "line 5: “d1” is judged twice"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq9\td1\t1\n", "No query of"),
        ("queries.jsonl", '{"_id": "q1", "text": "a"}\n\n{"_id": "q2", ', "line 3: not JSON"),
        ("queries.jsonl", "[1]", "line 1: expected a JSON object"),
        ("queries.jsonl", '{"_id": 1, "text": "a"}', "line 1: the field “_id”"),
        ("queries.jsonl", '{"_id": "q1"}', "line 1: the field “text”"),
        ("queries.jsonl", '{"_id": "q1", "text": "a"}\n{"_id": "q1", "text": "b"}', "line 2: the query “q1”"),
        (
            "corpus.jsonl",
            '{"_id": "d1", "text": "a"}\n{"_id": "d1", "text": "b"}',
            "line 2: the document “d1”",
        ),
        ("corpus.jsonl", "", "has no documents"),
    ],
)
def test_a_malformed_file_is_named_with_its_line(judged, name, text, message):
    write(judged, name, text)
    with pytest.raises(EvaluationError) as caught:
        evaluate(judged)
    assert name in caught.value.message
    assert message in caught.value.message


def test_broken_compression_and_encoding_are_said(judged):
    (judged / "qrels.tsv").unlink()
    (judged / "qrels.tsv.xz").write_bytes(b"no xz")
    with pytest.raises(EvaluationError, match="can't be read"):
        read_judgements(judged)
    (judged / "qrels.tsv").write_bytes(b"query-id\tcorpus-id\tscore\n\xff\xfe\td\t1\n")
    with pytest.raises(EvaluationError, match="can't be read"):
        read_judgements(judged)


def test_a_missing_corpus_says_how_to_name_one(judged):
    (judged / "corpus.jsonl").unlink()
    with pytest.raises(EvaluationError) as caught:
        evaluate(judged)
    assert "--corpus" in caught.value.hint


def test_comparing_a_setting_with_itself_finds_no_difference():
    scores = scored({f"q{n}": n / 10 for n in range(10)})
    compared = paired_bootstrap(scores, scores)
    assert (compared.difference, compared.low, compared.high, compared.p) == (0.0, 0.0, 0.0, 1.0)


def test_a_steady_gain_is_told_from_a_lucky_one():
    base = scored(dict.fromkeys(map(str, range(40)), 0.5))
    steady = scored({str(n): 0.55 if n % 4 else 0.5 for n in range(40)})
    lucky = scored({str(n): 1.0 if n == 0 else 0.5 for n in range(40)})
    gain, luck = paired_bootstrap(base, steady), paired_bootstrap(base, lucky)
    assert gain.low > 0
    assert gain.p < 0.01
    assert luck.low == 0
    assert luck.p > 0.1
    assert gain.low < gain.difference < gain.high
    assert paired_bootstrap(base, steady) == gain
    assert paired_bootstrap(steady, base).difference == pytest.approx(-gain.difference)


def test_settings_over_different_queries_are_not_compared():
    with pytest.raises(ValueError, match="different queries"):
        paired_bootstrap(scored({"a": 1.0}), scored({"b": 1.0}))


def scored(values):
    return Scores({"nDCG@10": sum(values.values()) / len(values)}, {"nDCG@10": values})
