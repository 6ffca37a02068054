"""The patient reader for system messages."""

from collections.abc import Callable, Iterator
from typing import Any

from .judge import Problem, document_of, is_time
from .wire import Reply, Request

CODES = {"status": {"A", "T", "S"}, "inspectStatus": {"REG", "REQ", "APR", "REJ"}}
TYPES = {"ST", "S1", "S2", "S3", "S4", "S5", "ED", "ER", "BL", "SB"}
LINKS = {
    "WL": {"linkMobile", "linkPc"},
    "AL": {"linkIos", "linkAndroid"},
    "BK": set[str](),
    "MD": set[str](),
}
Item = dict[str, Any]


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _not_of(item: Item, statement: str, **kinds: Callable[[Any], bool]) -> Iterator[Problem]:
    for name, is_fine in kinds.items():
        if name not in item or not is_fine(item[name]):
            yield statement, f"{name}: {item.get(name)!r:.60}"


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _in(codes: set[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in codes


def _all_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _time_if_any(value: Any) -> bool:
    return value in (None, "") or is_time(value)


def message_problems(item: Any) -> Iterator[Problem]:
    """What is wrong with one message."""
    if not isinstance(item, dict):
        yield "messages-4", "a message is no object"
        return
    before = [
        *_not_of(item, "messages-4", id=_is_number, name=_is_text, createdAt=is_time, modifiedAt=is_time),
        *_not_of(item, "messages-4", inspectRequestAt=_time_if_any, inspectedAt=_time_if_any),
        *_not_of(item, "messages-4", messages=_all_objects, comments=_all_objects),
        *_not_of(item, "messages-4", **{name: _in(codes) for name, codes in CODES.items()}),
    ]
    yield from before
    if before:
        return
    if item["modifiedAt"] < item["createdAt"]:
        yield "messages-8", "modified before created"
    if item["inspectedAt"] and item["inspectedAt"] < (item["inspectRequestAt"] or ""):
        yield "messages-8", "inspected before requested"
    if item["inspectStatus"] in ("APR", "REJ") and not item["inspectedAt"]:
        yield "messages-4", "judged, but never inspected"
    for part in item["messages"]:
        yield from _part_problems(part)
    for comment in item["comments"]:
        yield from _not_of(comment, "messages-7", id=_is_number, userName=_is_text, createdAt=is_time)
        yield from _not_of(comment, "messages-7", content=lambda v: v is None or _is_text(v))
        yield from _not_of(comment, "messages-7", status=_in({"APR", "REJ", "INQ"}))


def _part_problems(part: Item) -> Iterator[Problem]:
    yield from _not_of(part, "messages-5", messageType=_in(TYPES), content=_is_text, buttons=_all_objects)
    buttons = part.get("buttons")
    if part.get("messageType") in ("S5", "BL", "SB") and buttons:
        yield "messages-5", f"{part['messageType']} with a button"
    for button in buttons if _all_objects(buttons) and buttons else ():
        yield from _not_of(
            button, "messages-6", ordering=_is_number, linkName=_is_text, linkType=_in(set(LINKS))
        )
        for name in ("linkMobile", "linkPc", "linkIos", "linkAndroid"):
            used = name in LINKS.get(str(button.get("linkType")), ())
            if not isinstance(button.get(name, 0 if used else None), str | None):
                yield "messages-6", f"{name}: {button.get(name)!r:.60}"


class MessageJudge:
    """Judges the system messages of one sender; lazy like the other judge."""

    def __init__(self, handle: Callable[[Request], Reply], credentials: tuple[str, str], sender: str) -> None:
        self._handle, self._sender = handle, sender
        self._headers = dict(zip(("ht-client-id", "ht-client-secret"), credentials, strict=True))
        self._seen: list[Problem] = []

    def problems(self) -> Iterator[Problem]:
        """Everything that does not hold, statement first."""
        for part in (self._list, self._ids, self._access):
            for problem in part():
                yield from self._drain()
                yield problem
            yield from self._drain()

    def _drain(self) -> Iterator[Problem]:
        seen, self._seen = self._seen, []
        yield from seen

    def ask(self, headers: dict[str, str] | None = None, **query: str) -> list[Item] | None:
        """The messages of a success after judging each; None for a failure."""
        headers = {**(self._headers if headers is None else headers), "accept-encoding": "gzip"}
        path = "/kakaoWebhook/v3/bzmc/sm"
        try:
            document = document_of(
                self._handle(Request(method="GET", path=path, headers=headers, query=query))
            )
        except ValueError as error:
            self._seen.append(("messages-3", str(error)[:80]))
            return None
        code = document.get("code") if isinstance(document, dict) else None
        if isinstance(code, str) and code != "200" and isinstance(document.get("message"), str):
            return None
        data = document.get("data") if code == "200" else None
        if not isinstance(data, list):
            self._seen.append(("messages-3", f"{document!r:.80}"))
            return None
        for item in data:
            self._seen += message_problems(item)
        return None if self._seen else data

    def _list(self) -> Iterator[Problem]:
        self.listed = self.ask(senderKey=self._sender) or []
        if any(item["status"] != "A" for item in self.listed):
            yield "messages-2", "a status other than A is listed"
        if len({item["id"] for item in self.listed}) < len(self.listed):
            yield "messages-2", "a message twice"
        for _ in range(7):
            if (self.ask(senderKey=self._sender) or []) != self.listed:
                yield "messages-2", "another list for the same question"

    def _ids(self) -> Iterator[Problem]:
        by_id = {item["id"]: item for item in self.listed}
        low, high = min(by_id, default=100), max(by_id, default=101)
        for number in range(low - 3, high + 4):
            found = self.ask(senderKey=self._sender, id=str(number))
            if number in by_id and found != [by_id[number]]:
                yield "messages-2", f"id {number} is not that of the list"
            for item in found or () if number not in by_id else ():
                if len(found or ()) > 1 or item["id"] != number or item["status"] == "A":
                    yield "messages-2", f"id {number} shows what the list does not"
        for text in ("17", "abc", "", "-1", "99999999999", "1e3"):
            found = self.ask(senderKey=self._sender, id=text)
            if text == "17" and found:
                yield "messages-2", "an id that nobody has"

    def _access(self) -> Iterator[Problem]:
        good = self._headers
        bad: list[dict[str, str]] = [{}, dict.fromkeys(good, "x"), dict.fromkeys(good, "")]
        bad += [{**good, name: "x"} for name in good]
        bad += [{other: good[other] for other in good if other != name} for name in good]
        first = str(self.listed[0]["id"]) if self.listed else "1"
        for headers in bad:
            for query in ({}, {"id": first}):
                if self.ask(headers, senderKey=self._sender, **query) is not None:
                    yield "messages-1", "taken without the right headers"
        if self.ask() is not None:
            yield "messages-1", "taken without senderKey"
        for sender in ("nobody", self._sender[:-3]):
            if self.ask(senderKey=sender):
                yield "messages-2", "an unknown sender has messages"
