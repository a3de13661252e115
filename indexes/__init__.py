"""Retrieval: a query in, a ranking out. Knows no language model, no file format and no screen."""
