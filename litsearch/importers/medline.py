"""MEDLINE, the tagged text that PubMed exports as .nbib (no kept parser is small enough to depend on)."""

from collections import defaultdict
from collections.abc import Iterator

from litsearch.importers.drafts import Draft
from litsearch.importers.splitting import RecordError, read, split_at
from litsearch.importers.streams import Stream
from litsearch.names import parse_name
from litsearch.papers import Author, Paper, Rejected

_KINDS = {"Preprint": "article", "Book": "book", "Books": "book", "Dataset": "dataset"}


def records(stream: Stream) -> Iterator[Paper | Rejected]:
    """The records of the file, each from its ``PMID`` line to the next one's."""
    return read(split_at(stream.reader, lambda line: line.startswith(b"PMID-")), parse)


def parse(text: str) -> Paper:
    """A paper from one record; RecordError where it can't be one."""
    fields = _fields(text)
    if not fields:
        raise RecordError("the record can't be read as MEDLINE")

    def take(*tags: str) -> str:
        return next((fields.pop(tag)[0] for tag in tags if tag in fields), "")

    kinds = fields.get("PT", [])
    draft = Draft(
        title=take("TI", "BTI", "TT"),
        abstract=" ".join(fields.pop("AB", fields.pop("OAB", []))),
        year=take("DP", "DEP", "EDAT"),
        venue=take("JT", "TA"),
        kind=next((_KINDS[kind] for kind in kinds if kind in _KINDS), "article-journal"),
        volume=take("VI"),
        issue=take("IP"),
        pages=take("PG"),
        publisher=take("PB"),
        language=take("LA"),
        keywords=[term.replace("*", "") for tag in ("OT", "MH") for term in fields.pop(tag, [])],
    )
    short = fields.pop("AU", [])
    draft.authors = [parse_name(name) for name in fields.pop("FAU", short)]
    draft.authors += [Author(name) for name in fields.pop("CN", [])]
    draft.identify("pmid", take("PMID"))
    draft.identify("pmcid", take("PMC"))
    for place in (*fields.pop("AID", []), *fields.pop("LID", [])):
        if place.endswith("[doi]"):
            draft.identify("doi", place.removesuffix("[doi]"))
    for number in fields.pop("IS", []):
        draft.identify("issn", number.partition(" ")[0])
    for tag, values in fields.items():
        draft.keep(tag, values)
    return draft.paper()


def _fields(text: str) -> dict[str, list[str]]:
    fields: defaultdict[str, list[str]] = defaultdict(list)
    values: list[str] | None = None
    for line in text.splitlines():
        if line[4:6] == "- " or line[4:] == "-":
            values = fields[line[:4].strip()]
            values.append(line[6:].strip())
        elif values and line[:1].isspace():
            values[-1] = f"{values[-1]} {line.strip()}"
    return {
        tag: [value for value in values if value] for tag, values in fields.items() if tag and any(values)
    }
