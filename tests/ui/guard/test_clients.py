"""Who a client is, and how much one client may ask for."""

import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from segui.ui.guard import clients
from segui.ui.guard.clients import Rates, client_of
from tests.app_server import running_app

HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"
BEHIND_A_PROXY = {"SEGUI_PROXIES": "127.0.0.1"}  # as which the tests come
MOST_OF_ONE = 8  # as the setting is by default
PATIENCE_SECONDS = 60


def scope_of(peer: str | None, *passed_on: str, path: str = "/gradio_api/call/x") -> dict[str, Any]:
    return {
        "type": "http",
        "path": path,
        "client": None if peer is None else (peer, 5000),
        "headers": [(b"x-forwarded-for", said.encode()) for said in passed_on],
    }


@pytest.mark.parametrize(
    ("scope", "proxies", "expected"),
    [
        (scope_of(HERE), (), HERE),
        (scope_of(None), (), "unknown"),
        (scope_of("x" * 500), (), "x" * 80),
        # nobody says who they are by themselves
        (scope_of(HERE, ELSEWHERE), (), HERE),
        (scope_of(HERE, ELSEWHERE), ("10.0.0.1",), HERE),
        # but a proxy says it of others, and the last one is to be believed
        (scope_of("10.0.0.1", ELSEWHERE), ("10.0.0.1",), ELSEWHERE),
        (scope_of("10.0.0.1", f"1.2.3.4, {ELSEWHERE}"), ("10.0.0.1",), ELSEWHERE),
        (scope_of("10.0.0.1", "1.2.3.4", ELSEWHERE), ("10.0.0.1",), ELSEWHERE),
        (scope_of("10.0.0.1", f"{ELSEWHERE}, 10.0.0.2"), ("10.0.0.1", "10.0.0.2"), ELSEWHERE),
        (scope_of("10.0.0.1", " , "), ("10.0.0.1",), "10.0.0.1"),
        (scope_of("10.0.0.1"), ("10.0.0.1",), "10.0.0.1"),
        # where every proxy is believed, a provider's inner machines are passed over
        (scope_of("10.0.0.1", "1.2.3.4, 8.8.8.8, 10.20.0.3"), ("*",), "8.8.8.8"),
        (scope_of("10.0.0.1", "what?, 8.8.8.8"), ("*",), "8.8.8.8"),
        (scope_of("10.0.0.1"), ("*",), "10.0.0.1"),
        # an IPv6 client has a network of addresses
        (scope_of("2001:db8:1:2:3:4:5:6"), (), "2001:db8:1:2::"),
        (scope_of("2001:db8:1:2:9:9:9:9"), (), "2001:db8:1:2::"),
        (scope_of("::ffff:198.51.100.7"), (), HERE),
    ],
)
def test_a_client_is_who_the_named_proxy_says(scope, proxies, expected):
    assert client_of(scope, proxies) == expected


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_of_one_client_so_many_requests_a_minute_are_taken():
    clock = Clock()
    rates = Rates(3, now=clock)
    for second in (0, 10, 20):
        clock.now = second
        assert rates(scope_of(HERE)) is None
    clock.now = 21
    refusal = rates(scope_of(HERE))
    assert refusal is not None
    assert (refusal.status, refusal.retry_seconds) == (429, 39)
    assert refusal.sentence == "3 requests a minute are taken from one client: go on in 39 s"
    assert rates(scope_of(ELSEWHERE)) is None
    clock.now = 60
    assert rates(scope_of(HERE)) is None


def test_of_a_flood_the_log_is_told_once():
    rates = Rates(1, now=Clock())
    assert rates(scope_of(HERE)) is None
    noted = [refusal.is_noted for _ in range(5) if (refusal := rates(scope_of(HERE)))]
    assert noted == [True, False, False, False, False]


@pytest.mark.parametrize("path", ["/", "/assets/index.js", "/health", "/gradio_api/heartbeat/abc"])
def test_what_takes_no_work_is_not_counted(path):
    rates = Rates(1, now=Clock())
    assert [rates(scope_of(HERE, path=path)) for _ in range(3)] == [None, None, None]


def test_so_many_clients_are_counted_and_no_more(monkeypatch):
    monkeypatch.setattr(clients, "_MOST_CLIENTS", 100)
    rates = Rates(2, now=Clock())
    for number in range(1000):
        assert rates(scope_of(f"client{number}")) is None
        assert rates(scope_of(HERE)) is None or number > 1  # one who goes on asking is not lost
    assert len(rates._counted) == 100


@pytest.fixture
def silent() -> Iterator[str]:
    """A hub that takes connections and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def call(client: httpx.Client, sender: str, **values: Any) -> httpx.Response:
    body = {"effect": "grey", **values}
    return client.post(
        "/gradio_api/call/v2/composite", json=body, headers={"x-forwarded-for": sender}
    )


def result(client: httpx.Client, sender: str, event: str) -> str:
    address = f"/gradio_api/call/composite/{event}"
    return client.get(address, headers={"x-forwarded-for": sender}).text


def fetch(url: str, taken: httpx.Response) -> None:
    """Wait for the answer to a call until there is one, or the server is gone."""
    with suppress(httpx.HTTPError), httpx.Client(base_url=url, timeout=600) as client:
        result(client, HERE, taken.json()["event_id"])


def uploaded(client: httpx.Client, path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        answer = client.post("/gradio_api/upload", files={"files": (path.name, file)})
    return {"path": answer.json()[0], "meta": {"_type": "gradio.FileData"}}


@pytest.mark.server
def test_one_client_with_a_silent_hub_leaves_room_for_others(
    tmp_path: Path, pictures: Path, silent: str
):
    with (
        running_app(tmp_path, **BEHIND_A_PROXY, HF_HUB_OFFLINE="0", HF_ENDPOINT=silent) as app,
        httpx.Client(base_url=app.url, timeout=PATIENCE_SECONDS) as client,
    ):
        files = {
            "image": uploaded(client, pictures / "photo.png"),
            "masks": [uploaded(client, pictures / "mask.png")],
        }
        answers = [call(client, HERE, **files, classifier="someone/model") for _ in range(34)]
        taken = [answer for answer in answers if answer.status_code == 200]
        refused = [answer.json()["detail"] for answer in answers if answer.status_code == 503]
        assert (len(taken), len(refused)) == (MOST_OF_ONE, 34 - MOST_OF_ONE)
        assert refused[-1].endswith(
            ": 8 calls of yours are not done yet, at most 8 of one client are taken; ask again "
            "when one is done"
        )
        assert refused[-1].startswith("busy, place ")
        # nobody else has to wait for that hub, which each of those calls still waits for
        waiting = [Thread(target=fetch, args=(app.url, answer), daemon=True) for answer in taken]
        for one in waiting:
            one.start()
        for _ in range(3):
            other = call(client, ELSEWHERE, **files)
            assert other.status_code == 200, other.text
            assert "event: complete" in result(client, ELSEWHERE, other.json()["event_id"])
        assert sum(one.is_alive() for one in waiting) > MOST_OF_ONE // 2
        assert client.get("/health").json() == {"ok": True}


@pytest.mark.server
def test_a_full_queue_says_so_at_once(tmp_path: Path, pictures: Path, silent: str):
    with (
        running_app(
            tmp_path,
            HF_HUB_OFFLINE="0",
            HF_ENDPOINT=silent,
            SEGUI_QUEUE_SIZE="3",
            SEGUI_CLIENT_QUEUE="100",
            SEGUI_CLIENT_REQUESTS="60",
            **BEHIND_A_PROXY,
        ) as app,
        httpx.Client(base_url=app.url, timeout=PATIENCE_SECONDS) as client,
    ):
        image = uploaded(client, pictures / "photo.png")
        for _ in range(50):
            answer = call(client, HERE, image=image, classifier="someone/model")
            if answer.status_code != 200:
                break
        assert answer.status_code == 503
        expected = "busy, place 4: at most 3 calls wait; ask again in a moment"
        assert answer.json()["detail"] == expected
        # and whoever goes on asking is told to wait
        for _ in range(60):
            answer = call(client, HERE, image=image)
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert app.log.count(" with 429: ") == 1


@pytest.mark.server
def test_nobody_says_who_they_are_where_no_proxy_is_named(tmp_path: Path):
    with (
        running_app(tmp_path, SEGUI_CLIENT_REQUESTS="5") as app,
        httpx.Client(base_url=app.url, timeout=PATIENCE_SECONDS) as client,
    ):
        statuses = [
            client.get(
                "/gradio_api/info", headers={"x-forwarded-for": f"198.51.100.{number}"}
            ).status_code
            for number in range(7)
        ]
    assert statuses[-2:] == [429, 429]
