"""Faults: what is written, when it strikes, what the client gets; and the Prefer header."""

from __future__ import annotations

import statistics
import threading
from random import Random
from typing import Any

import orjson
import pytest

from happytalk_mock.core.errors import ChangeError, NotFoundError
from happytalk_mock.core.exchange import JSON_TYPE, Answer
from happytalk_mock.core.waiting import Wait
from happytalk_mock.faults import effects as disturbances
from happytalk_mock.faults import faults, prefer
from happytalk_mock.faults.effects import EFFECTS, FAILURES, FAULT_NAMES, Delay, Disturbance, Situation
from happytalk_mock.faults.faults import Faults, Strike
from happytalk_mock.spec.behaviour import Behaviour

HONEST = Answer(200, (("Content-Type", JSON_TYPE),), orjson.dumps({"result": "success", "data": {}}))


def situation(endpoint: str = "rooms", **more: Any) -> Situation:
    given: dict[str, Any] = {"honest": lambda: HONEST, "behaviour": Behaviour(), "wait": Wait({}), "cause": 1}
    return Situation(endpoint=endpoint, **(given | more))


def struck(written: dict[str, Any], endpoint: str = "rooms", **more: Any) -> Answer:
    return disturbances.parse(written).strike(situation(endpoint, **more))


def take(made: Faults, endpoint: str = "rooms", token: str | None = None) -> Strike | None:
    return made.take(endpoint, token)


def ids(strike: Strike | None) -> tuple[int, ...]:
    return strike.ids if strike else ()


# --- what the client gets ----------------------------------------------------------------------------------


def test_429_has_retry_after_by_itself() -> None:
    answer = struck({"status": 429})
    assert answer.status == 429
    assert dict(answer.headers)["Retry-After"] == "1"
    assert dict(struck({"status": 429, "retry_after": 7}).headers)["Retry-After"] == "7"
    assert "Retry-After" not in dict(struck({"status": 429, "retry_after": None}).headers)
    assert "Retry-After" not in dict(struck({"status": 500}).headers)
    assert dict(struck({"status": 503, "retry_after": 0}).headers)["Retry-After"] == "0"


@pytest.mark.parametrize(("endpoint", "code"), [(name, code) for name in FAILURES for code in FAILURES[name]])
def test_every_documented_failure(endpoint: str, code: str) -> None:
    answer = struck({"failure": code}, endpoint)
    expected = {"code": int(code), "result": "fail"} if endpoint == "rooms" else {"code": code}
    assert answer.status == 200
    assert orjson.loads(answer.body) == {**expected, "message": FAILURES[endpoint][code]}
    assert struck({"failure": int(code)}, endpoint) == answer


def test_a_failure_has_the_http_status_of_the_behaviour() -> None:
    assert struck({"failure": -501}, behaviour=Behaviour().but({"failure_http_status": 401})).status == 401
    answers = {"message_failure_http_status": 400, "message_failure_http_status.headers": 403}
    behaviour = Behaviour().but(answers)
    assert struck({"failure": 403}, "messages", behaviour=behaviour).status == 403
    assert struck({"failure": 520}, "messages", behaviour=behaviour).status == 400


def test_bodies_that_are_no_answer() -> None:
    assert struck({"fault": "empty-body"}).body == b""
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(struck({"fault": "malformed-json"}).body)
    page = struck({"fault": "wrong-content-type"})
    assert dict(page.headers)["Content-Type"].startswith("text/html")
    assert page.body.startswith(b"<!DOCTYPE html>")


def test_a_body_that_is_no_json_lacks_its_last_brace_and_no_more() -> None:
    assert struck({"fault": "malformed-json"}).body == HONEST.body[:-1]
    spaced = HONEST._replace(body=HONEST.body + b" \n")
    assert struck({"fault": "malformed-json"}, honest=lambda: spaced).body == HONEST.body[:-1]


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (400, "HTTP 400"),
        (429, "Too Many Requests"),
        (500, "Internal Server Error"),
        (502, "Bad Gateway"),
        (503, "Service Unavailable"),
        (504, "Gateway Timeout"),
    ],
)
def test_a_status_is_a_failure_of_its_endpoint(status: int, says: str) -> None:
    answers = {endpoint: struck({"status": status}, endpoint) for endpoint in FAILURES}
    assert {answer.status for answer in answers.values()} == {status}
    assert orjson.loads(answers["rooms"].body) == {"result": "fail", "code": status, "message": says}
    assert orjson.loads(answers["messages"].body) == {"code": str(status), "message": says}
    assert Disturbance(effect="status").strike(situation()).status == 500


@pytest.mark.parametrize(
    ("fault", "share", "end"), [("truncated-body", 0.5, "cut"), ("connection-reset", 0, "reset")]
)
def test_bodies_that_break_off(fault: str, share: float, end: str) -> None:
    delivery = struck({"fault": fault}).delivery
    assert delivery is not None
    assert (delivery.announced, delivery.end) == (len(HONEST.body), end)
    assert len(b"".join(frame.data for frame in delivery.frames)) == int(len(HONEST.body) * share)


def test_a_trickle_is_whole_and_takes_its_time() -> None:
    delivery = struck({"fault": "slow-trickle", "seconds": 3}, cause=7).delivery
    assert delivery is not None
    assert delivery.end == "whole"
    assert b"".join(frame.data for frame in delivery.frames) == HONEST.body
    assert len(delivery.frames) > 10
    assert sum(frame.pause[7] for frame in delivery.frames) == pytest.approx(3)


def test_without_an_effect_the_answer_is_honest() -> None:
    assert struck({"delay": 1}) == HONEST


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_is_read_back_as_it_is_written(name: str) -> None:
    written: dict[str, Any] = {
        "status": {"status": 503, "retry_after": 4},
        "failure": {"failure": -504},
        "rate_limit": {"rate_limit": "60/min"},
        "slow-trickle": {"fault": name, "seconds": 2.5},
    }.get(name, {"fault": name})
    assert disturbances.parse(written).payload() == written


# --- delays ------------------------------------------------------------------------------------------------


def test_delays_are_spread_as_asked() -> None:
    random = Random(1)
    assert Delay(kind="fixed", first=1.5).draw(random) == 1.5
    uniform = [Delay(kind="uniform", first=1, second=3).draw(random) for _ in range(500)]
    assert 1 <= min(uniform) < 1.1
    assert 2.9 < max(uniform) <= 3
    lognormal = [Delay(kind="lognormal", first=0.2, second=0.5).draw(random) for _ in range(2000)]
    assert statistics.median(lognormal) == pytest.approx(0.2, rel=0.1)
    assert max(lognormal) > 0.6
    by_percentiles = disturbances.parse({"delay": {"median_ms": 80, "p99_ms": 900}}).delay
    assert by_percentiles is not None
    drawn = sorted(by_percentiles.draw(random) for _ in range(20_000))
    assert drawn[10_000] == pytest.approx(0.08, rel=0.05)
    assert drawn[19_800] == pytest.approx(0.9, rel=0.15)
    endless = [Delay(kind="lognormal", first=100, second=10).draw(random) for _ in range(20)]
    assert max(endless) == 300.0 == disturbances.MAX_DELAY


@pytest.mark.parametrize(
    ("written", "payload"),
    [
        (1.5, {"fixed": 1.5}),
        ({"fixed": 2}, {"fixed": 2.0}),
        ({"uniform": [0.5, 2]}, {"uniform": [0.5, 2.0]}),
        ({"lognormal": {"median": 0.3, "sigma": 0.4}}, {"lognormal": {"median": 0.3, "sigma": 0.4}}),
        ({"median_ms": 80, "p99_ms": 900.1}, {"median_ms": 80.0, "p99_ms": 900.1}),
        ({"median_ms": 80, "p99_ms": 80}, {"median_ms": 80.0, "p99_ms": 80.0}),
        ({"median_ms": 0.1234567, "p99_ms": 0.1234567}, {"median_ms": 0.123457, "p99_ms": 0.123457}),
        ({"uniform": [2, 2]}, {"uniform": [2.0, 2.0]}),
        (300, {"fixed": 300.0}),
    ],
)
def test_delays_are_read(written: Any, payload: Any) -> None:
    assert disturbances.parse({"delay": written}).payload() == {"delay": payload}


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({}, "fault"),
        ({"times": 2}, "fault"),
        ({"status": None}, "fault"),
        ({"status": 200}, "status"),
        ({"status": "429"}, "status"),
        ({"status": True}, "status"),
        ({"failure": -500}, "failure"),
        ({"failure": "token"}, "failure"),
        ({"failure": [1]}, "failure"),
        ({"failure": -501, "endpoint": "messages"}, "failure"),
        ({"fault": "empty"}, "fault"),
        ({"fault": "status"}, "fault"),
        ({"status": 429, "fault": "empty-body"}, "fault"),
        ({"delay": 301}, "delay"),
        ({"delay": -1}, "delay"),
        ({"delay": float("nan")}, "delay"),
        ({"delay": "1"}, "delay"),
        ({"delay": {"normal": 1}}, "delay"),
        ({"delay": {"uniform": [2, 1]}}, "delay.uniform"),
        ({"delay": {"uniform": [1]}}, "delay.uniform"),
        ({"delay": {"uniform": [1, 301]}}, "delay.uniform"),
        ({"delay": {"lognormal": {"median": 1}}}, "delay.lognormal"),
        ({"delay": {"fixed": 1, "uniform": [1, 2]}}, "delay"),
        ({"delay": {}}, "delay"),
        ({"delay": {"lognormal": {"median": 1, "sigma": -1}}}, "delay.lognormal.sigma"),
        ({"delay": {"median_ms": 900, "p99_ms": 80}}, "delay.p99_ms"),
        ({"delay": {"median_ms": 0, "p99_ms": 80}}, "delay.median_ms"),
        ({"delay": {"median_ms": 80, "fixed": 1}}, "delay"),
        ({"delay": {"median_ms": 80}}, "delay"),
        ({"rate_limit": "60"}, "rate_limit"),
        ({"rate_limit": "0/s"}, "rate_limit"),
        ({"rate_limit": 60}, "rate_limit"),
        ({"rate_limit": "60/min", "status": 429}, "rate_limit"),
        ({"rate_limit": "60/min", "retry_after": 3}, "retry_after"),
        ({"delay": {"lognormal": {"median": 1, "sigma": 10.5}}}, "delay.lognormal.sigma"),
        ({"delay": 1, "retry_after": 1}, "retry_after"),
        ({"status": 429, "retry_after": "soon"}, "retry_after"),
        ({"fault": "empty-body", "seconds": 1}, "seconds"),
        ({"status": 500, "times": 0}, "times"),
        ({"status": 500, "times": True}, "times"),
        ({"status": 500, "times": 10**400}, "times"),
        ({"status": 500, "probability": 1.1}, "probability"),
        ({"status": 500, "endpoint": "room"}, "endpoint"),
        ({"status": 500, "tenant": ""}, "tenant"),
        ({"status": 500, "ttl": -1}, "ttl"),
        ({"status": 500, "seed": 1.5}, "seed"),
        ({"stauts": 500}, "stauts"),
    ],
)
def test_what_is_refused_leaves_nothing(written: dict[str, Any], field: str) -> None:
    made = Faults(1)
    with pytest.raises(ChangeError) as caught:
        made.add(written)
    assert caught.value.field == field
    assert list(made) == []
    assert made.live == ()


@pytest.mark.parametrize(
    ("written", "received"),
    [
        ({"status": 500, "times": "twice"}, '"twice"'),
        ({"status": 500, "tenant": 12}, "12"),
        ({"status": 500, "tenant": ""}, "…(0)"),
    ],
)
def test_what_was_received_is_told_but_of_a_token_its_length(written: dict[str, Any], received: str) -> None:
    with pytest.raises(ChangeError) as caught:
        Faults(1).add(written)
    assert caught.value.received == received


def test_a_misspelt_field_is_answered_with_the_right_one() -> None:
    with pytest.raises(ChangeError, match="did you mean status"):
        Faults(1).add({"stauts": 500})


# --- when they strike --------------------------------------------------------------------------------------


def test_the_next_n_requests() -> None:
    made = Faults(1)
    fault = made.add({"status": 500, "times": 2})
    assert [ids(take(made)) for _ in range(4)] == [(1,), (1,), (), ()]
    assert (fault.uses, fault.remaining, fault.active) == (2, 0, False)
    assert made.live == ()
    assert [each.id for each in made] == [1]  # still listed


def test_effects_wait_for_each_other_and_delays_add_up() -> None:
    made = Faults(1)
    made.add({"status": 500, "times": 1, "delay": 1})
    made.add({"delay": 2})
    made.add({"status": 429, "times": 1})
    first, second, third = take(made), take(made), take(made)
    assert first is not None
    assert (first.ids, sum(first.wait.seconds.values()), first.disturbance.status) == ((1, 2), 3.0, 500)
    assert second is not None
    assert (second.ids, sum(second.wait.seconds.values()), second.disturbance.status) == ((2, 3), 2.0, 429)
    assert third is not None
    assert (third.ids, sum(third.wait.seconds.values()), third.disturbance.effect) == ((2,), 2.0, None)


def test_only_one_endpoint() -> None:
    made = Faults(1)
    made.add({"status": 500, "endpoint": "messages"})
    assert ids(take(made, "rooms")) == ()
    assert ids(take(made, "messages")) == (1,)


def test_a_failure_is_for_the_endpoint_that_has_it() -> None:
    made = Faults(1)
    assert made.add({"failure": -501}).endpoint == "rooms"
    assert made.add({"failure": "508"}).endpoint == "messages"
    assert ids(take(made, "messages")) == (2,)


def test_only_one_tenant() -> None:
    made = Faults(1)
    made.add({"status": 500, "tenant": "a"})
    assert ids(take(made, token="b")) == ()
    assert ids(take(made, token=None)) == ()
    assert ids(take(made, token="a")) == (1,)


def test_a_time_to_live(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(faults, "machine_time", lambda: now[0])
    made = Faults(1)
    fault = made.add({"status": 500, "ttl": 5})
    now[0] = 104.9
    assert ids(take(made)) == (1,)
    now[0] = 105.0
    assert ids(take(made)) == ()
    assert not fault.active
    assert made.live == ()


def test_a_rate_is_each_customers_own(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(faults, "machine_time", lambda: now[0])
    made = Faults(1)
    fault = made.add({"rate_limit": "2/min"})

    def refused(token: str | None) -> str | None:
        strike = take(made, token=token)
        if strike is None:
            return None
        answer = strike.disturbance.strike(situation())
        assert answer.status == 429
        return dict(answer.headers)["Retry-After"]

    assert [refused("a"), refused("a"), refused("a"), refused("b"), refused(None)] == [
        None,
        None,
        "60",
        None,
        None,
    ]
    now[0] = 130.5
    assert [refused("a"), refused("b"), refused("b")] == ["30", None, "30"]
    now[0] = 159.9
    assert refused("a") == "1"
    now[0] = 160.0
    assert [refused("a"), refused("a"), refused("a")] == [None, None, "60"]
    assert fault.uses == 5
    assert fault.payload()["rate_limit"] == "2/min"


def test_a_rate_counts_what_gets_through_to_it() -> None:
    made = Faults(1)
    made.add({"status": 500, "times": 1, "endpoint": "rooms"})
    made.add({"rate_limit": "1/h", "endpoint": "rooms", "delay": 0.5})
    assert [ids(take(made)), ids(take(made, "messages")), ids(take(made))] == [(1,), (), ()]
    limited = take(made)
    assert limited is not None
    assert limited.wait.seconds == {2: 0.5}


def test_a_probability_repeats_under_its_seed() -> None:
    def struck_ones(seed: int | None) -> list[bool]:
        made = Faults(1)
        made.add({"status": 500, "probability": 0.3, "seed": seed})
        return [take(made) is not None for _ in range(1000)]

    assert struck_ones(7) == struck_ones(7)
    assert struck_ones(None) == struck_ones(None)
    assert struck_ones(7) != struck_ones(8)
    assert 250 < sum(struck_ones(7)) < 350


def test_probability_0_never_and_1_always() -> None:
    made = Faults(1)
    made.add({"status": 500, "probability": 0})
    made.add({"delay": 0.5, "probability": 1})
    assert {ids(take(made)) for _ in range(50)} == {(2,)}


def test_what_was_dumped_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(faults, "machine_time", lambda: now[0])
    made, other = Faults(1), Faults(1)
    made.remove(made.add({"status": 400}).id)
    made.add({"status": 500, "times": 2, "ttl": 60, "endpoint": "messages"})
    made.add({"rate_limit": "2/min", "endpoint": "rooms"})
    made.add({"delay": 0.5, "probability": 0.5, "endpoint": "rooms"})
    for endpoint in ("messages", "rooms", "rooms", "rooms"):
        take(made, endpoint)
    other.take_up(orjson.loads(orjson.dumps(made.dump())))
    for _ in range(30):
        now[0] += 5
        for endpoint in ("messages", "rooms"):
            assert ids(take(other, endpoint)) == ids(take(made, endpoint))
    assert [(each.id, each.uses) for each in other] == [(each.id, each.uses) for each in made]
    assert other.add({"status": 400}).id == made.add({"status": 400}).id == 5


def test_unused_ones_are_known() -> None:
    made = Faults(1)
    made.add({"status": 500, "tenant": "a"})
    made.add({"status": 500, "tenant": "b"})
    take(made, token="a")
    assert [(each.id, each.tenant) for each in made if not each.uses] == [(2, "b")]


def test_removing_and_clearing() -> None:
    made = Faults(1)
    for tenant in ("a", "b", None):
        made.add({"status": 500, "tenant": tenant})
    made.remove(1)
    with pytest.raises(NotFoundError, match="id: received 1; allowed: 2, 3"):
        made.get(1)
    assert made.clear("b") == 1
    assert [each.id for each in made.live] == [3]
    assert made.clear() == 1
    assert take(made) is None


def test_a_token_is_masked() -> None:
    fault = Faults(1).add({"status": 500, "tenant": "token-of-a-customer"})
    assert fault.payload()["tenant"] == "toke…(19)"


def test_there_is_an_end_to_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "MAX_FAULTS", 2)
    made = Faults(1)
    made.add({"status": 500, "times": 1})
    made.add({"status": 500})
    with pytest.raises(ChangeError, match="clear some first"):
        made.add({"status": 500})
    take(made)
    made.add({"status": 500})
    assert [each.id for each in made] == [2, 3]


def test_threads_use_a_fault_as_often_as_it_says() -> None:
    made = Faults(1)
    fault = made.add({"status": 500, "times": 100})
    hits: list[Strike | None] = []

    def ask() -> None:
        hits.extend([take(made) for _ in range(50)])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(hit is not None for hit in hits) == fault.uses == 100


# --- Prefer ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("code=429", Disturbance(effect="status", status=429, retry_after=1)),
        (
            "code=-501, delay=1.5",
            Disturbance(effect="failure", failure="-501", delay=Delay(kind="fixed", first=1.5)),
        ),
        ("code=429, retry-after=none", Disturbance(effect="status", status=429)),
        ("status=503, retry-after=9", Disturbance(effect="status", status=503, retry_after=9)),
        ("fault=empty-body", Disturbance(effect="empty-body")),
        ('Fault="truncated-body"; x=1', Disturbance(effect="truncated-body")),
        ("fault=slow-trickle, seconds=0.5", Disturbance(effect="slow-trickle", seconds=0.5)),
        ("delay=0", Disturbance(delay=Delay(kind="fixed", first=0))),
        ("", None),
        ("code=200", None),
        ("return=minimal, respond-async, wait=10", None),
        ("return=minimal, code=500", Disturbance(effect="status", status=500)),
    ],
)
def test_prefer(header: str, expected: Disturbance | None) -> None:
    assert prefer.parse(header, "rooms") == expected


def test_a_code_that_is_also_an_http_status_is_the_documented_failure() -> None:
    assert prefer.parse("code=403", "messages") == Disturbance(effect="failure", failure="403")
    assert prefer.parse("code=403", "rooms") == Disturbance(effect="status", status=403)
    assert prefer.parse("code=508", "rooms") == Disturbance(effect="status", status=508)
    assert prefer.parse("status=403", "messages") == Disturbance(effect="status", status=403)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("code=999", "Prefer: code"),
        ("code=-501x", "Prefer: code"),
        ("code=-600", "Prefer: code"),
        ("code", "Prefer: code"),
        ("cod=429", "Prefer: cod"),
        ("delay=61", "Prefer: delay"),
        ("delay=-1", "Prefer: delay"),
        ("delay=1e3", "Prefer: delay"),
        ("fault=nothing", "Prefer: fault"),
        ("retry-after=1", "Prefer: retry-after"),
        ("code=429, fault=empty-body", "Prefer: fault"),
        ("example=a", "Prefer: example"),
    ],
)
def test_prefer_refused(header: str, field: str) -> None:
    with pytest.raises(ChangeError) as caught:
        prefer.parse(header, "rooms")
    assert caught.value.field == field
    assert caught.value.allowed


def test_fault_names_are_listed() -> None:
    assert set(FAULT_NAMES) == set(EFFECTS) - {"status", "failure", "rate_limit"}
    assert all(name in prefer.allowed("rooms")["fault"] for name in FAULT_NAMES)
