import json
from pathlib import Path

import pytest

from indexes.errors import EncoderError
from indexes.hub import download, downloaded, is_path, located, model_kind


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def kept(cache: Path, repository: str, snapshot: str = "one", weights: str = "model.safetensors") -> Path:
    folder = cache / f"models--{repository.replace('/', '--')}" / "snapshots" / snapshot
    folder.mkdir(parents=True)
    (folder / weights).write_bytes(b"")
    return folder


def test_a_download_is_found_by_its_name_and_by_that_without_its_organisation(cache: Path) -> None:
    folder = kept(cache, "sentence-transformers/all-x")
    assert located("sentence-transformers/all-x") == located("all-x") == located("all-x", "dense") == folder
    assert located("all-x", "sparse") is None
    assert downloaded() == {"sentence-transformers/all-x": folder}


def test_a_download_without_safetensors_is_not_there(cache: Path) -> None:
    kept(cache, "a/b", weights="pytorch_model.bin")
    assert located("a/b") is None
    assert downloaded() == {}


def test_a_path_is_never_a_name(cache: Path, tmp_path: Path) -> None:
    assert located(str(tmp_path)) == tmp_path
    for path in ("./absent", "~/absent", "/absent", "a/b/c"):
        assert is_path(path)
        assert located(path) is None
    assert not is_path("a/b")


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"config_sentence_transformers.json": {"model_type": "SparseEncoder"}}, "sparse"),
        ({"config_sentence_transformers.json": {"model_type": "CrossEncoder"}}, "cross-encoder"),
        ({"modules.json": [{"type": "sentence_transformers.models.Pooling"}]}, "dense"),
        ({"modules.json": [{"type": "sentence_transformers.sparse_encoder.models.SpladePooling"}]}, "sparse"),
        (
            {
                "modules.json": [{"type": "sentence_transformers.models.Router"}],
                "router_config.json": {"types": {"a": "sentence_transformers.sparse_encoder.models.X"}},
            },
            "sparse",
        ),
        ({"config.json": {"architectures": ["BertForSequenceClassification"]}}, "cross-encoder"),
        ({"config.json": {"architectures": ["BertForMaskedLM"]}}, None),
        ({}, None),
    ],
)
def test_a_folder_tells_what_it_holds(tmp_path: Path, files: dict[str, object], kind: str | None) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content), "utf-8")
    assert model_kind(tmp_path) == kind


def test_a_download_without_a_network_says_what_to_do(cache: Path) -> None:
    pytest.importorskip("huggingface_hub")
    with pytest.raises(EncoderError) as raised:
        download("someone/something")
    assert "someone/something" in raised.value.message
    assert "folder" in raised.value.hint
