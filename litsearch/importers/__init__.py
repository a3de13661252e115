"""File formats in: bytes to papers, one format per module."""
