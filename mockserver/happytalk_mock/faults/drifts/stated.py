"""The statements of the two documentation pages that drifts break, with the pages' own words."""

from __future__ import annotations

from typing import Final

from .drift import Stated


def _s(id: str, says: str, quote: str) -> Stated:
    return Stated(id=id, says=says, quote=quote)


# --- POST chat_room_lists ---
TOKEN: Final = _s(
    "rooms-1",
    "token is required; missing or not valid, it gets failure -501",
    "token | String | Y | 고객사 토큰",
)
PRIORITY: Final = _s(
    "rooms-2",
    "sdate,edate go before ndate, ndate before null, and null is today in Seoul",
    "우선순위는 sdate,edate > ndate > null 이며, null로 넘길경우 당일날짜를 조회합니다.",
)
SPAN: Final = _s(
    "rooms-3",
    "the dates are days of registration in Seoul, both ends included; a range is the union of its days",
    "sdate | 검색 시작일 (Y-m-d), edate | 검색 종료일 (Y-m-d)",
)
STATUS: Final = _s(
    "rooms-4",
    "a status filter shows exactly the rooms of that status; 99 leaves none out",
    "status | int | N | 상담방 상태 | 99 … 99 | 전체",
)
ORDER: Final = _s(
    "rooms-5",
    "the list is ordered by sort_key in the direction of sort_value, over all its pages",
    "정렬 기준 (reg_date, complate_date)), 정렬 방식 (asc, desc)",
)
PAGES: Final = _s(
    "rooms-6",
    "pages partition the list, at most 50 rooms each, whatever limit, sort_key and sort_value",
    "한 페이지당 상담방 출력 수 | 기본 : 10 최대 : 50; 페이지 번호 | 1",
)
DEFAULTS: Final = _s(
    "rooms-7",
    "an omitted parameter equals its default written out",
    "Default: status 99, sort_key reg_date, sort_value desc, limit 기본 : 10, page 1",
)
ENVELOPE: Final = _s(
    "rooms-8",
    "success is result and data with page, limit, total_count of all that match, and the list chat_list",
    '"result": "success", "data": {"page": 1, "limit": 10, "total_count": 2, "chat_list": [ … ]}',
)
FIELDS: Final = _s(
    "rooms-9",
    "each room has the 36 fields, all text; dates are Y-m-d H:i:s, zero while not completed",
    'status | String | 상담방 상태; complate_date | datetime; "complate_date": "0000-00-00 00:00:00"',
)
CODES: Final = _s(
    "rooms-10",
    "out_api, status, parcel_companycode and phone_os take the values of their lists",
    "out_api 0 1 2; status 0 1 2 3 4; parcel_companycode 1 4 5 … 99; phone_os A I W",
)
JSON: Final = _s(
    "rooms-11",
    "every answer is JSON in UTF-8, whatever was sent: no HTML, no empty body, no 5xx",
    "/user/api/chat_room_lists/format/json; Response (Json)",
)
STEADY: Final = _s(
    "rooms-12",
    "ids are unique, and asking twice gives the same answer while nothing changes",
    "id | String | 상담방 ID",
)

# --- GET system messages ---
REQUIRED: Final = _s(
    "messages-1",
    "HT-Client-Id, HT-Client-Secret and senderKey are required",
    "HT-Client-Id | Text | Y; HT-Client-Secret | Text | Y; senderKey | Text | Y",
)
CHOSEN: Final = _s(
    "messages-2",
    "without id the sender's messages of status A, with id that one; never another sender's",
    "senderKey | 발신프로필 키; id | 시스템 메시지 아이디",
)
RESULT: Final = _s(
    "messages-3",
    "an answer is JSON: code 200 as text and a list data, or another code and a message",
    "Response (Json); code | Text | 결과 코드; data | SystemMessage[] | 결과 목록; message | 처리 실패 시 결과 메시지",
)
MESSAGE: Final = _s(
    "messages-4",
    "a message has its ten fields, ids are numbers, codes from their lists, times Y-m-d H:i:s",
    "status | 메시지 상태 (A: 정상, T: 중지, S: 차단); inspectStatus | 검사 상태 (REG: 등록, …, REJ: 반려)",
)
PART: Final = _s(
    "messages-5",
    "a part has messageType, content and buttons; S5, BL and SB have no buttons",
    "S5 | 금칙어 상담불가: 버튼 사용 불가; BL | 사용자차단: 버튼 사용 불가; SB | 봇전환: 버튼 사용 불가",
)
BUTTON: Final = _s(
    "messages-6",
    "a button has ordering (a number), linkType, linkName and its links",
    "ordering | Number | 버튼 노출 순서; linkType | (예: WL, AL, BK, MD)",
)
COMMENT: Final = _s(
    "messages-7",
    "a comment has id (a number), content, userName, createdAt and status",
    "id | Number | 아이디; status | 상태 (APR: 승인, REJ: 반려, INQ: 문의)",
)
TIMES: Final = _s(
    "messages-8",
    "modifiedAt is not before createdAt, inspectedAt not before inspectRequestAt",
    "createdAt | 등록일; modifiedAt | 수정일; inspectRequestAt | 검수 요청일; inspectedAt | 검수일",
)

#: In the order of the pages.
STATEMENTS: Final = (
    TOKEN, PRIORITY, SPAN, STATUS, ORDER, PAGES, DEFAULTS, ENVELOPE, FIELDS, CODES, JSON, STEADY,
    REQUIRED, CHOSEN, RESULT, MESSAGE, PART, BUTTON, COMMENT, TIMES,
)  # fmt: skip
