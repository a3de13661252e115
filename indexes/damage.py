"""What damaged files do, as errors that name the mending command, and how to find such files."""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexes.errors import HintedError, IndexDamagedError
from indexes.types import LegName

_MAGIC = (1337).to_bytes(4, "little")  # ends every file that Tantivy writes once and never changes
_BLOCK = 1 << 20


@contextmanager
def reading(leg: LegName) -> Iterator[None]:
    """Turns what damaged files, and a disk that is full, raise into errors that say what to do."""
    try:
        yield
    except HintedError:
        raise
    except OSError as error:
        raise HintedError(
            f"The {leg} index can't be read or written: {error}",
            "When there is room and the folder may be written to, run `litsearch index update`.",
        ) from error
    except ValueError as error:
        raise damaged(leg, str(error)) from error
    except BaseException as error:
        # Tantivy panics over some damage, which arrives as an exception outside of Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(leg, str(error)) from error


def damaged(leg: LegName, what: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"The {leg} index can't be read: {what}",
        f"Run `litsearch index rebuild --leg {leg}` to build it again from the library; no paper is lost.",
    )


def broken_files(folder: Path) -> list[str]:
    """Names of Tantivy's files in a folder whose content does not have the checksum in their footer."""
    broken = []
    for path in sorted(folder.iterdir()):
        try:
            kept = path.is_file() and not path.name.startswith(".")
            if kept and path.suffix not in (".json", ".lock") and not _is_sound(path):
                broken.append(path.name)
        except FileNotFoundError:  # a merge may delete files meanwhile
            continue
    return broken


def _is_sound(path: Path) -> bool:
    """The layout is: content, footer as JSON with the CRC-32 of the content, its length, a magic number."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - 8, 0))
        tail = file.read(8)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != _MAGIC or length > size - 8:
            return False
        file.seek(size - 8 - length)
        try:
            expected = json.loads(file.read(length))["crc"]
        except (ValueError, KeyError, TypeError):
            return False
        file.seek(0)
        left, checksum = size - 8 - length, 0
        while left:
            block = file.read(min(_BLOCK, left))
            if not block:
                return False
            left -= len(block)
            checksum = zlib.crc32(block, checksum)
    return bool(checksum == expected)
