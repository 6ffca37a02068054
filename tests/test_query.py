"""Request to query: truth tables for the date priority, and every open question's legal answers."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from happytalk_mock.core.clock import DAY, Clock, day_number
from happytalk_mock.core.errors import MessagesFailure, ParameterFailure, RoomsFailure
from happytalk_mock.spec.behaviour import Behaviour
from happytalk_mock.spec.query import (
    FIRST_DAY,
    LAST_DAY,
    NO_STATUS,
    NOTHING,
    read_days,
    read_messages,
    read_rooms,
    show,
)
from happytalk_mock.spec.vocabulary import MAX_LIMIT

DEFAULT = Behaviour()
TODAY = day_number(date(2022, 5, 26))
DAYS = {"2022-05-20": day_number(date(2022, 5, 20)), "2022-05-24": day_number(date(2022, 5, 24))}
NDAY = day_number(date(2022, 5, 22))

#: How a date parameter can come, by kind. `absent` leaves it out.
FORMS = {"absent": ..., "null": None, "empty": "", "bad": "2022-02-30", "present": "given"}


def body_of(ndate: str, sdate: str, edate: str) -> dict[str, object]:
    """A request body from the kinds of its three dates."""
    given_days = {"ndate": "2022-05-22", "sdate": "2022-05-20", "edate": "2022-05-24"}
    body = {}
    for name, kind in (("ndate", ndate), ("sdate", sdate), ("edate", edate)):
        value = FORMS[kind]
        if value is not ...:
            body[name] = given_days[name] if kind == "present" else value
    return body


def expected_days(ndate: str, sdate: str, edate: str) -> tuple[int, int] | str:
    """The documentation's priority, spelled out: sdate,edate > ndate > null, with the mock's defaults."""
    if "bad" in (sdate, edate):
        return "failure"
    if sdate == edate == "present":
        return DAYS["2022-05-20"], DAYS["2022-05-24"]
    if ndate == "bad":
        return "failure"
    return (NDAY, NDAY) if ndate == "present" else (TODAY, TODAY)


@pytest.mark.parametrize(("ndate", "sdate", "edate"), list(itertools.product(FORMS, repeat=3)))
def test_date_priority(ndate: str, sdate: str, edate: str) -> None:
    expected = expected_days(ndate, sdate, edate)
    if expected == "failure":
        with pytest.raises(ParameterFailure, match=r"expected a day as Y-m-d"):
            read_days(body_of(ndate, sdate, edate), today=TODAY, behaviour=DEFAULT)
    else:
        assert read_days(body_of(ndate, sdate, edate), today=TODAY, behaviour=DEFAULT) == expected


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2022-05-25T23:59:59+09:00", "2022-05-25"),
        ("2022-05-26T00:00:00+09:00", "2022-05-26"),
        ("2022-05-25T15:00:00+00:00", "2022-05-26"),  # Seoul is nine hours ahead of UTC
        ("2022-05-25T14:59:59+00:00", "2022-05-25"),
        ("2022-05-26T08:59:59+09:00", "2022-05-26"),  # still the 25th in UTC
        ("2022-05-26T09:00:00+09:00", "2022-05-26"),
        ("2022-03-01T00:00:00+09:00", "2022-03-01"),
        ("2024-02-29T23:59:59+09:00", "2024-02-29"),
    ],
)
def test_no_date_means_the_day_in_seoul(moment: str, day: str) -> None:
    today = Clock.parse(moment).second() // DAY
    query = read_rooms({}, today=today, behaviour=DEFAULT)
    assert query.first == day_number(date.fromisoformat(day)) * DAY
    assert query.last == query.first + DAY - 1


@given(first=st.dates(), length=st.integers(0, 400))
def test_a_range_includes_both_ends(first: date, length: int) -> None:
    last = min(date.max, first + timedelta(min(length, (date.max - first).days)))
    body = {"sdate": first.isoformat(), "edate": last.isoformat()}
    query = read_rooms(body, today=TODAY, behaviour=DEFAULT)
    assert (query.first // DAY, query.last // DAY) == (day_number(first), day_number(last))
    assert query.first % DAY == 0
    assert query.last % DAY == DAY - 1


@pytest.mark.parametrize(
    "value",
    ["2022-2-3", "20220203", "2022/02/03", "2022-02-30", "2021-02-29", "2022-13-01", "0000-00-00",
     "２０２２-０２-０３", "2022-02-03 ",
     "2022-02-03T00:00:00", 20220203, 2022.5, True, [], {}, ["2022-02-03"]],
)  # fmt: skip
def test_what_is_no_day(value: object) -> None:
    with pytest.raises(ParameterFailure) as caught:
        read_days({"ndate": value}, today=TODAY, behaviour=DEFAULT)
    assert caught.value.field == "ndate"
    assert caught.value.message.startswith("ndate: received ")
    absent = DEFAULT.but({"bad_date": "absent"})
    assert read_days({"ndate": value}, today=TODAY, behaviour=absent) == (TODAY, TODAY)


def test_single_date_answers() -> None:
    day = DAYS["2022-05-20"]
    body = {"sdate": "2022-05-20", "ndate": "2022-05-22"}
    assert read_days(body, today=TODAY, behaviour=DEFAULT) == (NDAY, NDAY)
    open_range = DEFAULT.but({"single_date": "open_range"})
    assert read_days(body, today=TODAY, behaviour=open_range) == (day, LAST_DAY)
    assert read_days({"edate": "2022-05-20"}, today=TODAY, behaviour=open_range) == (FIRST_DAY, day)
    with pytest.raises(ParameterFailure, match=r"edate: received only sdate"):
        read_days(body, today=TODAY, behaviour=DEFAULT.but({"single_date": "failure"}))


def test_reversed_dates_answers() -> None:
    body = {"sdate": "2022-05-24", "edate": "2022-05-20"}
    first, last = read_days(body, today=TODAY, behaviour=DEFAULT)
    assert first > last
    swapped = read_days(body, today=TODAY, behaviour=DEFAULT.but({"reversed_dates": "swapped"}))
    assert swapped == (DAYS["2022-05-20"], DAYS["2022-05-24"])
    with pytest.raises(ParameterFailure, match=r"sdate"):
        read_days(body, today=TODAY, behaviour=DEFAULT.but({"reversed_dates": "failure"}))


def test_longest_period() -> None:
    body = {"sdate": "2022-05-20", "edate": "2022-05-24"}
    assert read_days(body, today=TODAY, behaviour=DEFAULT.but({"longest_period": 5}))
    with pytest.raises(RoomsFailure) as caught:
        read_days(body, today=TODAY, behaviour=DEFAULT.but({"longest_period": 4}))
    assert caught.value.cause == "period"


def test_empty_date_as_failure() -> None:
    with pytest.raises(ParameterFailure, match=r'ndate: received ""'):
        read_days({"ndate": ""}, today=TODAY, behaviour=DEFAULT.but({"empty_date": "failure"}))


@pytest.mark.parametrize(
    ("value", "changes", "expected"),
    [
        (None, {}, (10, 10)),
        (7, {}, (7, 7)),
        ("7", {}, (7, 7)),
        (7.0, {}, (7, 7)),
        ("7", {"numeric_text": "failure"}, "limit"),
        (50, {}, (50, 50)),
        (51, {}, (50, 50)),
        (51, {"limit_echo": "asked"}, (50, 51)),
        (51, {"limit_above_max": "failure"}, "limit"),
        (10**30, {}, (50, 50)),
        (0, {}, (10, 10)),
        (-1, {}, (10, 10)),
        ("abc", {}, (10, 10)),
        (1.5, {}, (10, 10)),
        (True, {}, (10, 10)),
        ([5], {}, (10, 10)),
        (0, {"limit_invalid": "clamp"}, (1, 1)),
        (0, {"limit_invalid": "failure"}, "limit"),
        ("", {}, (10, 10)),
    ],
)
def test_limit(value: object, changes: dict[str, str], expected: tuple[int, int] | str) -> None:
    if isinstance(expected, str):
        with pytest.raises(ParameterFailure) as caught:
            read_rooms({"limit": value}, today=TODAY, behaviour=DEFAULT.but(changes))
        assert caught.value.field == expected
    else:
        query = read_rooms({"limit": value}, today=TODAY, behaviour=DEFAULT.but(changes))
        assert (query.limit, query.limit_echo) == expected


@pytest.mark.parametrize(("value", "page"), [(None, 1), (3, 3), ("3", 3), (0, 1), (-4, 1), ("x", 1), ({}, 1)])
def test_page(value: object, page: int) -> None:
    assert read_rooms({"page": value}, today=TODAY, behaviour=DEFAULT).page == page


@pytest.mark.parametrize("value", [0, -1, "x"])
def test_page_as_failure(value: object) -> None:
    with pytest.raises(ParameterFailure, match=r"page: received"):
        read_rooms({"page": value}, today=TODAY, behaviour=DEFAULT.but({"page_invalid": "failure"}))


def test_the_first_and_the_last_number_that_the_page_allows_are_taken_as_they_are() -> None:
    refusing = {"limit_above_max": "failure", "limit_invalid": "failure", "page_invalid": "failure"}
    for limit in (1, MAX_LIMIT):
        query = read_rooms({"limit": limit, "page": 1}, today=TODAY, behaviour=DEFAULT.but(refusing))
        assert (query.limit, query.limit_echo, query.page, query.page_echo) == (limit, limit, 1, 1)
    with pytest.raises(ParameterFailure, match="limit: received 51; expected at most 50"):
        read_rooms({"limit": MAX_LIMIT + 1}, today=TODAY, behaviour=DEFAULT.but(refusing))


def test_what_was_received_is_shown_whole_up_to_sixty_characters() -> None:
    assert show("x" * 58) == f'"{"x" * 58}"'
    assert show("x" * 59) == f'"{"x" * 49}… (61 characters)'


@pytest.mark.parametrize(
    ("value", "answer", "expected"),
    [
        (None, "that_status", None),
        (99, "that_status", None),
        ("99", "that_status", None),
        (-2, "failure", -2),
        ("-1", "failure", -1),
        (0, "failure", 0),
        (3, "failure", 3),
        (4, "that_status", 4),
        (4, "empty", NO_STATUS),
        (4, "all", None),
        (7, "empty", NO_STATUS),
        ("abc", "empty", NO_STATUS),
        ("abc", "all", None),
        ([], "empty", NO_STATUS),
    ],
)
def test_status(value: object, answer: str, expected: int | None) -> None:
    changes = {"unknown_status.4": answer} if answer == "that_status" else {"unknown_status": answer}
    query = read_rooms({"status": value}, today=TODAY, behaviour=DEFAULT.but(changes))
    assert query.status == expected


def test_status_as_failure() -> None:
    with pytest.raises(ParameterFailure, match=r"status: received 4; expected 99, -2"):
        read_rooms({"status": 4}, today=TODAY, behaviour=DEFAULT.but({"unknown_status": "failure"}))


def test_sort() -> None:
    query = read_rooms({}, today=TODAY, behaviour=DEFAULT)
    assert (query.sort_key, query.descending) == ("reg_date", True)
    query = read_rooms({"sort_key": "complate_date", "sort_value": "asc"}, today=TODAY, behaviour=DEFAULT)
    assert (query.sort_key, query.descending) == ("complate_date", False)
    query = read_rooms({"sort_key": "complete_date", "sort_value": ["asc"]}, today=TODAY, behaviour=DEFAULT)
    assert (query.sort_key, query.descending) == ("reg_date", True)
    with pytest.raises(ParameterFailure, match=r'sort_key: received "complete_date"; expected reg_date or'):
        read_rooms(
            {"sort_key": "complete_date"}, today=TODAY, behaviour=DEFAULT.but({"unknown_sort": "failure"})
        )


@pytest.mark.parametrize(
    ("value", "case", "days"),
    [
        ("20220520", "form", DAYS["2022-05-20"]),
        ("2022-5-20", "form", DAYS["2022-05-20"]),
        ("soon", "form", None),
        ("2022-04-50", "no_such_day", DAYS["2022-05-20"]),
        ("2022-13-01", "no_such_day", None),
        (20220520, "type", DAYS["2022-05-20"]),
        ({}, "type", None),
    ],
)
def test_every_answer_to_a_bad_date(value: object, case: str, days: int | None) -> None:
    def asked(answer: str) -> tuple[int, int]:
        behaviour = DEFAULT.but({f"bad_date.{case}": answer})
        return read_days({"ndate": value}, today=TODAY, behaviour=behaviour)

    assert asked("absent") == (TODAY, TODAY)
    assert asked("empty") == NOTHING
    assert asked("read") == (NOTHING if days is None else (days, days))
    with pytest.raises(ParameterFailure):
        asked("failure")
    beside = {"sdate": value, "edate": "2022-05-24"}
    nothing = DEFAULT.but({f"bad_date.{case}": "empty"})
    assert read_days(beside, today=TODAY, behaviour=nothing) == NOTHING


def test_open_ranges_may_be_never_too_long() -> None:
    answers = {"single_date": "open_range", "longest_period": 7, "open_range_period": "within"}
    assert read_days({"sdate": "2022-05-20"}, today=TODAY, behaviour=DEFAULT.but(answers))[1] == LAST_DAY


def test_null_as_failure() -> None:
    for name in ("status", "sort_key", "sort_value", "limit", "page"):
        with pytest.raises(ParameterFailure, match=f"{name}: received null"):
            read_rooms({name: None}, today=TODAY, behaviour=DEFAULT.but({"null_value": "failure"}))


def test_unknown_parameters() -> None:
    assert read_rooms({"complete": 1}, today=TODAY, behaviour=DEFAULT).limit == 10
    with pytest.raises(ParameterFailure, match=r"complete: received a parameter of that name"):
        read_rooms({"complete": 1}, today=TODAY, behaviour=DEFAULT.but({"unknown_parameters": "failure"}))


@pytest.mark.slow
@given(
    st.dictionaries(
        st.sampled_from(
            ["ndate", "sdate", "edate", "status", "sort_key", "sort_value", "limit", "page", "x"]
        ),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
            max_leaves=4,
        ),
    )
)
def test_any_body_gives_a_query_or_a_failure_that_names_a_parameter(body: dict[str, object]) -> None:
    refused: ParameterFailure | None = None
    try:
        query = read_rooms(body, today=TODAY, behaviour=DEFAULT)
    except ParameterFailure as failure:
        refused = failure
    if refused:
        assert refused.field in body
        assert len(refused.message) < 250
    else:
        assert 1 <= query.limit <= 50
        assert query.page >= 1


def test_an_omitted_parameter_equals_its_default_written_out() -> None:
    written = {
        "ndate": "2022-05-26",
        "status": 99,
        "sort_key": "reg_date",
        "sort_value": "desc",
        "limit": 10,
        "page": 1,
    }
    whole = read_rooms(written, today=TODAY, behaviour=DEFAULT)
    for name in written:
        less = {key: value for key, value in written.items() if key != name}
        assert read_rooms(less, today=TODAY, behaviour=DEFAULT) == whole
        assert read_rooms({**written, name: None}, today=TODAY, behaviour=DEFAULT) == whole


def test_message_query() -> None:
    assert read_messages({"senderKey": "k"}, behaviour=DEFAULT).id is None
    assert read_messages({"senderKey": "k", "id": "175"}, behaviour=DEFAULT).id == 175
    for missing in ({}, {"senderKey": ""}, {"id": "1"}):
        with pytest.raises(MessagesFailure) as caught:
            read_messages(missing, behaviour=DEFAULT)
        assert (caught.value.code, caught.value.cause) == ("405", "sender_key_missing")


@pytest.mark.parametrize("text", ["abc", "", "1.5", "-1", "１", "1" * 5000])
def test_message_id_that_is_no_number(text: str) -> None:
    query = {"senderKey": "k", "id": text}
    for answer in ("405", "508"):
        with pytest.raises(MessagesFailure) as caught:
            read_messages(query, behaviour=DEFAULT.but({"message_id_invalid": answer}))
        assert (caught.value.code, caught.value.cause) == (answer, "id_invalid")
    assert read_messages(query, behaviour=DEFAULT.but({"message_id_invalid": "ignored"})).id is None
