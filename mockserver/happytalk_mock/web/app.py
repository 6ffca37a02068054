"""The Flask application: a factory; health, OpenAPI, admin, console, and the answers to wrong paths are Flask's.

The two endpoints are not: a server of ours answers them by itself. In front of Flask stands a way to them for
whoever asks the application without that server, such as a test without a socket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from http import HTTPStatus
from math import inf
from socket import socket
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response, redirect, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Rule

from ..api.chain import Passing, endpoints, note, unhurried
from ..api.control import Control
from ..api.failures import astray
from ..core.errors import AbortedOnPurpose, ChangeError, StateLostError
from ..core.exchange import JSON_TYPE, MOCK_HEADER, Answer, Delivery, Held, Received
from ..core.problems import PROBLEM_TYPE, problem
from ..core.version import __version__
from ..core.waiting import PATIENCE, Wait
from ..core.wording import shorten
from ..serving.server import Server
from ..serving.service import BODY_TIMEOUT
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


class _Route(Rule):
    """A route that no address is built from: Werkzeug compiles code for that, most of an application's making."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            raise NotImplementedError(f"no address is built from {rule.rule}")

        return build


def create_app(state: Mock | Control, *, access: Access | None = None) -> Flask:
    """The WSGI application that answers from `state`; a bare mock gets a control with the usual journal.

    `access` says who may use the admin API; by default loopback.
    """
    control = state if isinstance(state, Control) else Control(state)
    app = Flask("happytalk_mock", static_folder=None)
    app.url_rule_class = _Route
    app.extensions["happytalk_mock"] = control
    app.config["MAX_CONTENT_LENGTH"] = MAX_ADMIN_BODY
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False  # a method like another: 405, in JSON
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_error_handler(HTTPException, partial(_json_error, control.mock))
    app.register_error_handler(StateLostError, _unavailable)
    if (ledger := control.ledger) is not None:
        app.before_request(lambda: None if request.path.startswith(f"{PREFIX}/health") else ledger.catch_up())
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


def server(app: Flask, listening: socket, *, body_timeout: float = BODY_TIMEOUT) -> Server:
    """The server of such an application: the endpoints on its loop, and room for health whatever else goes on."""
    return Server(
        app,
        listening,
        unhurried(app.extensions["happytalk_mock"]),
        urgent=[f"{PREFIX}/health{which}" for which in ("", "/live", "/ready")],
        body_timeout=body_timeout,
    )


class Front:
    """Answers the two endpoints; hands everything else to Flask. A wait is waited for on the caller's thread."""

    def __init__(self, control: Control, flask_app: WSGIApplication) -> None:
        self._endpoints = endpoints(control)
        self._flask = flask_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Raises TimeoutError where an answer is held for longer than environ[PATIENCE] seconds."""
        respond = self._endpoints.get(environ["PATH_INFO"])
        if respond is None:
            return self._flask(environ, start_response)
        received = received_of(environ)
        patience = environ.get(PATIENCE)
        answer = respond(received)
        if answer is None:
            environ[_RECEIVED] = received
            return self._flask(environ, start_response)
        while isinstance(answer, Held):
            try:
                _sit(answer.wait, patience)
            except TimeoutError:
                answer.make()  # the journal notes it all the same
                raise
            answer = answer.make()
        delivery = answer.delivery
        if delivery is not None and delivery.end == "reset":
            raise AbortedOnPurpose
        length = len(answer.body) if delivery is None else delivery.announced
        headers = [*answer.headers, ("Content-Length", str(length))]
        start_response(_STATUS_LINES.get(answer.status) or f"{answer.status} Answer", headers)
        if received.method == "HEAD":
            return [b""]
        return [answer.body] if delivery is None else _frames(delivery, patience)


def _frames(delivery: Delivery, patience: float | None) -> Iterator[bytes]:
    """The pieces of a body, each after its pause. Raises AbortedOnPurpose where the connection is cut."""
    for pause, data in delivery.frames:
        delivery.wait.again(pause)
        _sit(delivery.wait, patience)
        yield data
    if delivery.end == "cut":
        raise AbortedOnPurpose


def _sit(wait: Wait, patience: float | None) -> None:
    """Waits here, as long as there is something to wait for. Raises TimeoutError after `patience` seconds."""
    changed = Event()
    wait.changed = changed.set
    until = monotonic() + (inf if patience is None else patience)
    while (left := wait.left) > 0:
        rest = until - monotonic()
        if rest <= 0:
            raise TimeoutError(f"no answer within {patience:g} s")
        changed.wait(min(left, rest))
        changed.clear()


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
    """The body, up to a byte past the limit."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return bytes(environ["wsgi.input"].read(int(length) if length.isdigit() else 0)[: MAX_BODY + 1])


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
        asked = _asked()
        answer = astray(mock.behaviour_of(mock.tenant_of(asked)), asked)
        if answer is not None:
            return Response(answer.body, answer.status, answer.headers)
    # As it was sent: request.path has one slash where several stand at the beginning.
    path = request.environ["PATH_INFO"].encode("latin-1", "replace").decode(errors="replace")
    received = f"{request.method} {shorten(path, 200)}"
    more: dict[str, Any] = {"detail": f"{error.name}: received {received}"}
    if request.path.startswith(PREFIX):
        allowed = routes_near(request.path)
    else:
        more["endpoints"] = [f"{method} {path}" for path, method in _METHODS.items()]
        allowed = ", ".join(more["endpoints"])
    field = {404: "path", 405: "method"}.get(status, "request")
    told = ChangeError(field, received=received, allowed=allowed)
    if status == 413:
        most = f"at most {MAX_ADMIN_BODY} bytes"
        told = ChangeError("body", received="more than that", allowed=most)
    response = _json(problem(status, told, **more), status)
    response.content_type = PROBLEM_TYPE
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _unavailable(error: StateLostError) -> Response:
    """503 in problem details: what was asked was not done, or it is not known to be seen by all."""
    response = _json(problem(503, error.problem), 503)
    response.content_type = PROBLEM_TYPE
    return response
