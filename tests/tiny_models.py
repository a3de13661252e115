"""Models of sentence-transformers with random weights, made on the spot in a second: one of each kind."""

import importlib.util
import json
from pathlib import Path

import pytest

WORDS = ("sparse", "dense", "retrieval", "papers", "impact", "query", "expansion", "owls", "##s", "of", "the")
VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS)
SIZES = {
    "vocab_size": len(VOCABULARY),
    "hidden_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "max_position_embeddings": 64,
}

needs_library = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None, reason="needs the extra models"
)


def dense(folder: Path) -> str:
    """A SentenceTransformer with mean pooling; its spec."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    backbone = _saved(BertModel(BertConfig(**SIZES)), folder)
    transformer = Transformer(str(backbone))
    pooling = Pooling(transformer.get_embedding_dimension(), "mean")
    return _spec(SentenceTransformer(modules=[transformer, pooling]), folder)


def sparse(folder: Path) -> str:
    """A SPLADE model, which encodes queries as it encodes documents; its spec."""
    from sentence_transformers import SparseEncoder

    return _spec(SparseEncoder(modules=_splade(folder)), folder)


def inference_free(folder: Path, prompt: str = "") -> str:
    """A SPLADE model whose queries are looked up, as those of OpenSearch are; its spec."""
    import torch
    from sentence_transformers import SparseEncoder
    from sentence_transformers.sparse_encoder.modules import Router, SparseStaticEmbedding

    documents = _splade(folder)
    weights = torch.arange(len(VOCABULARY), dtype=torch.float32) / 4 - 1  # the first ones are negative
    queries = SparseStaticEmbedding(documents[0].tokenizer, weights)
    router = Router.for_query_document([queries], documents)
    return _spec(SparseEncoder(modules=[router], prompts={"query": prompt, "document": ""}), folder)


def cross_encoder(folder: Path, labels: int = 1) -> str:
    """A CrossEncoder; its spec."""
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification

    backbone = _saved(BertForSequenceClassification(BertConfig(**SIZES, num_labels=labels)), folder)
    return _spec(CrossEncoder(str(backbone), num_labels=labels, local_files_only=True), folder)


def _splade(folder: Path) -> list[object]:
    from sentence_transformers.sparse_encoder.modules import SpladePooling, Transformer
    from transformers import BertConfig, BertForMaskedLM

    config = BertConfig(**SIZES, initializer_range=1.0)  # else no logit of random weights gets far above 0
    backbone = _saved(BertForMaskedLM(config), folder)
    return [Transformer(str(backbone), transformer_task="fill-mask"), SpladePooling()]


def _saved(model: object, folder: Path) -> Path:
    from transformers import BertTokenizerFast

    backbone = folder / "backbone"
    model.save_pretrained(backbone)  # type: ignore[attr-defined]
    vocabulary = backbone / "vocab.txt"
    vocabulary.write_text("\n".join(VOCABULARY) + "\n", "utf-8")
    BertTokenizerFast(str(vocabulary), model_max_length=32).save_pretrained(backbone)
    return backbone


def _spec(model: object, folder: Path) -> str:
    model.save_pretrained(str(folder / "model"))  # type: ignore[attr-defined]
    card = folder / "model" / "README.md"
    card.write_text("---\nlicense: mit\ndatasets:\n- made-up\n---\n# A tiny model\n", "utf-8")
    assert json.loads((folder / "model" / "config_sentence_transformers.json").read_text("utf-8"))
    return f"st:{folder / 'model'}"
