from pathlib import Path

import numpy
import pytest
import toy_joint

from indexes.concepts import WORD_PIECES, Concepts
from indexes.encoders import load_dense, load_sparse
from indexes.errors import EncoderError
from indexes.joint import HEAVIEST, JointModel, is_joint
from indexes.joint_manifest import CONCEPTS_FILE, MANIFEST_FILE, Manifest, move

TEXT = "Sparse retrieval with query expansions"
SPARSE_RETRIEVAL, QUERY_EXPANSION, NEURAL_NETWORK = range(WORD_PIECES, WORD_PIECES + 3)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> JointModel:
    return JointModel.load(toy_joint.joint(tmp_path_factory.mktemp("joint")))


def test_one_pass_gives_both_vectors(model: JointModel) -> None:
    encoded = model.encode([TEXT, "neural networks"])
    assert encoded.vectors.shape == (2, toy_joint.WIDTH)
    assert numpy.allclose(numpy.linalg.norm(encoded.vectors, axis=1), 1, atol=1e-5)
    for impacts in encoded.impacts:
        assert 0 < len(impacts) <= HEAVIEST
        assert min(impacts.values()) > 0


def test_both_legs_share_a_model(model: JointModel) -> None:
    spec = f"onnx:{model.folder}"
    sparse, dense = load_sparse(spec), load_dense(spec)
    assert sparse.documents([TEXT])[0] == model.encode([TEXT]).impacts[0]
    assert numpy.array_equal(dense.query(TEXT), model.encode([TEXT]).vectors[0])
    assert sparse.idf_weighted
    assert sparse.hash != dense.hash


def test_texts_are_encoded_alike_alone_and_among_others(model: JointModel) -> None:
    texts = [TEXT, "", "neural " * 50, "deep learning"]
    together = model.encode(texts)
    for place, text in enumerate(texts):
        alone = model.encode([text])
        assert numpy.allclose(together.vectors[place], alone.vectors[0], atol=1e-5)
        assert together.impacts[place] == pytest.approx(alone.impacts[0], abs=1e-5)


def test_a_word_past_the_longest_input_still_counts(model: JointModel) -> None:
    words = {model.token(each): each for each in model.query_counts("network")}
    short = model.encode(["neural " * 40])
    long = model.encode(["neural " * 40 + "network"])
    assert numpy.allclose(short.vectors, long.vectors)  # the graph did not read it
    assert long.impacts[0][words["network"]] > short.impacts[0].get(words["network"], 0.0)
    assert NEURAL_NETWORK in long.impacts[0]


def test_a_text_without_words_has_a_vector_and_asks_for_nothing(model: JointModel) -> None:
    encoded = model.encode(["", "…"])
    assert numpy.isfinite(encoded.vectors).all()
    assert model.query_counts("") == {}
    assert model.query_counts("the of and …") == {}
    assert model.encode([]).vectors.shape == (0, toy_joint.WIDTH)


def test_queries_are_counts_and_concepts_weigh_less(model: JointModel) -> None:
    counts = {
        model.token(each): count for each, count in model.query_counts("query query expansions").items()
    }
    assert counts == {"query": 2.0, "expansion": 1.0, "##s": 1.0, "query expansion": 0.5}


def test_concepts_are_found_whatever_their_endings(model: JointModel) -> None:
    for text in ("Neural networks", "neural-network", "a NEURAL network's"):
        assert NEURAL_NETWORK in model.query_counts(text)
    for text in ("neural and network", "network neural", "neural"):
        assert NEURAL_NETWORK not in model.query_counts(text)
    assert model.token(NEURAL_NETWORK) == "neural network"


def test_explanations_name_concepts_and_words(model: JointModel) -> None:
    spelled = load_sparse(f"onnx:{model.folder}").spell("Query expansions")
    assert spelled[QUERY_EXPANSION] == "query expansion"
    assert {"query", "expansions"} <= set(spelled.values())


def test_concepts_that_the_graph_does_not_know_are_matched(tmp_path: Path) -> None:
    folder = toy_joint.joint(tmp_path / "model")
    known = JointModel.load(folder).encode([TEXT, "deep learning"])
    Concepts([*Concepts.read(folder / CONCEPTS_FILE).names, "deep learning"]).write(folder / CONCEPTS_FILE)
    Manifest.read(folder).write(folder)
    more = JointModel.load(folder)
    new = NEURAL_NETWORK + 1
    encoded = more.encode([TEXT, "deep learning"])
    assert encoded.impacts[0] == pytest.approx(known.impacts[0])
    lexical = more.manifest.lexical
    assert encoded.impacts[1][new] == pytest.approx(numpy.log1p(lexical[2] + lexical[1] * numpy.log(2)))
    assert new in more.query_counts("deep learning")
    assert numpy.array_equal(encoded.vectors, known.vectors)


def test_other_concepts_or_weights_are_another_encoder(tmp_path: Path) -> None:
    folder = toy_joint.joint(tmp_path / "model")
    first = JointModel.load(folder)
    Manifest.read(folder).write(folder)
    assert JointModel.load(folder).hash == first.hash
    Concepts(["deep learning"]).write(folder / CONCEPTS_FILE)
    Manifest.read(folder).write(folder)
    second = JointModel.load(folder)
    assert second.hash != first.hash
    assert second.concepts.names == ("deep learning",)


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "concepts.txt"])
def test_a_folder_that_lacks_a_file_is_named(tmp_path: Path, file: str) -> None:
    folder = toy_joint.joint(tmp_path / "model")
    (folder / file).unlink()
    with pytest.raises(EncoderError, match=file):
        JointModel.load(folder)


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"kind": "joint", "lexical": 1}'])
def test_a_manifest_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    folder = toy_joint.joint(tmp_path / "model")
    (folder / MANIFEST_FILE).write_text(text, "utf-8")
    with pytest.raises(EncoderError, match=MANIFEST_FILE):
        JointModel.load(folder)


def test_an_encoder_replaces_another_and_what_is_cut_short_is_none(tmp_path: Path) -> None:
    old = toy_joint.joint(tmp_path / "old")
    new = toy_joint.joint(tmp_path / "new", ["deep learning"])
    (new / "CARD.md").write_text("card", "utf-8")
    wanted = Manifest.read(new)
    move(new, old)
    assert Manifest.read(old) == wanted
    assert (old / "CARD.md").exists()
    assert not new.exists()
    half = toy_joint.joint(tmp_path / "half")
    (half / "a-folder").mkdir()
    (old / "a-folder").mkdir()
    (old / "a-folder" / "full").write_text("", "utf-8")
    (half / "a-folder").rename(half / "concepts.d")
    (half / MANIFEST_FILE).unlink()
    move(half, old)
    assert not is_joint(old)
