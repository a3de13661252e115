import subprocess
import sys
from pathlib import Path

import pytest
import tiny_models

from indexes.corpus import Corpus
from indexes.encoders import load_dense, load_sparse
from indexes.hybrid import HybridIndex
from indexes.query_table import InferenceFree, keep, kept
from indexes.types import Document, Query

pytestmark = tiny_models.needs_library

PAPERS = [
    Document(n, f"k{n}", title) for n, title in enumerate(("sparse retrieval", "dense owls", "papers"), 1)
]
TEXTS = ("sparse retrieval of owls, owls", "", "unknowable", "the query " * 40)

SEARCH = """
import sys
from pathlib import Path
from indexes.corpus import Corpus
from indexes.hybrid import HybridIndex
from indexes.types import Document, Query
titles = ("sparse retrieval", "dense owls", "papers")
papers = [Document(n, f"k{n}", title) for n, title in enumerate(titles, 1)]
index = HybridIndex.open(Path(sys.argv[1]), Corpus(papers))
hits = index.search(Query("owls"), legs=("sparse",), explain=True).hits
print([hit.id for hit in hits], sorted({"torch", "sentence_transformers", "numpy"} & set(sys.modules)))
"""


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tiny_models.inference_free(tmp_path_factory.mktemp("free"), "query ")


def test_the_table_weighs_queries_as_the_model_does(spec: str, tmp_path: Path) -> None:
    model = load_sparse(spec)
    keep(model, tmp_path)
    table = kept(tmp_path, model.hash)
    assert table is not None
    assert table.ceiling == model.ceiling
    for text in TEXTS:
        assert table.query(text) == pytest.approx(dict(model.query(text)))
        assert table.spell(text) == model.spell(text)
    for token in model.query(TEXTS[0]):
        assert table.token(token) == model.token(token)


def test_a_search_needs_neither_the_model_nor_torch(spec: str, tmp_path: Path) -> None:
    index = HybridIndex.open(tmp_path, Corpus(PAPERS))
    index.update(legs=("bm25",))
    index.rebuild(("sparse",), encoder=spec)
    expected = [hit.id for hit in index.search(Query("owls"), legs=("sparse",)).hits]
    model = Path(spec.removeprefix("st:"))
    away = model.rename(model.with_name("away"))
    try:
        done = subprocess.run(
            [sys.executable, "-c", SEARCH, str(tmp_path)], capture_output=True, text=True, check=True
        )
    finally:
        away.rename(model)
    assert done.stdout.strip() == f"{expected} []"


def test_a_model_that_must_read_queries_has_no_table(tmp_path: Path) -> None:
    model = load_sparse(tiny_models.sparse(tmp_path / "model"))
    assert isinstance(model, InferenceFree)
    assert model.query_table() is None
    keep(model, tmp_path)
    assert kept(tmp_path, model.hash) is None
    assert model.documents(["sparse retrieval"])[0]


def test_a_damaged_table_is_none(spec: str, tmp_path: Path) -> None:
    model = load_sparse(spec)
    keep(model, tmp_path)
    next(tmp_path.glob("*/table.json")).write_text('{"format": 1}', "utf-8")
    assert kept(tmp_path, model.hash) is None


def test_the_hash_knows_how_a_model_pools(tmp_path: Path) -> None:
    spec = tiny_models.sparse(tmp_path)
    before = load_sparse(spec).hash
    config = next(Path(spec.removeprefix("st:")).glob("*_SpladePooling/config.json"))
    config.write_text(config.read_text("utf-8").replace('"max"', '"sum"'), "utf-8")
    moved = config.parents[1].rename(tmp_path / "moved")
    assert load_sparse(f"st:{moved}").hash != before


def test_a_dense_model_gives_unit_vectors(tmp_path: Path) -> None:
    model = load_dense(tiny_models.dense(tmp_path))
    vectors = model.documents(["sparse retrieval", "owls"])
    assert vectors.shape == (2, model.dimensions)
    assert (vectors**2).sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
