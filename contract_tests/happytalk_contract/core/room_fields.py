"""The fields of a room, as one table.

Source: chat_room_lists, Data Dictionary (chat_list, out_api, status, parcel_companycode, phone_os);
widths: the vendor's archive export of the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OUT_API: Final = frozenset({"0", "1", "2"})
#: -2 and -1 are in the request dictionary only; whether such rooms are shown is an open question.
STATUS: Final = frozenset({"-2", "-1", "0", "1", "2", "3", "4"})
#: "W" stands in the page's own example, though not in its list; "" stands for no value.
PARCEL_COMPANY: Final = frozenset(
    {"1", "4", "5", "6", "8", "11", "12", "13", "18", "21", "22", "23", "24", "25", "42", "45", "53", "99"}
) | {"", "W"}
PHONE_OS: Final = frozenset({"A", "I", "W", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One line of the room's data dictionary."""

    name: str
    width: int | None = None  #: most characters; None: not published
    codes: frozenset[str] | None = None
    nullable: bool = False


FIELDS: Final = (
    Field(name="id", width=30),
    Field(name="title", width=100),
    Field(name="counselor_name"),
    Field(name="counselor_nickname", width=60),
    Field(name="customer_uuid", width=80),
    Field(name="users_id", width=255, nullable=True),
    Field(name="category_id"),
    Field(name="division_id"),
    Field(name="cate_name1"),
    Field(name="cate_name2"),
    Field(name="etc_assign"),
    Field(name="reg_date", width=19),
    Field(name="complate_date", width=19),
    Field(name="out_api", codes=OUT_API),
    Field(name="status", codes=STATUS),
    Field(name="order_number", width=100),
    Field(name="product_number"),
    Field(name="parcel_number", width=40),
    Field(name="parcel_companycode", codes=PARCEL_COMPANY),
    Field(name="app_ver", width=20),
    Field(name="phone_os", codes=PHONE_OS),
    Field(name="phone_model", width=20),
    Field(name="phone_osver", width=20),
    Field(name="phone_telecomm", width=20),
    Field(name="app_hash", width=150),
    *(Field(name=f"parameter{number}", width=20) for number in range(1, 11)),
    Field(name="last_message"),
)
NAMES: Final = frozenset(field.name for field in FIELDS)
