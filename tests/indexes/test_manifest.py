"""The manifest: what it keeps, and what it says when it can't be used."""

import json

import pytest

from indexes.errors import IndexDamagedError, IndexMismatchError
from indexes.manifest import MANIFEST_NAME, SCHEMA, Generation, Manifest, read_manifest, write_manifest

TWO_DENSE = Manifest().start("bm25").start("dense", "onnx:old", "a").start("dense", "onnx:new", "b")


def test_nothing_built_yet_is_no_manifest(tmp_path):
    assert read_manifest(tmp_path) is None


def test_it_comes_back_as_it_was_written(tmp_path):
    write_manifest(tmp_path, TWO_DENSE)
    assert read_manifest(tmp_path) == TWO_DENSE
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST_NAME]


def test_a_new_build_serves_only_when_complete():
    assert TWO_DENSE.serving["dense"] == Generation("dense", 2, "onnx:old", "a")
    assert TWO_DENSE.folders() == {"bm25-1", "dense-2", "dense-3"}
    complete = TWO_DENSE.complete("dense")
    assert complete.serving["dense"] == Generation("dense", 3, "onnx:new", "b", complete=True)
    assert not complete.building


def test_the_first_build_of_a_leg_serves_at_once():
    manifest = Manifest().start("bm25")
    assert manifest.serving["bm25"].folder == "bm25-1"
    assert manifest.complete("bm25").serving["bm25"].complete


def test_a_dropped_leg_leaves_nothing_and_its_folder_is_never_used_again():
    dropped = TWO_DENSE.drop("dense")
    assert dropped.folders() == {"bm25-1"}
    assert dropped.start("dense").serving["dense"].folder == "dense-4"


def test_another_schema_is_a_mismatch_that_names_the_command(tmp_path):
    (tmp_path / MANIFEST_NAME).write_text(json.dumps({"schema": SCHEMA + 1, "legs": ["new", "shape"]}))
    with pytest.raises(IndexMismatchError) as caught:
        read_manifest(tmp_path)
    assert f"schema {SCHEMA + 1}" in caught.value.message
    assert "litsearch index rebuild" in caught.value.hint


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"schema": 1}',
        '{"schema": 1, "serving": {"bm25": 3}, "building": {}, "started": 1}',
        '{"schema": 1, "serving": {"bm26": {"leg": "bm26", "number": 1}}, "building": {}, "started": 1}',
        '{"schema": 1, "serving": {"bm25": {"leg": "../bm25", "number": 1}}, "building": {}, "started": 1}',
        '{"schema": 1, "serving": {"bm25": {"leg": "bm25", "number": "1/.."}}, "building": {}, "started": 1}',
        '{"schema": 1, "serving": {"bm25": {"leg": "bm25"}}, "building": {}, "started": 1}',
        '{"schema": 1, "serving": {}, "building": {}, "started": "many"}',
    ],
)
def test_a_damaged_manifest_is_said_to_be(tmp_path, content):
    (tmp_path / MANIFEST_NAME).write_text(content)
    with pytest.raises(IndexDamagedError) as caught:
        read_manifest(tmp_path)
    assert "litsearch index rebuild" in caught.value.hint
