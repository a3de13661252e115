"""Identifiers in their canonical forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litsearch.identifiers import find_identifiers, normalise, parse_identifier, united
from litsearch.papers import Identifier

SCHEMES = ["doi", "arxiv", "acl", "pmid", "pmcid", "s2", "openalex", "isbn", "issn"]


@pytest.mark.parametrize(
    ("scheme", "written", "canonical"),
    [
        ("doi", "https://doi.org/10.1145/2407085.2407086.", "10.1145/2407085.2407086"),
        ("DOI", "http://dx.doi.org/10.1000%2FABC", "10.1000/abc"),
        ("doi", "doi:10.1000/abc)", "10.1000/abc"),
        ("doi", "10.1016/S0140-6736(20)30183-5", "10.1016/s0140-6736(20)30183-5"),
        (
            "doi",
            "10.1002/(SICI)1097-4571(199806)49:8&lt;693::AID-ASI4&gt;3.0.CO;2-O",
            "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o",
        ),
        ("arxiv", "2101.00001v2", "2101.00001"),
        ("arxiv", "arXiv:math.GT/0309136v1", "math/0309136"),
        ("arxiv", "https://arxiv.org/pdf/2101.00001v3.pdf", "2101.00001"),
        ("arxiv", "10.48550/arXiv.2101.00001", "2101.00001"),
        ("pmid", "PMID: 00399296", "399296"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/399296/", "399296"),
        ("pmc", "pmc123.1", "PMC123"),
        ("acl", "p19-1001", "P19-1001"),
        ("acl", "https://aclanthology.org/2020.ACL-main.1/", "2020.acl-main.1"),
        ("isbn", "0-306-40615-2", "9780306406157"),
        ("issn", "1234567x", "1234-567X"),
        ("corpusid", "CorpusID:123", "123"),
        ("mrnumber", "MR1", "MR1"),
    ],
)
def test_each_way_of_writing_has_one_form(scheme: str, written: str, canonical: str) -> None:
    identifier = normalise(scheme, written)
    assert identifier is not None
    assert identifier.value == canonical


@pytest.mark.parametrize(
    ("scheme", "value"),
    [("doi", "none"), ("arxiv", "2101"), ("pmid", "PMC1"), ("acl", "x"), ("isbn", "123"), ("pmid", "")],
)
def test_what_is_no_identifier_is_none(scheme: str, value: str) -> None:
    assert normalise(scheme, value) is None


@given(st.sampled_from(SCHEMES), st.text(max_size=40))
def test_the_canonical_form_is_its_own(scheme: str, value: str) -> None:
    identifier = normalise(scheme, value)
    assert identifier is None or normalise(scheme, identifier.value) == identifier


def test_a_doi_of_an_archive_says_the_archives_own_id() -> None:
    ids = united(
        [normalise("doi", "10.48550/arXiv.2101.00001"), None, normalise("doi", "10.18653/v1/P19-1001")]
    )
    assert Identifier("arxiv", "2101.00001") in ids
    assert Identifier("acl", "P19-1001") in ids
    assert len(ids) == 4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://aclanthology.org/P19-1001.pdf", ["acl:P19-1001"]),
        ("https://www.aclweb.org/anthology/P/P19/P19-1001/", ["acl:P19-1001"]),
        ("see arXiv:2101.00001v2, and doi 10.1000/x.", ["arxiv:2101.00001", "doi:10.1000/x"]),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC12/", ["pmcid:PMC12"]),
        ("https://arxiv.org/abs/hep-th/9901001", ["arxiv:hep-th/9901001"]),
        ("no identifier at all in 2021", []),
    ],
)
def test_identifiers_are_found_in_addresses_and_text(text: str, found: list[str]) -> None:
    assert [str(identifier) for identifier in find_identifiers(text)] == found


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("acl:1963.earlymt-1.1", "acl:1963.earlymt-1.1"),
        ("arxiv:0704.0595", "arxiv:0704.0595"),
        ("pmid:399296", "pmid:399296"),
        ("10.1145/X", "doi:10.1145/x"),
        ("conf:neurips-1", None),
        ("some-slug", None),
    ],
)
def test_ids_of_records_are_read(text: str, identifier: str | None) -> None:
    found = parse_identifier(text)
    assert (None if found is None else str(found)) == identifier
