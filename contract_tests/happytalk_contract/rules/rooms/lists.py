"""Rules over one room list: envelope, types of the head, echo, counts, order, filters.

Each judges one answer by itself, so data in motion can not mislead it; where an answer is put together from
two looks at the data (the count and the list), one look alone is a doubt and not a finding.
Source: chat_room_lists, Request and Response.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from happytalk_contract.core.model import Finding, Severity
from happytalk_contract.evidence.readings import Evidence
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import ZERO_DATE, RoomsView, as_count
from happytalk_contract.questions.meaning import MOST_PER_PAGE
from happytalk_contract.rules.rooms.robustness import success_status
from happytalk_contract.rules.rule import HELD, Doubt, Rule, Verdict
from happytalk_contract.rules.telling import finding, shown

HEAD: Final = ("page", "limit", "total_count")


def _envelope(evidence: Evidence) -> Iterator[Verdict]:
    """Success is result, data {page, limit, total_count, chat_list}."""
    for view in evidence.rooms:
        if view.kind == "success":
            yield _success_shape(view) or HELD
        elif view.kind == "other" and view.meaning is not None and view.meaning.is_plain:
            body = view.body if isinstance(view.body, dict) else {}
            yield finding(
                view,
                "an answer is neither a success nor a failure",
                received=f"result {shown('result', body.get('result'))}" if body else shown("", view.body),
                expected='{"result": "success", "data": …} or {"result": "fail", …}',
                json_path="$.result",
                subject="result",
            )


def _success_shape(view: RoomsView) -> Finding | None:
    data = view.body.get("data")
    if not isinstance(data, dict):
        return _shape(
            view, "data", "data", data, "an object with page, limit, total_count, chat_list", "$.data"
        )
    for name in (*HEAD, "chat_list"):
        if name not in data:
            return finding(
                view,
                f"data has no {name}",
                received=f"data with {len(data)} fields",
                expected=f"data with {name}",
                json_path="$.data",
                subject=name,
            )
    if not view.has_list:
        return _shape(
            view,
            "chat_list",
            "chat_list",
            data["chat_list"],
            "a list of rooms, [] where there is none",
            "$.data.chat_list",
        )
    judged = view.meaning is not None and view.meaning.is_judged
    for name in HEAD if judged else ("total_count",):
        if as_count(data[name]) is None:
            return _shape(
                view, name, name, data[name], "a whole number, as a number or as text", f"$.data.{name}"
            )
    return None


def _shape(view: RoomsView, subject: str, name: str, value: Any, expected: str, path: str) -> Finding:
    return finding(
        view,
        f"{name} is not of the documented form",
        received=shown(name, value),
        expected=expected,
        json_path=path,
        subject=subject,
    )


def _http_status(evidence: Evidence) -> Iterator[Verdict]:
    """A success comes with 200."""
    return success_status(evidence.rooms, "result success")


def _echo(name: str) -> Any:
    def check(evidence: Evidence) -> Iterator[Verdict]:
        """`page` and `limit` say what was served."""
        for view in evidence.rooms:
            means = view.meaning
            if means is None or not means.is_judged or not view.is_list:
                continue
            value = getattr(view, name)
            served = getattr(means, name)
            asked = as_count((view.params or {}).get(name)) if means.open & {"limit_over"} else served
            yield (
                HELD
                if value in (served, asked)
                else finding(
                    view,
                    f"{name} does not say what was served",
                    received=f"{name} {value}",
                    expected=f"{served}",
                    json_path=f"$.data.{name}",
                )
            )

    return check


def _no_more_than_limit(evidence: Evidence) -> Iterator[Verdict]:
    """At most limit, and at most 50, whatever is asked."""
    for view in evidence.rooms:
        if view.kind != "success" or not view.has_list:
            continue
        means = view.meaning
        most = means.limit if means is not None and means.is_judged else MOST_PER_PAGE
        yield (
            HELD
            if len(view.rooms) <= most
            else finding(
                view,
                "more rooms come back than a page holds",
                received=f"{len(view.rooms)} rooms",
                expected=f"at most {most}",
                json_path="$.data.chat_list",
            )
        )


def _arithmetic(evidence: Evidence) -> Iterator[Verdict]:
    """A page holds what total_count leaves for it."""
    wrong = [view for view in evidence.rooms if _rooms_owed(view) is not None]
    # Count and list are two looks at the data: a room that comes in between makes them differ, once.
    certain = len({view.number for view in wrong if _rooms_owed(view) != len(view.rooms)}) > 1
    for view in wrong:
        owed = _rooms_owed(view)
        if owed == len(view.rooms):
            yield HELD
            continue
        found = finding(
            view,
            "total_count does not fit the rooms listed",
            received=f"{len(view.rooms)} rooms on page {view.meaning.page if view.meaning else 1} "
            f"with total_count {view.total}",
            expected=f"{owed} rooms on this page, or another total_count",
            json_path="$.data.total_count",
        )
        yield (
            found
            if certain and _again(evidence, view, lambda other: _rooms_owed(other) != len(other.rooms))
            else Doubt(finding=found)
        )


def _again(evidence: Evidence, view: RoomsView, departs: Any) -> bool:
    """Whether the same question was asked more than once and departed each time."""
    same = evidence.by_request[key(view.exchange.request)]
    return len(same) > 1 and all(departs(other) for other in same if other.is_list)


def _rooms_owed(view: RoomsView) -> int | None:
    means = view.meaning
    if means is None or not means.is_judged or not view.is_list or view.total is None:
        return None
    return min(means.limit, max(0, view.total - (means.page - 1) * means.limit))


def _unique(evidence: Evidence) -> Iterator[Verdict]:
    """An id comes once on a page."""
    for view in evidence.rooms:
        if len(view.rooms) < 2:
            continue
        twice = [room_id for room_id, times in Counter(one for one in view.ids if one).items() if times > 1]
        yield (
            finding(
                view,
                "a room is listed more than once on one page",
                received=f"{len(twice)} of {len(view.rooms)} ids more than once, the first {shown('id', twice[0])}",
                expected="every id once",
                json_path="$.data.chat_list",
            )
            if twice
            else HELD
        )


def _order(sort_key: str, direction: str) -> Any:
    def check(evidence: Evidence) -> Iterator[Verdict]:
        """The list is ordered by the key; zero dates stand together at an end."""
        for view in evidence.rooms:
            means = view.meaning
            if means is None or not means.is_judged or len(view.rooms) < 2:
                continue
            if (means.sort_key, means.sort_value) != (sort_key, direction):
                continue
            keys = [room.get(sort_key) for room in view.rooms]
            if not all(isinstance(text, str) for text in keys) or len(set(keys)) < 2:
                continue
            at = _misplaced([str(text) for text in keys], direction)
            yield (
                HELD
                if at is None
                else finding(
                    view,
                    f"the list is not ordered by {sort_key} {direction}",
                    received=f"{keys[at]} after {keys[at - 1]}",
                    expected=f"{sort_key} {'rising' if direction == 'asc' else 'falling'}",
                    json_path=f"$.data.chat_list[{at}].{sort_key}",
                )
            )

    return check


def _misplaced(keys: list[str], direction: str) -> int | None:
    """Index of the first key out of order; zero dates: lowest, or last (which one is open)."""
    falling = direction == "desc"
    if keys == sorted(keys, reverse=falling):
        return None
    real = [text for text in keys if text != ZERO_DATE]
    tail = keys[: len(real)] == real  # every zero date behind every real one
    if tail and real == sorted(real, reverse=falling):
        return None
    for index in range(1, len(keys)):
        before, after = keys[index - 1], keys[index]
        if ZERO_DATE in (before, after) and tail:
            continue
        if (before < after) if falling else (before > after):
            return index
    return 1


def _status_sound(evidence: Evidence) -> Iterator[Verdict]:
    """A filtered list holds only that status."""
    for view in evidence.rooms:
        means = view.meaning
        if means is None or not means.is_judged or means.status == 99 or not view.rooms:
            continue
        other = [i for i, room in enumerate(view.rooms) if str(room.get("status")) != str(means.status)]
        yield (
            finding(
                view,
                "a list filtered by status holds rooms of another status",
                received=f"status {shown('status', view.rooms[other[0]].get('status'))} in {len(other)} of "
                f"{len(view.rooms)} rooms",
                expected=f"only status {means.status}",
                json_path=f"$.data.chat_list[{other[0]}].status",
            )
            if other
            else HELD
        )


def _days_sound(evidence: Evidence) -> Iterator[Verdict]:
    """A list holds only rooms registered on the days asked for."""
    for view in evidence.rooms:
        means = view.meaning
        if means is None or not means.is_judged or not view.rooms:
            continue
        window = evidence.window(view)
        if window is None:
            continue
        first, last = (day.isoformat() for day in window)
        days = [room.get("reg_date") for room in view.rooms]
        outside = [
            i for i, text in enumerate(days) if isinstance(text, str) and not first <= text[:10] <= last
        ]
        yield (
            finding(
                view,
                "a list holds rooms that were registered on other days",
                received=f"reg_date {shown('reg_date', days[outside[0]])} in {len(outside)} of {len(view.rooms)} rooms",
                expected=f"{first} to {last}, both included",
                json_path=f"$.data.chat_list[{outside[0]}].reg_date",
                subject="today" if means.is_today else "",
            )
            if outside
            else HELD
        )


def _one_notation(evidence: Evidence) -> Iterator[Verdict]:
    """Numbers or text is open; but it is one of them."""
    first: tuple[str, RoomsView] | None = None
    for view in evidence.rooms:
        if not view.is_list:
            continue
        for name in HEAD:
            if name not in view.body["data"]:
                continue
            kind = "text" if isinstance(view.body["data"][name], str) else "number"
            first = first or (kind, view)
            if kind == first[0]:
                continue
            yield finding(
                view,
                f"{name} is written as {kind} here, though the head was written as {first[0]} before",
                received=f"{name} as {kind}",
                expected=f"{first[0]}, as elsewhere (the page shows both, but one at a time)",
                json_path=f"$.data.{name}",
                subject=name,
            )
        yield HELD


def _rule(
    name: str,
    sentence: str,
    check: Any,
    needs: str,
    by: tuple[str, ...] = (),
    akin: tuple[str, ...] = (),
) -> Rule:
    return Rule(
        id=f"rooms.{name}",
        endpoint="rooms",
        sentence=sentence,
        severity=Severity.BREAKING,
        needs=needs,
        check=check,
        explained_by=(*by, *akin),
        akin=akin,
    )


_STATUS_TROUBLE = ("rooms.field.text:status", "rooms.field.present:status", "rooms.field.code:status=*")
_REG_TROUBLE = ("rooms.field.*:reg_date",)
_COMPLATE_TROUBLE = ("rooms.field.*:complate_date",)
_ORDER = "sort_key, sort_value: 정렬 기준 (reg_date, complate_date), 정렬 방식 (asc, desc)."
_SHAPE = ("rooms.envelope:*",)

HEADS: Final = (
    _rule("envelope", 'Success is {"result":"success","data":{page, limit, total_count, chat_list}}.', _envelope,
          "an answer", (), ("rooms.failure.envelope",)),
    _rule("http_status", "result success: 성공.", _http_status, "a success"),
    _rule("notation", "page, limit, total_count: String in the dictionary, numbers in the example.", _one_notation,
          "a success", _SHAPE),
    _rule("echo.page", "page: 페이지 번호.", _echo("page"), "a success", _SHAPE),
    _rule("echo.limit", "limit: 한 페이지당 상담방 출력 수; 기본 10, 최대 50.", _echo("limit"), "a success", _SHAPE,
          ("rooms.echo.page",)),
    _rule("limit.most", "limit: 최대 50; at most 50 rooms come back whatever is asked.", _no_more_than_limit,
          "a success", (*_SHAPE, "rooms.echo.limit")),
    _rule("unique", "id: 상담방 ID; a room's id is unique.", _unique, "a list of two rooms", ("rooms.field.*:id",)),
)  # fmt: skip

_UNSTEADY: Final = ("rooms.same_answer", "rooms.read_only")

LISTS: Final = (
    _rule("status.sound", "status: a filtered list holds only that status.", _status_sound,
          "rooms under a status filter", _STATUS_TROUBLE, _UNSTEADY),
    _rule("dates.sound", "sdate, edate, ndate: 조회 일자; the days are those of registration, in Seoul.", _days_sound,
          "rooms", _REG_TROUBLE, ("rooms.dates.sound", "rooms.sense.*", *_UNSTEADY)),
    *(
        _rule(f"order.{sort_key}.{direction}", _ORDER, _order(sort_key, direction),
              f"two rooms with different {sort_key} in one list, {direction}", trouble,
              (f"rooms.order.*.{direction}", f"rooms.order.{sort_key}.*", "rooms.sense.*", *_UNSTEADY))
        for sort_key, trouble in (("reg_date", _REG_TROUBLE), ("complate_date", _COMPLATE_TROUBLE))
        for direction in ("asc", "desc")
    ),
    _rule("count", "total_count: 상담방 개수, every room that matches, not those on the page.", _arithmetic,
          "a success", (*_SHAPE, "rooms.limit.most", "rooms.echo.*", "rooms.unique"), _UNSTEADY),
)  # fmt: skip
