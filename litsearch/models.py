"""The catalogue of models: what each gives, its size and licence, and whether it is on this machine.

All is read from folders and cards: nothing here loads a model or uses the network.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from indexes.encoders import PLAIN, SHIPPED, shipped_folder
from indexes.errors import EncoderError
from indexes.hub import Kind, downloaded, is_path, located, model_kind, read_values

MANIFEST_FILE = "encoder.json"
CARDS = ("CARD.md", "README.md")
SPECS = f"{SHIPPED}, {PLAIN}, onnx:FOLDER or st:NAME-OR-PATH"

_GIVES: Mapping[str, tuple[Kind, ...]] = {
    "dense": ("dense",),
    "sparse": ("sparse",),
    "joint": ("sparse", "dense"),
}
_LICENCES = {"apache-2.0": "Apache-2.0", "mit": "MIT"}
_CARD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Model:
    """A model by its spec. ``gives`` is empty where only its download can tell."""

    spec: str
    gives: tuple[Kind, ...] = ()
    bytes: int | None = None
    licence: str = ""
    here: bool = False  # on this machine
    folder: Path | None = None


# What may be named and is known to work; sizes are those of the weights that are downloaded.
KNOWN = (
    Model("st:all-MiniLM-L6-v2", ("dense",), 91_000_000, "Apache-2.0"),
    Model("st:BAAI/bge-small-en-v1.5", ("dense",), 133_000_000, "MIT"),
    Model(
        "st:opensearch-project/opensearch-neural-sparse-encoding-doc-v3-distill",
        ("sparse",),
        268_000_000,
        "Apache-2.0",
    ),
    Model("st:naver/splade-v3", ("sparse",), 438_000_000, "CC-BY-NC-SA-4.0"),
    Model("st:ms-marco-MiniLM-L6-v2", ("cross-encoder",), 91_000_000, "Apache-2.0"),
)


def catalogue(used: Iterable[str] = ()) -> list[Model]:
    """The shipped encoders, those in use, those downloaded, and those known that may be named."""
    found = [f"st:{name}" for name, folder in downloaded().items() if model_kind(folder)]
    models: dict[str, Model] = {}
    for spec in (SHIPPED, PLAIN, *used, *found):
        models.setdefault(spec, _described(spec))
    folders = {model.folder for model in models.values() if model.folder}
    for known in KNOWN:
        there = describe(known.spec)
        if known.spec not in models and there.folder not in folders:
            models[known.spec] = there if there.here else known
    return list(models.values())


def describe(spec: str) -> Model:
    """What is known of a model without loading it. EncoderError for what is no spec, and for a folder that
    is not there or holds no model."""
    kind, _, name = spec.partition(":")
    if spec == SHIPPED:
        return _exported(spec, shipped_folder())
    if spec == PLAIN:
        size = _size(Path(str(files("indexes") / "wordpieces.txt")))
        return Model(spec, ("sparse",), size, "Apache-2.0", here=True)
    if kind == "onnx" and name:
        return _exported(spec, Path(name).expanduser())
    if kind == "st" and name:
        return _sentence_transformer(spec, name)
    raise EncoderError(f"There is no model “{spec}”.", f"Name one of: {SPECS}.")


def facts(model: Model) -> dict[str, object]:
    """What the model's own files say of it beyond the catalogue: dimensions, length, training and so on."""
    if model.folder is None:
        return {}
    if (model.folder / MANIFEST_FILE).is_file():
        values = read_values(model.folder / MANIFEST_FILE)
        if "hash" not in values:  # a joint model's manifest has its own
            from indexes.onnx import folder_hash

            values["hash"] = folder_hash(model.folder)
        told = values.keys() - {"format", "kind", "licence", "license"}
        return {name.replace("_", " "): values[name] for name in values if name in told}
    config = read_values(model.folder / "config.json")
    tokens = read_values(model.folder / "sentence_bert_config.json").get("max_seq_length")
    tokens = tokens or read_values(model.folder / "tokenizer_config.json").get("model_max_length")
    header = _header(model.folder)
    return {
        "dimensions": config.get("hidden_size") if "dense" in model.gives else config.get("vocab_size"),
        "max length": tokens,
        "layers": config.get("num_hidden_layers"),
        "training data": ", ".join(header.get("datasets", [])),
        "base model": ", ".join(header.get("base_model", [])),
    }


def card(model: Model) -> str:
    """The model's card without its header; empty where it has none."""
    path = _card_path(model.folder)
    if path is None:
        return ""
    return _CARD.sub("", path.read_text(encoding="utf-8", errors="replace")).strip()


def _described(spec: str) -> Model:
    """As :func:`describe`; a model that is gone is in the catalogue all the same."""
    try:
        return describe(spec)
    except EncoderError:
        return Model(spec)


def _exported(spec: str, folder: Path) -> Model:
    values = read_values(folder / MANIFEST_FILE)
    gives = _GIVES.get(str(values.get("kind")))
    if gives is None:
        raise EncoderError(
            f"{folder} is no exported encoder: {MANIFEST_FILE} is missing or names no kind.",
            "Export one with: litsearch index export NAME FOLDER, or name another folder.",
        )
    licence = str(values.get("licence") or values.get("license") or "")
    return Model(spec, gives, _size(folder), licence or _licence(folder), True, folder)


def _sentence_transformer(spec: str, name: str) -> Model:
    folder = located(name)
    if folder is not None:
        kind = model_kind(folder)
        return Model(spec, (kind,) if kind else (), _size(folder), _licence(folder), True, folder)
    if is_path(name):
        raise EncoderError(
            f"There is no model folder {name}.", "Give the path of a folder, or a model's name."
        )
    return next((known for known in KNOWN if known.spec == spec), Model(spec))


def _licence(folder: Path) -> str:
    named = next(iter(_header(folder).get("license", [])), "")
    return _LICENCES.get(named, named.upper() if named.startswith("cc") else named)


def _header(folder: Path) -> dict[str, list[str]]:
    """The names and values at the top of a card, of its YAML only plain values and lists of them."""
    path = _card_path(folder)
    found = _CARD.match(path.read_text(encoding="utf-8", errors="replace")) if path else None
    values: dict[str, list[str]] = {}
    name = ""
    for line in found[1].splitlines() if found else ():
        if line.startswith("- "):
            values.setdefault(name, []).append(line[2:].strip())
        elif entry := re.match(r"(\w+):\s*(.*)", line):
            name = entry[1]
            if entry[2]:
                values[name] = [entry[2].strip("\"' ")]
    return values


def _card_path(folder: Path | None) -> Path | None:
    paths = (folder / name for name in CARDS) if folder else ()
    return next((path for path in paths if path.is_file()), None)


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum((Path(top) / name).stat().st_size for top, _, names in os.walk(path) for name in names)
