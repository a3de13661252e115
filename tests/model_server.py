"""A scripted language model behind a real HTTP server, as any OpenAI-compatible one, with its faults.

def script(request: Request) -> Answer:
    return {"relevance": 3, "reason": "it says so"} if request.step == "judge" else Say("...")

with ModelServer(script) as server:
    server.faults += [Fault(429, {"Retry-After": "1"})]    # answered first, one request each
"""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SO_LINGER, SOL_SOCKET
from struct import pack
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Request:
    """What the server was asked. ``step`` is the name of the prompt's template."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def messages(self) -> list[Mapping[str, str]]:
        return list(self.body["messages"])

    @property
    def system(self) -> str:
        return self.messages[0]["content"]

    @property
    def text(self) -> str:
        """The material of the call: the first message that is not the system's."""
        return self.messages[1]["content"]

    @property
    def step(self) -> str:
        found = re.match(r"Task: (\w+)", self.system)
        return found[1] if found else ""

    @property
    def is_repair(self) -> bool:
        """The model is shown its own bad reply and asked again."""
        return len(self.messages) > 2


@dataclass(frozen=True)
class Say:
    """A completion. ``usage`` counts prompt and completion tokens; None leaves it out of the reply."""

    content: str | None
    finish: str = "stop"
    refusal: str | None = None
    usage: tuple[int, int] | None = (100, 20)


@dataclass(frozen=True)
class Fault:
    """An error status, or with 200 and another content type what a broken gateway says."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "scripted fault"
    content_type: str = "application/json"


@dataclass(frozen=True)
class Hang:
    """No reply for so long (or until the server closes), then the reply of the script."""

    seconds: float


@dataclass(frozen=True)
class Reset:
    """The connection is reset in the middle."""


Answer = str | Mapping[str, Any] | Say | Fault | Hang | Reset
"""A string is the content of a completion, a mapping its content as JSON."""
Script = Callable[[Request], Answer]


class ModelServer:
    """Listens on 127.0.0.1 while in a ``with`` block; ``requests`` has all it was asked, in order."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.faults: list[Answer] = []
        self.requests: list[Request] = []
        self.at_once = 0  # the most requests that were being answered at the same time
        self._busy = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def steps(self) -> list[str]:
        """The step of each request, in order."""
        return [request.step for request in self.requests]

    def answer(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            fault = self.faults.pop(0) if self.faults else None
        answer = fault if fault is not None else self.script(request)
        if isinstance(answer, Hang):
            self._closing.wait(answer.seconds)
            answer = self.script(request)
        return answer

    def count(self, change: int) -> None:
        with self._lock:
            self._busy += change
            self.at_once = max(self.at_once, self._busy)


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path != "/v1/chat/completions":
                self.send(404, {"error": {"message": f"no such path {self.path}"}})
                return
            server.count(1)
            try:
                self.reply(body, server.answer(Request(body, dict(self.headers))))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client gave up, as it should in a test of that
            finally:
                server.count(-1)

        def reply(self, body: Mapping[str, Any], answer: Answer) -> None:
            match answer:
                case Reset():
                    # Closing with a linger of 0 sends RST.
                    self.connection.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))
                    self.close_connection = True
                case Fault():
                    error = {"error": {"message": answer.message, "type": "scripted", "code": None}}
                    content = error if answer.content_type == "application/json" else answer.message
                    self.send(answer.status, content, answer.headers, answer.content_type)
                case Say():
                    self.send(200, completion(body, answer))
                case str():
                    self.send(200, completion(body, Say(answer)))
                case _:
                    self.send(200, completion(body, Say(json.dumps(answer))))

        def send(
            self,
            status: int,
            content: Mapping[str, Any] | str,
            headers: Mapping[str, str] | None = None,
            content_type: str = "application/json",
        ) -> None:
            data = (content if isinstance(content, str) else json.dumps(content)).encode()
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Type": content_type}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            pass

    return Handler


def completion(body: Mapping[str, Any], say: Say) -> Mapping[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": say.content}
    if say.refusal is not None:
        message["refusal"] = say.refusal
    reply: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": say.finish}],
    }
    if say.usage is not None:
        prompt, done = say.usage
        reply["usage"] = {"prompt_tokens": prompt, "completion_tokens": done, "total_tokens": prompt + done}
    return reply
