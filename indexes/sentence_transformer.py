"""Any dense SentenceTransformer or sparse SparseEncoder, by name or path, through the extra ``models``.

Weights are read from safetensors only, no code of a model is ever run, and the network is never used (see
:mod:`indexes.hub`). Importing torch takes seconds, so nothing here does until a model is loaded.
"""

import hashlib
import importlib
import os
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from indexes.encoders import heaviest
from indexes.errors import EncoderError
from indexes.hub import Kind, is_path, located, model_kind
from indexes.onnx import spelling
from indexes.query_table import QueryTable

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

INSTALL_HINT = "Install it with: pip install 'litsearch-agent[models]'"
BATCH = 16
CLASSES: Mapping[Kind, str] = {
    "dense": "SentenceTransformer",
    "sparse": "SparseEncoder",
    "cross-encoder": "CrossEncoder",
}
POOLING = ("pooling_mode", "pooling_strategy", "activation_function", "include_prompt")
UNLIMITED = 1 << 20  # tokens: a tokenizer without a limit has an absurd one

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


def load_model(name: str, kind: Kind) -> SentenceModel:
    """The model of that name or folder, without the network, on the CPU unless a GPU is there.

    EncoderError when it is not on this machine, is of another kind, or can't be loaded.
    """
    if is_path(name) and not Path(name).expanduser().is_dir():
        raise EncoderError(
            f"There is no model folder {name}.", "Give the path of a folder, or a model's name."
        )
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    try:
        importlib.import_module("sentence_transformers")
    except ImportError as error:
        raise EncoderError("Loading this model needs sentence-transformers.", INSTALL_HINT) from error
    folder = located(name, kind)
    if folder is None:
        raise EncoderError(
            f"The model {name} is not on this machine, and nothing is downloaded unasked.",
            f"Naming it downloads it: litsearch models use st:{name}",
        )
    found = model_kind(folder)
    if found is not None and found != kind:
        raise EncoderError(f"The model {name} is a {found} model, not a {kind} one.", "Name another model.")
    try:
        return _loaded(folder, kind)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, ImportError, AttributeError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise EncoderError(
            f"The model {name} can't be loaded: {reason}",
            "It must be a sentence-transformers model with weights in safetensors.",
        ) from error


@lru_cache(maxsize=1)  # a leg that is built asks for its encoder's hash first and encodes then
def _loaded(folder: Path, kind: Kind) -> SentenceModel:
    library = importlib.import_module("sentence_transformers")
    importlib.import_module("transformers.utils.logging").disable_progress_bar()
    model: SentenceModel = getattr(library, CLASSES[kind])(
        str(folder),
        trust_remote_code=False,
        local_files_only=True,
        model_kwargs={"use_safetensors": True},
    )
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
        model = load_model(name, "dense")
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
        model = load_model(name, "sparse")
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

    def query_table(self) -> QueryTable | None:
        """See :class:`indexes.query_table.InferenceFree`."""
        static = _static_query(self.model)
        if static is None:
            return None
        limit = int(static.max_seq_length or 0)
        table = QueryTable(
            static.tokenizer.backend_tokenizer.to_str(),
            array("f", static.weight.tolist()),
            self.ceiling,
            self.model.prompts.get("query") or "",
            limit if 0 < limit < UNLIMITED else None,
        )
        return table if all(_alike(table.query(text), self.query(text)) for text in PROBES) else None

    def token(self, id: int) -> str:  # noqa: A002
        return str(self.model.tokenizer.convert_ids_to_tokens(id))

    def spell(self, text: str) -> Mapping[int, str]:
        return spelling(self.model.tokenizer.backend_tokenizer, text)


def _static_query(model: SentenceModel) -> Any:
    """The look-up module that is the whole query side of a model, or None."""
    modules: list[Any] = list(model)
    if len(modules) != 1 or type(modules[0]).__name__ != "Router":
        return None
    route = list(modules[0].sub_modules["query"]) if "query" in modules[0].sub_modules else []
    return route[0] if [type(each).__name__ for each in route] == ["SparseStaticEmbedding"] else None


def _alike(left: Mapping[int, float], right: Mapping[int, float]) -> bool:
    return left.keys() == right.keys() and all(isclose(left[key], right[key], rel_tol=1e-4) for key in left)


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
    modules = list(_modules(model))
    digest = hashlib.sha256()
    digest.update(repr([(type(each).__name__, _settings(each)) for each in modules]).encode())
    digest.update(repr((model.max_seq_length, sorted(model.prompts.items()))).encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:32]


def _modules(model: Any) -> Iterator[Any]:
    """The modules of a model, those of a router's routes too."""
    for module in model:
        yield module
        for route in getattr(module, "sub_modules", {}).values():
            yield from _modules(route)


def _settings(module: Any) -> list[tuple[str, str]]:
    """How a pooling pools; the rest shows in the shapes of the weights."""
    settings = module.get_config_dict() if hasattr(module, "get_config_dict") else {}
    return [(name, str(settings[name])) for name in POOLING if name in settings]
