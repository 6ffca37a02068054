"""Doubts looked into: ask again, read again, and see whether the data stood still.

A doubtful answer B becomes a finding only as A, B, A with both A equal, and B asked at least twice.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from happytalk_contract.core.errors import BudgetSpent
from happytalk_contract.core.events import FindingMade, PhaseStarted
from happytalk_contract.core.model import FAIL_ON, Finding, Request, Severity, Window, within
from happytalk_contract.engine.scout import Account, ranged, read
from happytalk_contract.engine.session import Desk
from happytalk_contract.engine.shrink import BUDGET, OF_MESSAGES, shrink
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import MessagesView, RoomsView
from happytalk_contract.rules.catalogue import RELATIONS
from happytalk_contract.rules.rule import Rule
from happytalk_contract.verdict.fold import fold
from happytalk_contract.verdict.judge import least

#: Doubts looked into at once, and how often one is tried before it stays unjudged.
MOST_DOUBTS: Final = 6
MOST_ROUNDS: Final = 3
#: Exchanges of one doubt that are asked again, and the pages that a window of its own may take.
MOST_AGAIN: Final = 4
SHORT: Final = 5
AROUND: Final = 2  #: those of a window that is read for the sake of the least request
#: Findings whose request is shrunk.
MOST_SHRUNK: Final = 2
#: How often the least request is asked once more: whether it departs each time is to be told.
CONFIRMED: Final = 2
#: Requests that shrinking one takes: the search, and looking again at what it ends with.
SHRINKING: Final = BUDGET + CONFIRMED + SHORT + 2 * AROUND
#: Days read for the sake of the reading.
EXPERIMENTS: Final = 7


class Settler:
    """Looks again where something seems to depart."""

    def __init__(self, desk: Desk, *, stops_at: frozenset[Severity] = frozenset()) -> None:
        """Look through `desk`; `stops_at`: the severities at whose first finding asking ends."""
        self.desk = desk
        self.stops_at = stops_at
        self._tries: dict[object, int] = {}
        self._may_spend = desk.left // 5
        self._experimented = self._messages_tried = False
        self.told: dict[str, Finding] = {}

    @property
    def has_drift(self) -> bool:
        """Whether something was found that fails a run."""
        return any(one.severity in FAIL_ON for one in self.told.values())

    def look(self) -> None:
        """Judge what is there, and tell what is found; what is doubtful waits. Raises `BudgetSpent`, see `stops_at`."""
        self._open_doubts()

    def settle(self, account: Account | None) -> None:
        """Judge what is there; look again at what is doubtful."""
        for _round in range(MOST_ROUNDS):
            doubts = self._open_doubts()
            if not doubts or self._may_spend <= 0:
                return
            self.desk.tell(PhaseStarted, f"looking again at {len(doubts)} answers that seem to depart")
            before = self.desk.left
            self._look_again(doubts, account)
            self._may_spend -= before - self.desk.left

    @property
    def to_shrink(self) -> int:
        """How many requests to keep back for shrinking what was found so far."""
        # Asked at every step: nothing is judged anew for it.
        worth = self._worth_shrinking({})
        return sum(SHRINKING if one.rule.startswith("rooms.") else OF_MESSAGES for one, _rule in worth)

    def _worth_shrinking(self, now: Mapping[str, Finding]) -> list[tuple[Finding, Rule]]:
        """The findings that lead, as far as a smaller request may show them, each as it is `now` and with its rule."""
        rules = {rule.id: rule for rule in self.desk.bench.rules}
        found = [
            now.get(name, one)
            for name, one in self.told.items()
            if one.severity in FAIL_ON and one.request is not None
        ]
        return [(one, rules[one.rule]) for one in fold(found, rules)][:MOST_SHRUNK]

    def shrink(self, account: Account) -> None:
        """Look for the least request behind what was found, then confirm it as any other doubt."""
        now = {one.signature: one for one in self.desk.assess().findings}  # as the least shows it so far
        for finding, rule in self._worth_shrinking(now):
            if self.desk.left < SHRINKING:
                continue
            self.desk.tell(PhaseStarted, f"looking for the least request behind {finding.rule}")
            smallest = shrink(self.desk, least(rule, finding, self.desk.evidence), rule, account)
            if smallest and smallest[-1].endpoint == "messages":
                self.desk.ask(smallest[-1])
            elif smallest:
                self._confirm(finding, rule, account, smallest)

    def _confirm(self, finding: Finding, rule: Rule, account: Account, smallest: Sequence[Request]) -> None:
        """Ask the least request again, and where several answers are compared read whole lists before and after."""
        # A relation is told by a whole reading on either side: a short one where the days are few, for the reader.
        last = self.desk.kept(smallest[-1])
        window = account.window if last is None or last.window is None else last.window
        if finding.kind == "strangers" and window[0] == window[1]:  # what a range lacks, a short one shows
            window = (window[0] - timedelta(days=1), window[1])
        is_compared = rule in RELATIONS or len(smallest) > 1
        own = [window] * (is_compared and window != account.window and self._is_short(window, AROUND))
        for days in own:
            read(self.desk, days)
        for _turn in range(CONFIRMED):
            for request in smallest:
                self.desk.ask(replace(request, why="the least request that departs"))
        for days in (*own, account.window) if is_compared else ():
            read(self.desk, days)

    def _moves(self) -> bool:
        """Whether past days were read twice and were not the same."""
        past = [one for one in self.desk.evidence.readings if one.window[1] < self.desk.today()]
        return len({one.window for one in past}) < len({(one.window, one.contents) for one in past})

    def _experiment(self, account: Account) -> None:
        """Does reading change what is read? Past days twice at once, and once more after a wait."""
        self.desk.tell(PhaseStarted, "past days changed: does reading change them?")
        for window in self._fresh(account):
            params = {**ranged(window), "limit": 50}
            began = time.monotonic()
            view = self.desk.rooms(params, "days read for the first time")
            if not view.rooms:
                continue
            self.desk.rooms(params, "the same days at once")
            self.desk.sleep(min(2.0, max(0.15, 4 * (time.monotonic() - began))))
            self.desk.rooms(params, "the same days after a wait")

    def _experiment_with_messages(self) -> None:
        """Does reading change the messages? The list twice at once, and once more after a wait."""
        first = next((view for view in self.desk.evidence.messages if view.message_id is None), None)
        if first is None or self._messages_tried:
            return
        self._messages_tried = True
        for _turn in range(4):
            began = time.monotonic()
            self.desk.ask(first.exchange.request)
            took = time.monotonic() - began
            self.desk.ask(first.exchange.request)
            self.desk.sleep(min(2.0, max(0.15, 4 * took)))
            self.desk.ask(first.exchange.request)

    def _fresh(self, account: Account) -> list[Window]:
        """Past days outside the window that was read, newest first, a few at a time."""
        first, last = account.span[0], min(account.span[1], self.desk.today() - timedelta(days=1))
        days = [last - timedelta(days=back) for back in range((last - first).days + 1)]
        days = [day for day in days if not within((day, day), account.window)] or days
        size = max(1, min(3, len(days) // EXPERIMENTS))
        groups = [days[at : at + size] for at in range(0, len(days), size)]
        return [(min(group), max(group)) for group in groups[:EXPERIMENTS]]

    def _open_doubts(self) -> list[Finding]:
        assessment = self.desk.assess()
        for finding in assessment.findings:
            if finding.signature not in self.told:
                self.told[finding.signature] = finding
                self.desk.tell(FindingMade, f"{finding.rule}: {finding.message}", finding=finding)
                if finding.severity in self.stops_at:
                    raise BudgetSpent("something departs (--fail-fast)")
        chosen: dict[object, Finding] = {}
        rules: dict[str, int] = {}
        for doubt in sorted(assessment.doubts, key=lambda doubt: len(doubt.subject)):
            if doubt.request is None or doubt.signature in self.told:
                continue
            asked = key(doubt.request)
            if self._tries.get(asked, 0) >= MOST_ROUNDS or asked in chosen or rules.get(doubt.rule, 0) >= 2:
                continue
            rules[doubt.rule] = rules.get(doubt.rule, 0) + 1
            chosen[asked] = doubt
        return list(chosen.values())[:MOST_DOUBTS]

    def _look_again(self, doubts: list[Finding], account: Account | None) -> None:
        """First all within one bracket of the window; then each that needs it in a bracket of its own."""
        tight = []
        for doubt in doubts:
            asked = key(doubt.request) if doubt.request is not None else None
            self._tries[asked] = self._tries.get(asked, 0) + 1
            window = self.desk.evidence.window_of(doubt)
            inside = account is not None and window is not None and within(window, account.window)
            if window is not None and (self._tries[asked] > 1 or not inside):
                tight.append((doubt, window, inside))
                continue
            self._ask_again(doubt)
            if doubt.rule.startswith("messages."):
                self._read_messages()
        if any(doubt.rule == "messages.same_answer" for doubt in doubts):
            self._experiment_with_messages()
        if account is not None:
            read(self.desk, account.window)
            if not self._experimented and self._moves():
                self._experimented = True
                self._experiment(account)
        for doubt, window, inside in tight:
            if inside:
                self._read_if_short(window)
            self._ask_again(doubt)
            self._read_if_short(window)

    def _view(self, number: int) -> RoomsView | MessagesView:
        seen: list[RoomsView | MessagesView] = [*self.desk.evidence.rooms, *self.desk.evidence.messages]
        return next(view for view in seen if view.number == number)

    def _ask_again(self, doubt: Finding) -> None:
        for number in doubt.exchanges[:MOST_AGAIN]:
            self.desk.ask(self._view(number).exchange.request)

    def _is_short(self, window: Window, pages: int) -> bool:
        """Whether a window can be read whole in few pages."""
        # What departs may be the count itself: the least that any answer said decides.
        totals = [
            view.total or 0
            for view in self.desk.evidence.rooms
            if view.is_list and view.window == window and view.meaning and view.meaning.status == 99
        ]
        return min(totals, default=0) <= 50 * pages

    def _read_if_short(self, window: Window) -> None:
        """Read a window whole unless that takes many pages."""
        if self._is_short(window, SHORT):
            read(self.desk, window)

    def _read_messages(self) -> None:
        """Ask for the sender's list again, as it was asked first."""
        first = next((view for view in self.desk.evidence.messages if view.message_id is None), None)
        if first is not None:
            self.desk.ask(first.exchange.request)
