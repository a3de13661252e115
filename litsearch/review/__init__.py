"""Batch reviews: a protocol in, a reproducible result out, in stages that carry on after any end."""
