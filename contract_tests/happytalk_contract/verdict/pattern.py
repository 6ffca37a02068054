"""How often a finding shows, and when: each time, now and then, since some request, by some connections only.

What depends on the question alone shows each time it is asked. Where the same question departs once and does not
at another time, the answer depends on something else, and that is the fault: a share of the answers, a moment, one
of two servers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any, Final, NamedTuple

from happytalk_contract.core.model import Finding, Window
from happytalk_contract.evidence.condition import condition, days, of_questions, parted
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.predictions import Comparison
from happytalk_contract.evidence.readings import Reading
from happytalk_contract.evidence.views import MessagesView, RoomsView
from happytalk_contract.rules.rule import HELD, Doubt, Rule, Verdict

#: How many answers of each kind make a pattern: of the same question, and of all.
ENOUGH: Final = 3
MANY: Final = 6
ORDINALS: Final = {2: "nd", 3: "rd"}


class Seen(NamedTuple):
    """One answer in which a finding could show."""

    view: RoomsView | MessagesView
    departs: bool


class Pattern(NamedTuple):
    """How often a finding shows."""

    text: str
    is_intermittent: bool
    is_since: bool = False  #: it shows each time from some request on, or until one
    condition: str = ""  #: what all questions have in common that show it, and no other
    share: str = ""  #: the text without that


def pattern(rule: Rule, finding: Finding, evidence: Evidence) -> Pattern:
    """Say how often `finding` shows; "" where it was looked for once only, or several answers show it together."""
    seen = (
        list(_predicted(finding, evidence))
        or list(_repeated(rule, finding, evidence))
        or list(_refused(rule, evidence))
        or list(_alone(rule, finding, evidence))
    )
    shown = [one for one in seen if one.departs]
    if not shown or len(seen) < 2:
        return Pattern("", is_intermittent=False)
    asked: dict[Any, dict[bool, set[Any]]] = defaultdict(lambda: {True: set(), False: set()})
    times: Counter[Any] = Counter(one.view.asked for one in shown)
    for one in seen:
        asked[one.view.asked][one.departs].add(one.view.exchange.response and one.view.exchange.response.body)
    share = f"in {len(shown)} of {len(seen)} answers where it could show"
    # One answer to one question may depart from what one list says and not from what another does.
    if any(ways[True] and ways[False] - ways[True] for ways in asked.values()):
        when = _when(seen, turns=ENOUGH)
        return Pattern(f"now and then: {share}{when.text}", is_intermittent=True, is_since=when.is_since)
    held = [one.view for one in seen if not one.departs]
    odd, even = of_questions([one.view for one in shown]), of_questions(held)
    if finding.kind == "strangers":  # lists of all rooms, that differ in their days alone
        told = parted([*map(tuple, map(days, odd))], [*map(tuple, map(days, even))], most=2)
    else:
        told = condition(odd, even)
    if told:
        text = f"{share}, each time with {told}, never otherwise"
        return Pattern(text, is_intermittent=False, condition=told, share=share)
    # What depends on the question alone can come at regular distances by chance: only many of them tell.
    if held and (when := _when(seen, turns=MANY)).text:
        return Pattern(f"{share}{when.text}", is_intermittent=True, is_since=when.is_since)
    most = max(times.values())
    return Pattern(f"{share}; {most} of {most} times that the same was asked" if most > 1 else share, False)


class When(NamedTuple):
    """What answers that depart have in common, but for what was asked."""

    text: str = ""
    is_since: bool = False  #: from some request on, or until one


def _when(seen: Sequence[Seen], *, turns: int) -> When:
    """What the answers that depart have in common, but for what was asked; `turns`: how many tell a
    regular one, few where the same question was answered both ways.
    """
    good = [one.view.number for one in seen if not one.departs]
    if good and min(good) > max(one.view.number for one in seen if one.departs):
        return When(f"; otherwise each time since request {min(good)}", is_since=True)
    firsts = {one.view.asked: one.view.number for one in reversed(seen)}
    again = [one for one in seen if one.view.number != firsts[one.view.asked]]
    if len(again) >= ENOUGH and all(one.departs == (one not in again) for one in seen):
        return When("; each time something is asked for the first time, never again")
    first = next(at for at, one in enumerate(seen) if one.departs)
    rest = seen[first:]
    if first >= MANY and len(rest) >= MANY and all(one.departs for one in rest):
        return When(f"; each time since request {seen[first].view.number}, never before", is_since=True)
    odd, even = (
        Counter(one.view.exchange.connection for one in seen if one.departs is way) for way in (True, False)
    )
    is_plain = all(sum(times > 1 for times in kind.values()) > 1 for kind in (odd, even))
    if turns == ENOUGH and is_plain and not odd.keys() & even.keys():
        some = ", ".join(map(str, sorted(odd)[:6]))
        return When(
            f"; by some connections each time ({some}), by the {len(even)} others never: two servers answer"
        )
    numbers = [one.view.number for one in seen if one.departs]
    # The numbers count all requests of a run, so what turns with each of them shows.
    every = next((step for step in range(20, 1, -1) if len({number % step for number in numbers}) == 1), None)
    if every and len(numbers) >= turns and len(seen) <= 2 * every * len(numbers):
        return When(f"; at every {every}{ORDINALS.get(every, 'th')} request")
    return When()


def _predicted(finding: Finding, evidence: Evidence) -> Iterator[Seen]:
    """Answers that a whole reading predicts, while the data stood still."""
    if finding.rule not in evidence.departures:
        return
    numbers = set(finding.exchanges)
    calm = [made for made in evidence.comparisons if made.is_calm]
    if finding.kind == "strangers":
        yield from _whole(numbers, calm, evidence)
        return
    if not any(made.view.number in numbers and made.departure for made in calm):
        return
    wanted = {made.traits for made in calm if made.view.number in numbers}
    common = frozenset.intersection(*wanted)
    for made in calm:
        if common <= made.traits and (made.departure is None or made.view.number in numbers):
            yield Seen(made.view, made.departure is not None)


def _whole(numbers: Set[int], calm: Iterable[Comparison], evidence: Evidence) -> Iterator[Seen]:
    """Whole lists, whether they lack what other answers show or not."""
    odd = {
        _content(made.reading)
        for made in calm
        if made.view.number in numbers and made.departure and made.departure.kind == "strangers"
    }
    held = {_content(made.reading) for made in calm if made.had_rooms}
    for reading in evidence.readings:
        if (content := _content(reading)) in odd | held:
            yield Seen(reading.views[0], content in odd)


def _content(reading: Reading) -> tuple[Window, frozenset[bytes]]:
    return reading.window, reading.contents


def _repeated(rule: Rule, finding: Finding, evidence: Evidence) -> Iterator[Seen]:
    """Of a question asked three times or more, which answer is not as most."""
    if not rule.id.endswith(".same_answer") or finding.kind == "since":
        return
    views: list[RoomsView | MessagesView] = [*evidence.rooms, *evidence.messages]
    shown = {view.asked for view in views if view.number in finding.exchanges}
    for asked in shown:
        same = [view for view in views if view.asked == asked]
        bodies = [repr(view.fields.get("data")) for view in same]
        usual, times = Counter(bodies).most_common(1)[0]
        if len(same) >= ENOUGH and times > 1:
            yield from (Seen(view, body != usual) for view, body in zip(same, bodies, strict=True))


def _refused(rule: Rule, evidence: Evidence) -> Iterator[Seen]:
    """Documented questions, refused or not."""
    if rule.id == "rooms.answered":
        plain = (view for view in evidence.rooms if view.is_plain and view.kind in ("success", "failure"))
        yield from (Seen(view, view.kind == "failure") for view in plain)


def _alone(rule: Rule, finding: Finding, evidence: Evidence) -> Iterator[Seen]:
    """Answers that show a finding by themselves, and those that could."""
    views: Sequence[RoomsView | MessagesView] = (
        evidence.rooms if rule.endpoint == "rooms" else evidence.messages
    )
    first = next((view for view in views if view.number in finding.exchanges), None)
    if first is None or not shows(rule, finding, first):
        return
    for view in views:
        if (departs := shows(rule, finding, view)) is not None:
            yield Seen(view, departs)


def shows(rule: Rule, finding: Finding, view: RoomsView | MessagesView) -> bool | None:
    """Whether one answer by itself shows a finding; None where it could not."""
    verdicts = list(rule.check(Evidence([view.exchange])))
    return _among(verdicts, finding) is not None if verdicts else None


def found_alone(rule: Rule, finding: Finding, view: RoomsView | MessagesView) -> Finding | None:
    """A finding as one answer by itself shows it; None where it does not."""
    return _among(rule.check(Evidence([view.exchange])), finding)


def _among(verdicts: Iterable[Verdict], finding: Finding) -> Finding | None:
    """What departs as `finding` does, doubtful or not."""
    told = (one.finding if isinstance(one, Doubt) else one for one in verdicts if one is not HELD)
    return next((one for one in told if _is_alike(one, finding)), None)


def _is_alike(one: Finding, finding: Finding) -> bool:
    """Whether one finding departs as another; of days that were asked for in any way, so does today alone."""
    of_days = one.kind == finding.kind == "days" and one.subject == "today"
    return of_days or (one.message, one.subject) == (finding.message, finding.subject)
