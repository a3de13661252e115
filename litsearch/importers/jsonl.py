"""litsearch's own JSON Lines: a paper a line, by the names of ``Paper``'s fields."""

from collections.abc import Iterator

from litsearch.cleaning import clean_text
from litsearch.importers.drafts import Draft, as_list, as_text
from litsearch.importers.json_objects import authors_of, identifiers_of, load_object, text_of
from litsearch.importers.splitting import read, split_lines
from litsearch.importers.streams import Stream
from litsearch.papers import Paper, Rejected

_TEXTS = (
    *("title", "abstract", "year", "venue", "kind", "key", "url"),
    *("volume", "issue", "pages", "publisher", "language"),
)


def records(stream: Stream) -> Iterator[Paper | Rejected]:
    """The lines of the file."""
    return read(split_lines(stream.reader), parse)


def parse(text: str) -> Paper:
    """A paper from one line; RecordError where it can't be one."""
    values = load_object(text)
    draft = Draft.of({name: text_of(values.pop(name, "")) for name in _TEXTS})
    draft.kind = clean_text(draft.kind)
    draft.authors = list(authors_of(values.pop("authors", None)))
    draft.identifiers = identifiers_of(values.pop("identifiers", values.pop("ids", None)))
    draft.keywords = as_list(values.pop("keywords", None))
    draft.references = as_list(values.pop("references", None))
    draft.is_summary = values.pop("is_summary", False) is True
    for scheme in ("doi", "arxiv", "pmid", "pmcid", "acl"):
        draft.identify(scheme, text_of(values.pop(scheme, "")))
    extra = values.pop("extra", None)
    for name, value in (*(extra.items() if isinstance(extra, dict) else ()), *values.items()):
        draft.keep(as_text(name), value)
    return draft.paper(clean_text)  # written clean: what looks like LaTeX in it is text
