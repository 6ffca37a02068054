"""A small twin as `happytalk-contract learn` writes it, with all that a real account may answer against its page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from happytalk_mock.core.clock import ZERO_DATE
from happytalk_mock.spec import resources

#: A Saturday.
TODAY = "2026-11-28"
RECORDED = f"{TODAY}T12:00:00"
_SAMPLE = resources.documented("chat_room_lists.success")["data"]["chat_list"][0]
ABOUT = f'''format = 1
notice = "pseudonymous, still personal data"
target = "dev"
recorded = "{RECORDED}"
today = "{TODAY}"
days = ["2026-10-30", "{TODAY}"]
requests = 312
words = "pseudonyms"
rooms = true
'''


def a_room(
    id_: Any, registered: Any, completed: Any = ZERO_DATE, status: Any = "0", **more: Any
) -> dict[str, Any]:
    """A room as answered."""
    return {
        **_SAMPLE,
        "id": id_,
        "reg_date": registered,
        "complate_date": completed,
        "status": status,
        **more,
    }


#: Rooms that no scenario file would take, each with what departs.
ODD = [
    a_room("additive", "2026-11-20 09:00:00", "2026-11-20 09:30:00", "2", vote_score=None, tags=["a", 1]),
    a_room("out-api-7", "2026-11-20 10:00:00", "2026-11-20 10:30:00", "2", out_api="7"),
    a_room("done-with-zero", "2026-11-20 11:00:00", ZERO_DATE, "2"),
    a_room("nulls", "2026-11-20 12:00:00", None, None, title=None, users_id=None),
    a_room("numbers", "2026-11-20 13:00:00", "2026-11-20 13:10:00", 2, category_id=17.5),
    a_room("twice", "2026-11-20 14:00:00", "2026-11-20 14:10:00", "2", title="first"),
    a_room("twice", "2026-11-20 14:00:00", "2026-11-20 14:10:00", "2", title="second"),
    a_room("unknown-status", "2026-11-20 15:00:00", ZERO_DATE, "9"),
    a_room("worded-status", "2026-11-20 16:00:00", "soon", "open"),
    a_room(4711, "2026-11-20", "2026-11-20", "3"),
]


def a_message(number: Any, status: str = "A", **more: Any) -> dict[str, Any]:
    """A system message as answered."""
    (sample,) = resources.documented("system_messages.success")["data"]
    return {**sample, "id": number, "status": status, **more}


def lines(found: Iterable[Mapping[str, Any]]) -> str:
    """JSON lines."""
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in found)


def write_twin(
    folder: Path,
    rooms: Iterable[Mapping[str, Any]] = ODD,
    *,
    about: str = ABOUT,
    behaviour: str = "",
    account: str | None = None,
    messages: Iterable[Mapping[str, Any]] | None = None,
    evidence: Iterable[Mapping[str, Any]] = (),
) -> Path:
    """Writes a twin. A room that is no line yet (`{"room": …}`) becomes one."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "twin.toml").write_text(about, encoding="utf-8")
    (folder / "behaviour.toml").write_text(behaviour, encoding="utf-8")
    whole = [each if "room" in each else {"room": each} for each in rooms]
    (folder / "rooms.jsonl").write_text(lines(whole), encoding="utf-8")
    (folder / "evidence.jsonl").write_text(lines(evidence), encoding="utf-8")
    if account is not None:
        (folder / "account.toml").write_text(account, encoding="utf-8")
    if messages is not None:
        (folder / "messages.jsonl").write_text(lines(messages), encoding="utf-8")
    return folder
