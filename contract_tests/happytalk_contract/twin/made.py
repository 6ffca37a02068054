"""Sentences of the mock's own in place of people's, of like length; all else as pseudonyms."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from happytalk_contract.twin.pseudonyms import SENTENCES, Pseudonyms

#: Rooms whose sentences are taken, and how many of like length one is chosen from.
_ROOMS: Final = 3000
_CHOICE: Final = 24


class Made(Pseudonyms):
    """One key's choice of the mock's sentences."""

    def value(self, value: Any, name: str = "") -> Any:
        """The pseudonym of a value, or a sentence in place of one."""
        if name in SENTENCES and isinstance(value, str) and " " in value.strip():
            return self._chosen(value)
        return super().value(value, name)

    def _chosen(self, text: str) -> str:
        sentences = self._sentences
        at = bisect_left(sentences, len(text), key=len)
        near = sentences[max(0, at - _CHOICE // 2) : at + _CHOICE // 2]
        return near[int.from_bytes(self._mac(text.encode("utf-8", "surrogatepass"))[:4], "big") % len(near)]

    @cached_property
    def _sentences(self) -> list[str]:
        return sorted(set(_of_a_mock()), key=lambda text: (len(text), text))


def _of_a_mock() -> Iterator[str]:
    from happytalk_mock import MockServer  # here: only these words need it

    with MockServer(port=None, seed=1, rooms=_ROOMS, days=60, now="2026-01-05T12:00:00") as server:
        client = server.httpx_client()
        for page in range(1, _ROOMS // 50 + 1):
            asked = {
                "token": server.token,
                "sdate": "2025-11-01",
                "edate": "2026-01-05",
                "limit": 50,
                "page": page,
            }
            answer = client.post(f"{server.url}/user/api/chat_room_lists/format/json", json=asked)
            for room in answer.json()["data"]["chat_list"]:
                yield from (room[name] for name in ("title", "last_message") if " " in room[name])
