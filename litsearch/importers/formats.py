"""Which format a file is in, by its content; its name only decides where the content doesn't."""

import re
from pathlib import Path

import orjson

from litsearch.importers.delimited import read_head

FORMATS = ("bibtex", "ris", "csl-json", "csv", "tsv", "jsonl", "beir", "arxiv", "pubmed", "medline")

_SUFFIXES = {
    ".bib": "bibtex",
    ".bibtex": "bibtex",
    ".ris": "ris",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "csl-json",
    ".nbib": "medline",
    ".medline": "medline",
    ".xml": "pubmed",
}
PACKED = (".gz", ".xz", ".zst", ".lzma")
_MARKS = {
    "ris": re.compile(rb"^TY  -", re.MULTILINE),
    "medline": re.compile(rb"^PMID-\s", re.MULTILINE),
    "bibtex": re.compile(rb"^[ \t]*@[ \t]*\w+[ \t]*[{(]", re.MULTILINE),
}
_PUBMED = re.compile(rb"<(?:!DOCTYPE\s+)?Pubmed(?:Book)?Article(?:Set)?[\s>]")
_LINES = 200  # of a sample that are looked at


def detect(sample: bytes, path: Path) -> str | None:
    """The format of a file by its first bytes (UTF-8, without a byte order mark); None where it is none."""
    start = sample.lstrip()
    if not start:
        return None
    if start.startswith(b"<"):
        return "pubmed" if _PUBMED.search(sample) else None
    if start[:1] in (b"{", b"["):
        return _json(start)
    named = format_of_name(path)
    if named in ("csv", "tsv") and (table := _tabular(sample)) is not None:
        return table
    found = {name: mark.start() for name, pattern in _MARKS.items() if (mark := pattern.search(sample))}
    if found:
        return min(found, key=lambda name: found[name])
    table = _tabular(sample)
    if table is None and named == "bibtex" and b"\0" not in sample:
        return named  # macros and comments may fill the first bytes
    return table


def format_of_name(path: Path) -> str | None:
    """The format that the name of the file speaks of."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def _tabular(sample: bytes) -> str | None:
    table = read_head(sample)
    if table is None or "title" not in table.mapping or len(table.mapping) < 2:
        return None
    return "tsv" if table.delimiter == "\t" else "csv"


def _json(start: bytes) -> str | None:
    """By the first line that is an object with a layout's names; objects over several lines are CSL-JSON."""
    whole = start.split(b"\n")[:_LINES]
    for line in whole:
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(value, dict) and (layout := _layout(value)) is not None:
            return layout
    if start.startswith(b"["):
        return "csl-json" if b'"title"' in start or start[1:].strip() in (b"]", b"") else None
    if b'"title"' not in start:
        return None
    if len(whole) == 1 or any(line.startswith(b'{"') and b'"title"' in line for line in whole):
        return _layout_of_text(start)
    return "csl-json"


def _layout(value: dict[str, object]) -> str | None:
    if "title" not in value:
        return "csl-json" if "items" in value else None
    if "_id" in value:
        return "beir"
    if "id" in value and "categories" in value and ("authors_parsed" in value or "versions" in value):
        return "arxiv"
    if "text" in value and "abstract" not in value:
        return "beir"
    csl = {"container-title", "issued", "author", "DOI", "citation-key", "note", "URL"}
    return "csl-json" if "type" in value and csl & value.keys() else "jsonl"


def _layout_of_text(start: bytes) -> str:
    """The layout where no line of the sample is whole: the first one is long, or all are broken."""
    if b'"_id"' in start:
        return "beir"
    if b'"authors_parsed"' in start or b'"versions"' in start:
        return "arxiv"
    return "csl-json" if b'"type"' in start and re.search(rb'"(?:issued|author|DOI|URL)"', start) else "jsonl"
