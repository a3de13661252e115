"""``manifest.json``: what is needed to repeat a review, what it cost, and the hash of every other file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from litsearch.review.result import ReviewResult

NAME = "manifest.json"


def write(result: ReviewResult, files: Mapping[str, bytes]) -> str:
    """The only file in which times, ids of runs and costs stand."""
    values = {
        "title": result.protocol.title,
        "status": result.status,
        "problems": list(result.problems),
        **asdict(result.manifest),
        "spent": asdict(result.spent),
        "runs": {asked.id: asked.run for asked in result.questions},
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"
