"""Questions outside the documented use: wrong tokens, missing headers, bodies and values of any kind.

What must hold for each is stated (a refusal where something is required, JSON and no 5xx whatever was sent);
which refusal is open. All only read. The smallest and likeliest to break come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from happytalk_contract.core.model import Request, cut_placeholder, swapped_placeholder
from happytalk_contract.questions.meaning import (
    ABSENT,
    CLIENT_HEADERS,
    SENDER_KEY,
    TOKEN,
    messages,
    rooms,
    rooms_raw,
)

WRONG: Final = "happytalk-contract-wrong"

#: What a loose comparison lets through stands first: databases leave letter case and blanks behind a text alone.
TOKENS: Final[tuple[tuple[Any, str], ...]] = (
    (WRONG, "a token nobody has"),
    (ABSENT, "no token"),
    ("", "an empty token"),
    (swapped_placeholder("HAPPYTALK_TOKEN"), "the token in the other letter case"),
    (f"{TOKEN} ", "a blank behind the token"),
    (cut_placeholder("HAPPYTALK_TOKEN"), "the token cut short"),
    (f"{TOKEN}x", "the token and one character more"),
    (None, "token null"),
    (True, "token true"),
    ("%", "token %"),
    (f" {TOKEN}", "a blank before the token"),
    ([TOKEN], "the token within an array"),
    ("' OR '1'='1", "token with quotes"),
    ([], "token an empty array"),
    (0, "token 0"),
    ({}, "token an empty object"),
)


def token_probes(day: str | None = None, *, client: bool) -> Iterator[Request]:
    """Ask with tokens that are not valid, beside parameters of every kind; `day` has rooms."""
    beside: tuple[dict[str, Any], ...] = ({"limit": 3},)
    if day is not None:
        beside = (
            *({"limit": 3}, {"ndate": day}, {"sdate": day, "edate": day}, {"ndate": day, "status": 2}),
            {"sdate": day, "edate": day, "limit": 50, "sort_key": "complate_date"},
            *({"ndate": day, "limit": 3, "page": 2}, {"ndate": None}),
            {"ndate": day, "sort_value": "asc"},
        )
    for index, (token, why) in enumerate(TOKENS):
        yield rooms(beside[index % len(beside)], why=why, token=token, client=client)
    for params in beside[2:4]:
        yield rooms(params, why=TOKENS[0][1], token=WRONG, client=client)


def unremembered(params: dict[str, Any], *, client: bool) -> tuple[Request, ...]:
    """No token directly after a right one, which must not be remembered."""
    right = rooms(params, why="a right token, then none", client=client)
    none = rooms(params, why="no token directly after a right one", token=ABSENT, client=client)
    return right, none


#: Beyond 64 bits.
HUGE: Final = 9999999999999999999999
#: Values that parameters are not documented to have; each alone, beside a valid token. One for each case of an open
#: question, then more of their kind.
ODD_VALUES: Final[tuple[tuple[str, Any], ...]] = (
    *(("limit", 0), ("page", 0), ("status", 7), ("sort_key", "title"), ("ndate", "2022-02-30")),
    *(("sort_value", "up"), ("unknown", "x"), ("limit", -1), ("page", "abc"), ("ndate", "")),
    *(("status", "abc"), ("limit", "abc"), ("page", -1), ("page", 1.5), ("page", HUGE)),
    *(("limit", HUGE), ("limit", 1.5)),
)
MORE_ODD_VALUES: Final[tuple[tuple[str, Any], ...]] = (
    *(("ndate", "20220526"), ("limit", 1000000), ("status", ""), ("sort_key", ""), ("page", 9999999999)),
    *(("ndate", 20220526), ("ndate", "2022-13-01"), ("ndate", "0000-00-00"), ("ndate", "9999-12-31")),
    *(("ndate", "2022-05-26' OR '1'='1"), ("limit", True), ("sort_value", ""), ("page", None)),
    *(("status", None), ("sort_value", 1), ("ndate", "2022-05-26 00:00:00"), ("ndate", "\u0000")),
    *(("sort_key", "가" * 300), ("ndate", "abc"), ("limit", ""), ("page", ""), ("status", True)),
    *(("sort_key", None), ("sort_value", None)),
)


def odd_params(day: str, other: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Parameters that the documentation leaves open; `day` before `other`."""
    yield {"sdate": day, "limit": 3}, "only sdate"
    yield {"edate": day, "limit": 3}, "only edate"
    yield {"sdate": other, "edate": day, "limit": 3}, "sdate after edate"
    yield from _odd(day, ODD_VALUES)


def several_odd(day: str) -> Iterator[dict[str, Any]]:
    """Several odd values at once: no 5xx whatever was sent, told of all of them by one question."""
    quoted = "' OR '1'='1"
    yield {
        "ndate": day,
        **dict.fromkeys(("limit", "page"), "abc"),
        **dict.fromkeys(("status", "sort_key", "sort_value"), f"abc{quoted}"),
    }
    yield {"ndate": "", "limit": -1, "page": HUGE, "status": -9}
    yield {"ndate": f"{day}{quoted}", "limit": 1.5, "page": -1, "status": 1.5}


def more_odd_params(day: str) -> Iterator[tuple[dict[str, Any], str]]:
    """More of the kind."""
    yield {"sdate": "", "edate": "", "limit": 3}, "both ends empty"
    yield {"sdate": day, "edate": "", "limit": 3}, "edate empty"
    yield from _odd(day, MORE_ODD_VALUES)


def _odd(day: str, values: Iterable[tuple[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    for name, value in values:
        yield {**({} if name == "ndate" else {"ndate": day}), name: value}, f"{name} of an undocumented value"


#: Parameters that one question gives a list or an object each: what is read alike, or is looked at together only.
TOGETHER: Final = (("limit", "page", "status"), ("sort_key", "sort_value"), ("ndate",), ("sdate", "edate"))


def nested(day: str) -> Iterator[tuple[dict[str, Any], tuple[dict[str, Any], ...]]]:
    """A list and an object in place of several parameters at once, and of each of them alone.

    Both ends of a range are never apart: one alone is another question.
    """
    odd: tuple[tuple[Any, tuple[tuple[str, ...], ...]], ...] = (({"a": 1}, TOGETHER), ([], TOGETHER[1:]))
    for value, groups in odd:
        for names in groups:
            parts = () if names in TOGETHER[2:] else tuple({"ndate": day, name: value} for name in names)
            yield {"ndate": day, **dict.fromkeys(names, value)}, parts


def told_alone(day: str) -> Iterator[tuple[dict[str, Any], str]]:
    """What only tells of its own open question where nothing else odd stands beside it."""
    for name in TOGETHER[0]:
        yield {"ndate": day, name: []}, f"{name} of an undocumented value"
    yield {"ndate": day, "limit": 3.0}, "a whole number with a fraction"


def date_probes(day: date, other: date, month: date | None) -> Iterator[tuple[dict[str, Any], str]]:
    """Dates that are no Y-m-d, in a range beside a right ndate: what each answer would list differs.

    `day`, `other`: days with rooms, not equally many; `month`: the first day of a month, with rooms.
    """
    bad: list[tuple[Any, str]] = [
        (f"{day:%Y%m%d}", "dates without hyphens"),
        (int(f"{day:%Y%m%d}"), "dates as numbers"),
    ]
    if month is not None:
        last = month - timedelta(days=1)
        bad.append((f"{last:%Y-%m}-{last.day + 1}", "a day after the last of a month"))
    for value, why in bad:
        yield {"sdate": value, "edate": value, "ndate": other.isoformat(), "limit": 50}, why


def elsewhere(*, client: bool) -> Iterator[Request]:
    """Another method, and paths beside the endpoint's; nothing is written by any."""
    body = b'{"token":"' + TOKEN.encode() + b'","limit":3}'
    yield rooms_raw(b"", why="another method", client=client, method="GET")
    yield rooms_raw(body, why="a path that is none", client=client, suffix="/none")
    yield rooms_raw(body, why="a slash behind the path", client=client, suffix="/")


def odd_bodies(*, client: bool) -> Iterator[Request]:
    """Bodies that are no JSON object with a token, or hardly one."""
    token = TOKEN.encode()
    bodies: tuple[tuple[bytes, str], ...] = (
        (b"[]", "an array as the body"),
        (b"{", "JSON cut short"),
        (b"", "an empty body"),
        (b"null", "null as the body"),
        (b"not json", "a body that is not JSON"),
        (b'{"token":"' + token + b'","limit":3,}', "JSON with a comma too many"),
        (b'{"token":"' + token + b'","ndate":"\xff\xfe"}', "bad UTF-8"),
        (b'{"token":"' + token + b'","limit":1e400}', "a number beyond any range"),
        (b'{"token":"' + token + b'","limit":NaN}', "NaN"),
        (b'"text"', "text as the body"),
        (b"1", "a number as the body"),
        (b'{"token":"' + token + b'","limit":3,"limit":5}', "a parameter twice"),
        (b'{"token":"' + token + b'","x":' + b"[" * 2000 + b"]" * 2000 + b"}", "deep nesting"),
        (b'{"token":"\\u0000","limit":3}', "a NUL in the token"),
        (b'{"token":"\\ud800","limit":3}', "half a surrogate in the token"),
        (b'{"token":"' + token + b'","x":"' + b"a" * 60_000 + b'"}', "a long text beside the token"),
        (b"\x00\x01\x02\xff", "bytes that are no text"),
    )
    form = b"token=" + token + b"&sort_value=asc"  # no number: whether its text is taken is another question
    yield rooms_raw(form, why="a form", client=client, content_type="application/x-www-form-urlencoded")
    for body, why in bodies[:6]:
        yield rooms_raw(body, why=why, client=client)
    plain = b'{"token":"' + token + b'","limit":3}'
    yield rooms_raw(plain, why="no content type", client=client, content_type=None)
    for body, why in bodies[6:]:
        yield rooms_raw(body, why=why, client=client)
    yield rooms_raw(plain, why="JSON announced as text", client=client, content_type="text/plain")


def message_refusals(headers: dict[str, str]) -> Iterator[Request]:
    """Ask without what is required, or with something wrong in its place; what stands for most comes first."""
    names = [name for name in CLIENT_HEADERS if name in headers]
    missing = [
        messages(
            headers={other: value for other, value in headers.items() if other != name},
            why=f"without {name}",
        )
        for name in reversed(names)
    ]
    wrong = [messages(headers={**headers, name: WRONG}, why=f"a wrong {name}") for name in reversed(names)]
    missing.insert(1, messages(headers=headers, sender_key=None, why="without senderKey"))
    wrong.insert(1, messages(headers=headers, sender_key=WRONG, why="a senderKey nobody has"))
    yield from (request for pair in zip(missing, wrong, strict=True) for request in pair)
    if names:
        yield messages(headers={}, why="without any header")
        yield messages(headers=dict.fromkeys(names, ""), why="empty headers")
    # All of these may open nothing; the secret and the sender key are what keeps others out.
    for turn, why in enumerate(LIKENESSES):
        yield messages(
            headers=headers,
            sender_key=_likeness("HAPPYTALK_SENDER_KEY", SENDER_KEY)[turn],
            why=why.format("senderKey"),
        )
        for name, secret in _SECRET_OF.items():
            if name in names and turn < ALIKE[name]:
                like = _likeness(secret, headers[name])[turn]
                yield messages(headers={**headers, name: like}, why=why.format(name))


#: What is like a secret and is not it; what may be text in a query only goes for the sender key alone.
LIKENESSES: Final = (
    "{} in the other letter case",
    "{} cut short",
    "{} and one character more",
    "{} with _ in place of its last character",
    "{} with % in place of its last character",
    "an empty {}",
)
#: How many of these are asked with each header: the id is no secret, but looked up as one.
ALIKE: Final = {"HT-Client-Secret": 3, "HT-Client-Id": 1}
_SECRET_OF: Final = {"HT-Client-Secret": "HAPPYTALK_CLIENT_SECRET", "HT-Client-Id": "HAPPYTALK_CLIENT_ID"}


def _likeness(secret: str, given: str) -> tuple[str, ...]:
    cut = cut_placeholder(secret)
    return swapped_placeholder(secret), cut, f"{given}x", f"{cut}_", f"{cut}%", ""


def message_refusals_by_id(headers: dict[str, str], message_id: int) -> Iterator[Request]:
    """The same for one message: an id must not open what is closed."""
    text = str(message_id)
    names = [name for name in CLIENT_HEADERS if name in headers]
    yield messages(headers=headers, sender_key=WRONG, message_id=text, why="another sender's message by id")
    for name in reversed(names):
        yield messages(headers={**headers, name: WRONG}, message_id=text, why=f"by id with a wrong {name}")
    yield messages(headers=headers, sender_key=None, message_id=text, why="by id without senderKey")
    for name in reversed(names):
        rest = {other: value for other, value in headers.items() if other != name}
        yield messages(headers=rest, message_id=text, why=f"by id without {name}")


#: Message ids that no message has, or that are no numbers.
ODD_IDS: Final = (
    *("999999999", "abc", "9999999999999999999999", "0", "1 OR 1=1", "", "1.5", "\x00", "-1", "가"),
    *("1,2", "%00"),
)
