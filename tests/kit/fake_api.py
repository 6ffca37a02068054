"""A room list of a page of code, true to the documentation, for tests of the kit's engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from happytalk_contract.core.model import Exchange, Request, Response
from happytalk_contract.core.room_fields import FIELDS
from happytalk_contract.evidence.views import ZERO_DATE
from happytalk_contract.questions.meaning import TOKEN

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 5, 14, 0, tzinfo=SEOUL)
TODAY = NOW.date()

Params = Mapping[str, Any]
Change = Callable[[dict[str, Any], Params], dict[str, Any]]


def room(number: int, registered: datetime, status: int, ended: datetime | None = None) -> dict[str, Any]:
    """One room, every field filled as documented."""
    blank: dict[str, Any] = dict.fromkeys((field.name for field in FIELDS), "")
    return blank | {
        "id": f"{number:030d}",
        "title": "1:1 채팅 상담 문의 드립니다.",
        "customer_uuid": f"1000225570_{number}",
        "users_id": None,
        "reg_date": f"{registered:%Y-%m-%d %H:%M:%S}",
        "complate_date": ZERO_DATE if ended is None else f"{ended:%Y-%m-%d %H:%M:%S}",
        "out_api": "0",
        "status": str(status),
        "last_message": "상담원이 종료하였습니다.",
    }


def rooms(*, days: int = 14, per_day: int = 8) -> list[dict[str, Any]]:
    """Rooms of every status on every day up to today, two of a day in the same second."""
    made = []
    statuses = (2, 0, 2, 1, 3, -1, 2, -2, 4)
    for back in range(days):
        for index in range(per_day):
            at = datetime.combine(TODAY - timedelta(days=back), datetime.min.time())
            at += timedelta(hours=1 + index - (index == 3), minutes=0)
            status = statuses[(index + back) % len(statuses)]
            ended = at + timedelta(minutes=30) if status in (2, 4) else None
            made.append(room(len(made) + 1, at, status, ended))
    return made


class FakeApi:
    """Answers room questions from a list; `change` makes it depart, in place if it likes."""

    def __init__(self, stored: list[dict[str, Any]] | None = None, change: Change | None = None) -> None:
        self.stored = rooms() if stored is None else stored
        self.change = change
        self.asked = 0
        self.waited = 0.0

    def __call__(self, request: Request) -> Exchange:
        """Answer as an exchange, without a network."""
        self.asked += 1
        return Exchange(
            number=self.asked,
            started=NOW.timestamp() + self.asked / 100 + self.waited,
            request=request,
            response=Response(
                status=200,
                headers={"content-type": "application/json"},
                body=json.dumps(self.answer(request.body or b""), ensure_ascii=False).encode(),
                seconds=0.001,
            ),
        )

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.waited += max(seconds, 0.1)

    def answer(self, body: bytes) -> dict[str, Any]:
        """Answer a body."""
        try:
            params = json.loads(body)
        except ValueError:
            params = None
        if not isinstance(params, dict) or params.pop("token", None) != TOKEN:
            return {"result": "fail", "code": -501, "message": "token"}
        try:
            answer = self._list(params)
        except (TypeError, ValueError, OverflowError):
            return {"result": "fail", "code": -505, "message": "parameter"}
        return self.change(answer, params) if self.change else answer

    def _list(self, params: Params) -> dict[str, Any]:
        first, last = self._window(params)
        status = int(params.get("status", 99))
        key = {"complate_date": "complate_date"}.get(params.get("sort_key", ""), "reg_date")
        matching = [
            one
            for one in self.stored
            if first <= one["reg_date"][:10] <= last and (status == 99 or status == int(one["status"]))
        ]
        matching.sort(key=lambda one: one[key], reverse=params.get("sort_value") != "asc")
        limit = max(1, min(50, int(params.get("limit", 10))))
        page = max(1, int(params.get("page", 1)))
        return {
            "result": "success",
            "data": {
                "page": page,
                "limit": limit,
                "total_count": len(matching),
                "chat_list": [{**one} for one in matching[(page - 1) * limit : page * limit]],
            },
        }

    @staticmethod
    def _window(params: Params) -> tuple[str, str]:
        for name in ("ndate", "sdate", "edate"):
            if params.get(name):
                datetime.strptime(params[name], "%Y-%m-%d")
        if params.get("sdate") and params.get("edate"):
            return params["sdate"], params["edate"]
        day = params.get("ndate") or TODAY.isoformat()
        return day, day
