"""Which addresses are called: nothing private by name, by number, or wrapped in another family."""

import socket

import pytest

from engine.notify.web_calls import Allowed, Call, CallFailed, CallRefused, call


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "[::1]",
        "[::ffff:127.0.0.1]", "[fe80::1]", "[fd00::1]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "localhost",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(host: str) -> None:
    """Although the host is on the list: only the list of private hosts lets them through."""
    allowed = Allowed(hosts=(host.strip("[]"),))
    with pytest.raises(CallRefused, match="not public"):
        call(Call(method="GET", url=f"http://{host}/", headers={}), allowed)


@pytest.mark.parametrize(
    "url",
    ["http://a.invalid/", "http://a.b.example/", "file:///etc/passwd", "http://x y/", "http://[::1/", "http:///x"],
)
def test_what_is_not_on_the_list_is_refused(url: str) -> None:
    """Nothing is resolved for it."""
    with pytest.raises(CallRefused):
        call(Call(method="GET", url=url, headers={}), Allowed(hosts=("*.example.org", "a.b.example:8080")))


def test_an_answer_that_drips_is_cut_off() -> None:
    """A server that sends a byte now and then cannot hold the worker."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        allowed = Allowed(private=("127.0.0.1",))
        with pytest.raises(CallFailed, match="took longer"):
            call(Call(method="GET", url=f"http://127.0.0.1:{port}/", headers={}, limit_s=0.2), allowed)
