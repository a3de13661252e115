"""What the BM25 leg keeps of a paper. Nothing is stored: ids and years are fast fields, the rest is terms."""

import tantivy

from indexes import analysis
from indexes.filtering import add_filter_fields, filter_values
from indexes.types import Document

SCHEMA_VERSION = 1  # raise it with any change here or in `analysis` that an old index does not have

BODY = "body"  # title and abstract, stemmed: the field that ranks
TITLE = "title"  # exact words with positions: phrases, prefixes, spelling
ABSTRACT = "abstract"
EXACT = (TITLE, ABSTRACT)
KEYWORD = "keyword"
IDENTIFIER = "identifier"  # "doi:10.1/x", and "=10.1/x" for a search by any scheme
KEY = "key"

# The sentinel: one document of no text, in every commit, that no query matches.
SENTINEL = "sentinel"
FILLER = 2  # in the sentinel's field: documents of no text that are there while segments are merged
REVISION = "revision"
VERSION = "version"


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    add_filter_fields(builder)
    builder.add_text_field(BODY, tokenizer_name=analysis.STEMS, index_option="freq")
    for name in EXACT:
        builder.add_text_field(name, tokenizer_name=analysis.WORDS, index_option="position")
    for name in (KEYWORD, IDENTIFIER, KEY):
        builder.add_text_field(name, tokenizer_name=analysis.TERMS, index_option="basic")
    builder.add_integer_field(SENTINEL, indexed=True)
    for name in (REVISION, VERSION):
        builder.add_integer_field(name, fast=True)
    return builder.build()


def to_tantivy(document: Document, schema: tantivy.Schema) -> tantivy.Document:
    values: dict[str, int | str] = dict(filter_values(document))
    title, abstract = analysis.searchable(document.title), analysis.searchable(document.abstract)
    values[TITLE] = title
    values[ABSTRACT] = abstract
    values[BODY] = f"{title}\n{abstract}"
    if document.keywords:
        values[KEYWORD] = " ".join(analysis.name_terms(document.keywords))
    if document.identifiers:
        values[IDENTIFIER] = " ".join(
            term for each in document.identifiers for term in identifier_terms(each)
        )
    values[KEY] = exact_value(document.key)
    return tantivy.Document.from_dict(values, schema)


def sentinel(revision: int, schema: tantivy.Schema) -> tantivy.Document:
    return tantivy.Document.from_dict({SENTINEL: 1, REVISION: revision, VERSION: SCHEMA_VERSION}, schema)


def filler(schema: tantivy.Schema) -> tantivy.Document:
    return tantivy.Document.from_dict({SENTINEL: FILLER}, schema)


def identifier_terms(identifier: str) -> tuple[str, str]:
    """Terms of ``scheme:value``: with its scheme, and for a search by any scheme."""
    value = exact_value(identifier)
    return value, f"={value.partition(':')[2]}"


def exact_value(text: str) -> str:
    """An identifier or key as one term, whatever its case."""
    return "".join(analysis.fold(text).split())
