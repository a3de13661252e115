"""The guard of tests/conftest.py itself: that nothing in a test can leave this machine."""

import os
import socket
import subprocess
import sys
import urllib.request

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_the_network_is_out_of_reach(network_attempts: list[str], host: str) -> None:
    with pytest.raises(OSError, match=f"may not reach {host}"):
        socket.create_connection((host, 80), timeout=1)
    assert network_attempts == [host]
    network_attempts.clear()


def test_a_subprocess_is_sent_nowhere() -> None:
    program = "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=5)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "refused" in done.stderr
    assert urllib.request.proxy_bypass("127.0.0.1")


def test_no_key_and_no_setting_of_the_user_is_there() -> None:
    assert not [name for name in os.environ if name.endswith("_API_KEY") or name.startswith("LITSEARCH_")]
