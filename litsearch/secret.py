"""The library's secret, from which the fences around text in prompts are derived."""

import contextlib
import os
import secrets
from pathlib import Path

from litsearch.errors import LibraryError

_BYTES = 32


def library_secret(folder: Path) -> bytes:
    """The secret of the library in ``folder``; made on first use, readable by its owner alone.

    Raises:
        LibraryError: the file is damaged, or can't be read or written.
    """
    path = folder / "secret"
    try:
        if not path.exists():
            _create(path)
        secret = bytes.fromhex(path.read_text(encoding="ascii"))
    except OSError as error:
        raise LibraryError(
            f"{path}: the library's secret can't be read or written ({error.strerror})",
            "Check who owns the library's folder and what it allows",
        ) from error
    except ValueError as error:
        raise _damaged(path) from error
    if len(secret) != _BYTES:
        raise _damaged(path)
    return secret


def _create(path: Path) -> None:
    """Write whole, then link: of two processes at once one wins, and nobody reads half a secret."""
    draft = path.with_name(f"secret.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _damaged(path: Path) -> LibraryError:
    return LibraryError(
        f"{path}: the library's secret is damaged",
        "Delete the file; a new one is made. Model calls kept so far will not be found again",
    )
