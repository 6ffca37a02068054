"""The vocabulary of the two endpoints: field names and code lists as documented, in the documented order.

It is read from the schemas, which the contract kit reads as well.
Rooms and messages are plain dictionaries in the documented field order; there is no second spelling of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .resources import code_list, endpoints, fields_of, schema

ROOMS_PATH: Final[str] = endpoints()["rooms"]["path"]
MESSAGES_PATH: Final[str] = endpoints()["messages"]["path"]

#: A room as the API answers it: the 36 fields of the dictionary, all text but for a null `users_id`.
Room = dict[str, str | None]
#: A system message as the API answers it.
Message = dict[str, Any]


def _korean(name: str) -> dict[Any, str]:
    """The codes of a list with what the page calls them; no value is no code."""
    return {code: korean for code, (korean, _english) in code_list(name).items() if code != ""}


#: Response dictionary, chat_list: fields and what they are. The order is that of the answer.
ROOM_FIELDS: Final[Mapping[str, str]] = {
    name: field["description"] for name, field in fields_of("room").items()
}
#: Widths of the stored columns, in characters (the vendor's archive export of the same table).
ROOM_WIDTHS: Final[Mapping[str, int]] = {
    name: field["maxLength"] for name, field in fields_of("room").items() if "maxLength" in field
}

#: Request dictionary, status: 99 asks for every room.
ALL_STATUSES: Final = 99
_ASKED: Final[Mapping[int, str]] = _korean("room_status_filter")
#: Statuses a room can have: the request dictionary's and the response dictionary's together.
ROOM_STATUSES: Final[Mapping[int, str]] = {
    int(status): _ASKED.get(int(status), korean) for status, korean in _korean("room_status").items()
}
#: The ones a request may name, beside 99 (request dictionary).
REQUEST_STATUSES: Final = tuple(status for status in _ASKED if status != ALL_STATUSES)
#: The one that answers have and a request may not name.
BOT_ENDED: Final = 4
#: Statuses of a room that has not ended; its complate_date is the zero date.
OPEN_STATUSES: Final = (-2, -1, 0, 1)

#: In the page's example, but not in its list: an open point.
PARCEL_W: Final = "W"
OUT_API: Final[Mapping[str, str]] = _korean("out_api")
PHONE_OS: Final[Mapping[str, str]] = _korean("phone_os")
PARCEL_COMPANIES: Final[Mapping[str, str]] = {
    code: korean for code, korean in _korean("parcel_companycode").items() if code != PARCEL_W
}

SORT_KEYS: Final = tuple(code_list("sort_key"))
SORT_VALUES: Final = tuple(code_list("sort_value"))
_REQUEST: Final = schema("chat_room_lists.request")["properties"]
#: The request's parameters in the order of the page's table.
PARAMETERS: Final = tuple(_REQUEST)
DEFAULT_LIMIT: Final[int] = _REQUEST["limit"]["default"]
MAX_LIMIT: Final[int] = _REQUEST["limit"]["anyOf"][0]["maximum"]

# --- system messages (data dictionary of that page) ---
MESSAGE_STATUSES: Final[Mapping[str, str]] = _korean("message_status")
INSPECT_STATUSES: Final[Mapping[str, str]] = _korean("inspect_status")
COMMENT_STATUSES: Final[Mapping[str, str]] = _korean("comment_status")
MESSAGE_TYPES: Final[Mapping[str, str]] = _korean("message_type")
#: Types whose messages cannot have buttons.
BUTTONLESS_TYPES: Final = tuple(code for code, korean in MESSAGE_TYPES.items() if "버튼 사용 불가" in korean)
LINK_TYPES: Final[Mapping[str, str]] = _korean("link_type")
#: The fields of a button that hold links; which of them a button uses depends on its link type.
BUTTON_LINKS: Final = ("linkMobile", "linkPc", "linkIos", "linkAndroid")
