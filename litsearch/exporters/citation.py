"""What several formats say alike: keys, links, and lines of authors."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

_RESOLVERS = {
    "doi": "https://doi.org/",
    "arxiv": "https://arxiv.org/abs/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
    "acl": "https://aclanthology.org/",
}
_UNFIT_IN_KEYS = re.compile(r"[^\w.:/+*!?&|;<>-]")
_SIMPLE_PANDOC_KEY = re.compile(r"\w(?:[:.#$%&+?<>~/-]?\w)*")


def citation_key(key: str) -> str:
    """The library's key as BibTeX can hold it: the same wherever it can be, else with the characters that
    end a key there written as ``-x20``, so that two keys never become one."""
    return _UNFIT_IN_KEYS.sub(lambda match: f"-x{ord(match.group()):02x}", key)


def pandoc_citation(key: str) -> str:
    """``@key`` for Pandoc Markdown, without the square brackets."""
    fit = citation_key(key)
    return f"@{fit}" if _SIMPLE_PANDOC_KEY.fullmatch(fit) else f"@{{{fit}}}"


def web_link(identifiers: Iterable[str], url: str = "") -> str:
    """An http or https link to a paper with those identifiers (``scheme:value``), best first; else ''."""
    known = dict(reversed([identifier.split(":", 1) for identifier in identifiers]))
    for scheme, resolver in _RESOLVERS.items():
        if known.get(scheme):
            return resolver + quote(known[scheme], safe="/:;()._-")
    return safe_url(url)


def safe_url(url: str) -> str:
    """The url where it is http or https and has a host, else ''; characters that end a link are escaped."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return quote(parts.geturl(), safe="/:;?#[]@!$&()*+,='%~._-")


def author_line(names: Sequence[str], most: int = 3) -> str:
    """The first authors, then ``et al.`` where there are more."""
    if len(names) > most:
        return f"{', '.join(names[:most])} et al."
    return ", ".join(names)
