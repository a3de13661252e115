"""Files written whole or not at all."""

from collections.abc import Iterable
from pathlib import Path


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """The pieces into a file, which nobody ever sees half written. Raises OSError."""
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("w", encoding="utf-8") as file:
        file.writelines(pieces)
    unfinished.replace(path)
