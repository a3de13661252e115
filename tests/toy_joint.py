"""A joint encoder with random weights, the BERT to train one from, and made-up papers: all made in a second.

BERT's vocabulary is as long as the real one, since the first concept has the id after it, but most of it is
unused: letters, and some hundred made-up words.
"""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy

from indexes.concepts import WORD_PIECES, Concepts
from indexes.joint_manifest import CONCEPTS_FILE, FORMAT, Manifest
from indexes.onnx import MODEL_FILE, TOKENIZER_FILE

WIDTH = 8
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
REAL = (
    "the",
    "of",
    "and",
    "sparse",
    "retrieval",
    "query",
    "expansion",
    "neural",
    "network",
    "deep",
    "learning",
)
TOPICS, WORDS = 12, 20  # topics of papers, and words of each


def made_up(topic: int, number: int) -> str:
    """A word of a topic: no stem has two of them."""
    syllables = ("ba", "ko", "mi", "du", "fe", "ga", "lo", "nu", "pi", "ra", "tu", "vo")
    return f"{syllables[topic]}{syllables[number % 12]}{syllables[number // 12]}x"


def vocabulary() -> list[str]:
    words = [made_up(topic, number) for topic in range(TOPICS) for number in range(WORDS)]
    known = [*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS), "##s", ".", *REAL, *words]
    known = list(dict.fromkeys(known))
    return known + [f"[unused{number}]" for number in range(WORD_PIECES - len(known))]


def tokenizer() -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    ids = {piece: number for number, piece in enumerate(vocabulary())}
    made = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.BertProcessing(("[SEP]", ids["[SEP]"]), ("[CLS]", ids["[CLS]"]))
    return made


def joint(
    folder: Path,
    concepts: Sequence[str] = ("sparse retrieval", "query expansion", "neural network"),
    *,
    max_length: int = 32,
    lexical: tuple[float, float, float] = (4.0, 0.5, 4.0),
    concept_weight: float = 0.5,
) -> Path:
    """A folder as ``litsearch models train`` writes one; the graph sums what its words say at random."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    folder.mkdir(parents=True, exist_ok=True)
    random_numbers = numpy.random.default_rng(0)
    dimensions = WORD_PIECES + len(concepts)
    unused = [piece.startswith("[") for piece in vocabulary()]
    weights = {
        "table": random_numbers.standard_normal((WORD_PIECES, WIDTH)),
        "head": random_numbers.standard_normal((WIDTH, dimensions)),
        "bias": numpy.append(numpy.where(unused, -100.0, -1.0), numpy.full(len(concepts), -1.0)),
        "own": random_numbers.standard_normal(WIDTH) / 10,
    }
    constants = [numpy_helper.from_array(each.astype("f4"), name) for name, each in weights.items()]
    constants.append(numpy_helper.from_array(numpy.array([1], "i8"), "one"))
    constants.append(numpy_helper.from_array(numpy.array([2], "i8"), "two"))
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["states"]),
        helper.make_node("MatMul", ["states", "own"], ["weights"]),
        helper.make_node("Cast", ["mask"], ["there"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["there", "two"], ["column"]),
        helper.make_node("Mul", ["states", "column"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "one"], ["sum"], keepdims=0),
        helper.make_node("LpNormalization", ["sum"], ["vectors"], axis=1),
        helper.make_node("MatMul", ["vectors", "head"], ["product"]),
        helper.make_node("Add", ["product", "bias"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "toy",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "l"]) for name in ("ids", "mask")],
        [
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["b", dimensions]),
            helper.make_tensor_value_info("weights", TensorProto.FLOAT, ["b", "l"]),
            helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["b", WIDTH]),
        ],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(folder / MODEL_FILE))
    tokenizer().save(str(folder / TOKENIZER_FILE))
    Concepts(concepts).write(folder / CONCEPTS_FILE)
    Manifest(FORMAT, "joint", "toy", WIDTH, max_length, 3.0, lexical, concept_weight).write(folder)
    return folder


def base(folder: Path) -> Path:
    """A BERT of three small layers, as training starts from."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=WORD_PIECES,
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=256,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer().save(str(folder / TOKENIZER_FILE))
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# tiny-bert\n", "utf-8")
    return folder


def records(count: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Papers whose titles, abstracts and keywords share the words of a topic."""
    draw = random.Random(seed)
    for number in range(count):
        words = [made_up(number % TOPICS, place) for place in range(WORDS)]

        def sentence(length: int, words: list[str] = words) -> str:
            return " ".join(draw.choices(words, k=length)).capitalize() + "."

        pairs = [" ".join(words[place : place + 2]) for place in range(0, 8, 2)]
        yield {
            "id": f"p{number}",
            "title": f"{sentence(3)[:-1]} {draw.choice(pairs)} {draw.choice(pairs)}",
            "abstract": " ".join(sentence(14) for _ in range(6))
            + f" {draw.choice(pairs).capitalize()} helps.",
            "keywords": draw.sample(pairs, 3),
        }


def write_records(file: Path, count: int, seed: int = 0) -> Path:
    file.write_text("".join(json.dumps(each) + "\n" for each in records(count, seed)), "utf-8")
    return file
