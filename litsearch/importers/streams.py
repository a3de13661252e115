"""Files as streams of UTF-8 bytes, whatever they are packed and encoded in, within stated limits."""

import codecs
import gzip
import io
import logging
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol

from litsearch.errors import ImportFileError

LOG = logging.getLogger(__name__)

SAMPLE = 1 << 16  # bytes from which format and encoding are told
_BUFFER = 1 << 20

# The largest public snapshot of one file is a tenth of this (arXiv: 5 GB); more is a mistake or an attack.
LARGEST_UNPACKED = 64 << 30
# Bibliographic text packs 3 to 30 times smaller; the densest bombs reach 1,000 (gzip) and far more (xz).
LARGEST_RATIO = 200
# A small file may be all repetition: the ratio counts only from here on.
RATIO_FREE = 16 << 20

_GZIP, _XZ, _ZSTD = b"\x1f\x8b", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"
_DAMAGED = (EOFError, OSError, lzma.LZMAError, zlib.error)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)


class Reader(Protocol):
    """What records are cut out of."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""

    def readline(self, size: int, /) -> bytes:
        """The next line with its end, at most so many bytes of it; none at the end."""


class Stream:
    """A file's text as UTF-8 bytes, read once from its start; ``reader`` is what to read from.

    Reading raises ``ImportFileError`` where the file is damaged or passes a limit.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb")
            self._size = path.stat().st_size
        except OSError as error:
            raise _unreadable(path, error) from error
        self._read = 0
        unpacked = _Unpacked(path, self._file)
        start = _read_up_to(unpacked, SAMPLE)
        encoding, bom = _encoding(start)
        self.sample = start[bom:].decode(encoding, "replace").encode() if encoding != "utf-8" else start[bom:]
        packed: io.RawIOBase = _Joined(start[bom:], unpacked)
        old_mac = b"\r" in self.sample and b"\n" not in self.sample
        if encoding != "utf-8" or old_mac:
            LOG.info("%s is read as %s%s", path, encoding, " with carriage returns" if old_mac else "")
            packed = _Recoded(packed, encoding, lines=old_mac)
        self.reader: Reader = io.BufferedReader(packed, _BUFFER)

    def position(self) -> tuple[int, int]:
        """Bytes of the file on disk read so far, and in all."""
        if not self._file.closed:
            self._read = min(self._file.tell(), self._size)
        return self._read, self._size

    def close(self) -> None:
        self.position()
        self._file.close()


class _Unpacked(io.RawIOBase):
    """The bytes of a plain, gzip, xz or zstd file, told by its first bytes and not by its name."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file
        self._done = 0
        magic = _magic(path, file)
        self._packed = True
        self._read: Callable[[int], bytes]
        # read1 gives what there is: read would lose what it has when it comes to damage
        if magic.startswith(_GZIP):
            self._read = gzip.GzipFile(fileobj=file).read1
        elif magic.startswith(_XZ):
            self._read = lzma.LZMAFile(file).read1  # noqa: SIM115 (closed with the file)
        elif magic.startswith(_ZSTD):
            self._read = _Zstd(file).read
        else:
            self._packed = False
            self._read = file.read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        try:
            chunk = self._read(min(len(buffer), _BUFFER))
        except _DAMAGED as error:
            raise ImportFileError(
                f"{self._path} is damaged or cut off after {self._done:,} bytes of text: {error}",
                "Fetch or pack the file again; what was read before the damage is kept.",
            ) from error
        buffer[: len(chunk)] = chunk
        self._done += len(chunk)
        if self._packed:
            self._check()
        return len(chunk)

    def _check(self) -> None:
        if self._done > LARGEST_UNPACKED:
            self._refuse(f"more than {LARGEST_UNPACKED:,} bytes", "size")
        if self._done > RATIO_FREE and self._done > LARGEST_RATIO * max(self._file.tell(), 1):
            self._refuse(f"more than {LARGEST_RATIO} times its size", "ratio")

    def _refuse(self, what: str, limit: str) -> None:
        raise ImportFileError(
            f"{self._path} unpacks to {what}, the limit on the {limit} of packed files",
            "Unpack it yourself if you trust it, and add the unpacked file.",
        )


class _Joined(io.RawIOBase):
    """What was read already, then the rest."""

    def __init__(self, start: bytes, rest: io.RawIOBase) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        if not self._start:
            return self._rest.readinto(buffer) or 0
        count = min(len(buffer), len(self._start))
        buffer[:count] = self._start[:count]
        self._start = self._start[count:]
        return count


class _Recoded(io.RawIOBase):
    """Another encoding as UTF-8, and where asked old Macintosh line ends as line feeds."""

    def __init__(self, source: io.RawIOBase, encoding: str, *, lines: bool) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)(
            "replace" if encoding != "utf-8" else "surrogateescape"
        )
        self._lines = lines
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        while not self._pending:
            chunk = self._source.read(_BUFFER) or b""
            text = self._decoder.decode(chunk, final=not chunk)
            if self._lines:
                text = text.replace("\r", "\n")
            self._pending = text.encode("utf-8", "surrogateescape")
            if not chunk:
                break
        count = min(len(buffer), len(self._pending))
        buffer[:count] = self._pending[:count]
        self._pending = self._pending[count:]
        return count


def decoded(data: bytes) -> str:
    """A record's text: UTF-8, or else Windows-1252, which old exporters write without saying so."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        LOG.info("a record is not UTF-8 and is read as Windows-1252: %r", data[:60])
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            return data.decode("latin-1")


class _Zstd(io.RawIOBase):
    """The frames of a zstd file. zstandard's own reader takes a file that is cut off for a whole one."""

    _STEP = 512  # bytes in at a time: four can stand for 128 KiB, so this never gives more than 16 MiB

    def __init__(self, file: IO[bytes]) -> None:
        import zstandard

        self._file = file
        self._error = zstandard.ZstdError
        # 128 MiB is what the zstd tool itself accepts without being told: the window is memory.
        self._new = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._packed = b""
        self._plain = b""

    def read(self, size: int = -1) -> bytes:
        while not self._plain:
            data = self._packed or self._file.read(self._STEP)
            self._packed = b""
            if not data:
                if self._frame is not None:
                    raise EOFError("it ends in the middle of its data")
                return b""
            self._frame = self._frame or self._new()
            try:
                self._plain = self._frame.decompress(data)
            except self._error as error:
                raise EOFError(str(error)) from error
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
        chunk, self._plain = self._plain[:size], self._plain[size:]
        return chunk


def _magic(path: Path, file: IO[bytes]) -> bytes:
    try:
        magic = file.read(8)
        file.seek(0)
    except OSError as error:
        raise _unreadable(path, error) from error
    return magic


def _unreadable(path: Path, error: OSError) -> ImportFileError:
    reason = error.strerror or str(error)
    return ImportFileError(
        f"{path} can't be read: {reason}", "Check the name and that you may read the file."
    )


def _read_up_to(source: io.RawIOBase, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (chunk := source.read(size)):
        parts.append(chunk)
        size -= len(chunk)
    return b"".join(parts)


def _encoding(start: bytes) -> tuple[str, int]:
    """The encoding, and how many bytes its mark takes; UTF-16 without one is told by its zero bytes."""
    for bom, name in _BOMS:
        if start.startswith(bom):
            return name, len(bom)
    even, odd = start[:1000:2], start[1:1000:2]
    if odd and odd.count(0) > 0.6 * len(odd):
        return "utf-16-le", 0
    if even and even.count(0) > 0.6 * len(even):
        return "utf-16-be", 0
    return "utf-8", 0
