import json
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel, WordPiece
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

from indexes import wordpieces
from indexes.analysis import STOP_WORDS
from indexes.encoders import heaviest, load_dense, load_sparse
from indexes.errors import EncoderError
from indexes.wordpieces import WordPieces

VOCABULARY = ["[UNK]", "sparse", "dense", "retrieval", "papers", "of"]
PIECES = WordPieces()


def pieces(text: str) -> list[str]:
    return [PIECES.token(each) for each in PIECES.query(text)]


def test_words_are_split_into_known_pieces() -> None:
    assert pieces("SciFact retrieval") == ["sci", "##fa", "##ct", "retrieval"]
    assert pieces("Naïve ﬁle") == ["naive", "file"]
    assert pieces("中国") == ["中", "国"]
    assert pieces("the \U0001f600 of — and") == []
    assert PIECES.query("sparse sparse dense") == {
        PIECES._vocabulary["sparse"]: 2,
        PIECES._vocabulary["dense"]: 1,
    }


@given(st.lists(st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=30), max_size=8))
def test_words_are_split_as_the_tokenizers_library_splits_them(words: list[str]) -> None:
    words = [word for word in words if word not in STOP_WORDS]
    reference = Tokenizer(WordPiece(PIECES._vocabulary, unk_token="[UNK]"))
    reference.pre_tokenizer = Whitespace()
    expected = [each for each in reference.encode(" ".join(words)).tokens if each != "[UNK]"]
    assert sorted(PIECES.token(each) for each in PIECES._ids(" ".join(words))) == sorted(expected)


def test_impacts_saturate_and_shrink_with_length() -> None:
    once, often, long = PIECES.documents(["sparse", "sparse " * 9, "sparse " + "dense " * 400])
    token = PIECES._vocabulary["sparse"]
    assert long[token] < once[token] < often[token] < 1


def test_rare_pieces_of_a_long_text_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordpieces, "HEAVIEST", 2)
    assert {PIECES.token(each) for each in PIECES.documents(["about some spectrum retrieval"])[0]} == {
        "spectrum",
        "retrieval",
    }


def test_pieces_are_spelled_as_whole_words() -> None:
    assert set(PIECES.spell("SciFact and retrieval").values()) == {"scifact", "retrieval"}


def test_the_heaviest_impacts_are_kept_ties_by_token() -> None:
    assert heaviest({1: 0.5, 2: 0.9, 3: 0.5}, 2) == {2: 0.9, 1: 0.5}


@pytest.mark.parametrize("spec", ["", "wordpiece", "onnx:", "st:", "bert:x"])
def test_an_unknown_encoder_is_an_error_that_names_the_known_ones(spec: str) -> None:
    for load in (load_sparse, load_dense):
        with pytest.raises(EncoderError) as raised:
            load(spec)
        assert "onnx:FOLDER" in raised.value.hint


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError) as raised:
        load_dense("st:all-MiniLM-L6-v2")
    assert "litsearch-agent[models]" in raised.value.hint


def test_a_path_without_a_model_is_no_download() -> None:
    with pytest.raises(EncoderError, match="no model folder"):
        load_dense("st:./no/such/folder")


def test_a_dense_folder_pools_real_tokens_only(tmp_path: Path) -> None:
    table = _export(tmp_path, "dense", pooling="mean", dimensions=4, max_length=3)
    encoder = load_dense(f"onnx:{tmp_path}")
    one, two = encoder.documents(["sparse", "dense retrieval papers papers papers"])
    assert one == pytest.approx(_unit(table[1]), abs=1e-5)
    assert two == pytest.approx(_unit(table[2:5].mean(axis=0)), abs=1e-5)  # cut at three tokens
    assert encoder.query("sparse") == pytest.approx(one, abs=1e-6)
    assert encoder.documents([]).shape == (0, 4)
    assert numpy.isfinite(encoder.documents([""])).all()


@pytest.mark.parametrize(("pooling", "expected"), [("cls", [0]), ("max", [1, 2])])
def test_other_poolings(tmp_path: Path, pooling: str, expected: list[int]) -> None:
    table = _export(tmp_path, "dense", pooling=pooling, dimensions=4, max_length=8)
    vector = load_dense(f"onnx:{tmp_path}").documents(["sparse dense", "papers of of of of"])[0]
    states = table[1:3]
    assert vector == pytest.approx(_unit(states[0] if pooling == "cls" else states.max(axis=0)), abs=1e-5)


def test_a_sparse_folder_gives_impacts(tmp_path: Path) -> None:
    _export(tmp_path, "sparse", dimensions=6, max_length=8, ceiling=2.0, query="counts", idf_weighted=True)
    encoder = load_sparse(f"onnx:{tmp_path}")
    assert encoder.documents(["sparse papers", "of"]) == [{1: 1.0, 4: 1.0}, {5: 1.0}]
    assert encoder.query("of sparse of") == {5: 2.0, 1: 1.0}
    assert (encoder.token(3), encoder.spell("Dense of")) == ("retrieval", {2: "dense", 5: "of"})
    assert (encoder.idf_weighted, encoder.cheap, encoder.ceiling) == (True, False, 2.0)


def test_the_hash_is_that_of_the_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        _export(tmp_path / name, "dense", dimensions=4, max_length=8)
    one, two = (load_dense(f"onnx:{tmp_path / name}").hash for name in ("one", "two"))
    assert one == two == load_dense(f"onnx:{tmp_path / 'one'}").hash
    _export(tmp_path / "one", "dense", dimensions=4, max_length=7)
    assert load_dense(f"onnx:{tmp_path / 'one'}").hash != two


@pytest.mark.parametrize("damage", ["folder", "model.onnx", "encoder.json", "kind", "bytes"])
def test_a_folder_that_is_no_encoder_says_so(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "encoder"
    if damage != "folder":
        _export(folder, "sparse" if damage == "kind" else "dense", dimensions=4, max_length=8, ceiling=1.0)
    if damage == "model.onnx":
        (folder / damage).unlink()
    elif damage == "encoder.json":
        (folder / damage).write_text('{"format": 1, "surprise": 2}')
    elif damage == "bytes":
        (folder / "model.onnx").write_bytes(b"nothing")
    with pytest.raises(EncoderError) as raised:
        load_dense(f"onnx:{folder}").query("sparse")
    assert str(folder) in raised.value.message


def test_naming_an_encoder_loads_nothing_heavy() -> None:
    program = (
        "import sys, indexes.encoders, indexes.impact, indexes.encodings, indexes.onnx;"
        "print(sorted({'numpy', 'torch', 'onnxruntime', 'tokenizers', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _unit(vector: Any) -> Any:
    return vector / numpy.linalg.norm(vector)


def _export(folder: Path, kind: str, **manifest: object) -> Any:
    """A folder whose graph looks token states up (dense), or says which tokens are there (sparse)."""
    folder.mkdir(parents=True, exist_ok=True)
    width = 4 if kind == "dense" else len(VOCABULARY)
    table = numpy.random.default_rng(3).standard_normal((len(VOCABULARY), width)).astype(numpy.float32)
    if kind == "sparse":
        table = numpy.eye(len(VOCABULARY), dtype=numpy.float32)
        table[0] = 0
    nodes = [helper.make_node("Gather", ["table", "ids"], ["states"])]
    if kind == "sparse":
        nodes += [
            helper.make_node("Cast", ["mask"], ["real"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["real", "last"], ["column"]),
            helper.make_node("Mul", ["states", "column"], ["kept"]),
            helper.make_node("ReduceMax", ["kept"], ["impacts"], axes=[1], keepdims=0),
        ]
    graph = helper.make_graph(
        nodes,
        "toy",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "length"])
            for name in ("ids", "mask")
        ],
        [helper.make_tensor_value_info("states" if kind == "dense" else "impacts", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(numpy.array([2]), "last")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(folder / "model.onnx"))
    tokenizer = Tokenizer(
        WordLevel({word: number for number, word in enumerate(VOCABULARY)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.normalizer = Lowercase()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "encoder.json").write_text(json.dumps({"format": 1, "kind": kind, "name": "toy", **manifest}))
    return table
