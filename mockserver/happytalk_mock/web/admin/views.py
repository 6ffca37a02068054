"""The table of routes as a Flask blueprint: guard, reading, problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import orjson
from flask import Blueprint, Response, request

from ...api.control import Control
from ...core.errors import ChangeError, NotFoundError, NotReadyError
from ...core.exchange import JSON_TYPE
from ...core.problems import PROBLEM_TYPE, problem
from ...core.wording import shorten
from .access import Access
from .asking import Asked, check_body, read_body, read_query, split_tenant
from .openapi import document
from .routes import ROUTES, Route

PREFIX = "/__admin"
_TOKEN = "token"  # noqa: S105 - a parameter's name


def blueprint(control: Control, access: Access) -> Blueprint:
    """Everything under /__admin."""
    made = Blueprint("happytalk_admin", __name__, url_prefix=PREFIX)
    for route in ROUTES:
        if not route.reads:
            control.makers[route.name] = partial(_make, control, route)
        made.add_url_rule(
            route.path,
            endpoint=f"{route.method} {route.path}".replace(".", "_"),
            view_func=_view(control, access, route),
            methods=[route.method],
        )

    @made.get("/openapi.json")
    def openapi() -> Response:
        refused = guard(access)
        return refused or answer(document(request.host_url.rstrip("/")))

    @made.get("")
    @made.get("/")
    def index() -> Response:
        refused = guard(access)
        table = [{"method": each.method, "path": PREFIX + each.path, "does": each.summary} for each in ROUTES]
        return refused or answer({"routes": table, "openapi": f"{PREFIX}/openapi.json"})

    return made


def routes_near(path: str) -> str:
    """The routes below the first step of a path under /__admin; all first steps where there are none."""
    step = path.removeprefix(PREFIX).split("/")[1:2]
    near = [f"{each.method} {PREFIX}{each.path}" for each in ROUTES if each.path.split("/")[1:2] == step]
    steps = dict.fromkeys(f"{PREFIX}/{each.path.split('/')[1]}" for each in ROUTES)
    return ", ".join(near or steps)


def guard(access: Access, *, reads: bool = True) -> Response | None:
    """The refusal of the current request, if it may not pass. For the console too. `reads`: it changes nothing."""
    refusal = access.refusal(request, reads=reads)
    if refusal is None:
        return None
    error = ChangeError(refusal.field, received=refusal.received, allowed=refusal.allowed)
    response = answer(problem(refusal.status, error), refusal.status, PROBLEM_TYPE)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="happytalk-mock", Bearer'
    return response


def answer(payload: Any, status: int = 200, content_type: str = JSON_TYPE) -> Response:
    """A JSON response that nothing on the way keeps."""
    response = Response(orjson.dumps(payload), status, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def _view(control: Control, access: Access, route: Route) -> Callable[..., Response]:
    def view(**path: Any) -> Response:
        refused = None if route.public else guard(access, reads=route.reads)
        if refused is not None:
            return refused
        try:
            asked = _asked(control, route, path)
            told = route.handler(asked) if route.reads else _change(asked, route, access.who(request))
            return told if isinstance(told, Response) else answer(told, route.status)
        except NotReadyError as error:
            return answer(problem(503, error), 503, PROBLEM_TYPE)
        except NotFoundError as error:
            return answer(problem(404, error), 404, PROBLEM_TYPE)
        except ChangeError as error:
            return answer(problem(400, error), 400, PROBLEM_TYPE)

    return view


def _change(asked: Asked, route: Route, who: str) -> Any:
    """Makes the change that somebody asks for."""
    # Which tenant is the first one is this process's own affair where any token is taken.
    token = asked.tenant().token if route.scope == "data" else asked.token
    given = {"who": who, "path": asked.path, "query": asked.query, "body": asked.body, "token": token}
    if route.everyone and token is None and asked.control.ledger is not None:
        # Who was made on demand by now is, too.
        given["present"] = [tenant.token for tenant in asked.mock.tenants if tenant.on_demand]
    return asked.control.change(route.name, **given)


def _make(
    control: Control, route: Route, who: str, present: Sequence[str] | None = None, **given: Any
) -> Any:
    """What a route does with a request that asks for a change, and the note of who asked.

    `present`: the tenants that were made on demand where it was asked; no others are changed.
    """
    if present is not None:
        control.mock.tenants.meet(present)
    asked = Asked(control=control, **given)
    told = route.handler(asked)
    control.audit.note(
        who=who,
        method=route.method,
        path=route.at(asked.path),
        token=asked.token,
        body=asked.body,
        told=told,
    )
    return told


def _asked(control: Control, route: Route, path: dict[str, Any]) -> Asked:
    """The request, checked against its line of the table. Raises ChangeError."""
    given = request.args.to_dict(flat=False)
    for name, values in given.items():
        if len(values) > 1:
            raise ChangeError(shorten(name), received=f"{len(values)} values", allowed="one value")
    named = {name: values[0] for name, values in given.items()}
    token = named.pop(_TOKEN, None) if route.scope != "none" else None
    if token == "":
        raise ChangeError(_TOKEN, received="nothing", allowed="a customer token")
    query = read_query(named, route.query, free=route.prefixes)
    body: Any = None
    if route.body is not None or route.free is not None:
        body = read_body(request.get_data())
        if route.scope != "none":
            token, body = split_tenant(token, body)
        if route.body is not None:
            body = check_body(body, route.body)
    return Asked(control=control, path=path, query=query, body=body, token=token)
