"""The console in a real browser: headless Chromium, without a mouse where it matters, and on a phone's width."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from browser import Browser, Page, find
from happytalk_mock.spec.behaviour import Behaviour
from happytalk_mock.spec.vocabulary import ROOMS_PATH
from happytalk_mock.testing.mock_server import MockServer

pytestmark = pytest.mark.slow

NOW = "2026-11-20T15:30:00+09:00"
READY = "document.querySelector('#pause')?.matches(':enabled')"
PHONE = 360  # pixels


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    executable = find()
    if executable is None:
        missing = "no chromium or google-chrome on PATH (and none is looked for on Windows)"
        if os.environ.get("HAPPYTALK_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{missing}, and HAPPYTALK_REQUIRE_BROWSER=1 asks for one")
        pytest.skip(missing)
    browser = Browser(executable, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def running() -> Iterator[MockServer]:
    with MockServer(now=NOW, rooms=200) as server:
        yield server


@pytest.fixture
def server(running: MockServer) -> MockServer:
    running.control.reset(None)
    return running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that must have had nothing to complain about when the test ends."""
    page = chromium.page()
    yield page
    complaints = page.complaints()
    page.close()
    assert complaints == []


def visit(page: Page, server: MockServer, query: str = "lang=en") -> None:
    page.open(f"{server.url}/__console?{query}")
    page.until(READY)


def look(page: Page) -> None:
    """Lets the page look at the mock now instead of within two seconds."""
    page.run("document.dispatchEvent(new Event('visibilitychange'))")


def ask(server: MockServer, **body: Any) -> Any:
    """What a client gets from the chat room list."""
    return httpx.post(server.url + ROOMS_PATH, json={"token": server.token, **body}, timeout=5).json()


def focused(page: Page) -> str:
    return str(page.run("document.activeElement.id"))


def test_it_loads_in_both_languages(page: Page, server: MockServer) -> None:
    visit(page, server, "lang=ko&status=2")
    assert page.run("document.documentElement.lang") == "ko"
    assert "상담방" in page.text("h2")
    page.click("[hreflang=en]")
    page.until("document.documentElement.lang === 'en'")
    assert page.text("h2") == "Rooms"
    assert page.run("document.querySelector('#f-status').value") == "2", "the filters stay"


def test_filters_change_rooms_and_curl(page: Page, server: MockServer) -> None:
    visit(page, server)
    page.choose("#f-ndate", "2026-11-19")
    page.choose("#f-sort_value", "asc")
    page.choose("#f-limit", "3")
    page.click("form[role=search] button.main")
    page.until("location.search.includes('ndate') && document.readyState === 'complete'")
    shown = page.run("[...document.querySelectorAll('[data-room]')].map((each) => each.id.slice(5))")
    expected = ask(server, ndate="2026-11-19", sort_value="asc", limit=3)["data"]
    assert shown == [room["id"] for room in expected["chat_list"]]
    page.run("document.querySelector('.request').open = true")
    assert '"ndate":"2026-11-19","sort_value":"asc","limit":3' in page.text("#request-curl")
    page.click("[rel=next]")
    page.until("location.search.includes('page=2') && document.readyState === 'complete'")
    assert '"page": 2' in page.run("document.querySelector('#request-json').textContent")


def test_a_room_opens_over_the_page(page: Page, server: MockServer) -> None:
    visit(page, server, "lang=ko")
    first = page.run("document.querySelector('[data-room]').id")
    page.click(f"#{first}")
    page.until("document.querySelector('#room-dialog').open")
    assert page.run("document.querySelectorAll('#room-dialog .fields tbody tr').length") == 36
    assert "상담방 등록 일시" in page.text("#room-dialog")
    page.press("Escape")
    page.until("!document.querySelector('#room-dialog').open")
    assert focused(page) == first


def test_the_clock(page: Page, server: MockServer) -> None:
    visit(page, server)
    page.choose("#moment", "2026-11-05 09:00:00")
    page.click("[data-take='moment:at']")
    page.until("document.querySelector('#active time').textContent === '2026-11-05 09:00:00'")
    assert page.run("document.querySelector('#room-list').textContent.includes('2026-11-05')"), (
        "today's rooms"
    )
    page.click("""[data-body='{"hours": 1}']""")
    page.until("document.querySelector('#clock-now').textContent.includes('10:00:00')")
    page.click("[data-midnight]")
    page.until("document.querySelector('#clock-now').textContent.includes('2026-11-05 23:59:50')")
    assert server.mock.clock.frozen
    page.click("[data-admin='POST /clock/run']")
    page.until("document.querySelector('#clock-now').textContent.includes('running')")
    assert not server.mock.clock.frozen


def test_a_refused_change_is_told_in_place(page: Page, server: MockServer) -> None:
    visit(page, server, "lang=ko")
    page.choose("#moment", "어제")
    page.click("[data-take='moment:to']")
    told = page.until("document.querySelector('#clock .problem:not([hidden])')?.textContent")
    assert told.startswith("to: 받은 값")
    assert "어제" in told
    page.click("[data-admin='POST /clock/run']")
    page.until("document.querySelector('#clock .problem').hidden")
    page.forgive("400")


def test_behaviour(page: Page, server: MockServer) -> None:
    visit(page, server)
    page.run("document.querySelectorAll('#behaviour-list details').forEach((each) => { each.open = true; })")
    page.choose("#q-size_type\\.page", "text")
    page.until("document.querySelector('#active').textContent.includes('Behaviour 1')")
    assert ask(server)["data"]["page"] == "1"
    page.choose("#q-longest_period", "#")
    page.choose("#n-longest_period", "7")
    page.until("document.querySelector('#question-longest_period').classList.contains('changed')")
    page.until("document.querySelector('#active').textContent.includes('Behaviour 2')")
    assert server.mock.behaviour["longest_period"] == "7"
    # A change made elsewhere arrives here.
    server.mock.behave(Behaviour())
    look(page)
    page.until("document.querySelector('#q-size_type\\\\.page').value === 'number'")


def test_a_fault_and_its_way_into_the_journal(page: Page, server: MockServer) -> None:
    visit(page, server)
    page.choose("#effect", "status")
    page.choose("#fault-status", "503")
    page.choose("#retry-after", "9")
    page.click("#fault button.main")
    page.until("document.querySelector('#fault-list').textContent.includes('Retry-After 9')")
    page.run("document.querySelector('.request').open = true")
    page.click("[data-send]")
    page.until("document.querySelector('#sent pre').textContent.includes('HTTP 503')")
    assert "Retry-After: 9" in page.text("#sent pre")
    page.until("document.querySelector('#journal-list li:first-child [data-faults]')")
    page.until("document.querySelector('#fault-list').textContent.includes('over')")
    page.choose("#effect", "connection-reset")
    page.click("#fault button.main")
    page.until("document.querySelectorAll('#fault-list li').length === 2")
    page.click("#fault-list li:last-child button")
    page.until("document.querySelectorAll('#fault-list li').length === 1")
    assert "200" not in page.text("#fault-list")
    # The failed answer is one of the page's own: told by the browser, and wanted.
    page.forgive("503")


def test_a_rate_and_a_delay_by_percentiles(page: Page, server: MockServer) -> None:
    visit(page, server)
    page.choose("#effect", "rate_limit")
    page.until("document.querySelector('#times').closest('.field').hidden")
    page.choose("#rate-limit", "1/h")
    page.choose("#delay-kind", "percentiles")
    page.choose("#delay-median", "1")
    page.choose("#delay-p99", "2")
    page.click("#fault button.main")
    page.until("document.querySelector('#fault-list').textContent.includes('1/h')")
    (fault,) = server.control.faults
    written = fault.payload()
    assert (written["rate_limit"], written["times"]) == ("1/h", None)
    assert written["delay"] == {"median_ms": 1.0, "p99_ms": 2.0}


def test_the_journal_is_live_and_marks_violations(page: Page, server: MockServer) -> None:
    visit(page, server)
    ask(server, status=2)
    page.until("document.querySelector('#journal-list li')")  # by itself, within two seconds
    ask(server, status="7", limti=3)
    look(page)
    page.until("document.querySelector('.departing [data-violations]')")
    page.click(".departing summary")
    assert "did you mean limit?" in page.text(".departing .violations")
    ask(server)
    look(page)
    page.until("document.querySelectorAll('[data-request]').length === 3")
    assert page.run("document.querySelector('.departing details').open"), "what was open stays open"
    page.choose("#j-violations", "true")
    page.until("document.querySelectorAll('[data-request]').length === 1")
    page.click("[data-admin='DELETE /journal']")
    page.until("document.querySelectorAll('[data-request]').length === 0")
    assert len(server.control.journal) == 0


def test_the_root_leads_to_the_newest_day_with_rooms(page: Page, server: MockServer) -> None:
    page.open(server.url)
    page.until("location.pathname === '/__console' && document.readyState === 'complete'")
    assert page.run("document.querySelector('#f-ndate').value") == "2026-11-20"
    before = page.text("#request-curl")
    page.run(
        "[...document.querySelectorAll(\"[data-admin='POST /clock/advance']\")].at(-1).click()"
    )  # a day on
    page.until("document.querySelector('#f-ndate').value === '2026-11-21'")
    assert page.text("#request-curl") == before.replace("11-20", "11-21")
    assert "2026-11-21" in page.text("#room-list")


def test_it_looks_only_while_someone_does(page: Page, server: MockServer) -> None:
    visit(page, server)
    looks = "performance.getEntriesByType('resource').filter((each) => each.name.includes('/live')).length"
    page.run("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    look(page)
    before = page.run(looks)
    time.sleep(2.4)
    assert page.run(looks) == before
    page.run("delete document.hidden")
    look(page)
    page.until(f"{looks} > {before}")
    page.click("#pause")
    assert page.run("document.querySelector('#pause').getAttribute('aria-pressed')") == "true"


def test_drifts_are_searched_and_switched(page: Page, server: MockServer) -> None:
    visit(page, server)
    page.run("document.querySelector('#drift details').open = true")
    page.choose("#drift-area", "counts")
    visible = (
        "[...document.querySelectorAll('#drift-list .check')].filter((each) => each.offsetParent).length"
    )
    assert 0 < page.run(visible) < 40
    page.choose("#drift-area", "")
    page.choose("#drift-search", "users-id-missing-when-null")
    assert page.run(visible) == 1
    page.click("#d-users-id-missing-when-null")
    page.until("document.querySelector('#active').textContent.includes('Drift 1')")
    rooms = ask(server, sdate="2026-11-01", edate="2026-11-20", limit=50)["data"]["chat_list"]
    assert any("users_id" not in room for room in rooms)
    assert page.run(visible) == 1, "the search stays"
    page.click("#d-users-id-missing-when-null")
    page.until("document.querySelector('#active').textContent.includes('Everything as documented')")


def test_churn_and_reset(page: Page, server: MockServer) -> None:
    visit(page, server)
    page.choose("#rate", "fast")
    page.click("#churn button.main")
    page.until("document.querySelector('#churn .problem:not([hidden])')?.textContent.includes('10/s')")
    page.choose("#rate", "50/s")
    page.click("#churn button.main")
    page.until("document.querySelector('#active').textContent.includes('Churn 1')")
    page.click("#reset button.danger")
    page.until("document.querySelector('#reset-dialog').open")
    page.click("#reset-dialog button[value=no]")
    page.until("!document.querySelector('#reset-dialog').open")
    assert server.control.churn.report()
    page.click("#reset button.danger")
    page.until("document.querySelector('#reset-dialog').open")
    page.click("#reset-dialog button[value=yes]")
    page.until("document.querySelector('#active').textContent.includes('Everything as documented')")
    assert not server.control.churn.report()
    page.forgive("400")


OVERFLOW = """(() => {
  document.querySelectorAll('details').forEach((each) => { each.open = true; });
  const wide = [...document.querySelectorAll('main *')].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.right > document.documentElement.clientWidth + 1 && box.width > 0 && !each.closest('.hidden');
  });
  const { scrollWidth, clientWidth } = document.documentElement;
  return [scrollWidth - clientWidth, wide.slice(0, 3).map((each) => each.outerHTML.slice(0, 80))];
})()"""


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_phone_shows_all_of_it(page: Page, server: MockServer, lang: str) -> None:
    ask(server, status="7", **{"이름이아주긴파라미터" * 20: "x"})
    server.control.faults.add({"fault": "slow-trickle", "delay": {"lognormal": {"median": 1, "sigma": 0.5}}})
    server.control.drifts.set(["status-as-number", "users-id-missing-when-null"])
    page.size(PHONE, 740)
    visit(page, server, f"lang={lang}&limit=50&sdate=2026-11-01&edate=2026-11-20")
    assert page.run(OVERFLOW) == [0, []]
    page.run("document.querySelector('[data-room]').click()")
    page.until("document.querySelector('#room-dialog').open")
    box = page.run(
        "(() => { const d = document.querySelector('#room-dialog'); return [d.scrollWidth, d.clientWidth]; })()"
    )
    assert box[0] <= box[1] < PHONE


def test_the_keyboard_is_enough(page: Page, server: MockServer) -> None:
    visit(page, server)
    page.press("Tab")
    assert page.run("document.activeElement.className") == "skip"
    assert page.run("document.activeElement.getBoundingClientRect().top >= 0"), "seen when it has the focus"
    page.press("Enter")
    page.until("document.activeElement.id === 'main'")
    walked = walk(page, until="#f-ndate")
    assert "f-token" in walked
    page.write("2026-11-19")
    page.press("Enter")
    page.until("location.search.includes('ndate=2026-11-19') && document.readyState === 'complete'")
    page.until(READY)
    walk(page, until="[data-room]")
    page.press("Enter")
    page.until("document.querySelector('#room-dialog').open")
    page.press("Escape")
    walk(page, until="#clock [data-admin='POST /clock/advance']")
    assert page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus is seen"
    page.press("Enter")
    page.until("document.querySelector('#clock-now').textContent.includes('16:30:00')")
    assert page.run("document.activeElement.matches('#clock button')"), "the focus stays where it was"


def walk(page: Page, *, until: str) -> list[str]:
    """Presses Tab until an element has the focus; gives what was passed."""
    passed = []
    for _ in range(150):
        page.press("Tab")
        if page.run(f"document.activeElement.matches({json.dumps(until)})"):
            return passed
        passed.append(focused(page))
    raise AssertionError(f"no way to {until}: {passed}")


CONTRAST = """(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const linear = (part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = parts(colour).map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (parts(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  document.querySelectorAll('details').forEach((each) => { each.open = true; });
  const found = new Map();
  for (const each of document.querySelectorAll('body *')) {
    const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own && !each.matches('input, select') || !each.offsetParent || each.closest(':disabled')) continue;
    const [one, other] = [luminance(getComputedStyle(each).color), luminance(behind(each))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) found.set(each.tagName + '.' + each.className, ratio.toFixed(2));
  }
  return [...found];
})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_in_light_and_dark(chromium: Browser, server: MockServer, scheme: str) -> None:
    server.control.faults.add({"status": 503, "times": 1})
    server.control.faults.add({"status": 429})
    server.control.drifts.set(["status-as-number"])
    server.mock.behave(Behaviour().but({"size_type": "text"}))
    for body in ({"status": "7"}, {"token": "wrong"}, {}):
        ask(server, **body)
    page = chromium.page(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
    visit(page, server, "lang=ko&limit=50&sdate=2026-11-01&edate=2026-11-20")
    assert page.run(CONTRAST) == []
    assert page.run("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.close()


def test_hostile_words_do_nothing(page: Page, server: MockServer) -> None:
    tenant = next(iter(server.mock.tenants))
    now = server.mock.clock.second()
    room = next(iter(tenant.rooms.rooms(now)))
    evil = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>\"'>\u202e" + "글" * 10_000
    tenant.rooms.update(
        str(room["id"]), {**room, "title": evil, "last_message": evil, "cate_name1": evil}, now
    )
    ask(server, **{evil[:200]: evil})
    day = str(room["reg_date"])[:10]
    visit(page, server, f"lang=en&ndate={day}&limit=50&room={room['id']}")
    look(page)
    page.until("document.querySelector('#journal-list li')")
    page.run(f"document.getElementById('open-{room['id']}').click()")
    page.until("document.querySelector('#room-dialog').open")
    assert evil in page.run("document.querySelector('#room-dialog').textContent")
    assert page.run("window.hacked === undefined && document.images.length === 0")


def test_rooms_are_readable_without_a_script(page: Page, server: MockServer) -> None:
    page.send("Emulation.setScriptExecutionDisabled", value=True)
    page.open(f"{server.url}/__console?lang=en&sdate=2026-11-01&edate=2026-11-20")
    assert "switches nothing" in page.text("noscript")
    assert page.run("document.querySelectorAll('[data-room]').length") == 10
    assert page.run("document.querySelectorAll('main button:enabled[data-admin]').length") == 0
    page.click("[data-room]")
    page.until("document.querySelector('#room .fields') !== null")


@pytest.mark.parametrize(("api", "operations"), [("api", 2), ("admin", 30)])
def test_swagger_ui_under_the_strict_policy(
    page: Page, server: MockServer, api: str, operations: int
) -> None:
    page.open(f"{server.url}/__console/docs?lang=ko&api={api}")
    page.until(f"document.querySelectorAll('.opblock').length >= {operations}")
    if api == "api":
        page.click(".opblock-post .opblock-summary-control")
        page.until("document.querySelector('.try-out__btn')")
        page.click(".try-out__btn")
        page.until("document.querySelector('.execute')")
        page.click(".execute")
        page.until(
            "document.querySelector('.live-responses-table tbody .response-col_status')?.textContent.includes('200')"
        )
        page.size(PHONE, 740)
        assert page.run("document.documentElement.scrollWidth <= innerWidth")


def test_the_admin_token_stays_in_the_tab(chromium: Browser) -> None:
    page = chromium.page()
    with MockServer(now=NOW, admin_token="open sesame") as server:
        page.open(f"{server.url}/__console?lang=en")
        page.until("document.querySelector('#unlock fieldset:enabled')")
        page.run("document.querySelector('#admin-token').focus()")
        page.write("wrong")
        page.press("Enter")
        page.until("document.querySelector('#unlock .problem:not([hidden])')")
        page.until("document.querySelector('#unlock fieldset:enabled')")  # a disabled field takes no focus
        page.run("document.querySelector('#admin-token').focus()")
        page.write("open sesame")
        page.press("Enter")
        page.until(READY)
        page.click("""[data-body='{"hours": 1}']""")
        page.until("document.querySelector('#clock-now').textContent.includes('16:30:00')")
        page.choose("#f-limit", "2")
        page.click("form[role=search] button.main")
        page.until(
            "location.search.includes('limit=2') && document.querySelectorAll('[data-room]').length === 2"
        )
        page.click("[hreflang=ko]")
        page.until("document.documentElement.lang === 'ko'")
        assert page.run("[document.cookie, localStorage.length]") == ["", 0]
        assert "sesame" not in page.run("location.href + document.documentElement.outerHTML")
        page.open(f"{server.url}/__console/docs?api=admin")
        page.until("document.querySelectorAll('.opblock').length > 30")
        page.open(f"{server.url}/__console")
        page.until(READY)
        page.click("[data-forget]")
        page.until("document.querySelector('#unlock')")
        # Before the server goes: the browser may still be asking for the icon then.
        refused = [complaint for complaint in page.complaints() if "401" not in complaint]
        page.close()
    assert refused == []
