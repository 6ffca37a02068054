"""What a fault is, and the small words that fault tables are written in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .data import STAMP, ZERO, Room

Test = Callable[..., bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One departure from the documentation.

    ``breaks`` is the statement ("rooms-5": the fifth stated line on the chat room list); ``severity`` is what
    the kit should call it; ``clock`` sets the hour at which it can show; ``blind`` says why no client that
    knows only its credentials can see it, "" when one can.
    """

    name: str
    breaks: str
    says: str
    stage: str
    do: Callable[..., Any]
    severity: str = "breaking"
    clock: str = ""
    blind: str = ""


def always(*_: Any) -> bool:
    """The condition that always holds."""
    return True


def put(name: str, change: Callable[[Any], Any], where: Test = always) -> Callable[..., None]:
    """Change the value of one field, on the rooms or messages where ``where(ask, item)`` holds."""

    def do(ask: Any, item: Room) -> None:
        if name in item and where(ask, item):
            item[name] = change(item[name])

    return do


def null(name: str, where: Test = always) -> Callable[..., None]:
    """Make one field null."""
    return put(name, lambda _: None, where)


def drop(*names: str, where: Test = always) -> Callable[..., None]:
    """Leave fields out."""

    def do(ask: Any, item: Room) -> None:
        if where(ask, item):
            for name in names:
                item.pop(name, None)

    return do


def rename(old: str, new: str, where: Test = always) -> Callable[..., None]:
    """Call a field by another name."""

    def do(ask: Any, item: Room) -> None:
        if old in item and where(ask, item):
            item[new] = item.pop(old)

    return do


def swap(one: str, other: str, where: Test = always) -> Callable[..., None]:
    """Exchange the values of two fields."""

    def do(ask: Any, item: Room) -> None:
        if where(ask, item):
            item[one], item[other] = item[other], item[one]

    return do


def number(text: Any) -> Any:
    """Numeric text as a number, anything else as it is."""
    return int(text) if isinstance(text, str) and text.lstrip("-").isdecimal() else text


def moved(hours: float = 0, seconds: float = 0) -> Callable[[Any], Any]:
    """A change that moves a time; the zero date and null stay."""

    def change(text: Any) -> Any:
        if not text or text == ZERO:
            return text
        return (datetime.strptime(text, STAMP) + timedelta(hours=hours, seconds=seconds)).strftime(STAMP)

    return change


def restamped(form: str) -> Callable[[Any], Any]:
    """A change that writes a time in another form; the zero date and null stay."""

    def change(text: Any) -> Any:
        return datetime.strptime(text, STAMP).strftime(form) if text and text != ZERO else text

    return change


def by_end_asc(ask: Any) -> bool:
    """The condition that the list is asked for by complate_date asc."""
    return ask.by_end and ask.sort_value == "asc"


def status_is(*statuses: str) -> Test:
    """The condition that the room has one of the statuses."""
    return lambda _, room: room["status"] in statuses


def is_open(_: Any, room: Room) -> bool:
    """The condition that the room is waiting or in progress."""
    return room["status"] in ("0", "1", "-1", "-2")


def one_in(count: int) -> Test:
    """The condition that holds for one room or message in ``count``, always the same ones."""
    return lambda _, item: sum(map(ord, str(item["id"]))) % count == 0
