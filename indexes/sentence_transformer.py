"""Any dense SentenceTransformer or sparse SparseEncoder, by name or path, through the extra ``models``.

Weights are read from safetensors only and no code of a model is ever run. A path is read offline; a name is
the user naming a download. Importing torch takes seconds, so nothing here does until a model is loaded.
"""

import hashlib
import importlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from indexes.encoders import heaviest
from indexes.errors import EncoderError
from indexes.onnx import spelling

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

INSTALL_HINT = "Install it with: pip install 'litsearch-agent[models]'"
BATCH = 16

# Some of everything, to see how heavy a sparse model's impacts get.
PROBES = (
    "Sparse retrieval",
    "Dense and sparse retrieval of scientific abstracts with pretrained language models.",
    "Randomised controlled trial of aspirin in adults with cardiovascular disease: mortality fell by 12%.",
    "We prove convergence of stochastic gradient descent for non-convex functions under weak assumptions.",
)


class SentenceModel(Protocol):
    """What is used of both model classes of sentence-transformers."""

    max_seq_length: int
    prompts: Mapping[str, str]
    tokenizer: Any

    def __getitem__(self, index: int) -> Any: ...
    def __iter__(self) -> Iterator[object]: ...
    def state_dict(self) -> Mapping[str, Any]: ...
    def encode_document(self, inputs: Sequence[str], **options: object) -> Any: ...
    def encode_query(self, inputs: Sequence[str], **options: object) -> Any: ...


def load_model(name: str, kind: Literal["SentenceTransformer", "SparseEncoder"]) -> SentenceModel:
    """The model of that name or folder, on the CPU unless a GPU is there; EncoderError when it can't be."""
    local = Path(name).expanduser().exists()
    if not local and (name.startswith((".", "/", "~")) or name.count("/") > 1):
        raise EncoderError(
            f"There is no model folder {name}.", "Give the path of a folder, or a model's name."
        )
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    if local:
        os.environ["HF_HUB_OFFLINE"] = "1"
        name = str(Path(name).expanduser())
    try:
        library = importlib.import_module("sentence_transformers")
    except ImportError as error:
        raise EncoderError("Loading this model needs sentence-transformers.", INSTALL_HINT) from error
    if local:  # a download shows how far it is, loading what is here need not
        importlib.import_module("transformers.utils.logging").disable_progress_bar()
    try:
        model: SentenceModel = getattr(library, kind)(
            name,
            trust_remote_code=False,
            local_files_only=local,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, ImportError, AttributeError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise EncoderError(
            f"The model {name} can't be loaded: {reason}",
            "It must be a sentence-transformers model with weights in safetensors.",
        ) from error
    return model


@dataclass(frozen=True, slots=True)
class DenseModel:
    """A SentenceTransformer."""

    name: str
    hash: str
    dimensions: int
    model: SentenceModel

    @classmethod
    def load(cls, name: str) -> "DenseModel":
        model = load_model(name, "SentenceTransformer")
        size = len(model.encode_query(["size"], show_progress_bar=False)[0])
        return cls(f"st:{name}", _hash(model), size, model)

    def documents(self, texts: Sequence[str]) -> "NDArray[float32]":
        return self._encode(self.model.encode_document, texts)

    def query(self, text: str) -> "NDArray[float32]":
        vector: NDArray[float32] = self._encode(self.model.encode_query, [text])[0]
        return vector

    def _encode(self, encode: Any, texts: Sequence[str]) -> "NDArray[float32]":
        import numpy

        vectors = encode(
            list(texts),
            batch_size=BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return numpy.asarray(vectors, dtype=numpy.float32).reshape(len(texts), self.dimensions)


@dataclass(frozen=True, slots=True)
class SparseModel:
    """A SparseEncoder, inference-free ones included: queries go through the model's own query side."""

    name: str
    hash: str
    ceiling: float
    model: SentenceModel
    cheap: bool = False
    idf_weighted: bool = False

    @classmethod
    def load(cls, name: str) -> "SparseModel":
        model = load_model(name, "SparseEncoder")
        heaviest = max(
            (max(row.values(), default=0.0) for row in _rows(model.encode_document, PROBES)), default=0
        )
        if heaviest <= 0:
            raise EncoderError(f"The model {name} gives every text an empty vector.", "Choose another model.")
        return cls(f"st:{name}", _hash(model), heaviest, model)

    def documents(self, texts: Sequence[str]) -> Sequence[Mapping[int, float]]:
        return [heaviest(impacts) for impacts in _rows(self.model.encode_document, texts)]

    def query(self, text: str) -> Mapping[int, float]:
        return _rows(self.model.encode_query, [text])[0]

    def token(self, id: int) -> str:  # noqa: A002
        return str(self.model.tokenizer.convert_ids_to_tokens(id))

    def spell(self, text: str) -> Mapping[int, str]:
        return spelling(self.model.tokenizer.backend_tokenizer, text)


def _rows(encode: Any, texts: Sequence[str]) -> list[dict[int, float]]:
    """Sparse rows as mappings of their positive weights."""
    rows: list[dict[int, float]] = []
    tensors = encode(
        list(texts), batch_size=BATCH, convert_to_tensor=False, save_to_cpu=True, show_progress_bar=False
    )
    for tensor in tensors:
        row = tensor.coalesce()
        weights = zip(row.indices()[0].tolist(), row.values().tolist(), strict=True)
        rows.append({token: weight for token, weight in weights if weight > 0})
    return rows


def _hash(model: SentenceModel) -> str:
    """Over every parameter and module: the same weights are the same encoder, wherever they lie."""
    digest = hashlib.sha256()
    digest.update(repr([type(module).__name__ for module in model]).encode())
    digest.update(repr((model.max_seq_length, sorted(model.prompts.items()))).encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:32]
