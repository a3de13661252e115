from pathlib import Path

import pytest

from litsearch.paths import default_config, default_library


@pytest.mark.skipif("sys.platform != 'linux'")
def test_the_defaults_follow_the_platforms_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert default_library() == tmp_path / "data" / "litsearch"
    assert default_config() == tmp_path / "config" / "litsearch" / "config.toml"


def test_asking_for_a_path_creates_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    default_library()
    assert not (tmp_path / "data").exists()
