"""The fields of a room, as one table, read from the schemas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from happytalk_mock.spec.resources import code_list, fields_of, schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One line of the room's data dictionary."""

    name: str
    width: int | None = None  #: most characters; None: not published, or given by its codes
    codes: frozenset[str] | None = None
    nullable: bool = False


#: Fields whose values are codes. "" stands for no value; "W" as a courier and the statuses -2 and -1 are open.
_CODES: Final = {
    name: frozenset(code_list("room_status" if name == "status" else name))
    for name in ("out_api", "status", "parcel_companycode", "phone_os")
}
_TIMES: Final = ("reg_date", "complate_date")
_TIME_WIDTH: Final[int] = schema("definitions")["$defs"]["date_time"]["maxLength"]

FIELDS: Final = tuple(
    Field(
        name=name,
        width=None if name in _CODES else _TIME_WIDTH if name in _TIMES else said.get("maxLength"),
        codes=_CODES.get(name),
        nullable="null" in said.get("type", ""),
    )
    for name, said in fields_of("room").items()
)
NAMES: Final = frozenset(field.name for field in FIELDS)
