"""Batch reviews: a protocol in, a reproducible result out, in stages that can be carried on after any stop."""
