"""What each format's fields become."""
# ruff: noqa: E501 (records stand as exports write them)

from pathlib import Path

import pytest

from litsearch.errors import ImportFileError
from litsearch.importers import find_files, open_records
from litsearch.papers import Author, Paper, Rejected


def papers(path: Path, text: str, **options: str) -> list[Paper]:
    path.write_text(text)
    records = list(open_records(path, **options).records)  # type: ignore[arg-type]
    assert not [record for record in records if isinstance(record, Rejected)]
    return [record for record in records if isinstance(record, Paper)]


def ids(paper: Paper) -> list[str]:
    return [str(identifier) for identifier in paper.identifiers]


def test_bibtex(tmp_path: Path) -> None:
    text = r"""Free text before.
@comment{ not a record }
@preamble{ "\newcommand{\x}{y}" }
@string{ acl = "Proceedings of the " # {ACL} }
@InProceedings{doe2019,
  Title = "{BERT} and 5\% of {M{\"u}ller}",
  author = {Doe, Jane and {The OpenAI Team} and Erd{\H o}s, P{\'a}l and others},
  booktitle = acl, month = jan # "~5", year = 2019,
  pages = {1--9}, url = {https://aclanthology.org/P19-1001/}, keywords = {a; b},
  note = {First}, note = {Second},
}
@article(roe, title={In Parentheses}, journal={arXiv preprint arXiv:2101.00001}, year={n.d.})
"""
    first, second = papers(tmp_path / "x", text)
    assert first.title == "BERT and 5% of Müller"
    assert first.authors == (Author("Doe", "Jane"), Author("The OpenAI Team"), Author("Erdős", "Pál"))
    assert (first.venue, first.year, first.pages, first.key) == (
        "Proceedings of the ACL",
        2019,
        "1–9",
        "doe2019",
    )
    assert first.kind == "paper-conference"
    assert first.keywords == ("a", "b")
    assert ids(first) == ["acl:P19-1001"]
    assert first.extra["month"] == "Jan 5"
    assert {first.extra["note"], first.extra["note-2"]} == {"First", "Second"}
    assert first.extra["authors"] == "and others"
    assert second.year is None
    assert second.extra["year"] == "n.d."
    assert ids(second) == ["arxiv:2101.00001"]


def test_bibtex_entries_take_from_the_volume_they_cross_reference(tmp_path: Path) -> None:
    text = """@string{pub = {ACM}}
@inproceedings{child, title={A Paper}, crossref={Whole}}
@proceedings{whole, title={The Volume}, year=1999, publisher=pub, doi={10.1/volume}}
"""
    child, volume = papers(tmp_path / "x", text)
    assert (child.venue, child.year, child.publisher) == ("The Volume", 1999, "ACM")
    assert child.identifiers == ()
    assert volume.title == "The Volume"


def test_a_rejected_bibtex_entry_brings_its_macros(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(
        "@string{cacm = {Comm. ACM}}\n@string{other = {Other}}\n@article{a, journal=cacm, month=jan}\n"
    )
    (rejected,) = open_records(path).records
    assert isinstance(rejected, Rejected)
    assert rejected.raw.startswith("@string{cacm = {Comm. ACM}}\n@article{a")
    assert "other" not in rejected.raw


def test_bibtex_entries_on_one_line_are_all_read(tmp_path: Path) -> None:
    read = papers(tmp_path / "x", "@book{a, title={One}} @book{b, title={Two}}\n")
    assert [paper.title for paper in read] == ["One", "Two"]


def test_ris(tmp_path: Path) -> None:
    text = """TY  - JOUR
T1  - A title that
  goes on
AU  - Doe, Jane
AU  - Roe, Richard, Jr.
PY  - 2004/05//
JF  - Journal of Things
JO  - J Things
SP  - 12
EP  - 20
DO  - https://doi.org/10.1000/ABC
UR  - https://example.org/a;https://example.org/b
KW  - one
KW  - two
AB  - Some text.
AB  - More text.
XX  - unknown
SN  - 1234-5678
"""
    (paper,) = papers(tmp_path / "x", text)
    assert paper.title == "A title that goes on"
    assert paper.authors == (Author("Doe", "Jane"), Author("Roe Jr.", "Richard"))
    assert (paper.year, paper.venue, paper.pages, paper.abstract) == (
        2004,
        "Journal of Things",
        "12–20",
        "Some text.",
    )
    assert ids(paper) == ["doi:10.1000/abc", "issn:1234-5678"]
    assert paper.keywords == ("one", "two")
    assert paper.url == "https://example.org/a"
    assert paper.extra["XX"] == "unknown"
    assert "More text." in paper.extra.values()
    assert "J Things" in paper.extra.values()


def test_medline(tmp_path: Path) -> None:
    text = """PMID- 12345
TI  - A title over
      two lines.
AB  - BACKGROUND: Text.
FAU - Doe, Jane A
AU  - Doe JA
CN  - The Study Group
DP  - 2004 May-Jun
TA  - J Things
JT  - Journal of things
LID - 10.1000/abc [doi]
AID - S1 [pii]
AID - 10.1000/abc [doi]
PMC - PMC99
MH  - *Animals/genetics
OT  - thing
"""
    (paper,) = papers(tmp_path / "x", text)
    assert paper.title == "A title over two lines."
    assert paper.authors == (Author("Doe", "Jane A"), Author("The Study Group"))
    assert ids(paper) == ["pmid:12345", "pmcid:PMC99", "doi:10.1000/abc"]
    assert (paper.year, paper.venue) == (2004, "Journal of things")
    assert paper.keywords == ("thing", "Animals/genetics")


PUBMED = """<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://example.org/none.dtd">
<PubmedArticleSet>
<PubmedArticle>
 <MedlineCitation Status="MEDLINE"><PMID Version="1">12345</PMID>
  <Article><Journal><ISSN>1234-5678</ISSN><JournalIssue><Volume>7</Volume><Issue>2</Issue>
    <PubDate><MedlineDate>2004 Jan-Feb</MedlineDate></PubDate></JournalIssue><Title>Journal of things</Title></Journal>
   <ArticleTitle>CO<sub>2</sub> in <i>E. coli</i> &amp; p &lt; 0.05</ArticleTitle>
   <Abstract><AbstractText Label="METHODS">We looked.</AbstractText><AbstractText Label="RESULTS">It was.</AbstractText></Abstract>
   <AuthorList><Author><LastName>Doe</LastName><ForeName>Jane</ForeName><Suffix>Jr</Suffix></Author>
    <Author><CollectiveName>The Group</CollectiveName></Author></AuthorList>
   <Language>eng</Language></Article>
  <MeshHeadingList><MeshHeading><DescriptorName>Animals</DescriptorName></MeshHeading></MeshHeadingList>
 </MedlineCitation>
 <PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/ABC</ArticleId><ArticleId IdType="pmc">PMC9</ArticleId></ArticleIdList>
  <ReferenceList><Reference><Citation>X</Citation><ArticleIdList><ArticleId IdType="pubmed">77</ArticleId></ArticleIdList></Reference></ReferenceList>
 </PubmedData>
</PubmedArticle>
<PubmedBookArticle><BookDocument><PMID>5</PMID><Book><BookTitle>The Book</BookTitle><PubDate><Year>2011</Year></PubDate></Book>
 <ArticleTitle>A Chapter</ArticleTitle></BookDocument></PubmedBookArticle>
<DeleteCitation><PMID>1</PMID></DeleteCitation>
</PubmedArticleSet>
"""


def test_pubmed(tmp_path: Path) -> None:
    article, chapter = papers(tmp_path / "x", PUBMED)
    assert article.title == "CO₂ in E. coli & p < 0.05"
    assert article.abstract == "METHODS: We looked. RESULTS: It was."
    assert article.authors == (Author("Doe Jr", "Jane"), Author("The Group"))
    assert ids(article) == ["pmid:12345", "doi:10.1000/abc", "pmcid:PMC9", "issn:1234-5678"]
    assert (article.year, article.volume, article.issue) == (2004, "7", "2")
    assert article.references == ("pmid:77",)
    assert article.keywords == ("Animals",)
    assert (chapter.title, chapter.venue, chapter.year, chapter.kind) == (
        "A Chapter",
        "The Book",
        2011,
        "chapter",
    )


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY attack "&b;&b;&b;&b;&b;&b;&b;&b;">',
        '<!ENTITY attack SYSTEM "file://{secret}">',
        '<!ENTITY attack SYSTEM "http://127.0.0.1:9/">',
        '<!ENTITY % load SYSTEM "file://{secret}"> %load;',
    ],
)
def test_xml_expands_and_loads_nothing(declared: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    path = tmp_path / "x"
    head = f"<!DOCTYPE PubmedArticleSet [{declared.replace('{secret}', str(secret))}]>"
    whole = PUBMED[PUBMED.index("<PubmedArticle>") : PUBMED.index("<PubmedBookArticle>")]
    path.write_text(
        f"{head}<PubmedArticleSet>{whole.replace('We looked', '&attack;')}{whole}</PubmedArticleSet>"
    )
    attacked, kept = open_records(path).records
    assert isinstance(attacked, Rejected)
    assert "secret" not in attacked.raw
    assert "attack" in attacked.reason
    assert isinstance(kept, Paper)


def test_csl_json(tmp_path: Path) -> None:
    text = """[{"id": "doe", "type": "article-journal", "title": "A {brace} and \\"quotes\\"",
  "author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"}, {"literal": "The Group"}],
  "issued": {"date-parts": [[2011, 3]]}, "container-title": "Things", "DOI": "10.1000/A", "PMID": 7,
  "note": "arXiv: 2101.00001\\nread this", "page": "1-2", "custom": {"a": 1}},
 {"id": 2, "type": "book", "title": ["Listed"], "issued": {"raw": "May 1999"}}]"""
    first, second = papers(tmp_path / "x", text)
    assert first.title == 'A {brace} and "quotes"'
    assert first.authors == (Author("van den Berg", "Jan"), Author("The Group"))
    assert ids(first) == ["doi:10.1000/a", "pmid:7", "arxiv:2101.00001"]
    assert (first.year, first.key, first.venue) == (2011, "doe", "Things")
    assert first.extra == {"note": "read this", "custom": '{"a": 1}'}
    assert (second.title, second.year, second.key) == ("Listed", 1999, "2")


@pytest.mark.parametrize(
    "broken", ['{"id": "b", "title": "open}', '{"id": "b", "title": "x"', '{"id": "b" "title": "x"}']
)
def test_a_bad_item_in_an_array_on_one_line_costs_itself_alone(broken: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(f'[{{"id": "a", "title": "A"}}, {broken}, {{"id": "c", "title": "C"}}]')
    first, bad, last = open_records(path, format="csl-json").records
    assert isinstance(first, Paper)
    assert isinstance(bad, Rejected)
    assert bad.raw == broken
    assert isinstance(last, Paper)
    assert last.title == "C"


def test_beir(tmp_path: Path) -> None:
    text = (
        '{"_id": "acl:P19-1001", "title": "$\\\\alpha$ for {BERT}", "text": "Abstract.", "metadata": {"authors": '
        '["Jane van Doe"], "year": 2019, "venue": "ACL", "doi": null, "url": "https://aclanthology.org/P19-1001", '
        '"keywords": ["a"], "mesh": ["B"], "categories": ["cs.CL"], "source": "x"}}\n'
        '{"_id": "10.1145/1.2", "title": "Two", "text": "", "metadata": {"year": "soon"}}\n'
    )
    first, second = papers(tmp_path / "x", text)
    assert (first.key, first.title, first.abstract, first.year) == (
        "acl:P19-1001",
        "α for BERT",
        "Abstract.",
        2019,
    )
    assert first.authors == (Author("van Doe", "Jane"),)
    assert ids(first) == ["acl:P19-1001"]
    assert first.keywords == ("a", "B", "cs.CL")
    assert first.extra == {"source": "x"}
    assert ids(second) == ["doi:10.1145/1.2"]
    assert second.year is None
    assert second.extra == {"year": "soon"}


def test_arxiv_metadata(tmp_path: Path) -> None:
    text = (
        '{"id":"0704.0001","submitter":"P","authors":"C. Bal\\\\\'azs","title":"A title\\n  over lines","comments":"37 '
        'pages","journal-ref":"Phys.Rev.D76:013009,2007","doi":"10.1103/PhysRevD.76.013009","categories":"hep-ph cs.IR",'
        '"abstract":"  Text with $\\\\gamma$.\\n","versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"}],'
        '"update_date":"2008-11-26","authors_parsed":[["Bal\\u00e1zs","C.",""]]}\n'
    )
    (paper,) = papers(tmp_path / "x", text)
    assert (paper.title, paper.abstract, paper.year) == ("A title over lines", "Text with γ.", 2007)
    assert paper.authors == (Author("Balázs", "C."),)
    assert ids(paper) == ["arxiv:0704.0001", "doi:10.1103/physrevd.76.013009"]
    assert paper.venue == "Phys.Rev.D76:013009,2007"
    assert paper.extra["comments"] == "37 pages"


def test_our_own_lines(tmp_path: Path) -> None:
    text = (
        '{"key": "doe", "title": "Not {TeX} at $all$", "abstract": "A.", "authors": [{"family": "Doe", "given": "J"}], '
        '"year": 2001, "kind": "book", "identifiers": ["doi:10.1/x", "s2:9"], "references": ["pmid:1"], '
        '"is_summary": true, "extra": {"note": "n"}, "tags": ["t", "u"]}\n'
    )
    (paper,) = papers(tmp_path / "x", text)
    assert paper.title == "Not {TeX} at $all$"
    assert paper.authors == (Author("Doe", "J"),)
    assert paper.is_summary
    assert paper.references == ("pmid:1",)
    assert paper.extra == {"note": "n", "tags": "t; u"}


def test_a_tables_columns_are_guessed_and_shown(tmp_path: Path) -> None:
    text = (
        "\ufeffAuthors;Article Title;Source Title;Publication Year;DOI;Author Keywords;Mystery\r\n"
        '"Doe, Jane; Roe, R.";"A ""quoted"" title\r\nover lines";Things;2004;10.1000/A;a; \r\n'
        "\r\n"
        "Poe, E.;'=Formula with a '-sign;;;;;m\r\n"
    )
    path = tmp_path / "x"
    path.write_text(text, newline="")
    file = open_records(path)
    assert dict(file.mapping) == {
        "title": "Article Title",
        "authors": "Authors",
        "year": "Publication Year",
        "venue": "Source Title",
        "doi": "DOI",
        "keywords": "Author Keywords",
    }
    first, second = file.records
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert first.title == 'A "quoted" title over lines'
    assert first.authors == (Author("Doe", "Jane"), Author("Roe", "R."))
    assert second.title == "=Formula with a '-sign"
    assert second.extra == {"Mystery": "m"}


def test_a_tables_columns_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Nom,Année,Title\nLe titre,2004,Wrong\n")
    file = open_records(path, format="csv", mapping={"title": "Nom", "year": "année"})
    assert dict(file.mapping) == {"title": "Nom", "year": "Année"}
    (paper,) = file.records
    assert isinstance(paper, Paper)
    assert (paper.title, paper.year) == ("Le titre", 2004)
    with pytest.raises(ImportFileError, match="no column 'Nope'"):
        open_records(path, mapping={"title": "Nope"})
    with pytest.raises(ImportFileError, match="no field 'titel'"):
        open_records(path, mapping={"titel": "Nom"})


def test_folders_give_the_files_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name, text in {
        "b/two": "TY  - JOUR\nTI  - x\n",
        "a.bib": "@book{a, title={x}}",
        "notes.txt": "Just some notes, title or not.",
        "image.png": "\x89PNG",
        ".hidden/c.bib": "@book{a, title={x}}",
        "queries.jsonl": '{"_id": "1", "text": "a query"}',
        "empty.bib": "",
    }.items():
        (tmp_path / name).write_text(text)
    assert list(find_files([tmp_path])) == [tmp_path / "a.bib", tmp_path / "b/two"]
    assert list(find_files([tmp_path / "notes.txt"])) == [tmp_path / "notes.txt"]
    with pytest.raises(ImportFileError, match="There is no file or folder"):
        list(find_files([tmp_path / "absent"]))


def test_full_names_are_taken_where_a_table_has_both(tmp_path: Path) -> None:
    text = (
        'Authors,Author full names,Title\n"Chen X.; Doe J.A.","Chen, Xi (571); Doe, Jane A. (572)",A title\n'
    )
    [paper] = papers(tmp_path / "scopus.csv", text)
    assert paper.authors == (Author("Chen", "Xi"), Author("Doe", "Jane A."))
