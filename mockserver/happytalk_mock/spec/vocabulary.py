"""The vocabulary of the two endpoints: field names and code lists as documented, in the documented order.

Sources: the data dictionaries of the chat room list and of the system messages.
Rooms and messages are plain dictionaries in the documented field order; there is no second spelling of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

ROOMS_PATH: Final = "/user/api/chat_room_lists/format/json"
MESSAGES_PATH: Final = "/kakaoWebhook/v3/bzmc/sm"

#: A room as the API answers it: the 36 fields of the dictionary, all text but for a null `users_id`.
Room = dict[str, str | None]
#: A system message as the API answers it.
Message = dict[str, Any]

#: Response dictionary, chat_list. The dictionary's order is the order of the answer.
ROOM_FIELDS: Final[Mapping[str, str]] = {
    "id": "상담방 ID",
    "title": "상담방 제목",
    "counselor_name": "상담사 이름",
    "counselor_nickname": "상담사 별명",
    "customer_uuid": "고객 식별 번호",
    "users_id": "고객 ID",
    "category_id": "대분류 ID",
    "division_id": "중분류 ID",
    "cate_name1": "대분류 명칭",
    "cate_name2": "중분류 명칭",
    "etc_assign": "소분류 명칭",
    "reg_date": "상담방 등록 일시",
    "complate_date": "상담방 종료 일시",
    "out_api": "상담 환경 분류",
    "status": "상담방 상태",
    "order_number": "상품 주문 번호",
    "product_number": "상품 번호",
    "parcel_number": "운송장 번호",
    "parcel_companycode": "택배사 코드",
    "app_ver": "앱 버전",
    "phone_os": "휴대전화 OS",
    "phone_model": "휴대전화 모델명",
    "phone_osver": "휴대전화 OS 구분 값",
    "phone_telecomm": "통신사 정보",
    "app_hash": "앱 식별 번호",
    **{f"parameter{number}": "커스텀 파라미터" for number in range(1, 11)},
    "last_message": "마지막 메시지",
}

#: Widths of the stored columns, in characters (the vendor's archive export of the same table).
ROOM_WIDTHS: Final[Mapping[str, int]] = {
    "id": 30,
    "title": 100,
    "customer_uuid": 80,
    "users_id": 255,
    "counselor_nickname": 60,
    "order_number": 100,
    "parcel_number": 40,
    "parcel_companycode": 2,
    "app_hash": 150,
    "app_ver": 20,
    "phone_os": 20,
    "phone_model": 20,
    "phone_osver": 20,
    "phone_telecomm": 20,
    **{f"parameter{number}": 20 for number in range(1, 11)},
}

#: Request dictionary, status: 99 asks for every room.
ALL_STATUSES: Final = 99
#: Statuses a room can have: the request dictionary's and the response dictionary's together.
ROOM_STATUSES: Final[Mapping[int, str]] = {
    -2: "상담 대기",
    -1: "챗봇 진행중",
    0: "접수 대기",
    1: "진행중",
    2: "완료",
    3: "삭제",
    4: "챗봇종료",
}
#: The ones a request may name, beside 99 (request dictionary).
REQUEST_STATUSES: Final = (-2, -1, 0, 1, 2, 3)
#: The one that answers have and a request may not name.
BOT_ENDED: Final = 4
#: Statuses of a room that has not ended; its complate_date is the zero date.
OPEN_STATUSES: Final = (-2, -1, 0, 1)

OUT_API: Final[Mapping[str, str]] = {"0": "해피톡", "1": "네이버 톡톡", "2": "카카오톡"}
PHONE_OS: Final[Mapping[str, str]] = {"A": "안드로이드", "I": "아이폰", "W": "웹"}
PARCEL_COMPANIES: Final[Mapping[str, str]] = {
    "1": "우체국택배",
    "4": "대한통운",
    "5": "한진택배",
    "6": "로젠택배",
    "8": "롯데택배",
    "11": "일양로지스",
    "12": "EMS",
    "13": "DHL",
    "18": "건영택배",
    "21": "Fedex",
    "22": "대신택배",
    "23": "경동택배",
    "24": "CVSnet 편의점택배",
    "25": "TNT Express",
    "42": "CJ대한통운 국제특송",
    "45": "호남택배",
    "53": "농협택배",
    "99": "롯데글로벌 로지스",
}
#: In the page's example, but not in its list: an open point.
PARCEL_W: Final = "W"

SORT_KEYS: Final = ("reg_date", "complate_date")
SORT_VALUES: Final = ("asc", "desc")
DEFAULT_LIMIT: Final = 10
MAX_LIMIT: Final = 50

# --- system messages (data dictionary of that page) ---
MESSAGE_STATUSES: Final[Mapping[str, str]] = {"A": "정상", "T": "중지", "S": "차단"}
INSPECT_STATUSES: Final[Mapping[str, str]] = {"REG": "등록", "REQ": "검수요청", "APR": "승인", "REJ": "반려"}
COMMENT_STATUSES: Final[Mapping[str, str]] = {"APR": "승인", "REJ": "반려", "INQ": "문의"}
MESSAGE_TYPES: Final[Mapping[str, str]] = {
    "ST": "상담시작",
    "S1": "상담불가",
    "S2": "상담부재",
    "S3": "무응답종료",
    "S4": "상담대기",
    "S5": "금칙어 상담불가: 버튼 사용 불가",
    "ED": "상담종료",
    "ER": "응답실패",
    "BL": "사용자차단: 버튼 사용 불가",
    "SB": "봇전환: 버튼 사용 불가",
}
#: Types whose messages cannot have buttons.
BUTTONLESS_TYPES: Final = ("S5", "BL", "SB")
LINK_TYPES: Final[Mapping[str, str]] = {"WL": "웹링크", "AL": "앱링크", "BK": "봇키워드", "MD": "메시지전달"}
#: The fields of a button that hold links; which of them a button uses depends on its link type.
BUTTON_LINKS: Final = ("linkMobile", "linkPc", "linkIos", "linkAndroid")
