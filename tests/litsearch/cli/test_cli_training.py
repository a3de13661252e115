import json
import subprocess
import sys
from pathlib import Path

import pytest
import tiny_models
import toy_joint
from command import Cli

from indexes.joint import JointModel


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("LITSEARCH_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return Cli(tmp_path, capsys, monkeypatch)


def test_the_library_adapts_an_encoder_that_it_then_uses(cli: Cli) -> None:
    papers = toy_joint.write_records(cli.folder / "papers.jsonl", 240)
    cli("add", papers, "--no-index")
    base = toy_joint.joint(cli.folder / "base", max_length=256, lexical=(0.0, 0.0, 0.0), concept_weight=0.0)
    done = cli("models", "train", "--from-library", "--base", base)
    assert done.status == 0
    assert done.lines[0].startswith("nDCG@10 ")
    folder = cli.library / "model"
    assert f"litsearch models use onnx:{folder}" in done.err
    assert cli("models", "use", f"onnx:{folder}").status == 0
    legs = [json.loads(each) for each in cli("index", "status", "--json").lines]
    assert [each["encoder"] for each in legs if each["leg"] != "bm25"] == [f"onnx:{folder}"] * 2
    title = next(toy_joint.records(1))["title"]
    assert title in cli("search", title, "--leg", "sparse").out
    before = JointModel.load(folder).hash
    assert cli("models", "train", "--from-library", "--base", base).status == 0
    assert JointModel.load(folder).hash == before  # the encoder in use stays as it is
    assert (cli.library / "model-2" / "CARD.md").is_file()


def test_nothing_is_kept_where_nothing_wins(cli: Cli) -> None:
    cli("add", toy_joint.write_records(cli.folder / "papers.jsonl", 240), "--no-index")
    base = toy_joint.joint(cli.folder / "base", max_length=256, lexical=(0.0, 0.0, 0.0), concept_weight=0.0)
    assert cli("models", "train", "--from-library", "--base", base, "--out", cli.folder / "best").status == 0
    done = cli("models", "train", "--from-library", "--base", cli.folder / "best")
    assert done.status == 1
    assert "Nothing was kept" in done.err
    assert not (cli.library / "model").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "PAPERS.jsonl"),
        (("papers.jsonl",), "--out"),
        (("papers.jsonl", "--from-library"), "--from-library"),
        (("--from-library", "--steps", "3"), "--from-library"),
        (("--from-library", "--papers", "20"), "200 papers"),
        (("--from-library", "--base", "absent"), "no library"),
    ],
)
def test_what_makes_no_sense_is_refused(cli: Cli, words: tuple[str, ...], said: str) -> None:
    done = cli("models", "train", *words)
    assert done.status == 2
    assert said in done.err


def test_an_empty_library_is_too_small_to_adapt_to(cli: Cli) -> None:
    cli("add", toy_joint.write_records(cli.folder / "papers.jsonl", 3), "--no-index")
    base = toy_joint.joint(cli.folder / "base")
    done = cli("models", "train", "--from-library", "--base", base)
    assert done.status == 2
    assert "Only 3 papers" in done.err


def test_training_without_the_extra_says_what_to_install(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['torch'] = None; sys.argv[0] = 'litsearch'; "
        "from litsearch.cli.main import run; run()"
    )
    words = ["models", "train", "papers.jsonl", "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "torch" in done.stderr
    assert "litsearch-agent[models]" in done.stderr


@tiny_models.needs_library
def test_files_and_bases_that_are_not_there_are_named(cli: Cli) -> None:
    done = cli("models", "train", cli.folder / "absent.jsonl", "--out", cli.folder / "out")
    assert (done.status, "absent.jsonl" in done.err) == (2, True)
    papers = toy_joint.write_records(cli.folder / "papers.jsonl", 5)
    done = cli("models", "train", papers, "--out", cli.folder / "out")
    assert done.status == 2
    assert "permit its download with --base all-MiniLM-L6-v2" in done.err
