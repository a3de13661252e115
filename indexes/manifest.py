"""What an index folder holds: for each leg the generation that serves, and the one being built."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import cast

from indexes.errors import IndexDamagedError, IndexMismatchError
from indexes.types import LEGS, LegName

SCHEMA = 1
MANIFEST_NAME = "manifest.json"
REBUILD_ALL = "Run `litsearch index rebuild` to build it again from the library; no paper is lost."


@dataclass(frozen=True, slots=True)
class Generation:
    """One build of a leg: its folder (a name within the index folder) and what encodes for it.

    ``hash`` is the encoder's, or for a leg without an encoder that of its text analysis.
    """

    folder: str
    encoder: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``serving`` answers searches; ``building`` takes its place when it has caught up."""

    serving: Mapping[LegName, Generation] = field(default_factory=dict)
    building: Mapping[LegName, Generation] = field(default_factory=dict)

    def start(self, leg: LegName, generation: Generation) -> "Manifest":
        """Build a generation; it serves at once where no other does."""
        if leg not in self.serving:
            return replace(self, serving={**self.serving, leg: generation})
        return replace(self, building={**self.building, leg: generation})

    def switch(self, leg: LegName) -> "Manifest":
        """Let the generation that was being built serve."""
        return Manifest({**self.serving, leg: self.building[leg]}, _without(self.building, leg))

    def drop(self, leg: LegName) -> "Manifest":
        return Manifest(_without(self.serving, leg), _without(self.building, leg))

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
            return Manifest(_generations(content["serving"]), _generations(content["building"]))
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
    }
    temporary = folder / f"{MANIFEST_NAME}.new"
    with temporary.open("wb") as file:
        file.write(json.dumps(content, indent=2).encode())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / MANIFEST_NAME)
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _generations(content: Mapping[str, Mapping[str, str]]) -> Mapping[LegName, Generation]:
    found: dict[LegName, Generation] = {}
    for name, parts in content.items():
        if name not in LEGS:
            raise ValueError(f"there is no leg “{name}”")
        generation = Generation(**parts)
        if not re.fullmatch(rf"{name}-[0-9]+", generation.folder):
            raise ValueError(f"“{generation.folder}” is not a folder of the index")
        found[cast(LegName, name)] = generation
    return found


def _without(legs: Mapping[LegName, Generation], leg: LegName) -> Mapping[LegName, Generation]:
    return {name: each for name, each in legs.items() if name != leg}
