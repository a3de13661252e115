"""Replacing a file in one step that a power cut can't undo."""

import os
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Readers see the old content or the new, and after this returns only the new."""
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    if os.name == "posix":  # elsewhere a folder can't be synced
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
