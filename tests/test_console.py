"""The console's pages over HTTP: what they show, in both languages, that it is escaped, and who may see it."""

from __future__ import annotations

import base64
import json
import re
import shlex
import subprocess
from html.parser import HTMLParser
from string import Formatter
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient

from happytalk_mock.api.control import Control
from happytalk_mock.core.clock import Clock
from happytalk_mock.data.scenario import load
from happytalk_mock.faults import effects as disturbances
from happytalk_mock.faults.drifts import AREAS, DRIFTS
from happytalk_mock.spec import violations as validation
from happytalk_mock.spec.behaviour import Behaviour
from happytalk_mock.spec.parameters import receive
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOM_FIELDS, ROOMS_PATH
from happytalk_mock.state.credentials import DEFAULT_CREDENTIALS, Credentials
from happytalk_mock.state.mock import Mock
from happytalk_mock.state.tenants import Setup
from happytalk_mock.web.admin import Access
from happytalk_mock.web.app import create_app
from happytalk_mock.web.console import PREFIX, dictionary, views
from happytalk_mock.web.console.rooms import listing
from happytalk_mock.web.console.texts import LANGUAGES, Lang, catalogue, expected_ko, received_ko

NOW = "2026-11-20T15:30:00+09:00"
TOKEN = DEFAULT_CREDENTIALS.token
HANGUL = re.compile("[가-힣]")


def edge_of(**setup: Any) -> Control:
    now = setup.pop("now", NOW)
    return Control(Mock(Setup(**{"rooms": 200, **setup}), Clock.parse(now)))


def client_of(control: Control, **access: Any) -> FlaskClient:
    return create_app(control, access=Access.by(access.get("tokens", ()))).test_client()


@pytest.fixture
def control() -> Control:
    return edge_of()


@pytest.fixture
def client(control: Control) -> FlaskClient:
    return client_of(control)


class Page(HTMLParser):
    """The elements of a page with their attributes and the text inside them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.by_id: dict[str, str] = {}
        self._open: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        if tag not in ("input", "meta", "link", "br"):
            self._open.append((tag, given.get("id")))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop()[0] == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        for _, name in self._open:
            if name:
                self.by_id[name] = self.by_id.get(name, "") + data

    def ids(self) -> list[str]:
        return [str(given["id"]) for _, given in self.elements if "id" in given]


def page(client: FlaskClient, query: str = "", path: str = PREFIX) -> Page:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200, response.text
    return Page(response.text)


def rooms_on(shown: Page) -> list[str]:
    return [str(given["id"]).removeprefix("open-") for _, given in shown.elements if "data-room" in given]


def add_room(client: FlaskClient, **fields: Any) -> Any:
    response = client.post("/__admin/rooms", json=fields)
    assert response.status_code == 201, response.text
    return response.json["rooms"][0]


# --- rooms ---


@pytest.mark.slow
@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"ndate": "2026-11-19"},
        {"sdate": "2026-11-01", "edate": "2026-11-20", "status": "2", "limit": "50"},
        {
            "sdate": "2026-11-01",
            "edate": "2026-11-20",
            "sort_key": "complate_date",
            "sort_value": "asc",
            "page": "3",
        },
    ],
)
def test_rooms_are_those_of_the_endpoint(client: FlaskClient, filters: dict[str, str]) -> None:
    shown = page(client, "&".join(f"{name}={value}" for name, value in filters.items()))
    body = {
        name: int(text) if name in ("status", "limit", "page") else text for name, text in filters.items()
    }
    body = body or {"ndate": "2026-11-20"}  # the newest day with rooms
    assert json.loads(shown.by_id["request-json"]) == {"token": TOKEN, **body}
    answer = client.post(ROOMS_PATH, json={"token": TOKEN, **body}).json["data"]
    assert rooms_on(shown) == [room["id"] for room in answer["chat_list"]]
    pages = max(1, -(-answer["total_count"] // answer["limit"]))
    assert f"{answer['total_count']} rooms · page {answer['page']} of {pages}" in shown.by_id["room-list"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-22T03:00:00+09:00", "2026-11-21"),  # a Sunday
        ("2027-01-01T03:00:00+09:00", "2026-12-31"),
        ("2026-11-20T00:00:01+09:00", "2026-11-19"),
        ("2026-11-20T15:30:00+09:00", "2026-11-20"),
    ],
)
def test_it_opens_on_the_newest_day_with_rooms(now: str, day: str) -> None:
    client = client_of(edge_of(rooms=500, now=now))
    for query in ("", "lang=ko", "page=1", f"token={TOKEN}", "for=token"):
        shown = page(client, query)
        assert rooms_on(shown)
        assert json.loads(shown.by_id["request-json"])["ndate"] == day
        assert ("input", day) in [(tag, given.get("value")) for tag, given in shown.elements]
    emptied = page(client, "ndate=&sdate=&edate=")  # as the form sends it: today, whatever it has
    assert "ndate" not in json.loads(emptied.by_id["request-json"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["documented", "midnight", "ties", "one-busy-day", "empty"])
def test_it_opens_on_a_scenarios_day(name: str) -> None:
    scenario = load(name)
    client = create_app(Mock(Setup(scenario=scenario), Clock.parse(scenario.now or NOW))).test_client()
    assert bool(rooms_on(page(client))) is (name != "empty")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 302),  # Firefox, Safari
        ("text/html,application/xhtml+xml,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7", 302),
        ("*/*", 404),
        ("application/json", 404),
        ("", 404),
    ],
)
def test_a_browser_that_asks_for_the_root_gets_the_console(
    client: FlaskClient, accept: str, status: int
) -> None:
    response = client.get("/", headers={"Accept": accept})
    assert response.status_code == status
    assert response.headers.get("Location") == (PREFIX if status == 302 else None)
    assert client.post("/", headers={"Accept": accept}).status_code == 404


def test_looking_at_rooms_leaves_no_trace(control: Control, client: FlaskClient) -> None:
    control.faults.add({"status": 503})
    assert rooms_on(page(client))
    assert len(control.journal) == 0
    assert next(iter(control.faults)).uses == 0


@pytest.mark.slow
def test_pages_are_walked_by_links(client: FlaskClient) -> None:
    query, seen = "sdate=2026-11-15&edate=2026-11-20&limit=20&lang=en", []
    while query:
        shown = page(client, query)
        seen += rooms_on(shown)
        links = {
            given["rel"]: str(given["href"]) for tag, given in shown.elements if tag == "a" and "rel" in given
        }
        query = links.get("next", "").partition("#")[0].partition("?")[2]
    assert len(seen) == len(set(seen)) > 40
    beyond = page(client, "ndate=2026-11-19&page=99")
    assert not rooms_on(beyond)
    assert "No room matches." in beyond.by_id["room-list"]
    assert any(given.get("rel") == "prev" for _, given in beyond.elements)


@pytest.mark.slow
@pytest.mark.parametrize("size_type", ["number", "text"])
def test_sizes_may_be_text(size_type: str) -> None:
    client = client_of(edge_of(behaviour=Behaviour().but({"size_type": size_type, "limit_echo": "asked"})))
    shown = page(client, "sdate=2026-11-01&edate=2026-11-20&limit=1000")
    assert len(rooms_on(shown)) == 50
    assert re.search(r"page 1 of [23]\b", shown.by_id["room-list"])


@pytest.mark.slow
def test_a_refused_request_shows_the_failure(client: FlaskClient) -> None:
    shown = page(client, "ndate=2026-13-01").by_id["room-list"]
    assert '"result":"fail"' in shown
    assert "-505" in shown
    assert '"message":"token"' in page(client, "token=wrong").by_id["room-list"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["it's", 'a"b', "$(id)", "`id`", "a\\b", "줄\n바꿈", "@/etc/passwd", "; rm -rf /", "<b>"]
)
def test_curl_survives_a_shell(control: Control, client: FlaskClient, text: str) -> None:
    control.mock.tenants.add(Credentials.of(text))
    shown = page(client, f"token={views.urlencode({'': text})[1:]}&status=2&ndate=")
    script = 'curl() { printf "%s\\0" "$@"; }\n' + shown.by_id["request-curl"]
    said = (
        subprocess.run(["sh", "-c", script], capture_output=True, check=True).stdout.decode().split("\0")[:-1]
    )
    assert said == shlex.split(shown.by_id["request-curl"].replace("\\\n", ""))[1:]
    assert json.loads(said[-1]) == json.loads(shown.by_id["request-json"]) == {"token": text, "status": 2}


def test_filters_are_asked_as_the_page_types_them(control: Control) -> None:
    given = {"status": "-1", "limit": "5", "page": "둘", "sort_key": "reg_date", "ndate": ""}
    asked = json.loads(listing(control, given, "http://mock").request)
    assert asked == {"token": TOKEN, "status": -1, "limit": 5, "page": "둘", "sort_key": "reg_date"}
    another = listing(control, {"token": " another "}, "http://mock")
    assert json.loads(another.request)["token"] == "another"
    assert '"fail"' in another.failure


def test_production_sends_the_headers() -> None:
    client = client_of(edge_of(behaviour=Behaviour().but({"ht_headers": "needed"})))
    shown = page(client)
    assert rooms_on(shown)
    assert f"HT-Client-Id: {DEFAULT_CREDENTIALS.client_id}" in shown.by_id["request-curl"]


# --- one room ---


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_room_shows_every_field(client: FlaskClient, lang: Lang) -> None:
    made = add_room(client, status="3", out_api="2", parcel_companycode="4", phone_os="I", users_id=None)
    shown = page(client, f"lang={lang}&room={made['id']}")
    for name, korean in ROOM_FIELDS.items():
        assert name in shown.by_id["room"]
        assert korean in shown.by_id["room"]
        assert (made[name] or "") in shown.by_id["room"]
    meanings = {
        "ko": ("삭제", "카카오톡", "대한통운", "아이폰"),
        "en": ("deleted", "KakaoTalk", "Korea Express", "iPhone"),
    }
    for meaning in meanings[lang]:
        assert meaning in shown.by_id["room"]
    assert "null" in shown.by_id["room"]


def test_every_field_has_a_name_in_both_languages() -> None:
    fields = dictionary.shown({}, "en")
    assert [each["name"] for each in fields] == list(ROOM_FIELDS)
    assert all(each["korean"] and each["english"] and not HANGUL.search(each["english"]) for each in fields)


def test_a_room_that_is_gone(client: FlaskClient) -> None:
    assert "There is no such room any more." in page(client, "room=nothing").by_id["room"]
    assert "no such room" in page(client, "room=x&token=unknown").by_id["room"]


# --- what people typed ---

HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "</pre></textarea></title><script>",
    "{{ 7 * 7 }} {% raw %}",
    "\u202eRTL\u2066\u200f",
    "가" * 10_000,
    "javascript:alert(1)",
)


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE)
def test_what_rooms_hold_is_only_text(control: Control, client: FlaskClient, text: str) -> None:
    tenant = next(iter(control.mock.tenants))
    made = add_room(client, status="1")
    changed = dict.fromkeys(
        (name for name in ROOM_FIELDS if name not in ("id", "reg_date", "complate_date", "status")), text
    )
    tenant.rooms.update(made["id"], {**made, **changed}, control.mock.clock.second())
    plain = page(client, f"room={made['id']}")
    response = client.get(f"{PREFIX}?room={made['id']}&lang=ko")
    assert_tame(response.text)
    assert text in plain.by_id["room"]
    assert "7 * 7" in text or "49" not in plain.by_id["room"]
    assert len(response.data) < 2_500_000


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_request_holds_is_only_text(client: FlaskClient, text: str) -> None:
    text = text[:1_000]
    client.post(
        ROOMS_PATH, json={"token": text, text: text, "status": text}, headers={"User-Agent": "<script>"}
    )
    client.get(f"/{views.urlencode({'': text})[1:]}")
    assert_tame(client.get(f"{PREFIX}/live").text)
    # What is typed into the address comes back in forms and links: alone where it would hide the others.
    others = dict.fromkeys(("status", "sort_key", "room", "j_result", "lang", "other"), text)
    for query in ({"token": text, "for": "token"}, {"ndate": text, "for": text}, {**others, "for": "token"}):
        response = client.get(PREFIX, query_string=query)
        assert response.status_code == 200
        assert_tame(response.text)


def assert_tame(html: str) -> None:
    """Nothing runs and nothing is fetched but the console's own; the markup closes as it opens."""
    for tag, given in Page(html).elements:
        assert not any(name.startswith("on") or name == "style" for name in given), (tag, given)
        assert tag not in ("img", "iframe", "object", "base", "style", "svg"), (tag, given)
        assert (given.get("src") or PREFIX).startswith(f"{PREFIX}"), (tag, given)
        href = given.get("href") or "#"
        assert href.startswith((PREFIX, "#", "/openapi.json", "/__admin/openapi.json")), (tag, given)
        assert (given.get("action") or PREFIX).startswith(PREFIX), (tag, given)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html), "an inline script"


# --- state and journal ---


def test_state_is_told_without_a_script(control: Control, client: FlaskClient) -> None:
    for method, path, body in [
        ("PATCH", "behaviour", {"zero_date_order": "last", "longest_period": "31"}),
        ("POST", "faults", {"status": 429, "retry_after": 7}),
        ("PUT", "drift", {"name": "status-as-number"}),
        ("PUT", "churn", {"rate": "1/m"}),
        ("POST", "clock/freeze", {"at": "2026-11-01 23:59:50"}),
    ]:
        assert client.open(f"/__admin/{path}", method=method, json=body).status_code < 300
    shown = page(client, "lang=en")
    control.close()
    assert "2026-11-01 23:59:50" in shown.by_id["active"]
    for badge in ("Behaviour 2", "Faults 1", "Drift 1", "Churn 1"):
        assert badge in shown.by_id["active"]
    assert "HTTP 429 Retry-After 7" in " ".join(shown.by_id["fault-list"].split())
    assert "status-as-number" in shown.by_id["drift-active"]
    assert "0.017/s" in shown.by_id["churn-list"]
    assert ("input", "31") in [
        (tag, given.get("value")) for tag, given in shown.elements if given.get("id") == "n-longest_period"
    ]
    boxes = [given for tag, given in shown.elements if tag == "input" and given.get("value") in DRIFTS]
    assert len(boxes) == len(DRIFTS)
    assert [given["value"] for given in boxes if "checked" in given] == ["status-as-number"]


@pytest.mark.slow
def test_switches_may_be_one_customers(control: Control) -> None:
    control.mock.tenants.add(Credentials.of("team-a"))
    client = client_of(control)
    client.post("/__admin/clock/freeze", json={"at": "2026-11-05 10:00:00", "tenant": "team-a"})
    client.put("/__admin/drift", json={"name": "title-missing"})
    shown = page(client, "token=team-a&for=token&lang=en")
    assert "2026-11-05 10:00:00" in shown.by_id["active"]
    assert "this customer's own" in shown.by_id["clock-now"]
    assert "For every customer: title-missing" in shown.by_id["drift-active"]
    assert "2026-11-20 15:30:00" in page(client, "token=team-a").by_id["active"]
    assert "team-a" not in page(client).by_id["tenant-list"], "tokens are masked where nobody typed them"
    unknown = client.get(f"{PREFIX}?token=nobody&for=token&lang=en").text
    assert "tenant: received …(6); allowed: the token of a known tenant" in unknown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_journal_marks_violations(client: FlaskClient, lang: Lang) -> None:
    client.post(ROOMS_PATH, json={"token": TOKEN})
    client.post(ROOMS_PATH, json={"token": TOKEN, "limti": 3, "status": "7"})
    shown = page(client, f"lang={lang}", f"{PREFIX}/live")
    departing = [given for tag, given in shown.elements if tag == "li" and given.get("class") == "departing"]
    assert [given["data-request"] for given in departing] == ["2"]
    told = shown.by_id["request-2"]
    assert "limti" in told
    assert ("위반 2건" if lang == "ko" else "2 departing") in told
    assert ("문서에 없는 파라미터" if lang == "ko" else "did you mean limit?") in told
    assert TOKEN not in shown.by_id["journal-list"]


def test_the_journal_is_filtered(control: Control, client: FlaskClient) -> None:
    client.post(ROOMS_PATH, json={"token": TOKEN})
    client.post(ROOMS_PATH, json={"token": "wrong", "page": 0})
    client.get(MESSAGES_PATH)
    control.faults.add({"status": 500, "times": 1})
    client.post(ROOMS_PATH, json={"token": TOKEN})
    for query, expected in [
        ("", ["4", "3", "2", "1"]),
        ("j_endpoint=messages", ["3"]),
        ("j_result=success", ["1"]),
        ("j_violations=true", ["3", "2"]),
        ("j_violations=false", ["4", "1"]),
        ("j_faulty=true", ["4"]),
        ("j_endpoint=nonsense&j_faulty=maybe", ["4", "3", "2", "1"]),
    ]:
        shown = page(client, query, f"{PREFIX}/live")
        assert [given["data-request"] for _, given in shown.elements if "data-request" in given] == expected


def test_a_journal_that_is_off() -> None:
    control = Control(edge_of().mock, journal_size=0)
    assert "--journal 0" in page(client_of(control)).by_id["journal-list"]


def test_live_parts_are_those_of_the_page(client: FlaskClient) -> None:
    whole, live = page(client, "lang=ko"), page(client, "lang=ko", f"{PREFIX}/live")
    for name in live.ids():
        assert whole.by_id[name].split() == live.by_id[name].split()
    parts = {given["id"] for _, given in live.elements if "data-live" in given}
    assert parts == {"active", "journal-list", "clock-now", "fault-list", "churn-list"}


# --- languages ---


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        ("", None, "en"),
        ("", "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("", "en-GB", "en"),
        ("", "de", "en"),
        ("lang=ko", "en", "ko"),
        ("lang=en", "ko", "en"),
        ("lang=de", "ko", "ko"),
    ],
)
def test_the_language(client: FlaskClient, query: str, accept: str | None, expected: str) -> None:
    response = client.get(f"{PREFIX}?{query}", headers={"Accept-Language": accept} if accept else {})
    assert f'<html lang="{expected}">' in response.text
    assert "Accept-Language" in response.headers["Vary"]


def test_languages_are_a_link_apart(client: FlaskClient) -> None:
    shown = page(client, "status=2&lang=en")
    links = {given["hreflang"]: given["href"] for _, given in shown.elements if "hreflang" in given}
    assert links == {"ko": f"{PREFIX}?status=2&lang=ko", "en": f"{PREFIX}?status=2&lang=en"}


def test_every_text_is_there_in_both_languages() -> None:
    assert set(get_args(Lang)) == set(LANGUAGES)
    for key, (english, korean) in catalogue()["texts"].items():
        assert not HANGUL.search(english), key
        assert HANGUL.search(korean) or korean == english or korean.isascii(), key
        assert _names(english) == _names(korean), key


def _names(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_texts_that_no_page_uses() -> None:
    folder = views.Path(views.__file__).parent / "templates"
    used = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.html"))
    built = ("endpoint_", "result_", "reset_", "delay_first_", "delay_second_")
    unused = [
        key
        for key in catalogue()["texts"]
        if f"t.{key}" not in used and not key.startswith(built) and key not in views._SCRIPT_TEXTS
    ]
    assert unused == []


def test_every_drift_effect_and_verdict_is_told_in_korean() -> None:
    korean = catalogue()
    assert set(korean["areas"]) == set(AREAS)
    assert {drift.when for drift in DRIFTS.values()} - {""} == set(korean["conditions"])
    assert set(korean["effects"]) == set(disturbances.EFFECTS)
    plain = {text for text in validation._EXPECTED.values() if text != "application/json"}
    assert plain <= set(korean["expected"])


def test_verdicts_in_korean() -> None:
    body = b'{"token": 5, "limit": [1], "page": {}, "status": "7", "edate": "x", "nope": 1}'
    asked = ((ROOMS_PATH, "a=b", body), (ROOMS_PATH, "", b'"text"'), (MESSAGES_PATH, "id=1&id=2", b"{}"))
    found = [
        violation
        for path, query, sent in asked
        for violation in validation.request_violations(
            "rooms" if path == ROOMS_PATH else "messages", receive("POST", path, query, {}, sent)
        )
    ]
    for violation in found:
        for told in (expected_ko(violation.expected), received_ko(violation.received)):
            assert HANGUL.search(told) or not re.search(r"\b(a|an|the|not|text)\b", told), violation


# --- who may see it, and how ---


@pytest.mark.parametrize(
    "path", ["", "/", "/live", "/docs", "/docs/swagger-ui.css", "/static/console.js", "/sign-in"]
)
def test_the_policy_is_strict_everywhere(client: FlaskClient, path: str) -> None:
    headers = client.get(PREFIX + path).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path", ["", "/live", "/docs", "/docs/swagger-ui.css", "/static/console.js", "/sign-in"]
)
@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"Host": "evil.example"}, "127.0.0.1"),
        ({"Origin": "http://evil.example"}, "127.0.0.1"),
        ({"X-Forwarded-For": "10.0.0.1"}, "127.0.0.1"),
        ({}, "192.0.2.7"),
    ],
)
def test_strangers_are_refused(client: FlaskClient, path: str, headers: dict[str, str], address: str) -> None:
    response = client.get(PREFIX + path, headers=headers, environ_base={"REMOTE_ADDR": address})
    assert response.status_code == 403
    assert TOKEN not in response.text
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_an_admin_token_the_page_is_empty_until_it_is_given(lang: Lang) -> None:
    control = edge_of()
    client = client_of(control, tokens=["hush"])
    for path in ("", "/live"):
        response = client.get(f"{PREFIX}{path}?lang={lang}", environ_base={"REMOTE_ADDR": "192.0.2.7"})
        assert response.status_code == 401
        assert "WWW-Authenticate" not in response.headers, "the page asks, not the browser"
        assert "2026" not in response.text
        assert TOKEN not in response.text
        assert catalogue()["texts"]["admin_token"][lang == "ko"] in response.text
    assert client.get(PREFIX, headers={"Authorization": "Bearer wrong"}).status_code == 401
    opened = client.get(PREFIX, headers={"Authorization": "Bearer hush"})
    assert opened.status_code == 200
    assert "hush" not in opened.text
    assert "data-forget" in opened.text
    for path in ("/docs", "/docs/swagger-ui-bundle.js", "/static/console.css"):
        assert client.get(PREFIX + path).status_code == 200


def test_a_browser_without_scripts_signs_in_by_itself() -> None:
    client = client_of(edge_of(), tokens=["hush"])
    asked = client.get(f"{PREFIX}/sign-in")
    assert asked.status_code == 401
    assert asked.headers["WWW-Authenticate"].startswith("Basic")
    basic = {"Authorization": "Basic " + base64.b64encode(b"any:hush").decode()}
    assert client.get(f"{PREFIX}/sign-in", headers=basic).headers["Location"] == PREFIX
    assert client.get(PREFIX, headers=basic).status_code == 200


def test_only_what_is_listed_is_served_of_swagger_ui(client: FlaskClient) -> None:
    assert client.get(f"{PREFIX}/docs/index.css").status_code == 404
    assert client.get(f"{PREFIX}/docs/..%2f__init__.py").status_code == 404
    assert client.get(f"{PREFIX}/static/..%2fviews.py").status_code == 404
    assert "version" in client.get(f"{PREFIX}/docs/swagger-ui-bundle.js").text


def test_pages_change_nothing(client: FlaskClient) -> None:
    for path in ("", "/live", "/docs", "/sign-in"):
        assert client.post(PREFIX + path, json={}).status_code == 405


# --- markup ---


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["", "/docs"])
def test_labels_landmarks_and_ids(client: FlaskClient, lang: Lang, path: str) -> None:
    client.post(ROOMS_PATH, json={"token": TOKEN, "status": "7"})
    room = rooms_on(page(client))[0]
    shown = page(client, f"lang={lang}&room={room}", PREFIX + path)
    ids = shown.ids()
    assert len(ids) == len(set(ids))
    tags = [tag for tag, _ in shown.elements]
    assert tags.count("main") == tags.count("h1") == 1
    labelled = {given.get("for") for tag, given in shown.elements if tag == "label"}
    for tag, given in shown.elements:
        if tag in ("input", "select") and given.get("type") != "hidden":
            assert given.get("id") in labelled or "aria-label" in given, given
        for name in ("aria-labelledby", "aria-describedby"):
            assert given.get(name, ids[0]) in ids or given.get(name) == "room-title", given
        if tag in ("button", "fieldset") and "data-needs-script" in given:
            assert "disabled" in given, "what needs a script is off without one"
