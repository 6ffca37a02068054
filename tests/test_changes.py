"""Changes by hand beside the data that is there by nature: what the next answer shows, by HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from admin_calls import KEY, OWN, Admin
from happytalk_mock.api.control import Control
from happytalk_mock.core.clock import ZERO_DATE
from happytalk_mock.state.settings import Settings

NOW = "2026-03-02T13:00:00+09:00"
EVERY_DAY = {"sdate": "2020-01-01", "edate": "2030-12-31"}
ENDS = ("zero", "real")


def admin_of(**chosen: Any) -> Admin:
    return Admin(Control(Settings(**{"rooms": 30, "days": 3, "now": NOW, **chosen}).mock()))


@pytest.fixture
def admin() -> Admin:
    return admin_of()


def everything(admin: Admin, token: str = OWN.token) -> list[dict[str, Any]]:
    data = admin.listed(token, **EVERY_DAY)
    assert data["total_count"] == len(data["chat_list"])
    rooms: list[dict[str, Any]] = data["chat_list"]
    return rooms


# --- rooms by hand and generated ones ----------------------------------------------------------------------


@pytest.mark.parametrize("way", ["changed", "deleted and added again", "added to a cleared tenant"])
def test_generating_anew_makes_no_second_room_of_an_id(admin: Admin, way: str) -> None:
    room_id = everything(admin)[0]["id"]
    if way == "changed":
        admin.call("PATCH", f"/rooms/{room_id}", {"title": "mine"})
    else:
        admin.call("DELETE", f"/rooms/{room_id}" if way.startswith("deleted") else "/rooms")
        admin.call("POST", "/rooms", {"id": room_id, "title": "mine"})
    admin.call("POST", "/generate", {})
    found = everything(admin)
    assert len(found) == len({room["id"] for room in found}) == 30
    assert [room["title"] for room in found if room["id"] == room_id] == ["mine"]
    admin.call("DELETE", f"/rooms/{room_id}")
    assert room_id not in {room["id"] for room in everything(admin)}
    admin.problem("GET", f"/rooms/{room_id}", status=404)


def test_a_tenant_that_was_deleted_has_no_old_data_under_any_token() -> None:
    admin = admin_of(any_token=True)
    before = everything(admin, "somebody")
    admin.call("POST", "/rooms?token=somebody", {"id": "mine"})
    admin.call("POST", "/tenants", {"token": "somebody", "empty": True})
    assert everything(admin, "somebody") == []
    admin.call("DELETE", "/tenants?token=somebody")
    assert everything(admin, "somebody") == before


@pytest.mark.parametrize("body", [{}, [], [{"title": "mine"}], "title", 5])
@pytest.mark.parametrize("what", ["rooms", "messages"])
def test_a_change_is_an_object_with_fields(admin: Admin, what: str, body: Any) -> None:
    each = everything(admin)[0]["id"] if what == "rooms" else admin.messages()[0]["id"]
    problem = admin.problem("PATCH", f"/{what}/{each}", body)
    assert problem["allowed"].startswith("an object with ")


def test_too_many_rooms_at_once_are_refused_before_any_is_made(admin: Admin) -> None:
    problem = admin.problem("POST", "/rooms", [{"count": 100_000}, {}])
    assert (problem["field"], problem["allowed"]) == ("rooms", "at most 100000 at once")
    assert len(everything(admin)) == 30


def test_an_end_may_be_told_from_the_registration_that_a_room_has_or_gets(admin: Admin) -> None:
    admin.call("POST", "/rooms", {"id": "mine", "status": "0", "reg_date": "2026-03-01 10:00:00"})
    ended = admin.call("PATCH", "/rooms/mine", {"status": "2", "complate_date": "+5m"})
    assert ended["complate_date"] == "2026-03-01 10:05:00"
    both = {"reg_date": "2026-03-01 09:00:00", "complate_date": "+90s"}
    assert admin.call("PATCH", "/rooms/mine", both)["complate_date"] == "2026-03-01 09:01:30"


# --- which end a room shows --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("status", "question"), [("3", "deleted_end_date"), ("4", "bot_ended_end_date")])
@pytest.mark.parametrize("answer", ["zero", "real", "mixed"])
@pytest.mark.parametrize("begun", ["1", "2"], ids=["open", "ended"])
def test_a_changed_status_ends_as_the_behaviour_says(
    admin: Admin, status: str, question: str, answer: str, begun: str
) -> None:
    admin.call("PATCH", "/behaviour", {question: answer})
    admin.call("POST", "/rooms", {"id": [f"room-{n}" for n in range(16)], "status": begun})
    changed = [admin.call("PATCH", f"/rooms/room-{n}", {"status": status}) for n in range(16)]
    zeros = sum(room["complate_date"] == ZERO_DATE for room in changed)
    if answer == "mixed":
        assert zeros == 0 if begun == "2" else 0 < zeros < 16  # one that ended keeps what it shows
    else:
        assert zeros == {"zero": 16, "real": 0}[answer]
    done = [admin.call("PATCH", f"/rooms/room-{n}", {"status": "2"}) for n in range(16)]
    assert all(room["complate_date"] >= room["reg_date"] for room in done)  # 2 has an end, whatever it had
    open_again = admin.call("PATCH", "/rooms/room-0", {"status": "1"})
    assert open_again["complate_date"] == ZERO_DATE


@pytest.mark.parametrize("scope", ["", "?token=happytalk-mock-token"], ids=["all", "tenant"])
def test_a_scenario_heeds_answers_that_shape_data_at_once(scope: str) -> None:
    admin = admin_of(scenario="statuses")

    def ends(status: str) -> list[bool]:
        # Rooms whose end the file leaves open.
        return [
            room["complate_date"] != ZERO_DATE
            for room in everything(admin)
            if room["status"] == status and room["reg_date"] >= "2026-03-02"
        ]

    kept = [room["id"] for room in everything(admin) if room["status"] == "2"]
    admin.call("PATCH", f"/rooms/{kept[0]}", {"title": "mine"})
    admin.call("DELETE", f"/rooms/{kept[1]}")
    order = [room["id"] for room in everything(admin)]
    for answer in (*ENDS, *ENDS):
        changed = {"deleted_end_date": answer, "bot_ended_end_date": answer}
        admin.call("PATCH", f"/behaviour{scope}", changed)
        assert ends("3") == ends("4") == [answer == "real"]
        assert [room["id"] for room in everything(admin)] == order
        assert admin.call("GET", f"/rooms/{kept[0]}")["title"] == "mine"
    admin.call("POST", "/reset", {})
    assert admin.call("GET", f"/rooms/{kept[1]}")["title"] != "mine"


@pytest.mark.slow
def test_a_scenario_heeds_parcel_w(tmp_path: Any) -> None:
    file = tmp_path / "many.toml"
    file.write_text('[[rooms]]\nday = "today"\ncount = 500\nstatus = 1\n')
    admin = admin_of(scenario=str(file))

    def seen() -> int:
        found = admin.call("GET", "/rooms?limit=1000")["rooms"]
        return sum(room["parcel_companycode"] == "W" for room in found)

    assert seen() > 5
    admin.call("PATCH", "/behaviour", {"parcel_w": "not_seen"})
    assert seen() == 0
    admin.call("DELETE", "/behaviour")
    assert seen() > 5


def test_a_scenario_counts_from_the_start_whoever_reads_first_and_when(tmp_path: Any) -> None:
    file = tmp_path / "relative.toml"
    file.write_text('[[rooms]]\nreg_date = "now-30m"\n[[rooms]]\nday = "today"\n')
    admin = admin_of(scenario=str(file), any_token=True, now="2026-03-02T13:00:00+09:00,ticking")
    early = [room["reg_date"][:16] for room in everything(admin)]
    admin.call("POST", "/clock/set", {"to": "2027-05-05T05:05:05+09:00"})
    assert [room["reg_date"][:16] for room in everything(admin, "late")] == early
    admin.call("POST", "/tenants", {"token": "later"})
    admin.call("POST", "/reset", {})
    for token in (OWN.token, "late", "later", "latest"):
        assert [room["reg_date"][:16] for room in everything(admin, token)] == early


# --- system messages ---------------------------------------------------------------------------------------


def test_a_message_added_early_hides_none_to_come(admin: Admin) -> None:
    later = [message["id"] for message in admin.call("GET", "/messages")["messages"]]
    admin.call("POST", "/clock/freeze", {"at": "2020-06-01 12:00:00"})
    early = {message["id"] for message in admin.call("GET", "/messages")["messages"]}
    assert 0 < len(early) < len(later)
    (added,) = admin.call("POST", "/messages", {"name": "mine"})["messages"]
    assert added["id"] not in later
    to_come = max(set(later) - early)
    problem = admin.problem("POST", "/messages", {"id": to_come, "name": "mine too"})
    assert problem["allowed"] == "an id that no message has"
    admin.call("POST", "/clock/freeze", {"at": NOW})
    found = {message["id"]: message["name"] for message in admin.call("GET", "/messages")["messages"]}
    assert found.keys() == {*later, added["id"]}
    assert [number for number, name in found.items() if name == "mine"] == [added["id"]]


def test_a_message_added_after_a_deletion_hides_none_that_may_come_back(admin: Admin) -> None:
    before = admin.call("GET", f"/messages?sender_key={KEY}")["messages"]
    admin.call("DELETE", f"/messages/{before[-1]['id']}")
    (added,) = admin.call("POST", "/messages", {"name": "mine"})["messages"]
    admin.call("POST", "/generate", {})
    assert admin.call("GET", "/messages")["messages"] == [*before, added]


# --- any changes at all, against a model -------------------------------------------------------------------

TOKEN = "somebody"
SIZES = ((12, 3), (5, 1), (20, 2))
MOMENTS = tuple(f"2026-03-{day:02d}T{hour}:00+09:00" for day in (1, 2, 3, 5) for hour in ("03:10", "13:00"))
_NATURAL: dict[tuple[Any, ...], list[dict[str, Any]]] = {}


def natural(scenario: str | None, size: tuple[int, int], answer: str, moment: str) -> list[dict[str, Any]]:
    """The rooms that a mock shows which nobody ever changed, the first registered first."""
    key = (scenario, size, answer, moment)
    if key not in _NATURAL:
        behaviour = {"deleted_end_date": answer, "bot_ended_end_date": answer}
        start = {"now": moment} if scenario is None else {"now": MOMENTS[0], "scenario": scenario}
        fresh = admin_of(rooms=size[0], days=size[1], behaviour=behaviour, any_token=True, **start)
        found = fresh.call("GET", f"/rooms?token={TOKEN}&limit=1000&sort_value=asc")["rooms"]
        _NATURAL[key] = found
    return _NATURAL[key]


class AnyChanges(RuleBasedStateMachine):
    """Admin calls of any kind in any order, and a model that keeps what each should leave behind."""

    scenario: str | None = None

    @initialize()
    def start(self) -> None:
        more = {} if self.scenario is None else {"scenario": self.scenario}
        self.admin = admin_of(rooms=SIZES[0][0], days=SIZES[0][1], now=MOMENTS[0], any_token=True, **more)
        self.numbers = iter(range(1 << 30))
        self.moment, self.answer = MOMENTS[0], "real"
        self.admin.call("PATCH", "/behaviour", {"deleted_end_date": "real", "bot_ended_end_date": "real"})
        self.afresh()

    def afresh(self, *, empty: bool = False) -> None:
        """A tenant as at the beginning, or without data."""
        self.size: tuple[int, int] | None = SIZES[0] if self.scenario is None and not empty else None
        self.hidden: set[str] = set()
        self.by_hand: dict[str, tuple[int, dict[str, Any] | None]] = {}  # place and room; None: by nature
        if self.scenario is not None and not empty:
            for room in natural(self.scenario, SIZES[0], self.answer, MOMENTS[0]):
                self.by_hand[room["id"]] = next(self.numbers), None

    def generated(self, moment: str | None = None) -> list[dict[str, Any]]:
        if self.size is None:
            return []
        return natural(None, self.size, self.answer, moment or self.moment)

    def visible(self) -> list[dict[str, Any]]:
        """The rooms to be seen, by registration; at equal seconds generated ones first."""
        found = [
            ((room["reg_date"], 0, number), room)
            for number, room in enumerate(self.generated())
            if room["id"] not in self.hidden
        ]
        initial = (
            {room["id"]: room for room in natural(self.scenario, SIZES[0], self.answer, MOMENTS[0])}
            if self.scenario
            else {}
        )
        for room_id, (place, room) in self.by_hand.items():
            shown = initial[room_id] if room is None else room
            found.append(((shown["reg_date"], 1, place), shown))
        return [room for _, room in sorted(found, key=lambda each: each[0])]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        mark = "&" if "?" in path else "?"
        return self.admin.raw(method, f"{path}{mark}token={TOKEN}", body)

    @rule(
        which=st.sampled_from(("new", "visible", "hidden", "to come")),
        pick=st.integers(0, 1000),
        status=st.sampled_from(("0", "2", "3")),
        day=st.sampled_from(("2026-02-28 13:00:00", "2026-03-01 00:00:00", "now")),
    )
    def add(self, which: str, pick: int, status: str, day: str) -> None:
        ids = {
            "new": [f"h{next(self.numbers)}"],
            "visible": [room["id"] for room in self.visible()],
            "hidden": sorted(self.hidden - self.by_hand.keys()),
            "to come": [room["id"] for room in self.generated(MOMENTS[-1])],
        }[which]
        if not ids:
            return
        room_id = ids[pick % len(ids)]
        taken = room_id in self.by_hand or (which != "new" and room_id not in self.hidden)
        made = self.call("POST", "/rooms", {"id": room_id, "status": status, "reg_date": day})
        assert made.status_code == (400 if taken else 201), made.text
        if not taken:
            self.by_hand[room_id] = next(self.numbers), made.json["rooms"][0]

    @rule(
        pick=st.integers(0, 1000),
        fields=st.sampled_from(({"title": "mine"}, {"status": "3"}, {"status": "1"}, {"id": ""})),
    )
    def change(self, pick: int, fields: dict[str, str]) -> None:
        rooms = self.visible()
        if not rooms:
            return
        old = rooms[pick % len(rooms)]
        fields = {"id": f"h{next(self.numbers)}"} if "id" in fields else fields
        new = self.call("PATCH", f"/rooms/{old['id']}", fields)
        assert new.status_code == 200, new.text
        follows = {"complate_date": new.json["complate_date"]} if "status" in fields else {}
        assert new.json == {**old, **fields, **follows}
        place = self.forget(old["id"])
        self.by_hand[new.json["id"]] = (next(self.numbers) if place is None else place), new.json

    @rule(pick=st.integers(0, 1000))
    def delete(self, pick: int) -> None:
        rooms = self.visible()
        if rooms:
            room_id = rooms[pick % len(rooms)]["id"]
            assert self.call("DELETE", f"/rooms/{room_id}").status_code == 200
            assert self.call("DELETE", f"/rooms/{room_id}").status_code == 404
            self.forget(room_id)

    def forget(self, room_id: str) -> int | None:
        """Where the room stood if it was made by hand."""
        if room_id not in self.by_hand:
            self.hidden.add(room_id)
            return None
        return self.by_hand.pop(room_id)[0]

    @rule()
    def clear(self) -> None:
        assert self.call("DELETE", "/rooms").status_code == 200
        self.size, self.hidden, self.by_hand = None, set(), {}

    @rule(size=st.sampled_from(SIZES))
    def generate(self, size: tuple[int, int]) -> None:
        found = self.call("POST", "/generate", {"rooms": size[0], "days": size[1]})
        self.size, self.hidden = size, set(self.by_hand)
        assert found.json == {"rooms": len(self.visible())}

    @rule(to=st.sampled_from(("seed", "empty")))
    def reset(self, to: str) -> None:
        assert self.call("POST", "/reset", {"to": to, "only": ["data"]}).status_code == 200
        self.afresh(empty=to == "empty")

    @rule(answer=st.sampled_from(ENDS))
    def answer_otherwise(self, answer: str) -> None:
        changed = {"deleted_end_date": answer, "bot_ended_end_date": answer}
        self.admin.call("PATCH", "/behaviour", changed)
        self.answer = answer

    @rule(moment=st.sampled_from(MOMENTS))
    def set_clock(self, moment: str) -> None:
        self.admin.call("POST", "/clock/freeze", {"at": moment})
        self.moment = moment

    @rule(empty=st.booleans())
    def add_tenant(self, empty: bool) -> None:
        self.admin.call("POST", "/tenants", {"token": TOKEN, "empty": empty})
        self.afresh(empty=empty)

    @rule()
    def delete_tenant(self) -> None:
        self.admin.raw("DELETE", f"/tenants?token={TOKEN}")
        self.afresh()

    @invariant()
    def every_list_is_the_models(self) -> None:
        if not hasattr(self, "admin"):
            return
        for sort_key in ("reg_date", "complate_date"):
            expected = sorted(self.visible(), key=lambda room: str(room[sort_key]))  # stable, as ties are
            for sort_value in ("asc", "desc"):
                data = self.admin.listed(TOKEN, **EVERY_DAY, sort_key=sort_key, sort_value=sort_value)
                assert data["total_count"] == len(expected)
                assert data["chat_list"] == expected[:50]
                expected.reverse()
        for room in expected[::5]:
            assert self.call("GET", f"/rooms/{room['id']}").json == room
        (tenant,) = [
            each for each in self.admin.call("GET", "/tenants")["tenants"] if each["token"] != OWN.token
        ]
        assert (tenant["rooms"], tenant["by_hand"]) == (len(expected), len(self.by_hand))


class AnyChangesToAScenario(AnyChanges):
    scenario = "statuses"


for machine in (AnyChanges, AnyChangesToAScenario):
    machine.TestCase.settings = settings(max_examples=12, stateful_step_count=20)
TestAnyChanges = pytest.mark.slow(AnyChanges.TestCase)
TestAnyChangesToAScenario = pytest.mark.slow(AnyChangesToAScenario.TestCase)
