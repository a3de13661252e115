"""The manifest: what it keeps, and what it says when it can't be used."""

import json

import pytest

from indexes.errors import IndexDamagedError, IndexMismatchError
from indexes.manifest import MANIFEST_NAME, SCHEMA, Generation, Manifest, read_manifest, write_manifest

OLD, NEW = Generation("dense-1", "onnx:old", "a"), Generation("dense-2", "onnx:new", "b")


def test_nothing_built_yet_is_no_manifest(tmp_path):
    assert read_manifest(tmp_path) is None


def test_it_comes_back_as_it_was_written(tmp_path):
    manifest = Manifest().start("bm25", Generation("bm25-1")).start("dense", OLD).start("dense", NEW)
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST_NAME]


def test_a_new_build_serves_only_when_switched(tmp_path):
    manifest = Manifest().start("dense", OLD).start("dense", NEW)
    assert manifest.serving["dense"] == OLD
    assert manifest.folders() == {"dense-1", "dense-2"}
    switched = manifest.switch("dense")
    assert switched.serving["dense"] == NEW
    assert not switched.building


def test_a_dropped_leg_leaves_nothing():
    manifest = Manifest().start("bm25", Generation("bm25-1")).start("dense", OLD).start("dense", NEW)
    assert manifest.drop("dense").folders() == {"bm25-1"}


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
        '{"schema": 1, "serving": {"bm25": 3}, "building": {}}',
        '{"schema": 1, "serving": {"bm26": {"folder": "bm25-1"}}, "building": {}}',
        '{"schema": 1, "serving": {"bm25": {"folder": "../../home"}}, "building": {}}',
        '{"schema": 1, "serving": {"bm25": {"folder": ".."}}, "building": {}}',
        '{"schema": 1, "serving": {"bm25": {"folder": "bm25-1", "more": "y"}}, "building": {}}',
    ],
)
def test_a_damaged_manifest_is_said_to_be(tmp_path, content):
    (tmp_path / MANIFEST_NAME).write_text(content)
    with pytest.raises(IndexDamagedError) as caught:
        read_manifest(tmp_path)
    assert "litsearch index rebuild" in caught.value.hint
