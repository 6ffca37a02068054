"""The console's pages as a Flask blueprint: who may see them, their headers, their language.

Read without JavaScript, a page shows all there is. With it, `live` brings what changes by itself, in the
same markup. The pages hold no inline script and no inline style, so that the policy can forbid both.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from flask import Blueprint, Response, abort, redirect, render_template, request, send_from_directory

from .. import __version__
from ..admin import Access, guard
from ..admin.access import Refusal
from ..edge import Edge
from ..errors import ChangeError
from ..tenants import DEFAULT_CREDENTIALS
from . import dictionary
from . import state as states
from .rooms import listing, room
from .texts import LANGUAGES, TEXTS, Lang, texts

PREFIX: Final = "/__console"
#: Everything from this origin, nothing inline, in no frame.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Language, Authorization",
}
#: What is served of Swagger UI.
_SWAGGER: Final = ("swagger-ui-bundle.js", "swagger-ui.css")
#: Texts that the page's script needs.
_SCRIPT_TEXTS: Final = (
    "copied",
    "done",
    "unreachable",
    "problem",
    "no_answer",
    "drifts_found",
    "wrong_token",
)
#: Pages that are the same for everyone and hold nothing of the mock's.
_EMPTY_PAGES: Final = ("docs", "swagger", "static", "sign_in")


def blueprint(edge: Edge, access: Access) -> Blueprint:
    """Everything under /__console."""
    made = Blueprint(
        "happytalk_console",
        __name__,
        url_prefix=PREFIX,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    made.before_request(_doorkeeper(access))
    made.after_request(_dressed)
    locked = access.token is not None

    @made.get("")
    @made.get("/")
    def page() -> str:
        return render_template("happytalk_console/page.html", **_context(edge), locked=locked)

    @made.get("/live")
    def live() -> str:
        return render_template("happytalk_console/live.html", **_context(edge, rooms=False))

    @made.get("/docs")
    def docs() -> str:
        lang = _language()
        api = "admin" if request.args.get("api") == "admin" else "api"
        document = "/__admin/openapi.json" if api == "admin" else "/openapi.json"
        return render_template("happytalk_console/docs.html", **_frame(lang), api=api, document=document)

    @made.get("/docs/<name>")
    def swagger(name: str) -> Response:
        if name not in _SWAGGER:
            abort(404)
        return send_from_directory(_swagger_folder(), name)

    @made.get("/sign-in")
    def sign_in() -> Any:
        """For browsers without JavaScript: they ask for user and password by themselves."""
        return guard(access) or redirect(PREFIX)

    return made


# --- who may pass, and with what headers -------------------------------------------------------------------


def _doorkeeper(access: Access) -> Callable[[], Any]:
    """Lets in whom the admin API lets in. Pages that hold nothing need no token: scripts cannot send one."""

    def refuse() -> Any:
        endpoint = (request.endpoint or "").rpartition(".")[2]
        refusal = access.refusal(request)
        if refusal is None or endpoint == "sign_in" or (refusal.status == 401 and endpoint in _EMPTY_PAGES):
            return None
        lang = _language()
        name = "locked" if refusal.status == 401 else "refused"
        told = {"refusal": _told(refusal), **_frame(lang), "script_texts": _script_texts(lang)}
        return render_template(f"happytalk_console/{name}.html", **told), refusal.status

    return refuse


def _told(refusal: Refusal) -> dict[str, str]:
    return {"field": refusal.field, "received": refusal.received, "allowed": refusal.allowed}


def _dressed(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


# --- what templates get ------------------------------------------------------------------------------------


def _language() -> Lang:
    """`?lang=`, else what the browser prefers, else English."""
    asked = request.args.get("lang")
    for lang in LANGUAGES:
        if asked == lang:
            return lang
    return "ko" if request.accept_languages.best_match(LANGUAGES, default="en") == "ko" else "en"


def _frame(lang: Lang) -> dict[str, Any]:
    """What every page has."""
    return {
        "lang": lang,
        "t": texts(lang),
        "prefix": PREFIX,
        "version": __version__,
        "link": _link,
        "languages": {"ko": "한국어", "en": "English"},
    }


def _context(edge: Edge, *, rooms: bool = True) -> dict[str, Any]:
    """What the page shows of the mock."""
    lang = _language()
    given = request.args.to_dict()
    chosen = states.journal_filter(given)
    context = {**_frame(lang), **states.lists(), "default_token": DEFAULT_CREDENTIALS.token, "problem": None}
    shown = listing(edge, given, request.host_url.rstrip("/"))
    token = shown.filters["token"]
    scope = token if given.get("for") == "token" else None
    try:
        context["state"] = states.state(edge, scope, chosen, lang)
    except ChangeError as error:
        context["problem"], scope = states.told(error), None
        context["state"] = states.state(edge, None, chosen, lang)
    context |= {"scope": scope, "listing": shown, "given": given, "meaning": dictionary.meaning}
    if not rooms:
        return context
    found = room(edge, token, given["room"]) if given.get("room") else None
    return context | {
        "room_id": given.get("room", ""),
        "room": None if found is None else dictionary.shown(found, lang),
        "statuses": dictionary.statuses(lang),
        "choices": states.choices(edge, scope, lang),
        "drift_areas": states.drift_areas(lang),
        "effects": states.effects(lang),
        "script_texts": _script_texts(lang),
    }


def _script_texts(lang: Lang) -> str:
    column = 1 if lang == "ko" else 0
    return orjson.dumps({key: TEXTS[key][column] for key in _SCRIPT_TEXTS}).decode()


def _link(**changes: Any) -> str:
    """The address of this page with some parameters changed (None: left out)."""
    given: dict[str, Any] = {**request.args.to_dict(), **changes}
    query = urlencode({name: value for name, value in given.items() if value not in (None, "")})
    path = request.path.removesuffix("/live")
    return f"{path}?{query}" if query else path


@cache
def _swagger_folder() -> Path:
    """Where Swagger UI lies: the package is data to us, its code is not run."""
    found = importlib.util.find_spec("flask_swagger_ui")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("flask-swagger-ui is not installed")
    return Path(next(iter(found.submodule_search_locations))) / "dist"
