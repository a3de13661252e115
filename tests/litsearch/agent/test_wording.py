from litsearch.agent.wording import bearing, only_denies, only_repeats, telling

QUESTION = "Does query expansion help dense retrieval?"


def test_words_of_any_subject_tell_nothing() -> None:
    assert telling("effective methods of helping") == frozenset()
    assert telling("expanding the queries") == telling("a query is expanded")


def test_a_statement_of_the_question_needs_sources_about_it() -> None:
    claim = "Query expansion helps dense retrieval."
    assert only_repeats(claim, QUESTION, ["The system serves millions of users."])
    assert only_repeats(claim, QUESTION, ["Dense retrieval overcomes the gap.", "Query translation"])
    assert not only_repeats(claim, QUESTION, ["Expanding queries gained 3 points.", "On dense retrieval"])


def test_a_text_in_words_of_its_own_is_not_judged() -> None:
    quote = ["The system serves millions of users."]
    assert not only_repeats("Strong encoders lose recall by expansion.", QUESTION, quote)
    assert not only_repeats("Die Erweiterung hilft.", QUESTION, quote)


def test_to_deny_a_criterion_of_a_paper_that_speaks_of_it_is_no_reason() -> None:
    criterion = "reports an experiment on retrieval of documents"
    denial = "The paper does not report an experiment on retrieval of documents."
    assert only_denies(denial, criterion, "Expansion raises the recall of dense retrieval on MS MARCO.")
    assert not only_denies(denial, criterion, "Trams in Vienna, and who rides them.")
    assert not only_denies("A survey of tram lines.", criterion, "Retrieval of lost luggage in trams.")


def test_quotes_on_something_else_do_not_bear() -> None:
    quotes = ["Expansion harms retrieval with strong models.", "The system serves many users."]
    assert bearing("Query expansion harms strong models.", quotes) == [True, False]


def test_where_no_quote_shares_words_all_may_bear() -> None:
    assert bearing("Die Erweiterung schadet.", ["Expansion harms.", "It serves users."]) == [True, True]
