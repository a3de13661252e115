"""Results as Markdown tables, written by the benchmark itself so that nobody copies a number by hand."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = ["| " + " | ".join(header) + " |", "|---|" + "---:|" * (len(header) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def ratio(value: float, reference: float) -> str:
    """How many times the reference a value is."""
    return f"{value / reference:.2f}x" if reference else "-"


def write(path: Path, title: str, sections: Sequence[tuple[str, str]]) -> None:
    """A page of results with the machine they were taken on."""
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores. "
    page = [f"# {title}\n", machine + "Written by the benchmark; compare figures of one table only.\n"]
    for heading, body in sections:
        page += [f"## {heading}\n", body]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(page), encoding="utf-8")


def revise(path: Path, title: str, sections: Sequence[tuple[str, str]]) -> None:
    """As :func:`write`, on a page that several benchmarks share: sections with other headings stay."""
    there = path.read_text(encoding="utf-8").split("\n## ")[1:] if path.exists() else []
    page = {heading: body.strip("\n") + "\n" for heading, _, body in (part.partition("\n") for part in there)}
    write(path, title, list((page | dict(sections)).items()))
