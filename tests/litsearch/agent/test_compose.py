from litsearch.agent.compose import compose_of_quotes
from litsearch.agent.events import Finding, Judge, Quote, Stance
from litsearch.agent.references import number_references
from litsearch.papers import Paper, StoredPaper

PAPERS = {n: StoredPaper(n, f"key{n}", Paper(f"Title {n}", is_summary=n == 9)) for n in range(1, 10)}


def finding(number: int, paper: int, stance: Stance = "background", judge: Judge = "program") -> Finding:
    text = f"sentence\n{number} of paper {paper} on it"
    return Finding(
        number, text, Quote(paper, f"key{paper}", "abstract", 0, len(text), text, paper == 9), stance, judge
    )


def test_each_quote_is_a_sentence_that_cites_its_finding() -> None:
    sentences = compose_of_quotes([finding(1, 1)], PAPERS).sentences
    assert [(s.text, s.findings, s.status) for s in sentences] == [
        ("“sentence 1 of paper 1 on it”", (1,), "quoted")
    ]


def test_a_summary_of_ours_is_never_the_papers_own_words() -> None:
    sentence = compose_of_quotes([finding(1, 9)], PAPERS).sentences[0]
    assert sentence.text.startswith("litsearch's summary of “Title 9” says: “")


def test_every_paper_has_its_turn_before_one_speaks_twice() -> None:
    findings = [finding(1, 1), finding(2, 1), *(finding(n, n - 1) for n in range(3, 8))]
    assert [s.findings[0] for s in compose_of_quotes(findings, PAPERS).sentences] == [1, 3, 4, 5, 6, 7]


def test_what_contradicts_is_not_cut_off() -> None:
    findings = [finding(n, n) for n in range(1, 9)]
    findings[7] = finding(8, 8, "contradicts")
    cited = [s.findings[0] for s in compose_of_quotes(findings, PAPERS).sentences]
    assert cited == [1, 2, 3, 4, 5, 8]


def test_a_paper_that_is_gone_is_not_quoted() -> None:
    assert compose_of_quotes([finding(1, 77)], PAPERS).sentences == ()


def test_references_are_numbered_as_they_are_first_cited() -> None:
    findings = [finding(1, 5), finding(2, 3), finding(3, 5), finding(4, 7)]
    sentences = compose_of_quotes([findings[1], findings[2]], PAPERS).sentences
    references = number_references(sentences, findings, PAPERS)
    assert [(reference.number, reference.key) for reference in references] == [
        (1, "key3"),
        (2, "key5"),
        (3, "key7"),
    ]
