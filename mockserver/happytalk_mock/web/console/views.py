"""The console's pages as a Flask blueprint: who may see them, their headers, their language.

Read without JavaScript, a page shows all there is. With it, `live` brings what changes by itself, in the
same markup. The pages hold no inline script and no inline style, so that the policy can forbid both.
"""

from __future__ import annotations

import importlib.util
import mimetypes
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from flask import Blueprint, Response, abort, redirect, request
from jinja2 import Environment, PackageLoader, StrictUndefined

from ...api.control import Control
from ...core.errors import ChangeError
from ...core.version import __version__
from ..admin import Access, data, guard
from ..admin.access import Refusal
from ..admin.asking import Asked
from . import dictionary
from . import state as states
from .rooms import listing, room, token_of
from .texts import LANGUAGES, Lang, catalogue, texts

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
_STATIC: Final = Path(__file__).parent / "static"
_OWN_FILES: Final = ("console.css", "console.js", "api.js", "forms.js", "docs.css", "docs.js", "icon.svg")
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


def blueprint(control: Control, access: Access) -> Blueprint:
    """Everything under /__console."""
    made = Blueprint("happytalk_console", __name__, url_prefix=PREFIX)
    made.before_request(_doorkeeper(access))
    made.after_request(_dressed)
    locked = bool(access.keys)

    @made.get("")
    @made.get("/")
    def page() -> str:
        return _render("page.html", **_whole(control), locked=locked)

    @made.get("/live")
    def live() -> str:
        return _render("live.html", **_context(control))

    @made.get("/docs")
    def docs() -> str:
        lang = _language()
        api = "admin" if request.args.get("api") == "admin" else "api"
        document = "/__admin/openapi.json" if api == "admin" else "/openapi.json"
        return _render("docs.html", **_frame(lang), api=api, document=document)

    @made.get("/docs/<name>")
    def swagger(name: str) -> Response:
        return _file(_swagger_folder(), name) if name in _SWAGGER else abort(404)

    @made.get("/static/<name>")
    def static(name: str) -> Response:
        return _file(_STATIC, name) if name in _OWN_FILES else abort(404)

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
        return _render(f"{name}.html", **told), refusal.status

    return refuse


def _told(wrong: Refusal | ChangeError) -> dict[str, str]:
    return {"field": wrong.field, "received": wrong.received, "allowed": wrong.allowed}


def _dressed(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _file(folder: Path, name: str) -> Response:
    """A file, whole: a streamed one would stay open until the server forgets it."""
    kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
    response = Response((folder / name).read_bytes(), mimetype=kind)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def _environment() -> Environment:
    """The templates, compiled once for all applications of the process. Everything in them is escaped."""
    loader = PackageLoader("happytalk_mock.web.console")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _render(name: str, **context: Any) -> str:
    return _environment().get_template(name).render(context)


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


def _context(control: Control) -> dict[str, Any]:
    """What both the page and its live parts show of the mock."""
    lang, given = _language(), request.args.to_dict()
    token = token_of(control, given)
    scope = token if given.get("for") == "token" else None
    chosen = states.journal_filter(given)
    problem = None
    try:
        shown = states.state(control, scope, chosen, lang)
    except ChangeError as error:
        problem, scope = _told(error), None
        shown = states.state(control, None, chosen, lang)
    own = {"given": given, "token": token, "scope": scope, "state": shown, "problem": problem}
    return {**_frame(lang), **own, "meaning": dictionary.meaning}


def _whole(control: Control) -> dict[str, Any]:
    """What the page shows beside what is live."""
    context = _context(control)
    lang, given, token, scope = (context[name] for name in ("lang", "given", "token", "scope"))
    shown = listing(control, given, request.host_url.rstrip("/"))
    found = room(control, token, given["room"]) if given.get("room") else None
    return {
        **context,
        **states.lists(),
        "listing": shown,
        "room_id": given.get("room", ""),
        "room": None if found is None else dictionary.shown(found, lang),
        "statuses": dictionary.statuses(lang),
        "choices": states.choices(control, scope),
        "drift_areas": states.drift_areas(lang),
        "effects": states.effects(lang),
        "tenants": data.list_tenants(Asked(control=control))["tenants"],
        "script_texts": _script_texts(lang),
    }


def _script_texts(lang: Lang) -> str:
    column = 1 if lang == "ko" else 0
    return orjson.dumps({key: catalogue()["texts"][key][column] for key in _SCRIPT_TEXTS}).decode()


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
