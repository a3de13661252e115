"""What an index folder holds: for each leg the generation that serves, and the one being built."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from indexes import durable
from indexes.errors import IndexDamagedError, IndexMismatchError
from indexes.types import LEGS, LegName

SCHEMA = 1
MANIFEST_NAME = "manifest.json"
REBUILD_ALL = "Run `litsearch index rebuild` to build it again from the library; no paper is lost."


@dataclass(frozen=True, slots=True)
class Generation:
    """One build of a leg: its number, the spec and hash of its encoder, and whether it has ever caught up."""

    leg: LegName
    number: int
    encoder: str = ""
    hash: str = ""
    complete: bool = False

    @property
    def folder(self) -> str:
        """Name of its folder within the index folder."""
        return f"{self.leg}-{self.number}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """``serving`` answers searches; ``building`` takes its place when it has caught up.

    ``started`` counts the generations there ever were, so that no folder's name is used twice.
    """

    serving: Mapping[LegName, Generation] = field(default_factory=dict)
    building: Mapping[LegName, Generation] = field(default_factory=dict)
    started: int = 0

    def start(self, leg: LegName, encoder: str = "", encoder_hash: str = "") -> "Manifest":
        """Build a new generation; it serves at once where no other does."""
        number = self.started + 1
        generation = Generation(leg, number, encoder, encoder_hash)
        if leg not in self.serving:
            return replace(self, serving={**self.serving, leg: generation}, started=number)
        return replace(self, building={**self.building, leg: generation}, started=number)

    def complete(self, leg: LegName) -> "Manifest":
        """The leg has caught up once: what was being built serves from now on."""
        generation = replace(self.building.get(leg, self.serving[leg]), complete=True)
        return replace(self, serving={**self.serving, leg: generation}, building=_without(self.building, leg))

    def drop(self, leg: LegName) -> "Manifest":
        return replace(self, serving=_without(self.serving, leg), building=_without(self.building, leg))

    def folders(self) -> set[str]:
        return {each.folder for each in (*self.serving.values(), *self.building.values())}


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of an index folder, None where nothing was built yet.

    Raises IndexMismatchError when another schema wrote it, IndexDamagedError when it can't be read.
    """
    path = folder / MANIFEST_NAME
    try:
        content = json.loads(path.read_bytes())
        schema = content["schema"]
        if schema == SCHEMA:
            serving, building = _generations(content["serving"]), _generations(content["building"])
            return Manifest(serving, building, int(content["started"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamagedError(
            f"The index's manifest {path} can't be read: {error}.", REBUILD_ALL
        ) from error
    raise IndexMismatchError(
        f"The index in {folder} has schema {schema}; this version of litsearch reads schema {SCHEMA}.",
        REBUILD_ALL,
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step: after a crash the old or the new one is there, whole."""
    content = {
        "schema": SCHEMA,
        "serving": {leg: asdict(each) for leg, each in manifest.serving.items()},
        "building": {leg: asdict(each) for leg, each in manifest.building.items()},
        "started": manifest.started,
    }
    durable.replace(folder / MANIFEST_NAME, json.dumps(content, indent=2).encode())


def _generations(content: Mapping[LegName, dict[str, Any]]) -> Mapping[LegName, Generation]:
    found = {leg: Generation(**parts) for leg, parts in content.items()}
    for leg, each in found.items():
        if leg not in LEGS or each.leg != leg or not isinstance(each.number, int):
            raise ValueError(f"it names a leg “{leg}” that there is not")
    return found


def _without(legs: Mapping[LegName, Generation], leg: LegName) -> Mapping[LegName, Generation]:
    return {name: each for name, each in legs.items() if name != leg}
