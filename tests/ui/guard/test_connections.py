"""Connections that are opened and left, and requests that come slowly or never end."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from urllib.parse import urlsplit

import pytest
import uvicorn
from uvicorn.server import ServerState

from segui.ui.guard import pieces
from segui.ui.guard.connections import (
    LEAST_BYTES,
    Bounded,
    Open,
    Requests,
    bound_connections,
    bounded,
)
from tests.app_server import AppServer, _free_port, running_app
from tests.coroutines import run
from tests.processes import on_linux
from tests.ui.guard.programs import health

NEVER = 3600.0
SOON = 0.05
PATIENCE_SECONDS = 30
HEAD = b"POST / HTTP/1.1\r\nHost: h\r\n"
WORKED_ON = HEAD.replace(b" / ", b" /long ")


async def answering(scope, receive, send):
    """Reads all of a request, and answers with how much that was."""
    size, more = 0, True
    if scope["path"] == "/early":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message["more_body"]
    if scope["path"] == "/long":
        await asyncio.sleep(4 * SOON)  # longer than a request is waited for
    body = str(size).encode()
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"%d" % len(body))],
        }
    )
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def served(
    room: Open,
    look_seconds: float,
    proxies: tuple[str, ...] = (),
    made: list[Bounded] | None = None,
) -> AsyncIterator[Callable]:
    """A server of bounded connections, which go into ``made``; gives what opens one more."""
    config = uvicorn.Config(answering, log_level="critical", http="h11", ws="none")
    config.load()
    protocol = bounded(room, proxies)
    protocol.look_seconds = look_seconds
    state = ServerState()
    all_made = [] if made is None else made

    def one() -> Bounded:
        all_made.append(protocol(config=config, server_state=state, app_state={}))
        return all_made[-1]

    server = await asyncio.get_running_loop().create_server(one, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    writers = []

    async def opened(said: bytes = b""):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writers.append(writer)
        writer.write(said)
        return reader, writer

    try:
        yield opened
    finally:
        for writer in writers:
            writer.close()
        server.close()


async def end_of(reader) -> bytes:
    """What comes until the connection is closed by the server."""
    try:
        return await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
    except ConnectionResetError:
        return b""


async def status_of(reader) -> bytes:
    return await asyncio.wait_for(reader.readline(), PATIENCE_SECONDS)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HT",
        HEAD,
        HEAD + b"Content-Length: 9\r\n\r\n",
        HEAD + b"Content-Length: 9\r\n\r\n12345678",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\nab",
        # the second one comes with the first, and not as a whole
        HEAD + b"Content-Length: 1\r\n\r\n1" + HEAD + b"Content-Length: 9\r\n\r\n",
        WORKED_ON + b"Content-Length: 1\r\n\r\n1" + HEAD + b"Content-Length: 9\r\n\r\n",
    ],
)
def test_a_request_that_does_not_come_as_a_whole_has_its_connection_closed(said):
    async def come() -> None:
        async with served(Open(9), SOON) as opened:
            reader, _ = await opened(said)
            answered = await end_of(reader)
            assert answered.count(b"200 OK") == said.count(b"1POST")

    run(come())


def test_a_request_that_goes_on_is_waited_for():
    pieces = 8
    said = HEAD + b"Content-Length: %d\r\n\r\n" % (pieces * LEAST_BYTES)

    async def come() -> None:
        made: list[Bounded] = []
        async with served(Open(9), NEVER, made=made) as opened:
            reader, writer = await opened(said)
            for _ in range(pieces):
                writer.write(b"x" * LEAST_BYTES)
                while not made or made[0]._come < LEAST_BYTES:
                    await asyncio.sleep(0)
                made[0]._look()  # as if the time were over
            assert b"200 OK" in await status_of(reader)

    run(come())


IN_CHUNKS = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def chunks(count: int, size: int) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (size, b"x" * size) for _ in range(count))


@pytest.mark.parametrize(
    ("count", "size", "most"), [(200_000, 1, 2000), (4_000, 200, 2000), (40, 8, 30)]
)
def test_a_body_in_crumbs_is_refused_before_most_of_it_is_read(monkeypatch, count, size, most):
    monkeypatch.setattr(pieces, "MOST_SMALL", most)

    async def come() -> None:
        made: list[Bounded] = []
        async with served(Open(9), NEVER, made=made) as opened:
            reader, writer = await opened(IN_CHUNKS)
            writer.write(chunks(count, size))
            answer = await end_of(reader)
            if answer:  # else the rest was still on its way, and the system forgets the answer
                assert answer.startswith(b"HTTP/1.1 400 ")
                said = (
                    b"this body comes in %d pieces of %d bytes on the average: "
                    b"more than %d have to have at least 256\r\n"
                )
                assert said % (most + 1, size, most) in answer
            assert bool(answer) or count > 40
            assert made[0].conn._count == most + 1

    run(come())


@pytest.mark.parametrize(("count", "size"), [(1_900, 1), (4_000, 600), (20, 100_000)])
def test_a_body_in_few_or_large_pieces_is_read(count, size):
    async def come() -> None:
        async with served(Open(9), NEVER) as opened:
            reader, writer = await opened(IN_CHUNKS)
            writer.write(chunks(count, size) + b"0\r\n\r\n")
            assert b"200 OK" in await status_of(reader)
            # each request is counted anew
            writer.write(IN_CHUNKS + chunks(count, size) + b"0\r\n\r\n" + HEAD + b"\r\n")
            while (line := await status_of(reader)) and b"HTTP/1.1" not in line:
                pass
            assert b"200 OK" in line

    run(come())


def test_what_is_no_http_once_an_answer_has_begun_ends_the_connection_without_a_traceback(caplog):
    async def come() -> None:
        made: list[Bounded] = []
        async with served(Open(9), NEVER, made=made) as opened:
            reader, writer = await opened(
                HEAD.replace(b" / ", b" /early ") + IN_CHUNKS[len(HEAD) :]
            )
            assert b"200 OK" in await status_of(reader)
            writer.write(b"no chunk\r\n")
            await end_of(reader)

    run(come())
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


def test_a_client_with_many_connections_gets_no_more_until_one_ends():
    async def come() -> None:
        async with served(Open(3), NEVER) as opened:
            there = [await opened(HEAD + b"Content-Length: 1\r\n\r\n1") for _ in range(3)]
            for reader, _ in there:
                assert b"200 OK" in await status_of(reader)
            reader, _ = await opened(HEAD + b"\r\n")
            assert await end_of(reader) == b""
            there[0][1].close()
            while True:  # the server has not heard of the end yet
                reader, _ = await opened(HEAD + b"Content-Length: 1\r\n\r\n1")
                if b"200 OK" in await asyncio.wait_for(_line(reader), PATIENCE_SECONDS):
                    return

    run(come())


async def _line(reader) -> bytes:
    try:
        return await reader.readline()
    except ConnectionResetError:
        return b""


def test_a_proxy_has_the_connections_of_many_clients_and_all_together_are_bounded():
    async def come() -> None:
        for proxies in (("127.0.0.1",), ("*",)):
            async with served(Open(1, 3), NEVER, proxies) as opened:
                for _ in range(3):
                    reader, _ = await opened(HEAD + b"Content-Length: 1\r\n\r\n1")
                    assert b"200 OK" in await status_of(reader)
                reader, _ = await opened(HEAD + b"\r\n")
                assert await end_of(reader) == b""

    run(come())


def test_requests_that_are_open_are_counted_by_client_through_a_proxy():
    statuses: list[int] = []

    async def send(message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def come() -> None:
        ends = asyncio.Event()

        async def stream(_scope, _receive, send) -> None:
            await ends.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        requests = Requests(stream, Open(2), ("10.0.0.1",))

        def begin(client: str) -> "asyncio.Task[None]":
            headers = [(b"x-forwarded-for", client.encode())]
            scope = {"type": "http", "client": ("10.0.0.1", 1), "headers": headers}
            return asyncio.create_task(requests(scope, None, send))

        tasks = [begin("5.5.5.5"), begin("5.5.5.5"), begin("6.6.6.6")]
        await asyncio.sleep(0)
        await begin("5.5.5.5")
        assert statuses == [429]
        ends.set()
        await asyncio.gather(*tasks)
        assert statuses == [429, 200, 200, 200]
        await begin("5.5.5.5")
        assert statuses[-1] == 200

    run(come())


def test_half_of_the_files_that_may_be_open_are_left_for_all_else():
    config = uvicorn.Config(answering, http="h11")
    config.load()
    bound_connections(config, 2500, ("10.0.0.1",), files=lambda: 100)
    bound = config.http_protocol_class
    assert (bound.room.most_of_one, bound.room.most, bound.proxies) == (25, 50, ("10.0.0.1",))


# what Gradio's own server has for connections in the moment in which it begins to listen
_SERVED = """
from gradio import http_server

class Told(http_server.Server):
    def run_in_thread(self):
        super().run_in_thread()
        protocol = self.config.http_protocol_class
        print("at first:", protocol.__name__, protocol.room.most_of_one, protocol.proxies)

http_server.Server = Told
from segui.ui import ending, serve
ending.Ending.listen = lambda _self: None
ending.Ending.wait = lambda _self: None
page, settings = serve.open_page()
serve.serve(page, settings, serve.address_from())
print("afterwards:", http_server.Server is Told)
"""


@pytest.mark.process
def test_connections_are_bounded_before_gradios_server_listens(tmp_path):
    variables = {
        **os.environ,
        "PORT": str(_free_port()),
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(tmp_path),
        "SEGUI_CLIENT_CONNECTIONS": "7",
        "SEGUI_PROXIES": "10.0.0.1",
    }
    command = [sys.executable, "-c", _SERVED]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=variables)
    assert "at first: BoundedHere 7 ('10.0.0.1',)" in told.stdout
    assert "afterwards: True" in told.stdout


# ---- on the running app --------------------------------------------------------------------------
MOST = 20


def connected(app: AppServer, stack: ExitStack) -> socket.socket:
    """A connection of another client that says nothing."""
    where = urlsplit(app.url)
    address = (where.hostname, where.port)
    made = socket.create_connection(address, PATIENCE_SECONDS, source_address=("127.0.0.2", 0))
    return stack.enter_context(made)


def is_closed(connection: socket.socket) -> bool:
    """Wait until the server has closed it."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.server
@on_linux
def test_connections_that_say_nothing_leave_the_server_to_others_and_its_files_to_it(tmp_path):
    import resource

    old = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = min(old[1], 16_384)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, old[0]), old[1]))
    try:
        with running_app(tmp_path, SEGUI_CLIENT_CONNECTIONS=str(MOST)) as app, ExitStack() as stack:
            assert app.process is not None
            assert resource.prlimit(app.process.pid, resource.RLIMIT_NOFILE)[0] == allowed
            assert health(app).status == 200
            held = [connected(app, stack) for _ in range(MOST)]
            assert all(is_closed(connected(app, stack)) for _ in range(5 * MOST))
            for one in held:
                one.setblocking(False)
                with pytest.raises(BlockingIOError):
                    one.recv(1)
            assert health(app).status == 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, old)
