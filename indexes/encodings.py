"""Encodings kept by hash of text and encoder, so that nothing is ever encoded twice.

One SQLite file an encoder: what a transaction has committed survives SIGKILL, a look-up needs no table in
memory, and dropping an encoder's work is deleting a file. Vectors are kept as the dense leg ranks by them
(:mod:`indexes.vectors`), impacts as 16-bit floats; a cheap encoder's are not kept at all. A joint model's two
vectors come from one pass, so they are kept together: the leg that comes first pays for both.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING

from indexes.encoders import DenseEncoder, SparseEncoder

if TYPE_CHECKING:
    from indexes.joint import JointModel
    from indexes.vectors import Rows

logger = logging.getLogger(__name__)

BATCH = 64  # texts encoded between two commits: what a kill can cost
_LOOKED_UP = 500  # keys in one statement
_IMPACT = Struct("<Ie")
IMPACT_TYPE = [("token", "<u4"), ("impact", "<f2")]  # the same as numpy takes it
_SCHEMA = "CREATE TABLE IF NOT EXISTS encodings (key BLOB PRIMARY KEY, value BLOB NOT NULL)"


class Encodings:
    """The encodings in a folder; it is made when the first is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def dense(self, encoder: DenseEncoder, texts: Sequence[str]) -> "Rows":
        """The texts' vectors as packed rows, in order."""
        from indexes.vectors import from_bytes, pack, row_type

        if (joint := _joint(encoder)) is not None:
            length = row_type(encoder.dimensions).itemsize
            return from_bytes([value[:length] for value in self._both(joint, texts)], encoder.dimensions)

        def encode(missing: Sequence[str]) -> list[bytes]:
            return [row.tobytes() for row in pack(encoder.documents(missing))]

        return from_bytes(self._values(encoder.hash, texts, encode), encoder.dimensions)

    def sparse(self, encoder: SparseEncoder, texts: Sequence[str]) -> Sequence[Mapping[int, float]]:
        """The impacts of each text, token id to impact."""

        def encode(missing: Sequence[str]) -> list[bytes]:
            return [_to_bytes(impacts) for impacts in encoder.documents(missing)]

        if encoder.cheap:
            return encoder.documents(texts)
        if (joint := _joint(encoder)) is not None:
            length = _row_length(joint)
            return [_impacts(value[length:]) for value in self._both(joint, texts)]
        return [_impacts(value) for value in self._values(encoder.hash, texts, encode)]

    def kept(self, encoder: SparseEncoder, texts: Sequence[str]) -> list[bytes | None]:
        """The impacts of each text as bytes, to be read as an array of ``IMPACT_TYPE``; None where the text
        was never encoded. Nothing is encoded now, but by a cheap encoder."""
        if encoder.cheap:
            return [_to_bytes(impacts) for impacts in encoder.documents(texts)]
        joint = _joint(encoder)
        keys = list(map(_key, texts))
        try:
            with closing(self._open(encoder.hash if joint is None else joint.hash)) as database:
                values = _look_up(database, keys)
        except (sqlite3.Error, OSError) as error:
            logger.warning("Encodings can't be read in %s: %s", self.folder, error)
            return [None] * len(texts)
        start = _row_length(joint) if joint is not None else 0
        return [values[key][start:] if key in values else None for key in keys]

    def _both(self, joint: "JointModel", texts: Sequence[str]) -> list[bytes]:
        """For each text its packed row, and its impacts after it."""
        from indexes.vectors import pack

        def encode(missing: Sequence[str]) -> list[bytes]:
            encoded = joint.encode(missing)
            rows = pack(encoded.vectors)
            return [
                row.tobytes() + _to_bytes(impacts) for row, impacts in zip(rows, encoded.impacts, strict=True)
            ]

        return self._values(joint.hash, texts, encode)

    def path(self, encoder_hash: str) -> Path:
        """The file of an encoder's work."""
        return self.folder / f"{encoder_hash}.db"

    def _values(
        self, encoder_hash: str, texts: Sequence[str], encode: Callable[[Sequence[str]], list[bytes]]
    ) -> list[bytes]:
        keys = list(map(_key, texts))
        try:
            with closing(self._open(encoder_hash)) as database:
                values = _look_up(database, keys)
                missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in values}
                waiting = sorted(
                    missing, key=lambda key: len(missing[key])
                )  # alike in length: little padding
                for start in range(0, len(waiting), BATCH):
                    batch = waiting[start : start + BATCH]
                    new = dict(zip(batch, encode([missing[key] for key in batch]), strict=True))
                    values.update(new)
                    with database:
                        database.executemany("INSERT OR REPLACE INTO encodings VALUES (?, ?)", new.items())
                return [values[key] for key in keys]
        except (sqlite3.Error, OSError) as error:
            logger.warning("Encodings can't be kept in %s: %s", self.folder, error)
            return encode(texts)

    def _open(self, encoder_hash: str) -> sqlite3.Connection:
        self.folder.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self.path(encoder_hash), timeout=30)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(
            "PRAGMA synchronous = NORMAL"
        )  # a power cut may cost the last batches, never the file
        database.execute(_SCHEMA)
        return database


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:16]


def _row_length(joint: "JointModel") -> int:
    """Bytes of the packed vector that stand before the impacts."""
    from indexes.vectors import row_type

    return row_type(joint.manifest.dimensions).itemsize


def _joint(encoder: DenseEncoder | SparseEncoder) -> "JointModel | None":
    """The model of which the encoder is one side."""
    found: JointModel | None = getattr(encoder, "joint", None)
    return found


def _look_up(database: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for start in range(0, len(keys), _LOOKED_UP):
        some = keys[start : start + _LOOKED_UP]
        marks = ",".join("?" * len(some))
        found.update(database.execute(f"SELECT key, value FROM encodings WHERE key IN ({marks})", some))  # noqa: S608
    return found


def _to_bytes(impacts: Mapping[int, float]) -> bytes:
    return b"".join(_IMPACT.pack(token, impact) for token, impact in impacts.items())


def _impacts(value: bytes) -> dict[int, float]:
    return dict(_IMPACT.iter_unpack(value))
