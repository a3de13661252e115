"""Records of a few papers that share titles and identifiers, so that many of them are the same work."""

from hypothesis import strategies as st

from litsearch.papers import Author, Identifier, Paper


def paper(
    title: str, *names: str, key: str = "", author: str = "Vaswani", year: int = 2017, **fields: str
) -> Paper:
    identifiers = tuple(Identifier(*name.split(":", 1)) for name in names)
    return Paper(
        title=title, key=key, authors=(Author(author),), year=year, identifiers=identifiers, **fields
    )


def records(**fields: st.SearchStrategy[str]) -> st.SearchStrategy[Paper]:
    """``fields`` are drawn beside what tells papers apart."""
    return st.builds(
        paper,
        st.sampled_from(["Attention is all you need", "Deep residual learning for images", "Short"]),
        st.sampled_from(["doi:10.1000/a", "doi:10.1000/b", "doi:10.48550/arxiv.1", "issn:1"]),
        st.sampled_from(["arxiv:1", "arxiv:2", "pmid:1", "issn:2"]),
        key=st.sampled_from(["", "k", "l"]),
        author=st.sampled_from(["Vaswani", "He", ""]),
        year=st.sampled_from([2015, 2017, 2018]),
        **fields,
    )
