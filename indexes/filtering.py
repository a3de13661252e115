"""Filters as Tantivy clauses: one definition for both Tantivy legs, so that they can't disagree.

A leg adds the fields to its schema, the values to each of its documents, and puts the clauses beside its
own query with :func:`filtered`. Names are in the BM25 leg alone: they take 60 bytes a paper. The tokenizers
of :mod:`indexes.analysis` must be registered.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import tantivy

from indexes.analysis import TERMS, is_lone, name_terms, words
from indexes.types import Document, Filters

ID = "id"  # integer, fast and indexed
YEAR = "year"
HAS_ABSTRACT = "has_abstract"
AUTHOR = "author"
VENUE = "venue"
SOURCE = "source"
FILTER_FIELDS: tuple[str, ...] = (ID, YEAR, HAS_ABSTRACT, AUTHOR, VENUE, SOURCE)

MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


def add_filter_fields(builder: tantivy.SchemaBuilder) -> None:
    add_number_fields(builder)
    for name in (AUTHOR, VENUE, SOURCE):
        builder.add_text_field(name, tokenizer_name=TERMS, index_option="basic")


def add_number_fields(builder: tantivy.SchemaBuilder) -> None:
    """Nothing is stored; only id and year can be read back, as fast fields."""
    builder.add_integer_field(ID, indexed=True, fast=True)
    builder.add_integer_field(YEAR, indexed=True, fast=True)
    builder.add_integer_field(HAS_ABSTRACT, indexed=True)


def filter_values(document: Document) -> dict[str, int | str]:
    """The values of a document's filter fields, by field name; what it lacks is left out."""
    values: dict[str, int | str] = {**number_values(document)}
    if document.authors:
        values[AUTHOR] = " ".join(name_terms(document.authors))
    if document.venue:
        values[VENUE] = " ".join(words(document.venue))
    if document.sources:
        values[SOURCE] = " ".join(name_terms(document.sources))
    return values


def number_values(document: Document) -> dict[str, int]:
    values = {ID: document.id, HAS_ABSTRACT: int(bool(document.abstract.strip()))}
    if document.year is not None:
        values[YEAR] = document.year
    return values


def without_names(filters: Filters) -> Filters:
    """What can be told by the fields of :func:`add_number_fields`."""
    return replace(filters, authors=(), venues=(), sources=())


def filter_clauses(schema: tantivy.Schema, filters: Filters) -> list[tantivy.Query]:
    """One query for each constraint; a document must match all. Their scores mean nothing: see `filtered`."""
    clauses: list[tantivy.Query] = []
    if filters.year_from is not None or filters.year_to is not None:
        clauses.append(year_query(schema, filters.year_from, filters.year_to))
    for names, query in (
        (filters.authors, author_query),
        (filters.venues, venue_query),
        (filters.sources, source_query),
    ):
        if names:
            clauses.append(any_of([query(schema, name) for name in names]))
    if filters.ids is not None:
        clauses.append(id_query(schema, filters.ids))
    if filters.has_abstract is not None:
        clauses.append(tantivy.Query.term_query(schema, HAS_ABSTRACT, int(filters.has_abstract)))
    return clauses


def filtered(query: tantivy.Query, clauses: Sequence[tantivy.Query]) -> tantivy.Query:
    """The query restricted to the clauses, its scores untouched.

    The query stays a clause of its own: flat `Must`s beside its `Should`s would make them optional.
    """
    if not clauses:
        return query
    musts = [(MUST, tantivy.Query.const_score_query(clause, 0.0)) for clause in clauses]
    return tantivy.Query.boolean_query([(MUST, query), *musts])


def year_query(schema: tantivy.Schema, first: int | None, last: int | None) -> tantivy.Query:
    """Years from first to last, both inclusive and either open."""
    return tantivy.Query.range_query(schema, YEAR, tantivy.FieldType.Integer, first, last)


def author_query(schema: tantivy.Schema, name: str) -> tantivy.Query:
    """All words of the name in one author's name, in any order."""
    return all_terms(schema, AUTHOR, name_terms((name,), query=True))


def source_query(schema: tantivy.Schema, name: str) -> tantivy.Query:
    return all_terms(schema, SOURCE, name_terms((name,), query=True))


def venue_query(schema: tantivy.Schema, name: str) -> tantivy.Query:
    return all_terms(schema, VENUE, words(name, query=True))


def id_query(schema: tantivy.Schema, ids: frozenset[int]) -> tantivy.Query:
    if not ids:
        return tantivy.Query.empty_query()
    return tantivy.Query.term_set_query(schema, ID, sorted(ids))


def all_terms(schema: tantivy.Schema, field: str, terms: Sequence[str]) -> tantivy.Query:
    """Documents with all of the terms; none when there is no term."""
    if not terms:
        return tantivy.Query.empty_query()
    queries = [exact_term(schema, field, term) for term in dict.fromkeys(terms)]
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(MUST, q) for q in queries])


def exact_term(schema: tantivy.Schema, field: str, term: str) -> tantivy.Query:
    """A word of an unstemmed field; a lone Chinese or Thai character wherever it stands in a run."""
    if is_lone(term):
        return prefix_query(schema, field, term)
    return tantivy.Query.term_query(schema, field, term, index_option="freq")


def prefix_query(schema: tantivy.Schema, field: str, prefix: str) -> tantivy.Query:
    """Words that begin with the (folded) prefix, all with the same score of 1."""
    return tantivy.Query.regex_query(schema, field, f"{re.escape(prefix)}.*")


def any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(SHOULD, q) for q in queries])
