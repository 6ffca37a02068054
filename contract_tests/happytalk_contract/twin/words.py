"""Failures and envelopes word for word, by what they are about."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import MessagesView, RoomsView
from happytalk_contract.rules.answers import failures, messages
from happytalk_contract.twin.model import Answers, Refused, predictions
from happytalk_contract.twin.pseudonyms import Originals, Pseudonyms
from happytalk_contract.twin.world import World

#: The documented fields around lists.
DOCUMENTED: Final[Mapping[str, frozenset[str]]] = {
    "rooms": frozenset({"result", "data"}),
    "data": frozenset({"page", "limit", "total_count", "chat_list"}),
    "messages": frozenset({"code", "data", "message"}),
}
_ALL: Final = frozenset().union(*DOCUMENTED.values())
#: Stands for the number of pages of a list.
PAGES: Final = "${pages}"
#: Stands for the value that a failure repeats.
VALUE: Final = "{value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One answer as it came."""

    status: int
    content_type: str
    body: str
    exchanges: tuple[int, ...]
    is_steady: bool  #: all answers about the same were the same


def failing(
    evidence: Evidence, answers: Answers, world: World | None, words: Pseudonyms
) -> dict[str, dict[str, Words]]:
    """The failures of both endpoints by what they are about; those of a parameter by its name too."""
    found: dict[str, dict[str, list[Any]]] = {"rooms": defaultdict(list), "messages": defaultdict(list)}
    for view in (*evidence.rooms, *evidence.elsewhere):
        for about in _about(view, answers, world):
            found["rooms"][about].append(view)
    for seen in evidence.messages:
        if seen.kind == "failure" and (cause := messages.cause(evidence, seen)):
            found["messages"][cause].append(seen)
    return {
        endpoint: {about: _worded(about, views, words) for about, views in sorted(by_cause.items())}
        for endpoint, by_cause in found.items()
    }


def _about(view: RoomsView, answers: Answers, world: World | None) -> Iterator[str]:
    """What a failure is about, the general first; nothing for a success."""
    is_astray = view.exchange.request.suffix or view.exchange.request.method != "POST"
    if view.kind != "failure" and not (is_astray and view.status >= 400):
        return
    cause = failures.cause(view)
    if not cause and view.exchange.request.suffix:
        return
    if cause:
        yield cause
    if world is not None and cause == "parameter" and view.params is not None:
        expected = predictions(view.params, answers, world)
        causes = {one.cause for one in expected if isinstance(one, Refused)}
        if len(causes) == 1 and len(expected) == 1:
            yield from causes


def _worded(about: str, views: Sequence[RoomsView | MessagesView], words: Pseudonyms) -> Words:
    """What came most often; where answers repeat what was asked, with a sign in its place."""
    told = {view.number: _told(view) for view in views}
    if len(set(told.values())) > 1 and "." in about:
        given = {view.number: _given(view, about.partition(".")[2]) for view in views}
        repeating = {view.number for view in views if _told(view, given[view.number]) != told[view.number]}
        # A value that is met by chance, such as 0, says nothing: two different ones must be, and most that are.
        if len({given[number] for number in repeating}) > 1 and 2 * len(repeating) > len(views):
            told = {view.number: _told(view, given[view.number]) for view in views}
    kinds = Counter(told.values())
    (status, content_type, body), _times = kinds.most_common(1)[0]
    return Words(
        status=status,
        content_type=content_type,
        body=words.spoken(body),
        exchanges=tuple(number for number, one in told.items() if one == (status, content_type, body))[:3],
        is_steady=len(kinds) == 1,
    )


def _told(view: RoomsView | MessagesView, given: str = "") -> tuple[int, str, str]:
    answer = view.exchange.response
    if answer is None:
        return 0, "", ""
    body = answer.body.decode("utf-8", "replace")
    if given:
        body = re.sub(rf"(?<![\w.+-]){re.escape(given)}(?!\w)", lambda _: VALUE, body, flags=re.ASCII)
    return answer.status, answer.headers.get("content-type", ""), body


def _given(view: RoomsView | MessagesView, name: str) -> str:
    """The value of a parameter as an answer in JSON repeats it; "" for none."""
    value = (view.params or {}).get(name) if isinstance(view, RoomsView) else None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(text, ensure_ascii=False)[1:-1] if value is not None else ""


def around(evidence: Evidence, words: Pseudonyms) -> dict[str, dict[str, str]]:
    """The fields around a success that the documentation does not have, as JSON text; "" for none.

    What changes from one answer to the next is left out.
    """
    rooms = [view for view in evidence.rooms if view.is_list]
    pages = [-(-(view.total or 0) // view.limit) if view.limit else None for view in rooms]
    found = {
        "rooms": {
            "top": _constant([view.fields for view in rooms], DOCUMENTED["rooms"], None, words),
            "data": _constant([view.fields["data"] for view in rooms], DOCUMENTED["data"], pages, words),
        },
        "messages": {"top": _constant(_successes(evidence.messages), DOCUMENTED["messages"], None, words)},
    }
    return {name: told for name, told in found.items() if any(told.values())}


def changing(evidence: Evidence) -> frozenset[str]:
    """The fields around answers that no page has and that change from one answer to the next."""
    values: dict[str, set[str]] = defaultdict(set)
    for view in (*evidence.rooms, *evidence.messages):
        data = view.fields.get("data")
        for fields in (view.fields, data if isinstance(data, dict) else {}):
            for name in fields.keys() - _ALL:
                values[name].add(repr(fields[name]))
    told = around(evidence, Originals())
    steady = {
        name for places in told.values() for text in places.values() if text for name in orjson.loads(text)
    }
    return frozenset(name for name, some in values.items() if len(some) > 1 and name not in steady)


def _successes(views: list[MessagesView]) -> list[Mapping[str, Any]]:
    return [view.fields for view in views if view.kind == "success"]


def _constant(
    objects: list[Any], known: frozenset[str], pages: list[int | None] | None, words: Pseudonyms
) -> str:
    kept: dict[str, Any] = {}
    for name in dict.fromkeys(name for one in objects for name in one if name not in known):
        values = [one.get(name) for one in objects]
        if all(value == values[0] for value in values) and len(values) > 1:
            kept[name] = words.around(values[0])
        if pages is not None and len(set(pages)) > 1 and values == pages:
            kept[name] = PAGES
    return orjson.dumps(kept).decode() if kept else ""
