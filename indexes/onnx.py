"""Exported models through onnxruntime: a folder with ``model.onnx``, ``tokenizer.json`` and ``encoder.json``.

``encoder.json`` says what the graph gives: for a dense model states of every token, pooled and normalised
here; for a sparse one an impact for every token of the vocabulary, pooled in the graph.
"""

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from indexes.encoders import heaviest
from indexes.errors import EncoderError

if TYPE_CHECKING:
    from numpy import float32, int64
    from numpy.typing import NDArray

FORMAT = 1
MODEL_FILE, TOKENIZER_FILE, MANIFEST_FILE, HASH_FILE = (
    "model.onnx",
    "tokenizer.json",
    "encoder.json",
    "hash.json",
)
BATCH_TOKENS = 2048  # tokens with padding in one run: 16 texts of 128
INSTALL_HINT = "Export one with: litsearch index export NAME FOLDER, or name another folder."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``encoder.json`` says. ``query`` is how a sparse model weighs queries: by itself, or by counts."""

    kind: Literal["dense", "sparse"]
    name: str
    dimensions: int
    max_length: int
    pooling: Literal["mean", "cls", "max"] = "mean"
    document_prefix: str = ""
    query_prefix: str = ""
    ceiling: float = 0.0
    query: Literal["model", "counts"] = "model"
    idf_weighted: bool = False

    @classmethod
    def read(cls, folder: Path, kind: Literal["dense", "sparse"]) -> "Manifest":
        """EncoderError when a file of the folder is missing or it is no encoder of that kind."""
        for file in (MODEL_FILE, TOKENIZER_FILE, MANIFEST_FILE):
            if not (folder / file).is_file():
                raise EncoderError(f"{folder} is no exported encoder: it has no {file}.", INSTALL_HINT)
        try:
            values = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
            if values.pop("format") != FORMAT:
                raise ValueError("its format is another")
            manifest = cls(**values)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EncoderError(f"{folder / MANIFEST_FILE} can't be read: {error}", INSTALL_HINT) from error
        if manifest.kind != kind:
            raise EncoderError(f"{folder} holds a {manifest.kind} encoder, not a {kind} one.", INSTALL_HINT)
        return manifest


@dataclass(frozen=True, slots=True)
class Graph:
    """A model and its tokenizer: texts in, the graph's first output out, alike in length together."""

    session: Any
    tokenizer: Any
    manifest: Manifest

    @classmethod
    def load(cls, folder: Path, manifest: Manifest) -> "Graph":
        from tokenizers import Tokenizer

        session = open_session(folder / MODEL_FILE)
        try:
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        except Exception as error:  # the library raises Exception itself
            raise EncoderError(f"The tokenizer in {folder} can't be read: {error}", INSTALL_HINT) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(manifest.max_length)
        return cls(session, tokenizer, manifest)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]

    def run(
        self, rows: Sequence[Sequence[int]]
    ) -> Iterator[tuple[list[int], "NDArray[int64]", "NDArray[float32]"]]:
        """For each batch: which rows, their mask (texts, length), and the output."""
        for members, ids, mask in batches(rows):
            yield members, mask, self.session.run(None, {"ids": ids, "mask": mask})[0]


@dataclass(eq=False)
class OnnxDense:
    """A dense encoder; a text past the model's longest input is cut. The model is loaded when first used."""

    name: str
    hash: str
    dimensions: int
    folder: Path
    manifest: Manifest

    @cached_property
    def graph(self) -> Graph:
        return Graph.load(self.folder, self.manifest)

    @classmethod
    def load(cls, folder: str) -> "OnnxDense":
        path = Path(folder).expanduser()
        manifest = Manifest.read(path, "dense")
        return cls(f"onnx:{manifest.name}", folder_hash(path), manifest.dimensions, path, manifest)

    def documents(self, texts: Sequence[str]) -> "NDArray[float32]":
        return self._encode([self.manifest.document_prefix + text for text in texts])

    def query(self, text: str) -> "NDArray[float32]":
        return cast("NDArray[float32]", self._encode([self.manifest.query_prefix + text])[0])

    def _encode(self, texts: Sequence[str]) -> "NDArray[float32]":
        import numpy

        vectors = numpy.zeros((len(texts), self.dimensions), dtype=numpy.float32)
        for members, mask, states in self.graph.run(self.graph.ids(texts)):
            vectors[members] = _pool(states, mask, self.manifest.pooling)
        norms = numpy.linalg.norm(vectors, axis=1, keepdims=True)
        return cast("NDArray[float32]", vectors / numpy.maximum(norms, 1e-12))


@dataclass(eq=False)
class OnnxSparse:
    """A sparse encoder whose graph gives impacts of shape (texts, vocabulary), loaded when first used."""

    name: str
    hash: str
    ceiling: float
    idf_weighted: bool
    folder: Path
    manifest: Manifest
    cheap: bool = False

    @cached_property
    def graph(self) -> Graph:
        return Graph.load(self.folder, self.manifest)

    @classmethod
    def load(cls, folder: str) -> "OnnxSparse":
        path = Path(folder).expanduser()
        manifest = Manifest.read(path, "sparse")
        if manifest.ceiling <= 0:
            raise EncoderError(f"{path / MANIFEST_FILE} names no ceiling above 0.", INSTALL_HINT)
        name = f"onnx:{manifest.name}"
        return cls(name, folder_hash(path), manifest.ceiling, manifest.idf_weighted, path, manifest)

    def documents(self, texts: Sequence[str]) -> Sequence[Mapping[int, float]]:
        vectors = self._encode([self.manifest.document_prefix + text for text in texts])
        return [heaviest(impacts) for impacts in vectors]

    def query(self, text: str) -> Mapping[int, float]:
        text = self.manifest.query_prefix + text
        if self.manifest.query == "model":
            return self._encode([text])[0]
        encoding = self.graph.tokenizer.encode(text, add_special_tokens=False)
        return {token: float(count) for token, count in Counter(encoding.ids).items()}

    def token(self, id: int) -> str:  # noqa: A002
        return str(self.graph.tokenizer.id_to_token(id) or id)

    def spell(self, text: str) -> Mapping[int, str]:
        return spelling(self.graph.tokenizer, text)

    def _encode(self, texts: Sequence[str]) -> list[dict[int, float]]:
        vectors: list[dict[int, float]] = [{} for _ in texts]
        for members, _, impacts in self.graph.run(self.graph.ids(texts)):
            for place, row in enumerate(members):
                tokens = (impacts[place] > 0).nonzero()[0]
                weights = impacts[place][tokens]
                vectors[row] = dict(zip(tokens.tolist(), weights.tolist(), strict=True))
        return vectors


def batches(
    rows: "Sequence[Sequence[int] | NDArray[int64]]", multiple: int = 1
) -> Iterator[tuple[list[int], "NDArray[int64]", "NDArray[int64]"]]:
    """Rows of ids alike in length together, the longest first: which rows, their ids and their mask, both of
    shape (rows, length), the length a multiple of that."""
    import numpy

    order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
    while order:
        width = -(-max(1, len(rows[order[-1]])) // multiple) * multiple
        members = order[-max(1, BATCH_TOKENS // width) :]
        del order[-len(members) :]
        ids = numpy.zeros((len(members), width), dtype=numpy.int64)
        mask = numpy.zeros_like(ids)
        for place, row in enumerate(members):
            ids[place, : len(rows[row])] = rows[row]
            mask[place, : max(1, len(rows[row]))] = 1  # of an empty text the padding
        yield members, ids, mask


def open_session(path: Path) -> Any:
    """The graph of a file, ready to run; EncoderError when it can't be loaded."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # an arena never gives memory back
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises many classes of its own
        raise EncoderError(f"The model {path} can't be loaded: {error}", INSTALL_HINT) from error


def _pool(states: "NDArray[float32]", mask: "NDArray[int64]", pooling: str) -> "NDArray[float32]":
    """Token states of shape (texts, length, dimensions) to (texts, dimensions)."""
    import numpy

    if pooling == "cls":
        return states[:, 0]
    if pooling == "max":
        return cast("NDArray[float32]", numpy.where(mask[:, :, None] > 0, states, -numpy.inf).max(axis=1))
    return cast(
        "NDArray[float32]",
        numpy.einsum("nld,nl->nd", states, mask.astype(numpy.float32)) / mask.sum(1)[:, None],
    )


def spelling(tokenizer: Any, text: str) -> Mapping[int, str]:
    """Token id to the word of the text that it is a piece of, by a tokenizer of the library tokenizers."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    words: dict[int, str] = {}
    for token, word in zip(encoding.ids, encoding.word_ids, strict=True):
        if word is not None and (span := encoding.word_to_chars(word)) is not None:
            words.setdefault(token, text[span[0] : span[1]].strip().lower())
    return words


def folder_hash(folder: Path) -> str:
    """SHA-256 over the folder's three files, kept beside them with their sizes and times so that a cold start
    need not read the model twice."""
    files = [folder / name for name in (MANIFEST_FILE, TOKENIZER_FILE, MODEL_FILE)]
    stamp = [[file.stat().st_size, file.stat().st_mtime_ns] for file in files]
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads((folder / HASH_FILE).read_text(encoding="utf-8"))
        if kept["stamp"] == stamp:
            return str(kept["hash"])
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    value = digest.hexdigest()[:32]
    with contextlib.suppress(OSError):  # a folder that can't be written is hashed at each start
        (folder / HASH_FILE).write_text(json.dumps({"stamp": stamp, "hash": value}), encoding="utf-8")
    return value


def forget_hash(folder: Path) -> None:
    (folder / HASH_FILE).unlink(missing_ok=True)
