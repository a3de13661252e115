"""File formats in: bytes to papers, one format per module."""

from litsearch.importers.opening import RecordFile, find_files, open_records, write_rejects

__all__ = ["RecordFile", "find_files", "open_records", "write_rejects"]
