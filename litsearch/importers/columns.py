"""Which column of a table is which field, told by the heads that databases and reference managers write."""

import re
from collections.abc import Mapping, Sequence

from litsearch.errors import ImportFileError

# Heads by field, best first, in lower case and without punctuation. From Scopus, Web of Science, PubMed,
# IEEE Xplore, ACM, Zotero, Dimensions, Embase, Publish or Perish, ASReview, Rayyan and our own export.
HEADS: dict[str, tuple[str, ...]] = {
    "title": (
        "title",
        "article title",
        "document title",
        "primary title",
        "item title",
        "paper title",
        "ti",
        "t1",
    ),
    "abstract": ("abstract", "abstract note", "abstracts", "ab", "summary", "description", "notes abstract"),
    "authors": (
        *(
            "author full names",
            "authors",
            "author",
            "author s",
            "author names",
            "author name",
            "first authors",
        ),
        *("af", "au", "creators", "creator"),
    ),
    "year": (
        *("year", "publication year", "pub year", "py", "year of publication", "published year", "date"),
        *("publication date", "published", "issued", "cover date", "date published"),
    ),
    "venue": (
        *(
            "venue",
            "journal",
            "journal book",
            "source title",
            "publication title",
            "journal title",
            "journal name",
        ),
        *("container title", "secondary title", "book title", "booktitle", "conference", "conference name"),
        *("so", "jt", "publication", "source"),
    ),
    "kind": ("kind", "type", "item type", "document type", "publication type", "content type", "dt"),
    "key": (
        "key",
        "id",
        "citation key",
        "citekey",
        "bibtex key",
        "record id",
        "covidence",
        "accession number",
        "ut",
    ),
    "doi": ("doi", "di", "doi link", "digital object identifier"),
    "arxiv": ("arxiv", "arxiv id", "arxivid"),
    "pmid": ("pmid", "pubmed id", "pubmedid", "pm", "medline pmid"),
    "pmcid": ("pmcid", "pmc id", "pmc"),
    "acl": ("acl", "acl id", "anthology id"),
    "isbn": ("isbn", "isbns", "bn"),
    "issn": ("issn", "issns", "sn"),
    "url": ("url", "link", "links", "urls", "article url", "web page", "pdf link"),
    "volume": ("volume", "vol", "vl"),
    "issue": ("issue", "number", "no", "is"),
    "pages": ("pages", "page", "page range", "pagination"),
    "first_page": ("page start", "start page", "first page", "bp", "sp"),
    "last_page": ("page end", "end page", "last page", "ep"),
    "publisher": ("publisher", "pu"),
    "language": ("language", "language of original document", "la", "languages"),
    "keywords": (
        "keywords",
        "author keywords",
        "keyword",
        "manual tags",
        "index terms",
        "subjects",
        "de",
        "mesh terms",
    ),
    "references": ("references",),
}


def guess(heads: Sequence[str]) -> dict[str, str]:
    """The column of each field that can be told from its head."""
    by_name: dict[str, str] = {}
    for head in heads:
        by_name.setdefault(_bare(head), head)
    return {
        field: by_name[name]
        for field, names in HEADS.items()
        if (name := next((name for name in names if name in by_name), None)) is not None
    }


def with_overrides(
    guessed: Mapping[str, str], overrides: Mapping[str, str], heads: Sequence[str]
) -> dict[str, str]:
    """The mapping with what the user said instead; ImportFileError where field or column isn't there."""
    mapping = dict(guessed)
    for field, column in overrides.items():
        if field not in HEADS:
            raise ImportFileError(f"There is no field {field!r}", f"The fields are: {', '.join(HEADS)}")
        found = next((head for head in heads if head == column or _bare(head) == _bare(column)), None)
        if found is None:
            raise ImportFileError(
                f"The table has no column {column!r}", f"Its columns are: {', '.join(heads)}"
            )
        mapping = {other: head for other, head in mapping.items() if head != found}
        mapping[field] = found
    return mapping


def _bare(head: str) -> str:
    return " ".join(re.findall(r"\w+", head.lower().replace("_", " ")))
