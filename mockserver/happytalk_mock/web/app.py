"""The Flask application: a factory, and in front of it a short way for the two endpoints.

Dispatching a request through Flask costs some forty microseconds, answering it ten. So a request to one of
the two endpoints is answered before Flask looks at it; everything else (health, OpenAPI, admin, console, and
the JSON answers to wrong paths) is Flask's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any

import orjson
from flask import Flask, Response, redirect, request
from werkzeug.exceptions import HTTPException, NotFound

from ..api.chain import ENDPOINTS, Passing, chain, note
from ..api.control import Control
from ..api.failures import astray
from ..core.errors import ChangeError
from ..core.exchange import JSON_TYPE, MOCK_HEADER, Answer, Received
from ..core.problems import PROBLEM_TYPE, problem
from ..core.version import __version__
from ..core.wording import shorten
from ..spec.behaviour import Behaviour
from ..spec.parameters import MAX_BODY, receive
from ..spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from ..state.mock import Mock
from . import console
from .admin import MAX_BODY as MAX_ADMIN_BODY
from .admin import PREFIX, Access, blueprint, routes_near

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Paths of the mock's own, which are nobody's request to the API.
_OWN_PATHS = ("/__", "/favicon.ico")
#: Where a request that was read already is kept for who comes after.
_RECEIVED = "happytalk_mock.received"
_METHODS = {ROOMS_PATH: "POST", MESSAGES_PATH: "GET"}
_STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def create_app(state: Mock | Control, *, access: Access | None = None) -> Flask:
    """The WSGI application that answers from `state`; a bare mock gets a control with the usual journal.

    `access` says who may use the admin API; by default loopback.
    """
    control = state if isinstance(state, Control) else Control(state)
    app = Flask("happytalk_mock", static_folder=None)
    app.extensions["happytalk_mock"] = control
    app.config["MAX_CONTENT_LENGTH"] = MAX_ADMIN_BODY
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False  # a method like another: 405, in JSON
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_error_handler(HTTPException, partial(_json_error, control.mock))
    app.register_error_handler(Exception, _unexpected)
    access = access or Access()
    app.register_blueprint(blueprint(control, access))
    app.register_blueprint(console.blueprint(control, access))
    app.after_request(_finisher(control))

    @app.get("/openapi.json")
    def openapi() -> Response:
        from ..spec.openapi import document

        return _json(document(request.host_url.rstrip("/")))

    app.wsgi_app = Front(control, app.wsgi_app)  # type: ignore[method-assign]
    return app


class Front:
    """Answers the two endpoints; hands everything else to Flask."""

    def __init__(self, control: Control, flask_app: WSGIApplication) -> None:
        self._answer = chain(control)
        self._mock = control.mock
        self._flask = flask_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path not in ENDPOINTS and path[:-1] not in ENDPOINTS:
            return self._flask(environ, start_response)
        if path in ENDPOINTS:
            received = received_of(environ)
        else:
            received = received_of({**environ, "PATH_INFO": path[:-1]})
            if path[-1] != "/" or _behaviour(self._mock, received)["trailing_slash"] != "taken":
                environ[_RECEIVED] = received._replace(path=path)
                return self._flask(environ, start_response)
        answer = self._answer(received)
        delivery = answer.delivery
        length = len(answer.body) if delivery is None else delivery.announced
        headers = [*answer.headers, ("Content-Length", str(length))]
        # On an exception granian drops what it has not sent yet; a body that is too short for its
        # Content-Length on a connection that closes always arrives as far as it goes.
        cut = delivery.cut if delivery is not None and environ.get("SERVER_SOFTWARE") == "Granian" else None
        if cut is not None:
            headers.append(("Connection", "close"))
        start_response(_STATUS_LINES.get(answer.status) or f"{answer.status} Answer", headers)
        if received.method == "HEAD":
            return [b""]
        if cut is not None:  # granian makes an empty list a complete answer, but not an empty iterator
            return [cut] if cut else _nothing()
        return [answer.body] if delivery is None else delivery.frames()


def _nothing() -> Iterator[bytes]:
    yield from ()


def received_of(environ: WSGIEnvironment) -> Received:
    """The request of a WSGI environment, its body kept up to a byte past the limit."""
    headers = {_header(name): value for name, value in environ.items() if name.startswith("HTTP_")}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return receive(
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        headers,
        _read(environ),
    )


@lru_cache(maxsize=1024)
def _header(name: str) -> str:
    """`HTTP_USER_AGENT` as `user-agent`."""
    return name[5:].replace("_", "-").lower()


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


def _drain(stream: IO[bytes]) -> None:
    """Reads what is left of a body, up to a gigabyte, so that the client gets to read its answer."""
    for _ in range(1_000):
        if not stream.read(MAX_BODY):
            return


def _json(payload: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(payload), status, content_type=JSON_TYPE)


def _finisher(control: Control) -> Callable[[Response], Response]:
    """Marks every response as a mock's, and notes in the journal what was asked of a path that is none."""

    def finish(response: Response) -> Response:
        response.headers[MOCK_HEADER] = __version__
        missed = response.status_code == 404 or isinstance(request.routing_exception, NotFound)
        if missed and not request.path.startswith(_OWN_PATHS):
            headers = (("Content-Type", response.content_type),)
            sent = Answer(response.status_code, headers, response.get_data())
            note(control, Passing(_asked()), sent, 0.0)
        return response

    return finish


def _behaviour(mock: Mock, received: Received) -> Behaviour:
    """The profile in force for a request."""
    return mock.behaviour_of(mock.tenant_of(received))


def _asked() -> Received:
    """The request that Flask has, read once."""
    environ = request.environ
    if _RECEIVED not in environ:
        environ[_RECEIVED] = received_of(environ)
    found: Received = environ[_RECEIVED]
    return found


def _json_error(mock: Mock, error: HTTPException) -> Any:
    """A wrong path or method, in problem details: what was received, what exists."""
    status = error.code or 500
    if request.path == "/" and request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        return redirect(console.PREFIX)  # a person with a browser
    if status == 404 and not request.path.startswith(_OWN_PATHS):
        answer = astray(_behaviour(mock, _asked()), _asked())
        if answer is not None:
            return Response(answer.body, answer.status, answer.headers)
    # As it was sent: request.path has one slash where several stand at the beginning.
    path = request.environ["PATH_INFO"].encode("latin-1", "replace").decode(errors="replace")
    asked = f"{request.method} {shorten(path, 200)}"
    more: dict[str, Any] = {"detail": f"{error.name}: received {asked}"}
    if request.path.startswith(PREFIX):
        allowed = routes_near(request.path)
    else:
        more["endpoints"] = [f"{method} {path}" for path, method in _METHODS.items()]
        allowed = ", ".join(more["endpoints"])
    field = {404: "path", 405: "method"}.get(status, "request")
    told = ChangeError(field, received=asked, allowed=allowed)
    if status == 413:
        _drain(request.environ["wsgi.input"])
        most = f"at most {MAX_ADMIN_BODY} bytes"
        told = ChangeError("body", received="more than that", allowed=most)
    response = _json(problem(status, told, **more), status)
    response.content_type = PROBLEM_TYPE
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    raise error
