"""System messages: what the page states holds for generated and for completed ones."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from happytalk_mock.core.clock import DAY, parse_second
from happytalk_mock.data.messages import complete_message, messages_of
from happytalk_mock.spec.vocabulary import (
    BUTTONLESS_TYPES,
    COMMENT_STATUSES,
    INSPECT_STATUSES,
    LINK_TYPES,
    MESSAGE_STATUSES,
    MESSAGE_TYPES,
    Message,
)

NOW = parse_second("2022-05-26 13:00:00")
KEYS = ("happytalk-mock-sender-key", "happytalk-mock-sender-key-2", "another")
QUICK = settings(max_examples=60)
FIELDS = [
    "id", "name", "status", "createdAt", "modifiedAt", "inspectStatus", "inspectRequestAt", "inspectedAt",
    "messages", "comments",
]  # fmt: skip
BUTTON_FIELDS = [
    "ordering", "linkType", "linkName", "linkMobile", "linkPc", "linkIos", "linkAndroid",
]  # fmt: skip
USED = {"WL": {"linkMobile", "linkPc"}, "AL": {"linkIos", "linkAndroid"}, "BK": set(), "MD": set()}


def check(message: Message) -> None:
    """The stated rules of one message."""
    assert list(message) == FIELDS
    assert isinstance(message["id"], int)
    assert message["status"] in MESSAGE_STATUSES
    created, modified = parse_second(message["createdAt"]), parse_second(message["modifiedAt"])
    assert created <= modified
    requested, inspected = message["inspectRequestAt"], message["inspectedAt"]
    assert (inspected is not None) == (message["inspectStatus"] in ("APR", "REJ"))
    assert (requested is not None) == (message["inspectStatus"] != "REG")
    if requested is not None:
        assert parse_second(requested) >= created
    if inspected is not None:
        assert created <= parse_second(requested) <= parse_second(inspected) <= modified
    judged = [comment["status"] for comment in message["comments"] if comment["status"] != "INQ"]
    assert judged[-1:] == ([message["inspectStatus"]] if inspected is not None else [])
    for comment in message["comments"]:
        assert list(comment) == ["id", "content", "userName", "createdAt", "status"]
        assert comment["status"] in COMMENT_STATUSES
        assert created <= parse_second(comment["createdAt"])
    for part in message["messages"]:
        check_part(part)


def check_part(part: dict[str, Any]) -> None:
    assert list(part) == ["messageType", "content", "buttons"]
    assert part["messageType"] in MESSAGE_TYPES
    assert re.search("[가-힣]", part["content"])
    assert "{" not in part["content"]
    if part["messageType"] in BUTTONLESS_TYPES:
        assert part["buttons"] == []
    assert [button["ordering"] for button in part["buttons"]] == list(range(1, len(part["buttons"]) + 1))
    for button in part["buttons"]:
        assert list(button) == BUTTON_FIELDS
        filled = {name for name in BUTTON_FIELDS[3:] if button[name] is not None}
        assert filled == USED[button["linkType"]]


def every_date(message: Message) -> list[str]:
    dates = [message[name] for name in ("createdAt", "modifiedAt", "inspectRequestAt", "inspectedAt")]
    return [date for date in [*dates, *(c["createdAt"] for c in message["comments"])] if date]


@QUICK
@given(
    seed=st.integers(),
    key=st.text(min_size=1, max_size=20),
    now=st.integers(min_value=0, max_value=40_000 * DAY),
)
def test_generated_messages_are_sound_at_any_moment(seed: int, key: str, now: int) -> None:
    found = messages_of(seed, key, now)
    for message in found:
        check(message)
        assert all(parse_second(date) <= now for date in every_date(message))
    assert [message["id"] for message in found] == sorted({message["id"] for message in found})
    assert found == messages_of(seed, key, now)


@pytest.mark.parametrize("now", [NOW, parse_second("2026-11-22 09:00:00")])
def test_every_code_occurs(now: int) -> None:
    for key in KEYS:
        found = messages_of(1, key, now)
        parts = [part for message in found for part in message["messages"]]
        comments = [comment for message in found for comment in message["comments"]]
        assert {message["status"] for message in found} == set(MESSAGE_STATUSES)
        assert {message["inspectStatus"] for message in found} == set(INSPECT_STATUSES)
        assert {part["messageType"] for part in parts} == set(MESSAGE_TYPES)
        assert {button["linkType"] for part in parts for button in part["buttons"]} == set(LINK_TYPES)
        assert {comment["status"] for comment in comments} == set(COMMENT_STATUSES)
        assert {comment["content"] is None for comment in comments} == {True, False}
        assert len(found) >= 12


def test_ids_differ_between_sender_keys() -> None:
    numbers = [message["id"] for key in KEYS for message in messages_of(1, key, NOW)]
    comments = [c["id"] for key in KEYS for message in messages_of(1, key, NOW) for c in message["comments"]]
    assert len(set(numbers)) == len(numbers)
    assert len(set(comments)) == len(comments)
    assert max(numbers + comments) < 2**31


def test_a_message_lives() -> None:
    """Made, put up for inspection, inspected: each is seen from its moment on, and nothing before."""
    name = "추석 연휴 휴무 안내"

    def at(text: str) -> Message | None:
        found = messages_of(1, KEYS[0], parse_second(text))
        return next((message for message in found if message["name"] == name), None)

    assert at("2020-09-20 23:59:59") is None
    whole = at("2022-01-01 00:00:00")
    assert whole
    assert (whole["status"], whole["inspectStatus"]) == ("T", "APR")
    made = at(whole["createdAt"])
    assert made
    assert (made["status"], made["inspectStatus"], made["comments"]) == ("A", "REG", [])
    asked = at(whole["inspectRequestAt"])
    assert asked
    assert (asked["inspectStatus"], asked["inspectedAt"]) == ("REQ", None)
    judged = at(whole["inspectedAt"])
    assert judged
    assert (judged["status"], judged["inspectStatus"]) == ("A", "APR")


def test_before_2019_there_are_none() -> None:
    assert messages_of(1, KEYS[0], parse_second("2018-12-31 00:00:00")) == []


# --- completing ---

partials = st.fixed_dictionaries(
    {},
    optional={
        "id": st.integers(min_value=0, max_value=2**31),
        "name": st.text(max_size=10),
        "status": st.sampled_from(sorted(MESSAGE_STATUSES)),
        "inspectStatus": st.sampled_from(sorted(INSPECT_STATUSES)),
        "createdAt": st.just("2021-03-04 05:06:07"),
        "messages": st.lists(
            st.fixed_dictionaries({}, optional={"messageType": st.sampled_from(sorted(MESSAGE_TYPES))}),
            max_size=3,
        ),
    },
)


@QUICK
@given(partial=partials, key=st.integers(min_value=1, max_value=10**6))
def test_completed_messages_are_sound_and_keep_what_was_given(partial: dict[str, Any], key: int) -> None:
    message = complete_message(partial, key, now=NOW)
    check(message)
    for name, value in partial.items():
        if name == "messages":
            assert len(message["messages"]) == len(value)
            assert all(g.items() <= p.items() for g, p in zip(value, message["messages"], strict=True))
        else:
            assert message[name] == value
    assert message == complete_message(partial, key, now=NOW)


def test_what_is_left_out_follows_from_what_is_given() -> None:
    assert complete_message({}, 7)["id"] == 7
    rejected = complete_message({"comments": [{"status": "REJ", "content": "다시"}]}, 1)
    assert rejected["inspectStatus"] == "REJ"
    check(rejected)
    waiting = complete_message({"inspectRequestAt": "2022-01-01 00:00:00", "inspectedAt": None}, 1)
    assert (waiting["inspectStatus"], waiting["inspectedAt"]) == ("REQ", None)
    registered = complete_message({"inspectRequestAt": None, "inspectedAt": None}, 1)
    assert registered["inspectStatus"] == "REG"
    late = complete_message({"inspectedAt": "2022-01-01 00:00:00"}, 1)
    check(late)
    early = complete_message({"modifiedAt": "2015-01-01 00:00:00"}, 1)
    assert parse_second(early["createdAt"]) <= parse_second(early["modifiedAt"])
    blocked = complete_message({"messages": [{"messageType": "BL", "buttons": [{}]}]}, 1)
    assert blocked["messages"][0]["buttons"] == []
    button = {"buttons": [{"linkIos": "app://x"}, {"linkName": "집"}]}
    first, second = complete_message({"messages": [button]}, 1)["messages"][0]["buttons"]
    assert (first["linkType"], first["linkIos"], first["ordering"]) == ("AL", "app://x", 1)
    assert (second["linkType"], second["linkName"], second["ordering"]) == ("WL", "집", 2)


def test_completed_messages_lie_before_the_clock() -> None:
    early = parse_second("2010-01-01 00:00:00")
    assert all(parse_second(date) <= early for date in every_date(complete_message({}, 1, now=early)))


def test_a_given_date_is_a_date() -> None:
    with pytest.raises(ValueError, match="does not match format"):
        complete_message({"createdAt": "yesterday"}, 1)
