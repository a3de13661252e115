import json
from pathlib import Path

import pytest

from indexes.errors import EncoderError
from litsearch.models import KNOWN, card, catalogue, describe, facts


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def exported(folder: Path, kind: str, **values: object) -> str:
    folder.mkdir(parents=True)
    manifest = {"format": 1, "kind": kind, "name": "toy", "dimensions": 4, "max_length": 8, **values}
    (folder / "encoder.json").write_text(json.dumps(manifest), "utf-8")
    for name in ("model.onnx", "tokenizer.json"):
        (folder / name).write_bytes(b"x" * 10)
    (folder / "CARD.md").write_text("---\nlicense: mit\n---\n# Toy\n", "utf-8")
    return f"onnx:{folder}"


def snapshot(cache: Path, repository: str, card: str) -> Path:
    folder = cache / f"models--{repository.replace('/', '--')}" / "snapshots" / "one"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"x" * 100)
    (folder / "modules.json").write_text('[{"type": "sentence_transformers.models.Pooling"}]', "utf-8")
    (folder / "config.json").write_text('{"hidden_size": 384, "num_hidden_layers": 6}', "utf-8")
    (folder / "README.md").write_text(card, "utf-8")
    return folder


def test_a_folder_is_described_by_its_manifest_and_card(tmp_path: Path) -> None:
    for kind, gives in (("dense", ("dense",)), ("sparse", ("sparse",)), ("joint", ("sparse", "dense"))):
        model = describe(exported(tmp_path / kind, kind, training="made-up"))
        assert (model.gives, model.licence, model.here) == (gives, "MIT", True)
        assert model.bytes is not None
        assert model.bytes > 20
        told = facts(model)
        assert (told["dimensions"], told["max length"], told["training"]) == (4, 8, "made-up")
        assert len(str(told["hash"])) == 32
        assert card(model) == "# Toy"


def test_a_download_is_described_by_its_card(cache: Path) -> None:
    header = "---\nlicense: apache-2.0\ndatasets:\n- s2orc\n- ms_marco\nbase_model: bert\n---\n\n# Title\n"
    folder = snapshot(cache, "sentence-transformers/all-MiniLM-L6-v2", header)
    model = describe("st:all-MiniLM-L6-v2")
    assert (model.gives, model.licence, model.folder) == (("dense",), "Apache-2.0", folder)
    assert facts(model)["training data"] == "s2orc, ms_marco"
    assert card(model) == "# Title"
    specs = [each.spec for each in catalogue()]
    assert "st:sentence-transformers/all-MiniLM-L6-v2" in specs
    assert "st:all-MiniLM-L6-v2" not in specs  # the same model under its short name


def test_what_is_in_use_is_in_the_catalogue_even_where_it_is_gone(tmp_path: Path) -> None:
    models = {model.spec: model for model in catalogue(["onnx:/gone", exported(tmp_path / "e", "dense")])}
    assert not models["onnx:/gone"].here
    assert models[f"onnx:{tmp_path / 'e'}"].here
    assert {known.spec for known in KNOWN} <= set(models)


def test_a_name_that_nobody_downloaded_is_no_error() -> None:
    assert describe("st:someone/something").gives == ()
    assert describe(KNOWN[0].spec) == KNOWN[0]


@pytest.mark.parametrize("spec", ["", "bert", "onnx:", "st:", "onnx:/nowhere", "st:./nowhere"])
def test_what_is_no_model_says_what_to_name(spec: str) -> None:
    with pytest.raises(EncoderError) as raised:
        describe(spec)
    assert raised.value.hint
