import json
from pathlib import Path

import pytest
import tiny_models
from command import BIBTEX, Cli

from indexes.encoders import PLAIN, SHIPPED


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("LITSEARCH_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return Cli(tmp_path, capsys, monkeypatch)


@pytest.fixture
def filled(cli: Cli) -> Cli:
    assert cli("add", cli.file("refs.bib", BIBTEX)).status == 0
    return cli


def test_the_list_tells_who_uses_what(cli: Cli) -> None:
    listed = {each["spec"]: each for each in map(json.loads, cli("models", "list", "--json").lines)}
    assert listed[PLAIN]["used_by"] == []
    cli("add", cli.file("refs.bib", BIBTEX))
    cli.file("settings.toml", 'rerank = "st:someone/reader"\n')
    done = cli("models", "list", "--json", "--config", cli.folder / "settings.toml")
    listed = {each["spec"]: each for each in map(json.loads, done.lines)}
    assert listed[SHIPPED]["used_by"] == ["sparse", "dense"]
    assert listed["st:someone/reader"]["used_by"] == ["rerank"]
    assert listed["st:someone/reader"]["here"] is False
    lines = cli("models", "list").lines
    assert lines[0].split() == ["gives", "size", "licence", "state", "model"]
    assert len(lines) == len(cli("models", "list", "--json").lines) + 1


def test_what_is_known_of_a_model_is_shown(cli: Cli) -> None:
    assert "licence  Apache-2.0" in cli("models", "show", PLAIN).out
    shown = json.loads(cli("models", "show", "st:all-MiniLM-L6-v2", "--json").out)
    assert (shown["gives"], shown["here"]) == (["dense"], False)
    done = cli("models", "show", "nothing")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("error: There is no model")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none",), "--leg"),
        (("st:ms-marco-MiniLM-L6-v2",), "--rerank"),
        (("st:all-MiniLM-L6-v2", "--leg", "sparse"), "gives dense vectors"),
        (("onnx:absent",), "no exported encoder"),
        (("st:./absent",), "no model folder"),
    ],
)
def test_a_switch_that_makes_no_sense_changes_nothing(filled: Cli, words: tuple[str, ...], said: str) -> None:
    before = filled("index", "status").out
    done = filled("models", "use", *words)
    assert done.status == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert filled("index", "status").out == before


def test_a_leg_is_dropped_and_built_again(filled: Cli) -> None:
    assert filled("models", "use", "none", "--leg", "sparse").status == 0
    assert "sparse: absent" in filled("index", "status").out
    assert filled("models", "use", PLAIN, "--leg", "sparse").status == 0
    assert "sparse: 3 of 3 papers" in filled("index", "status").out


def test_a_download_is_told_before_it_is_tried(filled: Cli) -> None:
    pytest.importorskip("huggingface_hub")
    done = filled("models", "use", "st:someone/something", "--leg", "dense")
    assert done.status == 2
    first, second = done.err.splitlines()[:2]
    assert "downloading it from huggingface.co" in first
    assert second.startswith("error: The model someone/something can't be downloaded")


def test_a_library_that_is_too_small_to_measure_by_says_so(filled: Cli) -> None:
    done = filled("models", "bench")
    assert done.status == 2
    assert "--on DIR" in done.err


def test_models_are_measured_on_a_judged_set(cli: Cli) -> None:
    (cli.folder / "set").mkdir()
    corpus = [{"_id": f"d{n}", "title": f"owls {n}", "text": f"night bird word{n}"} for n in range(6)]
    queries = [{"_id": f"q{n}", "text": f"word{n}"} for n in range(3)]
    for name, records in (("corpus", corpus), ("queries", queries)):
        cli.file(f"set/{name}.jsonl", "".join(json.dumps(each) + "\n" for each in records))
    qrels = "".join(f"q{n}\td{n}\t1\n" for n in range(3))
    cli.file("set/qrels.tsv", f"query-id\tcorpus-id\tscore\n{qrels}")
    done = cli("models", "bench", PLAIN, "--on", cli.folder / "set", "--json")
    assert "set: 3 queries" in done.err
    rows = [json.loads(line) for line in done.lines]
    assert [row["part"] for row in rows][:2] == ["bm25", "sparse"]
    assert rows[0]["alone"] == rows[1]["fused"] == 1.0
    table = cli("models", "bench", PLAIN, "--on", cli.folder / "set").lines
    assert table[0].split()[-1] == "model"
    assert all(len(line) <= 80 for line in table)


@tiny_models.needs_library
def test_a_search_is_reranked_by_the_model_that_is_named(filled: Cli, tmp_path: Path) -> None:
    reader = tiny_models.cross_encoder(tmp_path / "reader")
    hits = [json.loads(line) for line in filled("search", "retrieval", "--rerank", reader, "--json").lines]
    scores = [hit["reranked"]["score"] for hit in hits]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)
    assert "re-ranked from" in filled("search", "retrieval", "--rerank", reader, "--explain").out
    config = filled.file("settings.toml", f"rerank = {json.dumps(reader)}\n")
    assert "reranked" in filled("search", "retrieval", "--json", "--config", config).out
    off = filled("search", "retrieval", "--json", "--config", config, "--rerank", "none")
    assert "reranked" not in off.out
    asked = filled("ask", "Does query expansion improve sparse retrieval?", "--rerank", reader)
    assert asked.status == 0


def test_a_reranker_that_is_none_is_an_error(filled: Cli) -> None:
    for words in (("search", "owls"), ("ask", "What do owls eat?")):
        done = filled(*words, "--rerank", "nonsense")
        assert done.status == 2
        assert "no re-ranker" in done.err
