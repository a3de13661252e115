"""The legs of an index folder, opened as the manifest says, and anew when it changes."""

import re
import shutil
import threading
from collections.abc import Collection
from pathlib import Path

from indexes.encodings import Encodings
from indexes.lexical import LexicalLeg
from indexes.manifest import MANIFEST_NAME, Generation, Manifest, read_manifest
from indexes.pinned import PinnedDense, PinnedSparse
from indexes.types import LEGS, Filters, Leg, LegName, Source

ENCODINGS = "encodings"

_GENERATION = re.compile(rf"(?:{'|'.join(LEGS)})-([0-9]+)")


class Generations:
    """Opens legs lazily and keeps them; a leg's own searcher follows its commits."""

    def __init__(self, folder: Path, source: Source) -> None:
        self.folder = folder
        self._source = source
        self._manifest: Manifest | None = None
        self._stamp: tuple[int, int] | None = None
        self._legs: dict[str, Leg] = {}  # by folder
        self._encoders: dict[str, PinnedSparse | PinnedDense] = {}
        self._lock = threading.RLock()  # searches may come from several threads

    def manifest(self) -> Manifest | None:
        """The manifest as it is now; None before anything was built."""
        with self._lock:
            stamp = self._written()
            if stamp is None or stamp != self._stamp:
                self._manifest, self._stamp = read_manifest(self.folder), stamp
                kept = self._manifest.folders() if self._manifest else set()
                self._legs = {name: leg for name, leg in self._legs.items() if name in kept}
            return self._manifest

    def serving(self) -> dict[LegName, Leg]:
        """The legs that answer, in the order of LEGS."""
        manifest = self.manifest()
        if manifest is None:
            return {}
        return {leg: self.open(manifest.serving[leg]) for leg in LEGS if leg in manifest.serving}

    def lexical(self) -> LexicalLeg | None:
        manifest = self.manifest()  # and not all that serve: to open the dense leg is to import numpy
        if manifest is None or "bm25" not in manifest.serving:
            return None
        leg = self.open(manifest.serving["bm25"])
        return leg if isinstance(leg, LexicalLeg) else None

    def open(self, generation: Generation) -> Leg:
        with self._lock:
            if generation.folder not in self._legs:
                self._legs[generation.folder] = self._open(generation)
            return self._legs[generation.folder]

    def _open(self, generation: Generation) -> Leg:
        folder = self.folder / generation.folder
        if generation.leg == "bm25":
            return LexicalLeg(folder)
        encodings = Encodings(self.folder / ENCODINGS)
        if generation.leg == "sparse":
            from indexes.impact import ImpactLeg

            sparse = self._encoders[generation.folder] = PinnedSparse(generation, encodings.folder)
            fetch, resolve = self._source.documents, self._admitted
            return ImpactLeg(folder, sparse, encodings=encodings, documents=fetch, resolve=resolve)
        from indexes.dense import DenseLeg

        dense = self._encoders[generation.folder] = PinnedDense(generation)
        return DenseLeg(folder, dense, encodings=encodings, resolve=self._admitted)

    def check(self, generation: Generation) -> None:
        """EncoderError or IndexMismatchError where the generation's encoder is not there any more."""
        self.open(generation)
        if generation.folder in self._encoders:
            self._encoders[generation.folder].load()

    def _admitted(self, filters: Filters) -> Collection[int]:
        """The ids that filters let through, for a leg that has no fields of its own."""
        if filters.ids is not None and filters == Filters(ids=filters.ids):
            return filters.ids
        lexical = self.lexical()
        return lexical.matching(filters) if lexical is not None else ()

    def highest(self) -> int:
        """The highest number of a generation in the folder, for when the manifest can't tell."""
        found = (_GENERATION.fullmatch(path.name) for path in self.folder.glob("*-*"))
        return max((int(match[1]) for match in found if match), default=0)

    def sweep(self) -> None:
        """Delete generations that the manifest does not name; what another process still reads may stay."""
        manifest = self.manifest()
        kept = manifest.folders() if manifest else set()
        for path in self.folder.glob("*-*"):
            if _GENERATION.fullmatch(path.name) and path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)

    def _written(self) -> tuple[int, int] | None:
        try:
            status = (self.folder / MANIFEST_NAME).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino
