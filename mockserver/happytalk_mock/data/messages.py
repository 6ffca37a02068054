"""System messages: generated ones by sender key, and whole ones around the few fields somebody gave.

A generated message has fixed days of making, request and inspection, and shows what has happened by the clock:
before its inspection it waits for it, before it was made it is not there. So an answer is a function of
(seed, sender key, clock), and no date lies in the future.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from ..core.chance import mix, number_of
from ..core.clock import DAY, day_number, parse_second, second_text
from ..spec.vocabulary import BUTTONLESS_TYPES, Message
from .pools.notices import DEFAULT_CONTENT, DEFAULT_LINK_NAME, INSPECTOR, NOTICES, Link, Notice, Remark
from .pools.people import FAMILY_NAMES, GIVEN_NAMES
from .pools.trades import TRADES

_HOUR: Final = 3600
#: Where a sender's ids begin: one of this many places, each with room for its messages.
_PLACES: Final = 300_000
_ROOM: Final = 32
#: Hand-made messages without dates were made and inspected then, as the documented one was.
_HAND_MADE: Final = "2019-10-31 18:26:12"


def messages_of(seed: int, sender_key: str, now: int) -> list[Message]:
    """The generated messages of a sender as they are at wall second `now`, by id, whatever their status.

    Ids differ between sender keys. From 2022 on every status, inspect status, message type, link type and
    comment status occurs; before 2019 there are none.
    """
    key = number_of("messages", seed, sender_key)
    shops = TRADES[key % len(TRADES)].shop_names
    shop = shops[(key >> 8) % len(shops)]
    made = (
        _generated(notice, _ROOM + key % _PLACES * _ROOM + place, shop, now)
        for place, notice in enumerate(NOTICES)
    )
    return [message for message in made if message is not None]


def _generated(notice: Notice, number: int, shop: str, now: int) -> Message | None:
    chance = mix(number)
    created = day_number(date.fromisoformat(notice.created)) * DAY + 9 * _HOUR + chance % (8 * _HOUR)
    if created > now:
        return None
    modified = created + (chance >> 16) % 1800
    requested = None
    if notice.requested is not None:
        asked = modified + notice.requested * _HOUR + (chance >> 30) % 900
        requested = asked if asked <= now else None
    said: list[tuple[int, Remark]] = []
    inspected, verdict = None, "REG" if requested is None else "REQ"
    if requested is not None:
        heard = ((requested + r.hours * _HOUR + (chance >> 42) % 1500, r) for r in notice.remarks)
        said = [(when, remark) for when, remark in heard if when <= now]
    for when, remark in said:
        if remark.status != "INQ":
            inspected, verdict = when, remark.status
    stopped = None if inspected is None else inspected + 30 * DAY
    status = notice.status if stopped is not None and stopped <= now else "A"
    last = stopped if status != "A" else inspected or requested or modified
    return {
        "id": number,
        "name": notice.name,
        "status": status,
        "createdAt": second_text(created),
        "modifiedAt": second_text(min(last or modified, now)),
        "inspectStatus": verdict,
        "inspectRequestAt": _text(requested),
        "inspectedAt": _text(inspected),
        "messages": _parts(notice, shop),
        "comments": [
            _comment(number * 8 + place, remark, when, chance) for place, (when, remark) in enumerate(said)
        ],
    }


def _comment(number: int, remark: Remark, when: int, chance: int) -> dict[str, Any]:
    return {
        "id": number,
        "content": remark.content,
        "userName": _writer(chance) if remark.by_shop else INSPECTOR,
        "createdAt": second_text(when),
        "status": remark.status,
    }


def _parts(notice: Notice, shop: str) -> list[dict[str, Any]]:
    return [
        {
            "messageType": kind,
            "content": content.replace("{상점}", shop),
            "buttons": [_button(link, place) for place, link in enumerate(links, 1)],
        }
        for kind, content, links in notice.parts
    ]


def _text(second: int | None) -> str | None:
    return None if second is None else second_text(second)


def _writer(chance: int) -> str:
    family = FAMILY_NAMES[(chance >> 8) % len(FAMILY_NAMES)]
    return family + GIVEN_NAMES[(chance >> 20) % len(GIVEN_NAMES)]


def _button(link: Link, ordering: int) -> dict[str, Any]:
    """A button with the links that its type uses; the others are None."""
    web, app = link.kind == "WL", link.kind == "AL"
    return {
        "ordering": ordering,
        "linkType": link.kind,
        "linkName": link.name,
        "linkMobile": f"https://m.shop.example.com{link.path}" if web else None,
        "linkPc": f"https://www.shop.example.com{link.path}" if web else None,
        "linkIos": f"shopexample://{link.path}" if app else None,
        "linkAndroid": f"shopexample://{link.path}" if app else None,
    }


# --- hand-made ones ---


def complete_message(partial: Mapping[str, Any], key: int, *, now: int | None = None) -> Message:
    """A whole message around the given fields, which are kept; what is left out agrees with them.

    `key` gives the id where none is given. Dates that are not given follow from those that are; with none
    given they lie in 2019, or before `now` (wall second) if that is earlier.
    Raises ValueError where a given date is no `Y-m-d H:i:s`.
    """
    comments = list(partial.get("comments") or ())
    inspection = partial.get("inspectStatus") or _inspection(partial, comments)
    dates = _dates(partial, inspection, now)
    if "comments" not in partial and inspection in ("APR", "REJ"):
        comments = [{"status": inspection}]
    number = partial.get("id", key)
    message: Message = {
        "id": number,
        "name": f"system-message-{number}",
        "status": "A",
        "createdAt": dates["createdAt"],
        "modifiedAt": dates["modifiedAt"],
        "inspectStatus": inspection,
        "inspectRequestAt": dates["inspectRequestAt"],
        "inspectedAt": dates["inspectedAt"],
        **{name: value for name, value in partial.items() if name not in ("messages", "comments")},
    }
    parts = partial.get("messages")
    message["messages"] = [_whole_part(part) for part in ([{}] if parts is None else parts)]
    message["comments"] = [
        _whole_comment(comment, number * 8 + place if isinstance(number, int) else place, message)
        for place, comment in enumerate(comments)
    ]
    return message


def _inspection(partial: Mapping[str, Any], comments: Iterable[Mapping[str, Any]]) -> str:
    """The inspect status that the other fields speak of; with none, an approved message."""
    judged = [comment.get("status") for comment in comments if comment.get("status") in ("APR", "REJ")]
    if judged:
        return str(judged[-1])
    if "inspectedAt" in partial and partial["inspectedAt"] is None:
        return "REQ" if partial.get("inspectRequestAt") else "REG"
    return "APR"


def _dates(partial: Mapping[str, Any], inspection: str, now: int | None) -> dict[str, str | None]:
    """The four dates in their order, around the given ones."""
    given = {
        name: parse_second(partial[name])
        for name in ("createdAt", "inspectRequestAt", "inspectedAt", "modifiedAt")
        if partial.get(name)
    }
    start = min(given.values(), default=parse_second(_HAND_MADE))
    if not given and now is not None:
        start = min(start, now - 60)
    created = given.get("createdAt", start)
    requested = inspected = None
    if inspection != "REG" or "inspectRequestAt" in given:
        latest = min((given[name] for name in ("inspectedAt", "modifiedAt") if name in given), default=None)
        requested = given.get(
            "inspectRequestAt", created + 16 if latest is None else min(created + 16, latest)
        )
    if requested is not None and (inspection in ("APR", "REJ") or "inspectedAt" in given):
        inspected = given.get("inspectedAt", requested + 5)
    modified = given.get("modifiedAt", max(created, requested or 0, inspected or 0))
    return {
        "createdAt": second_text(created),
        "modifiedAt": second_text(modified),
        "inspectRequestAt": _text(requested),
        "inspectedAt": _text(inspected),
    }


def _whole_part(partial: Mapping[str, Any]) -> dict[str, Any]:
    kind = partial.get("messageType", "ST")
    buttons = [] if kind in BUTTONLESS_TYPES else partial.get("buttons") or []
    return {
        "messageType": kind,
        "content": DEFAULT_CONTENT.get(kind, DEFAULT_CONTENT["ST"]),
        **partial,
        "buttons": [_whole_button(button, place) for place, button in enumerate(buttons, 1)],
    }


def _whole_button(partial: Mapping[str, Any], ordering: int) -> dict[str, Any]:
    kind = partial.get("linkType")
    if kind is None:
        kind = "AL" if partial.get("linkIos") or partial.get("linkAndroid") else "WL"
    name = DEFAULT_LINK_NAME.get(kind, DEFAULT_LINK_NAME["WL"])
    path = "/" if kind == "WL" else "home"
    return {**_button(Link(kind=kind, name=name, path=path), ordering), **partial}


def _whole_comment(partial: Mapping[str, Any], number: int, message: Mapping[str, Any]) -> dict[str, Any]:
    status = partial.get("status", "INQ")
    when = message["inspectRequestAt"] if status == "INQ" else message["inspectedAt"]
    return {
        "id": number,
        "content": None,
        "userName": INSPECTOR,
        "createdAt": when or message["modifiedAt"],
        "status": status,
        **partial,
    }
