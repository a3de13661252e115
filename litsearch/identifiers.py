"""Identifiers of papers: from the ways they are written to one canonical form of each."""

import html
import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from litsearch.papers import Identifier

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_DOI_END = ".,;:'\"*’”>"
_ARXIV_NEW = r"\d{4}\.\d{4,5}"
_ARXIV_OLD = r"[a-z][a-z-]+(?:\.[a-z]{2})?/\d{7}"
_ARXIV = re.compile(
    rf"(?:arxiv[:.\s]*)?({_ARXIV_NEW}|{_ARXIV_OLD})(?:v\d+)?(?:\.pdf)?", re.IGNORECASE | re.ASCII
)
_ACL_OLD = r"[A-Z]\d{2}-\d{4,5}"
_ACL_NEW = r"\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+"
_ACL = re.compile(rf"{_ACL_OLD}|{_ACL_NEW}", re.IGNORECASE | re.ASCII)
_PMID = re.compile(r"(?:pmid[:\s]*)?0*([1-9]\d{0,8})", re.IGNORECASE | re.ASCII)
_PMCID = re.compile(r"(?:pmc(?:id)?[:\s]*)?(?:pmc)?0*([1-9]\d{0,8})(?:\.\d+)?", re.IGNORECASE | re.ASCII)
_S2 = re.compile(r"(?:corpusid:)?(\d{1,12}|[0-9a-f]{40})", re.IGNORECASE | re.ASCII)
_OPENALEX = re.compile(
    r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?)?(W\d{4,12})", re.IGNORECASE | re.ASCII
)
_ISSN = re.compile(r"(\d{4})-?(\d{3}[\dX])", re.IGNORECASE | re.ASCII)

# What an address or a text says about a paper: the host or prefix names the scheme.
_WRITTEN = re.compile(
    rf"arxiv\.org/(?:abs|pdf|html|format|ps)/(?P<arxiv>{_ARXIV_NEW}|{_ARXIV_OLD})"
    rf"|\barxiv[:\s]\s*(?P<arxiv_id>{_ARXIV_NEW}|{_ARXIV_OLD})"
    r"|(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/(?P<pmid>\d{1,9})"
    r"|\bpmid[:\s]\s*(?P<pmid_id>\d{1,9})"
    r"|(?:/pmc/articles/|pmc\.ncbi\.nlm\.nih\.gov/articles/|\bpmcid[:\s]\s*)(?P<pmcid>pmc\d{1,9})"
    rf"|(?:aclanthology\.(?:org|info)|aclweb\.org/anthology|aclanthology\.coli[^/\s]*)/(?:papers/|pdf/)?"
    rf"(?:[A-Z]/[A-Z]\d{{2}}/)?(?P<acl>{_ACL_OLD}|{_ACL_NEW})"
    rf"|\bacl:\s*(?P<acl_id>{_ACL_OLD}|{_ACL_NEW})"
    r"|\bcorpusid:\s*(?P<s2>\d{1,12})"
    r"|openalex\.org/(?:works/)?(?P<openalex>W\d{4,12})"
    r"|(?P<doi>10\.\d{4,9}(?:\.\d+)*/[^\s\"]+)",
    re.IGNORECASE | re.ASCII,
)


def normalise(scheme: str, value: str) -> Identifier | None:
    """The identifier in its canonical form; None where the value is none of that scheme.

    A DOI loses its resolver, its capitals and trailing punctuation, an arXiv id its version, an ISBN
    becomes 13 digits. An unknown scheme keeps its value as it is.
    """
    scheme = scheme.strip().lower()
    scheme, value = _ALIASES.get(scheme, scheme), value.strip()
    canonical = _CANONICAL[scheme](value) if scheme in _CANONICAL else value
    return Identifier(scheme, canonical) if scheme and canonical else None


def parse_identifier(text: str) -> Identifier | None:
    """An identifier written as ``scheme:value`` ("doi:10.1/x", "arxiv:2101.00001") or a bare DOI."""
    scheme, colon, value = text.strip().partition(":")
    scheme = scheme.lower()
    if colon and (scheme in _CANONICAL or scheme in _ALIASES):
        return normalise(scheme, value)
    return normalise("doi", text) if text.lstrip().startswith("10.") else None


def find_identifiers(text: str) -> tuple[Identifier, ...]:
    """The identifiers that an address or a passage of text names, in their order, each once."""
    found: list[Identifier | None] = []
    for match in _WRITTEN.finditer(text):
        group = match.lastgroup or ""
        found.append(normalise(group.removesuffix("_id"), match[group]))
    return united(found)


def united(identifiers: Iterable[Identifier | None]) -> tuple[Identifier, ...]:
    """Each identifier once, with the arXiv and ACL Anthology ids that DOIs of these archives contain."""
    kept: dict[Identifier, None] = {}
    for identifier in identifiers:
        if identifier is not None and identifier not in kept:
            kept[identifier] = None
            if identifier.scheme == "doi" and (implied := _implied(identifier.value)) is not None:
                kept[implied] = None
    return tuple(kept)


def _implied(doi: str) -> Identifier | None:
    if doi.startswith("10.48550/arxiv."):
        return normalise("arxiv", doi.removeprefix("10.48550/arxiv."))
    if doi.startswith("10.18653/v1/"):
        return normalise("acl", doi.removeprefix("10.18653/v1/"))
    return None


def _doi(value: str) -> str:
    if "&" in value:
        value = html.unescape(value)
    if "%" in value:
        value = unquote(value)
    found = _DOI.search(value)
    if found is None:
        return ""
    doi = found[0].lower()
    while doi:
        kept = doi.rstrip(_DOI_END) if not doi.endswith(">") or "<" not in doi else doi
        for opening, closing in ("()", "[]", "{}"):
            if kept.endswith(closing) and kept.count(closing) > kept.count(opening):
                kept = kept[:-1]
        if kept == doi:
            break
        doi = kept
    return doi if not doi.endswith("/") else doi.rstrip("/")


def _arxiv(value: str) -> str:
    if "/" in value and (found := _WRITTEN.search(value)) is not None and found.lastgroup == "arxiv":
        value = found["arxiv"]
    elif value.lower().startswith("10.48550/arxiv."):
        value = value[len("10.48550/arxiv.") :]
    match = _ARXIV.fullmatch(value)
    if match is None:
        return ""
    archive, slash, number = match[1].lower().partition("/")
    return f"{archive.partition('.')[0]}/{number}" if slash else archive


def _acl(value: str) -> str:
    match = _ACL.fullmatch(value.removesuffix(".pdf").removesuffix("/"))
    if match is None:
        found = next((one for one in _WRITTEN.finditer(value) if one.lastgroup == "acl"), None)
        return _acl(found["acl"]) if found is not None else ""
    return match[0].upper() if match[0][0].isalpha() else match[0].lower()


def _number(pattern: re.Pattern[str], group: str, prefix: str = "") -> Callable[[str], str]:
    def canonical(value: str) -> str:
        if "/" in value:
            found = _WRITTEN.search(value)
            value = found[group] if found is not None and found.lastgroup == group else value
        match = pattern.fullmatch(value)
        return f"{prefix}{match[1]}" if match is not None else ""

    return canonical


def _s2(value: str) -> str:
    match = _S2.fullmatch(value)
    return match[1].lower() if match is not None else ""


def _openalex(value: str) -> str:
    match = _OPENALEX.fullmatch(value)
    return match[1].upper() if match is not None else ""


def _isbn(value: str) -> str:
    """Thirteen digits; empty where the check digit is wrong."""
    digits = re.sub(r"[\s-]", "", value.upper().removeprefix("ISBN").lstrip(":")).partition("(")[0]
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        total = sum((10 - i) * (10 if digit == "X" else int(digit)) for i, digit in enumerate(digits))
        return _isbn13("978" + digits[:9]) if total % 11 == 0 else ""
    if re.fullmatch(r"97[89][0-9]{10}", digits) and _isbn13(digits[:12]) == digits:
        return digits
    return ""


def _isbn13(twelve: str) -> str:
    total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"


def _issn(value: str) -> str:
    match = _ISSN.match(value.strip())
    return f"{match[1]}-{match[2].upper()}" if match is not None else ""


_ALIASES = {"pubmed": "pmid", "pmc": "pmcid", "eprint": "arxiv", "corpusid": "s2", "anthology": "acl"}
_CANONICAL: dict[str, Callable[[str], str]] = {
    "doi": _doi,
    "arxiv": _arxiv,
    "acl": _acl,
    "pmid": _number(_PMID, "pmid"),
    "pmcid": _number(_PMCID, "pmcid", "PMC"),
    "s2": _s2,
    "openalex": _openalex,
    "isbn": _isbn,
    "issn": _issn,
}
