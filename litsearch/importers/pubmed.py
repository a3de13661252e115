"""PubMed XML, parsed by lxml an article at a time.

An article is cut out of the file before it is parsed, so no document type, entity or external file that
the file declares is ever seen by the parser: there is nothing to expand and nothing to load.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from litsearch.importers.drafts import Draft
from litsearch.importers.splitting import LARGEST_RECORD, RawRecord, RecordError, read
from litsearch.importers.streams import Stream
from litsearch.papers import Author, Paper, Rejected

if TYPE_CHECKING:
    from lxml.etree import _Element

_START = re.compile(rb"<Pubmed(?:Book)?Article(?=[\s>/])")
_END = re.compile(rb"</Pubmed(?:Book)?Article\s*>|(?=</PubmedArticleSet\s*>)")
_CHUNK = 1 << 20
_OVERLAP = 64  # longer than any tag sought
_KEPT_OF_LARGE = 2_000
_KINDS = {"Preprint": "article", "Dataset": "dataset", "Video-Audio Media": "motion_picture"}


def records(stream: Stream) -> Iterator[Paper | Rejected]:
    """The ``PubmedArticle`` and ``PubmedBookArticle`` elements of the file."""
    return read(_split(stream), parse)


def _split(stream: Stream) -> Iterator[RawRecord]:
    """The articles, each up to its end tag or, where that is missing, up to the next one's start."""
    buffer, line, number = b"", 1, 0
    ended = False
    while not ended:
        chunk = stream.reader.read(_CHUNK)
        ended = not chunk
        buffer += chunk
        place = 0
        while (start := _START.search(buffer, place)) is not None:
            end = _end_of(buffer, start.end())
            oversized = end is None and len(buffer) - start.start() > LARGEST_RECORD
            if end is None and not ended and not oversized:
                break
            line += buffer.count(b"\n", place, start.start())
            number += 1
            if oversized:
                yield RawRecord(number, line, buffer[start.start() :][:_KEPT_OF_LARGE], oversized=True)
                end = len(buffer) - _OVERLAP
            elif end is None:
                end = len(buffer)
                yield RawRecord(number, line, buffer[start.start() : end])
            else:
                large = end - start.start() > LARGEST_RECORD
                data = buffer[start.start() : end]
                yield RawRecord(number, line, data[:_KEPT_OF_LARGE] if large else data, oversized=large)
            line += buffer.count(b"\n", start.start(), end)
            place = end
        keep = start.start() if start is not None else max(place, len(buffer) - _OVERLAP)
        line += buffer.count(b"\n", place, keep)
        buffer = buffer[keep:]


def _end_of(buffer: bytes, begin: int) -> int | None:
    end = _END.search(buffer, begin)
    again = _START.search(buffer, begin, end.start() if end is not None else len(buffer))
    if again is not None:
        return again.start()
    return end.end() if end is not None else None


def parse(text: str) -> Paper:
    """A paper from one article; RecordError where it can't be one."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(text.strip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise RecordError(f"the XML of the record is broken: {error.msg}") from error
    return _book(root) if root.tag == "PubmedBookArticle" else _article(root)


def _article(root: "_Element") -> Paper:
    citation = root.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else None
    if citation is None or article is None:
        raise RecordError("the record has no citation in it")
    dates = (
        "Journal/JournalIssue/PubDate/Year",
        "Journal/JournalIssue/PubDate/MedlineDate",
        "ArticleDate/Year",
    )
    kinds = [_text(kind) for kind in article.iterfind("PublicationTypeList/PublicationType")]
    draft = Draft(
        title=_text(article.find("ArticleTitle")) or _text(article.find("VernacularTitle")),
        abstract=_abstract(article) or _abstract(citation, "OtherAbstract"),
        authors=_authors(article),
        year=next(filter(None, (_text(article.find(date)) for date in dates)), ""),
        venue=_text(article.find("Journal/Title")) or _text(article.find("Journal/ISOAbbreviation")),
        kind=next((_KINDS[kind] for kind in kinds if kind in _KINDS), "article-journal"),
        volume=_text(article.find("Journal/JournalIssue/Volume")),
        issue=_text(article.find("Journal/JournalIssue/Issue")),
        pages=_text(article.find("Pagination/MedlinePgn")),
        language=_text(article.find("Language")),
        keywords=[
            *(_text(keyword) for keyword in citation.iterfind("KeywordList/Keyword")),
            *(_text(name) for name in citation.iterfind("MeshHeadingList/MeshHeading/DescriptorName")),
        ],
        references=_references(root),
    )
    draft.identify("pmid", _text(citation.find("PMID")))
    for place in article.iterfind("ELocationID"):
        if place.get("EIdType") == "doi" and place.get("ValidYN", "Y") == "Y":
            draft.identify("doi", _text(place))
    _identify(draft, root.find("PubmedData/ArticleIdList"))
    draft.identify("issn", _text(article.find("Journal/ISSN")))
    draft.keep("publication-type", kinds)
    draft.keep("journal-abbreviation", _text(article.find("Journal/ISOAbbreviation")))
    draft.keep("vernacular-title", _text(article.find("VernacularTitle")))
    return draft.paper()


def _book(root: "_Element") -> Paper:
    book = root.find("BookDocument")
    if book is None:
        raise RecordError("the record has no book in it")
    chapter, whole = _text(book.find("ArticleTitle")), _text(book.find("Book/BookTitle"))
    draft = Draft(
        title=chapter or whole,
        abstract=_abstract(book),
        authors=_authors(book) or _authors(book.find("Book")),
        year=_text(book.find("Book/PubDate/Year")) or _text(book.find("ContributionDate/Year")),
        venue=whole if chapter else "",
        kind="chapter" if chapter else "book",
        publisher=_text(book.find("Book/Publisher/PublisherName")),
        language=_text(book.find("Language")),
        keywords=[_text(keyword) for keyword in book.iterfind("KeywordList/Keyword")],
    )
    draft.identify("pmid", _text(book.find("PMID")))
    draft.identify("isbn", _text(book.find("Book/Isbn")))
    _identify(draft, book.find("ArticleIdList"))
    _identify(draft, root.find("PubmedBookData/ArticleIdList"))
    return draft.paper()


def _identify(draft: Draft, ids: "_Element | None") -> None:
    for one in ids if ids is not None else ():
        scheme = {"doi": "doi", "pmc": "pmcid", "pubmed": "pmid"}.get(one.get("IdType", ""))
        if scheme is not None:
            draft.identify(scheme, _text(one))


def _text(element: "_Element | None") -> str:
    """The element's content, inline markup included, which cleaning turns into text."""
    from lxml import etree

    if element is None:
        return ""
    if len(element) == 0:
        return (element.text or "").replace("&", "&amp;").replace("<", "&lt;").strip()
    inner = etree.tostring(element, encoding="unicode", with_tail=False)
    return inner[inner.index(">") + 1 : inner.rindex("<")].strip()


def _abstract(parent: "_Element", name: str = "Abstract") -> str:
    """Its sections, each after its label: "METHODS: We …"."""
    sections = []
    for section in parent.iterfind(f"{name}/AbstractText"):
        label, text = section.get("Label", "").strip(), _text(section)
        sections.append(f"{label}: {text}" if label and label != "UNLABELLED" and text else text)
    return " ".join(filter(None, sections))


def _authors(parent: "_Element | None") -> list[Author]:
    from litsearch.cleaning import clean_text

    authors: list[Author] = []
    for person in parent.iterfind("AuthorList/Author") if parent is not None else ():
        parts = {
            part: clean_text(_text(person.find(part))) for part in ("LastName", "Suffix", "CollectiveName")
        }
        family = " ".join(filter(None, (parts["LastName"], parts["Suffix"]))) or parts["CollectiveName"]
        given = _text(person.find("ForeName")) or _text(person.find("Initials"))
        authors.append(Author(family, clean_text(given)))
    return authors


def _references(root: "_Element") -> list[str]:
    from litsearch.identifiers import normalise

    references: list[str] = []
    for one in root.iterfind("PubmedData/ReferenceList//Reference"):
        for identifier in one.iterfind("ArticleIdList/ArticleId"):
            scheme = {"doi": "doi", "pubmed": "pmid", "pmc": "pmcid"}.get(identifier.get("IdType", ""))
            if scheme is not None and (normal := normalise(scheme, identifier.text or "")) is not None:
                references.append(str(normal))
                break
    return references
