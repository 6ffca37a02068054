"""Snapshots: the rooms and system messages of a tenant under a name, to come back to.

What is kept is what differs from the generated data, so a snapshot of a million rooms is as small as the changes
to them. Clock, behaviour and faults are no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Any, Final

from ..core.errors import ChangeError, NotFoundError
from ..core.wording import said, shorten
from ..data.source import Options, RoomSource
from ..store.messages import SavedMessages, from_json, json_of
from ..store.rooms import RoomStore, SavedRooms
from .mock import Mock
from .tenants import Tenant

#: Snapshots kept at most, of all tenants.
MAX_SNAPSHOTS: Final = 100
_NAME: Final = re.compile(r"[\w][\w.-]{0,63}")
NAME_FORM: Final = "1 to 64 letters, digits, -, _ and . that begin with a letter or digit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The data of a tenant at a moment."""

    name: str
    saved: int  #: the wall second of the tenant's clock
    count: int  #: rooms that were visible
    source: RoomSource  #: of its generated rooms
    rooms: SavedRooms
    messages: SavedMessages
    size: tuple[int, int] | None
    numbers: Iterator[int]

    def store(self) -> RoomStore:
        """The rooms of the snapshot in a store of their own."""
        store = RoomStore(self.source)
        store.put_back(self.rooms)
        return store


class Snapshots:
    """The snapshots of all tenants. Safe under threads."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock
        self._lock = Lock()
        self._kept: dict[tuple[str, str], Snapshot] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, tenant: Tenant) -> list[Snapshot]:
        """Those of a tenant, the oldest first."""
        with self._lock:
            return [found for (token, _), found in self._kept.items() if token == tenant.token]

    def get(self, tenant: Tenant, name: str) -> Snapshot:
        """A snapshot by its name. Raises NotFoundError."""
        found = self._kept.get((tenant.token, name))
        if found is None:
            known = ", ".join(each.name for each in self.of(tenant))
            allowed = shorten(known, 200) or "a snapshot of the tenant; it has none"
            raise NotFoundError("name", received=said(name), allowed=allowed)
        return found

    def save(self, tenant: Tenant, name: str) -> Snapshot:
        """Keeps the data of a tenant; one of the same name is replaced. Raises ChangeError."""
        if not _NAME.fullmatch(name):
            raise ChangeError("name", received=said(name), allowed=NAME_FORM)
        now = self._mock.clock_of(tenant).second()
        snapshot = Snapshot(
            name=name,
            saved=now,
            count=tenant.rooms.counts(now).rooms,
            source=tenant.source,
            rooms=tenant.rooms.saved(),
            messages=tenant.messages.saved(),
            size=tenant.size,
            numbers=copy(tenant.numbers),
        )
        with self._lock:
            self._kept.pop((tenant.token, name), None)
            if len(self._kept) >= MAX_SNAPSHOTS:
                received = f"one more than {MAX_SNAPSHOTS} snapshots"
                raise ChangeError("name", received=received, allowed="to delete some first")
            self._kept[tenant.token, name] = snapshot
        return snapshot

    def restore(self, tenant: Tenant, name: str) -> Snapshot:
        """Gives a tenant the data of a snapshot, which stays. Raises NotFoundError."""
        found = self.get(tenant, name)
        if tenant.size != found.size:
            self._mock.tenants.generate(tenant, found.size)
        tenant.rooms.put_back(found.rooms)
        tenant.messages.put_back(found.messages)
        tenant.numbers = copy(found.numbers)
        return found

    def delete(self, tenant: Tenant, name: str) -> None:
        """Forgets a snapshot. Raises NotFoundError."""
        self.get(tenant, name)
        with self._lock:
            self._kept.pop((tenant.token, name), None)

    def dump(self) -> list[Any]:
        """All of them, as JSON."""
        return [
            {
                "token": token,
                "name": name,
                "saved": each.saved,
                "count": each.count,
                "answers": _answers(each.source.options),
                "rooms": tenant.rooms.json_of(each.rooms),
                "messages": json_of(each.messages),
                "size": each.size,
                "number": next(copy(each.numbers)),
            }
            for (token, name), each in self._kept.items()
            if (tenant := self._mock.tenants.by_token(token)) is not None
        ]

    def take_up(self, dumped: Iterable[Any]) -> None:
        """Has what was dumped in place of what there is. The tenants are those of that time by now."""
        self._kept = {}
        for each in dumped:
            tenant = self._mock.tenants.by_token(each["token"])
            if tenant is not None:
                size = None if each["size"] is None else (each["size"][0], each["size"][1])
                self._kept[each["token"], each["name"]] = Snapshot(
                    name=each["name"],
                    saved=each["saved"],
                    count=each["count"],
                    source=self._mock.tenants.source_of(
                        each["token"], self._mock.behaviour_of(tenant).but(each["answers"]), size
                    ),
                    rooms=tenant.rooms.from_json(each["rooms"]),
                    messages=from_json(each["messages"]),
                    size=size,
                    numbers=count(each["number"]),
                )

    def forget(self, token: str) -> None:
        """Forgets those of a tenant that is no more."""
        with self._lock:
            self._kept = {key: each for key, each in self._kept.items() if key[0] != token}


def _answers(options: Options) -> dict[str, str]:
    """The answers to open questions that shaped generated rooms."""
    return {
        "deleted_end_date": options.deleted_end,
        "bot_ended_end_date": options.bot_ended_end,
        "parcel_w": "seen" if options.parcel_w else "not_seen",
    }
