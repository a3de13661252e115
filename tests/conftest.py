"""No test reaches the network, a real model or the user's own files, but for those marked ``live``."""

import ipaddress
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from model_server import ModelServer
from shelf import PAPERS, Shelf

_NOWHERE = "http://127.0.0.1:9"  # subprocesses are not patched; a proxy where nobody listens stops them
_attempts: list[str] = []

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write tests/prompts/golden anew")


def pytest_configure(config: pytest.Config) -> None:
    if not _live(config):
        _isolate(config)
        _block_network()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not _live(config):
        for item in items:
            if item.get_closest_marker("live"):
                item.add_marker(pytest.mark.skip(reason="opt in with -m live"))


@pytest.fixture(autouse=True)
def network_attempts() -> Iterator[list[str]]:
    """Fails a test whose code tried to leave this machine, even where the error was swallowed."""
    _attempts.clear()
    yield _attempts
    assert not _attempts, f"network access from a test: {', '.join(_attempts)}"


@pytest.fixture
def model_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A scripted model as ``openai/scripted``, here and in subprocesses; the test sets its ``script``."""
    with ModelServer(lambda request: {}) as server:
        monkeypatch.setenv("OPENAI_API_BASE", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        yield server


@pytest.fixture(scope="session")
def indexed_papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the made-up papers with its index, for tests to copy: indexing takes longer than most."""
    shelf = Shelf(tmp_path_factory.mktemp("indexed") / "library")
    shelf.add(*PAPERS)
    shelf.close()
    return shelf.library.folder


def _live(config: pytest.Config) -> bool:
    return "live" in config.option.markexpr and "not live" not in config.option.markexpr


def _isolate(config: pytest.Config) -> None:
    """An environment without keys and settings, and with the user's folders somewhere else."""
    home = tempfile.TemporaryDirectory(prefix="litsearch-tests-")
    config.add_cleanup(home.cleanup)
    for name in list(os.environ):
        if name.startswith("LITSEARCH_") or name.endswith(("_API_KEY", "_API_BASE", "_BASE_URL")):
            del os.environ[name]
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(Path(home.name) / name.lower())
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ[name] = os.environ[name.lower()] = _NOWHERE
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"


def _block_network() -> None:
    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                _check(address[0])
            return original(self, address)

        return call

    def resolve(host: Any, *arguments: Any, **named: Any) -> Any:
        _check(host)
        return original_resolve(host, *arguments, **named)

    original_resolve = socket.getaddrinfo
    patch = pytest.MonkeyPatch()  # for the whole session: never undone
    patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    patch.setattr(socket, "getaddrinfo", resolve)


def _check(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        if ipaddress.ip_address(name).is_loopback:
            return
    except ValueError:
        pass
    _attempts.append(name)
    raise OSError(f"tests may not reach {name}")
