from litsearch.agent.events import Finding, Quote, Sentence
from litsearch.agent.verify import check, without_markers
from litsearch.papers import Author, Paper, StoredPaper

TEXTS = {
    1: "sparse retrieval gained 12.5 % on five test collections",
    2: "dense retrieval lost in two of them",
}
PAPERS = {
    n: StoredPaper(n, f"key{n}", Paper(f"Title {n}", text, (Author("Doe"),), year=2018 + n))
    for n, text in TEXTS.items()
}
FINDINGS = [
    Finding(n, "a claim", Quote(n, f"key{n}", "abstract", 0, len(text), text, False), "supports", "model")
    for n, text in TEXTS.items()
]


def drafted(text: str, *findings: int) -> Sentence:
    return Sentence(text, findings, "unverified")


def test_a_sentence_that_keeps_to_its_quotes_is_quoted() -> None:
    kept, dropped = check([drafted("Sparse retrieval gained 12.5%.", 1)], FINDINGS, PAPERS, "")
    assert kept == (Sentence("Sparse retrieval gained 12.5%.", (1,), "quoted"),)
    assert dropped == ()


def test_findings_that_do_not_exist_are_taken_out() -> None:
    kept, dropped = check(
        [drafted("Both agree.", 1, 99, 2, 1), drafted("They do.", 99), drafted("So.")], FINDINGS, PAPERS, ""
    )
    assert [sentence.findings for sentence in kept] == [(1, 2)]
    assert [problem.reason for problem in dropped] == ["there is no finding 99", "it cites nothing"]


def test_a_finding_whose_paper_is_gone_carries_nothing() -> None:
    kept, _ = check([drafted("Dense retrieval lost.", 2)], FINDINGS, {1: PAPERS[1]}, "")
    assert kept == ()


def test_a_number_must_stand_in_the_cited_quotes() -> None:
    kept, dropped = check([drafted("Sparse retrieval gained 12.5%.", 2)], FINDINGS, PAPERS, "")
    assert kept == ()
    assert dropped[0].reason == "its quotes do not have 12.5%"


def test_years_and_the_count_of_cited_papers_need_no_quote() -> None:
    sentence = drafted("Two studies from 2019 and 2020 disagree.", 1, 2)
    assert len(check([sentence], FINDINGS, PAPERS, "")[0]) == 1


def test_a_citation_of_the_models_own_making_is_dropped() -> None:
    kept, dropped = check([drafted("Smith et al. found a gain [@smith].", 1)], FINDINGS, PAPERS, "")
    assert kept == ()
    assert "Smith et al" in dropped[0].reason


def test_the_question_as_a_statement_needs_quotes_about_it() -> None:
    question = "Does query expansion help dense retrieval?"
    sentence = drafted("Query expansion helps dense retrieval.", 2)
    kept, dropped = check([sentence], FINDINGS, PAPERS, question)
    assert kept == ()
    assert "repeats the question" in dropped[0].reason


def test_a_quote_on_something_else_is_not_cited() -> None:
    kept, _ = check([drafted("Sparse retrieval gained on five collections.", 1, 2)], FINDINGS, PAPERS, "")
    assert kept[0].findings == (1,)


def test_citation_marks_are_taken_out_of_the_text() -> None:
    assert without_markers("It works [1], as shown [2, 3] (finding 4). In (some) cases.") == (
        "It works, as shown. In (some) cases."
    )
