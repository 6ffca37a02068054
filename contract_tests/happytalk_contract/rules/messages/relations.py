"""Rules over several answers about system messages: the list and one by id, the same each time.

Source: system messages, Request.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from happytalk_contract.core.model import Finding
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import MessagesView
from happytalk_contract.rules.messages.fields import documented
from happytalk_contract.rules.rule import HELD, Doubt, Verdict, rule
from happytalk_contract.rules.telling import finding, shown

#: How many readings must change what is read, and nothing else do so.
ENOUGH: Final = 3


class Told(NamedTuple):
    """What an answer says, fields beyond the documentation aside."""

    kind: str
    code: Any
    messages: list[dict[str, Any]]

    @property
    def by_id(self) -> list[dict[str, Any]]:
        """Its messages, whatever their order."""
        return sorted(self.messages, key=lambda message: str(message.get("id")))


def _told(view: MessagesView) -> Iterator[Told]:
    yield Told(view.kind, view.fields.get("code"), [documented(message) for message in view.messages])


def _all_told(evidence: Evidence) -> dict[int, Told]:
    """What the answers say, by number."""
    told = evidence.said("messages.told", evidence.messages, _told)
    return {view.number: one for view, one in zip(evidence.messages, told, strict=True)}


@rule("messages.list_and_id", "messages asked by id", explained_by="normal by_id unique envelope:*")
def list_and_id(evidence: Evidence) -> Iterator[Verdict]:
    """By id that one message, whatever its status; never another sender's."""
    # By id a message of the list is found, the same; what is found with status A is in the list.
    told, listings = _all_told(evidence), evidence.listings
    numbers = [view.number for view in listings]
    for wanted, view in evidence.by_id:
        if not listings or view.kind not in ("success", "failure"):
            continue
        at = bisect(numbers, view.number)
        around = [told[number] for number in numbers[max(at - 1, 0) : at + 1]]
        is_bracketed = 0 < at < len(numbers) and around[0] == around[1]
        of_list = numbers[max(at - 1, 0)] if is_bracketed else numbers[0]
        near = told[of_list]
        entry = next((one for one in near.messages if str(one.get("id")) == str(wanted)), None)
        found = told[view.number].messages
        one = found[0] if len(found) == 1 else None
        if entry is None and (one is None or one.get("status") != "A"):
            continue
        if entry is not None and entry == one:
            yield HELD
        elif one is not None or not found:  # not the one message: another rule's business
            departs = _disagreeing(view, entry, one, of_list)
            yield departs if is_bracketed else Doubt(finding=departs)


def _disagreeing(
    view: MessagesView, entry: dict[str, Any] | None, one: dict[str, Any] | None, of_list: int
) -> Finding:
    at, expected = "$.data", "the message as listed"
    if entry is None:
        message = "a message with status A is found by id, and the sender's list lacks it"
        subject, received, expected = "listed", "status A by id", "not found, or in the sender's list too"
    elif one is None:
        message = "a message that the sender's list holds is not found by id"
        subject, received = "found", "no such message by id"
    else:
        message = "a message reads differently by id than in the sender's list"
        subject, name = (
            "content",
            next(name for name in sorted({*entry, *one}) if entry.get(name) != one.get(name)),
        )
        by_id, listed = (shown(name, said[name]) if name in said else "absent" for said in (one, entry))
        more = " of another content" if by_id == listed else ""
        received, expected, at = f"{name} {by_id}{more}", f"{listed}, as in the list", f"$.data[0].{name}"
    return finding(view, message, received, expected, at, subject=subject, after=(of_list,))


@rule("messages.read_only", "messages that change while they are read", sentence="Reading changes nothing.")
def read_only(evidence: Evidence) -> Iterator[Verdict]:
    """Asked twice at once and again after a longer wait, as with the room list."""
    told, views = _all_told(evidence), evidence.messages
    changed: list[MessagesView] = []
    moved = 0
    for one, two, three in zip(views, views[1:], views[2:], strict=False):
        if not one.asked == two.asked == three.asked or two.wait(three) < 3 * one.wait(two):
            continue
        if not (one.messages and two.messages and three.messages):
            continue
        at_once, waiting = (
            _distance(told[before.number], told[after.number]) for before, after in ((one, two), (two, three))
        )
        moved += waiting > at_once
        if at_once and waiting <= at_once:
            changed.append(two)
        yield HELD
    if len(changed) >= ENOUGH and not moved:
        yield finding(
            changed[0],
            "reading changes what is read",
            f"{len(changed)} times messages changed between two readings at once, "
            "and never more in a longer wait",
            "reading changes nothing",
            "$.data",
            more=tuple(view.number for view in changed[1:]),
        )


def _distance(one: Told, two: Told) -> int:
    """How many messages differ between two answers, place by place."""
    pairs = zip(one.messages, two.messages, strict=False)
    return sum(before != after for before, after in pairs) + abs(len(one.messages) - len(two.messages))


@rule("messages.same_answer", "a question asked twice")
def same_answer(evidence: Evidence) -> Iterator[Verdict]:
    """The answer is the same each time; any order, but stable."""
    told = _all_told(evidence)
    asked: dict[Any, list[MessagesView]] = defaultdict(list)
    for view in evidence.messages:
        if view.kind in ("success", "failure"):
            asked[view.asked].append(view)
    for views in asked.values():
        says = [told[view.number] for view in views]
        for at, view in enumerate(views[1:], 1):
            before, now = says[at - 1], says[at]
            if now == before:
                yield HELD
                continue
            reordered = before.kind == now.kind and before.by_id == now.by_id
            found = finding(
                view,
                "the same question is answered differently, though nothing changed",
                "the same messages in another order" if reordered else "another answer than before",
                "the same answer",
                "$.data",
                more=(views[at - 1].number,),
            )
            yield found if reordered or now in says[: at - 1] else Doubt(finding=found)
