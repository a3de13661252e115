"""The query side of an inference-free sparse model: a table of token weights, and no model.

Such a model (Geng et al., Towards Competitive Search Relevance for Inference-Free Learned Sparse Retrievers,
2024) encodes documents by a transformer and looks queries up. The table is kept beside the encodings when
the leg is built, so that a search neither imports torch nor needs the model any more.
"""

import json
import logging
from array import array
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from indexes import durable
from indexes.onnx import spelling

logger = logging.getLogger(__name__)

FORMAT = 1
TABLE_FILE, TOKENIZER_FILE, WEIGHTS_FILE = "table.json", "tokenizer.json", "weights.f32"


@dataclass(eq=False)
class QueryTable:
    """``tokenizer`` is its JSON, ``weights`` has one for each token; a token that occurs counts once.

    ``ceiling`` is that of the model's documents, see :class:`indexes.encoders.SparseEncoder`.
    """

    tokenizer: str
    weights: "array[float]"
    ceiling: float
    prefix: str = ""
    max_length: int | None = None  # tokens of a query

    def query(self, text: str) -> Mapping[int, float]:
        ids = dict.fromkeys(self._tokenizer.encode(self.prefix + text, add_special_tokens=False).ids)
        return {token: self.weights[token] for token in ids if self.weights[token] > 0}

    def token(self, id: int) -> str:  # noqa: A002
        return str(self._tokenizer.id_to_token(id) or id)

    def spell(self, text: str) -> Mapping[int, str]:
        return spelling(self._tokenizer, text)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(self.tokenizer)
        tokenizer.no_padding()
        tokenizer.no_truncation()
        if self.max_length is not None:
            tokenizer.enable_truncation(self.max_length)
        return tokenizer


@runtime_checkable
class InferenceFree(Protocol):
    """A sparse encoder whose query side may be a table."""

    @property
    def hash(self) -> str: ...

    def query_table(self) -> QueryTable | None:
        """None where a query needs the model."""


def keep(encoder: object, folder: Path) -> None:
    """Write the encoder's table, where it has one, into a folder of encodings. Never fails: without it
    queries are encoded by the model."""
    if not isinstance(encoder, InferenceFree) or (_folder(folder, encoder.hash) / TABLE_FILE).is_file():
        return
    table = encoder.query_table()
    if table is None:
        return
    place = _folder(folder, encoder.hash)
    about = {
        "format": FORMAT,
        "ceiling": table.ceiling,
        "prefix": table.prefix,
        "max_length": table.max_length,
    }
    try:
        place.mkdir(parents=True, exist_ok=True)
        durable.replace(place / TOKENIZER_FILE, table.tokenizer.encode())
        durable.replace(place / WEIGHTS_FILE, table.weights.tobytes())
        durable.replace(place / TABLE_FILE, json.dumps(about).encode())  # last: with it the table is whole
    except OSError as error:
        logger.warning("The query side can't be kept in %s: %s", place, error)


def kept(folder: Path, encoder_hash: str) -> QueryTable | None:
    """The table of the encoder with that hash, None where there is none that can be read."""
    place = _folder(folder, encoder_hash)
    with suppress(OSError, ValueError, KeyError, TypeError):
        about = json.loads((place / TABLE_FILE).read_text(encoding="utf-8"))
        if about["format"] == FORMAT:
            weights = array("f")
            weights.frombytes((place / WEIGHTS_FILE).read_bytes())
            tokenizer = (place / TOKENIZER_FILE).read_text(encoding="utf-8")
            return QueryTable(
                tokenizer, weights, float(about["ceiling"]), about["prefix"], about["max_length"]
            )
    return None


def _folder(encodings: Path, encoder_hash: str) -> Path:
    return encodings / f"{encoder_hash}.query"
