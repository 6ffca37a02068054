"""The Flask application: a factory, and in front of it a short way for the two endpoints.

Dispatching a request through Flask costs some forty microseconds, answering it ten. So a request to one of
the two endpoints is answered before Flask looks at it; everything else (health, OpenAPI, admin, console, and
the JSON answers to wrong paths) is Flask's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from . import __version__
from .endpoints import ENDPOINTS, MAX_BODY
from .exchange import JSON_TYPE, MOCK_HEADER, Answer, Received
from .tenants import Mock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Called after each answered request: request, answer, seconds it took.
Observer = Callable[[Received, Answer, float], None]

_STATUS_LINES = {200: "200 OK", 400: "400 Bad Request", 401: "401 Unauthorized", 403: "403 Forbidden"}


def create_app(mock: Mock, observers: tuple[Observer, ...] = ()) -> Flask:
    """The WSGI application that answers from `mock`."""
    app = Flask("happytalk_mock", static_folder=None)
    app.extensions["happytalk_mock"] = mock
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_error_handler(HTTPException, _json_error)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(_mark)

    @app.get("/__admin/health")
    def health() -> Response:
        return _json(health_report(mock))

    @app.get("/openapi.json")
    def openapi() -> Response:
        from .openapi import document

        return _json(document(request.host_url.rstrip("/")))

    app.wsgi_app = Front(mock, app.wsgi_app, observers)  # type: ignore[method-assign]
    return app


class Front:
    """Answers the two endpoints; hands everything else to Flask."""

    def __init__(self, mock: Mock, flask_app: WSGIApplication, observers: tuple[Observer, ...]) -> None:
        self._mock = mock
        self._flask = flask_app
        self._observers = observers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        endpoint = ENDPOINTS.get(environ["PATH_INFO"])
        if endpoint is None:
            return self._flask(environ, start_response)
        started = time.perf_counter()
        received = receive(environ)
        answer = endpoint(self._mock, received)
        for observe in self._observers:
            observe(received, answer, time.perf_counter() - started)
        body = b"" if received.method == "HEAD" else answer.body
        length = ("Content-Length", str(len(answer.body)))
        start_response(
            _STATUS_LINES.get(answer.status) or f"{answer.status} Answer", [*answer.headers, length]
        )
        return [body]


def receive(environ: WSGIEnvironment) -> Received:
    """The request of a WSGI environment, its body kept up to a byte past the limit."""
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return Received(
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        headers,
        _read(environ),
    )


def _read(environ: WSGIEnvironment) -> bytes:
    """The body. What is past the limit is read and dropped, so that the client gets to read its answer."""
    stream = environ["wsgi.input"]
    if not environ.get("wsgi.input_terminated"):
        length = environ.get("CONTENT_LENGTH") or "0"
        return bytes(stream.read(int(length) if length.isdigit() else 0)[: MAX_BODY + 1])
    body = bytes(stream.read(MAX_BODY + 1))
    if len(body) > MAX_BODY:
        while stream.read(MAX_BODY):
            pass
    return body


def _json(payload: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(payload), status, content_type=JSON_TYPE)


def _mark(response: Response) -> Response:
    response.headers[MOCK_HEADER] = __version__
    return response


def _json_error(error: HTTPException) -> Response:
    """A wrong path or method, in problem details: what was received, what exists."""
    problem = {
        "type": "about:blank",
        "title": error.name,
        "status": error.code,
        "detail": f"received {request.method} {request.path}; {error.description}",
        "endpoints": [f"POST {path}" if "chat_room" in path else f"GET {path}" for path in ENDPOINTS],
    }
    response = _json(problem, error.code or 500)
    response.content_type = "application/problem+json"
    return response


def _unexpected(error: Exception) -> Response:
    raise error


def health_report(mock: Mock) -> dict[str, Any]:
    """What `GET /__admin/health` says."""
    return {
        "status": "ready",
        "version": __version__,
        "seed": mock.setup.seed,
        "clock": {"now": mock.clock.now().isoformat(), "frozen": mock.clock.frozen},
    }
