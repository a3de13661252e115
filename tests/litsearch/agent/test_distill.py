from litsearch.agent.distill import checked, numbered
from litsearch.agent.replies import DistillReply, FindingReply
from litsearch.papers import Paper, StoredPaper

ABSTRACT = (
    "We compare both. Sparse retrieval gained 12.5 % on five test collections. Dense retrieval did not."
)
STORED = StoredPaper(3, "doe2020", Paper("A comparison", ABSTRACT, year=2020))
QUOTE = "Sparse retrieval gained 12.5% on five test collections"


def finding(claim: str, quote: str = QUOTE) -> FindingReply:
    return FindingReply(claim=claim, quote=quote, stance="supports")


def test_the_stored_words_are_what_a_finding_quotes() -> None:
    distilled = checked(DistillReply(findings=[finding("Sparse gained 12.5%.")]), "", STORED)
    assert [(f.claim, f.quote.text, f.judge) for f in distilled.findings] == [
        ("Sparse gained 12.5%.", "Sparse retrieval gained 12.5 % on five test collections", "model")
    ]


def test_an_invented_quote_is_dropped_alone() -> None:
    reply = DistillReply(
        findings=[finding("Yes.", "Sparse retrieval is the best there is"), finding("It gained.")]
    )
    distilled = checked(reply, "", STORED)
    assert [f.claim for f in distilled.findings] == ["It gained."]
    assert [d.reason for d in distilled.dropped] == ["the quote is not in the text of doe2020"]


def test_a_claim_with_a_number_of_its_own_gives_way_to_the_quote() -> None:
    distilled = checked(DistillReply(findings=[finding("It gained 15%.")]), "", STORED)
    assert distilled.findings[0].claim == distilled.findings[0].quote.text
    assert distilled.dropped[0].reason == "its quote does not have 15%"


def test_a_claim_that_only_repeats_the_question_is_dropped_with_its_quote() -> None:
    asked = "Does a neural reranker beat lexical search?"
    distilled = checked(
        DistillReply(findings=[finding("A neural reranker beats lexical search.")]), asked, STORED
    )
    assert distilled.findings == ()
    assert "repeats the question" in distilled.dropped[0].reason


def test_a_claim_like_the_question_stays_where_its_quote_says_so() -> None:
    asked = "Did sparse retrieval gain on test collections?"
    distilled = checked(
        DistillReply(findings=[finding("Sparse retrieval gained on collections.")]), asked, STORED
    )
    assert (distilled.findings[0].stance, distilled.dropped) == ("supports", ())


def test_a_title_is_quoted_only_where_there_is_no_abstract() -> None:
    title = "Sparse retrieval beats dense retrieval on small collections"
    reply = DistillReply(findings=[finding("It beats it.", title)])
    assert checked(reply, "", StoredPaper(1, "key", Paper(title, ABSTRACT))).findings == ()
    assert len(checked(reply, "", StoredPaper(1, "key", Paper(title))).findings) == 1


def test_the_same_passage_counts_once() -> None:
    distilled = checked(DistillReply(findings=[finding("One."), finding("It gained.")]), "", STORED)
    assert len(distilled.findings) == 1


def test_numbers_go_on_where_they_left_off() -> None:
    distilled = checked(DistillReply(findings=[finding("It gained.")]), "", STORED)
    assert [f.number for f in numbered(distilled, 7).findings] == [7]
