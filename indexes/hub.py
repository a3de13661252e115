"""Models by name or folder: where one lies on this machine, what it is, and how it is downloaded.

Loading never downloads: a model is fetched by :func:`download` alone, which only a user who names it calls.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from indexes.errors import EncoderError

Kind = Literal["sparse", "dense", "cross-encoder"]

# Whose model a name without a slash is, as sentence-transformers reads it.
ORGANISATIONS: Mapping[Kind, str] = {
    "dense": "sentence-transformers",
    "sparse": "sparse-encoder",
    "cross-encoder": "cross-encoder",
}
HOST = "huggingface.co"
# Weights in safetensors, tokenizer, configuration and card; no other copy of the weights, and no code.
WANTED = ("*.safetensors", "*.json", "*.txt", "*.model", "README.md")
UNWANTED = ("onnx/*", "openvino/*")

_KINDS: Mapping[str, Kind] = {
    "SentenceTransformer": "dense",
    "SparseEncoder": "sparse",
    "CrossEncoder": "cross-encoder",
}


def is_path(name: str) -> bool:
    """Whether a name can only be meant as a folder."""
    return Path(name).expanduser().exists() or name.startswith((".", "/", "~")) or name.count("/") > 1


def located(name: str, kind: Kind | None = None) -> Path | None:
    """The folder of a model on this machine: the one named, or the newest download of that name."""
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    if is_path(name):
        return None
    snapshots = (_snapshot(repository) for repository in _repositories(name, kind))
    return next((snapshot for snapshot in snapshots if snapshot), None)


def downloaded() -> dict[str, Path]:
    """Each model in the download folder with its newest copy, whatever kind it is."""
    folders = sorted(_cache().glob("models--*"))
    names = {folder.name.removeprefix("models--").replace("--", "/", 1): folder for folder in folders}
    return {name: snapshot for name in names if (snapshot := _snapshot(name))}


def download(name: str, kind: Kind | None = None) -> Path:
    """Fetch a model by name, with progress on stderr; its folder. EncoderError when it can't be had."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from httpx import HTTPError
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    repository = _repositories(name, kind)[0]
    try:
        return Path(
            snapshot_download(
                repository, allow_patterns=list(WANTED), ignore_patterns=list(UNWANTED), cache_dir=_cache()
            )
        )
    except GatedRepoError as error:
        raise EncoderError(
            f"The model {repository} is given only to those who have accepted its terms.",
            f"Accept them at https://{HOST}/{repository} and set HF_TOKEN, or name another model.",
        ) from error
    except RepositoryNotFoundError as error:
        raise EncoderError(
            f"There is no model {repository} at {HOST}.", "Check its name, or give the path of a folder."
        ) from error
    except (HTTPError, OSError, ValueError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise EncoderError(
            f"The model {repository} can't be downloaded: {reason}",
            "Check the network and try again, which goes on where it stopped, or give the path of a folder.",
        ) from error


def model_kind(folder: Path) -> Kind | None:
    """What a folder holds, read from its configuration alone; None where that does not tell."""
    named = read_values(folder / "config_sentence_transformers.json").get("model_type")
    if named in _KINDS:
        return _KINDS[str(named)]
    modules = folder / "modules.json"
    if modules.is_file():
        parts = [modules, *folder.glob("**/router_config.json")]
        text = "".join(part.read_text(encoding="utf-8", errors="replace") for part in parts)
        return "sparse" if any(sign in text for sign in ("sparse_encoder", "Splade")) else "dense"
    architectures = read_values(folder / "config.json").get("architectures")
    classifier = isinstance(architectures, list) and str(architectures[:1]).count("SequenceClassification")
    return "cross-encoder" if classifier else None


def _repositories(name: str, kind: Kind | None) -> list[str]:
    """Which repositories a name may stand for, the likeliest first."""
    if "/" in name:
        return [name]
    kinds = [kind] if kind else list(ORGANISATIONS)
    return [f"{ORGANISATIONS[each]}/{name}" for each in kinds]


def _snapshot(repository: str) -> Path | None:
    folders = (_cache() / f"models--{repository.replace('/', '--')}" / "snapshots").glob("*")
    whole = [folder for folder in folders if any(folder.glob("**/*.safetensors"))]
    return max(whole, key=lambda folder: folder.stat().st_mtime, default=None)


def _cache() -> Path:
    """The download folder that the library huggingface_hub uses, without importing it."""
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub").expanduser()


def read_values(path: Path) -> dict[str, object]:
    """The object in a JSON file of a model; empty where there is none to be read."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
