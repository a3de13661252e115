"""Filters: what they let through, and that they leave scores alone."""

from collections.abc import Sequence

import pytest
import tantivy

from indexes import analysis, filtering
from indexes.types import Document, Filters

PAPERS = (
    Document(
        1,
        "a",
        "Whales",
        "About whales.",
        ("Jane Smith", "John Doe"),
        2001,
        "Journal of Whales",
        sources=("a.bib",),
    ),
    Document(
        2,
        "b",
        "Whales again",
        "",
        ("Jane Doe", "John Smith"),
        2005,
        "Whale Letters",
        sources=("b.ris", "a.bib"),
    ),
    Document(3, "c", "Whales at last", "Yes.", ("Zoë Łukasik",), None, "", sources=("Sea of Papers.json",)),
    Document(4, "d", "Fish", "Fish only.", ("王 小明", "Jane Mary Smith"), 2010, "日本語学会誌"),
)


@pytest.fixture(scope="module")
def index() -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name=analysis.STEMS, index_option="freq")
    filtering.add_filter_fields(builder)
    made = tantivy.Index(builder.build())
    analysis.register(made)
    writer = made.writer(20_000_000, 1)
    for paper in PAPERS:
        values = filtering.filter_values(paper) | {"text": paper.text}
        writer.add_document(tantivy.Document.from_dict(values, made.schema))
    writer.commit()
    made.reload()
    return made


def search(index: tantivy.Index, filters: Filters, query: tantivy.Query | None = None) -> dict[int, float]:
    searcher = index.searcher()
    clauses = filtering.filter_clauses(index.schema, filters)
    hits = searcher.search(filtering.filtered(query or tantivy.Query.all_query(), clauses), 100).hits
    ids: Sequence[object] = searcher.fast_field_values("id", [address for _, address in hits])
    return {int(str(value)): float(score) for value, (score, _) in zip(ids, hits, strict=True)}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), {1, 2, 3, 4}),
        (Filters(year_from=2001, year_to=2005), {1, 2}),
        (Filters(year_from=2002), {2, 4}),
        (Filters(year_to=2002), {1}),
        (Filters(authors=("Smith, Jane",)), {1, 4}),
        (Filters(authors=("JANE DOE", "lukasik")), {2, 3}),
        (Filters(authors=("zoe ŁUKASIK",)), {3}),
        (Filters(authors=("小明",)), {4}),
        (Filters(authors=("明",)), {4}),
        (Filters(authors=("王 明",)), {4}),
        (Filters(authors=("?",)), set()),
        (Filters(venues=("whale",)), {2}),
        (Filters(venues=("whales journal",)), {1}),
        (Filters(venues=("学会",)), {4}),
        (Filters(sources=("a.bib",)), {1, 2}),
        (Filters(sources=("sea of papers",)), {3}),
        (Filters(sources=("a.ris",)), set()),
        (Filters(has_abstract=True), {1, 3, 4}),
        (Filters(has_abstract=False), {2}),
        (Filters(ids=frozenset({2, 4, 99})), {2, 4}),
        (Filters(ids=frozenset()), set()),
        (Filters(year_from=2000, authors=("smith",), sources=("a.bib",), has_abstract=True), {1}),
    ],
)
def test_filters_let_through_what_they_say(index: tantivy.Index, filters: Filters, found: set[int]) -> None:
    assert set(search(index, filters)) == found


def test_a_filter_changes_no_score_and_brings_in_nothing_that_does_not_match(index: tantivy.Index) -> None:
    words = [tantivy.Query.term_query(index.schema, "text", word) for word in ("whale", "last")]
    query = tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words])
    free = search(index, Filters(), query)
    kept = search(index, Filters(year_to=2015, ids=frozenset({1, 2, 4}), authors=("jane",)), query)
    assert set(kept) == {1, 2}
    assert kept == {found: free[found] for found in kept}
