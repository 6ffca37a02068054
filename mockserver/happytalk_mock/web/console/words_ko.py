"""Korean for what the rest of the mock says in English: effects of faults, verdicts, areas of drifts.

Tests hold each table to its English original. Where a text is not in a table the English one is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

#: Effect of a fault (`disturbances.EFFECTS`) -> what happens.
EFFECTS_KO: Final[Mapping[str, str]] = {
    "status": "HTTP 상태 코드 400~599. 예: Retry-After가 붙은 429, 503. 본문은 실패 응답",
    "failure": "문서에 있는 실패 코드. HTTP 상태 코드는 동작 설정을 따름",
    "empty-body": "상태 코드와 헤더는 그대로, 본문은 없음",
    "malformed-json": "끝까지 오지만 마지막 중괄호가 빠진 본문",
    "truncated-body": "Content-Length의 절반만 보내고 연결을 닫음",
    "connection-reset": "본문을 한 바이트도 보내지 않고 연결을 닫음. 상태 줄은 도착할 수 있음",
    "slow-trickle": "본문 전체를 스무 조각쯤으로 나누어 천천히 보냄",
    "wrong-content-type": "중간의 프록시처럼 HTTP 200과 HTML 페이지를 보냄",
}

#: Area of drifts -> its name.
AREAS_KO: Final[Mapping[str, str]] = {
    "fields": "필드",
    "code lists": "코드 목록",
    "sort": "정렬",
    "pages": "페이지",
    "counts": "건수",
    "dates": "날짜",
    "time zone": "시간대",
    "filters": "조회 조건",
    "defaults": "기본값",
    "authentication": "인증",
    "transport": "전송",
    "system messages": "시스템 메시지",
    "message fields": "메시지 필드",
}

#: What a request ought to have had (`Violation.expected`), in the journal's words.
EXPECTED_KO: Final[Mapping[str, str]] = {
    "the customer's token (고객사 토큰): text, required": "고객사 토큰: 문자열, 필수",
    "a day as Y-m-d, such as 2022-05-26; null or absent for the current day": (
        "Y-m-d 형식의 날짜. 예: 2022-05-26. 당일은 null이거나 생략"
    ),
    "a day as Y-m-d, such as 2022-05-26, together with edate; or null": (
        "Y-m-d 형식의 날짜를 edate와 함께. 예: 2022-05-26. 또는 null"
    ),
    "a day as Y-m-d, such as 2022-05-26, together with sdate; or null": (
        "Y-m-d 형식의 날짜를 sdate와 함께. 예: 2022-05-26. 또는 null"
    ),
    "a number: 99 (all, default), -2, -1, 0, 1, 2 or 3": "숫자: 99(전체, 기본), -2, -1, 0, 1, 2, 3",
    "reg_date (default) or complate_date": "reg_date(기본) 또는 complate_date",
    "asc or desc (default)": "asc 또는 desc(기본)",
    "a number from 1 to 50; 10 by default": "1~50의 숫자. 기본 10",
    "a number from 1; 1 by default": "1 이상의 숫자. 기본 1",
    "the sender profile key (발신프로필 키): text, required": "발신프로필 키: 문자열, 필수",
    "the number of a system message; optional": "시스템 메시지 번호. 선택",
    "the key issued by the vendor's support, required": "해피톡에서 발급한 키. 필수",
    "the token issued by the vendor's support, required": "해피톡에서 발급한 토큰. 필수",
    "a JSON object in UTF-8": "UTF-8로 쓴 JSON 객체",
    "parameters in the JSON body": "JSON 본문에 담은 파라미터",
    "no body: this is a GET with query parameters": "본문 없음. 쿼리 파라미터를 쓰는 GET 요청",
    "sdate (검색 시작일) not after edate (검색 종료일)": "edate(검색 종료일)보다 늦지 않은 sdate(검색 시작일)",
    "a small JSON object": "작은 JSON 객체",
}
_ONLY: Final = "only "

#: What a request had instead (`Violation.received`), as patterns.
_RECEIVED_KO: Final = (
    (re.compile(r"not given"), "없음"),
    (re.compile(r"more than one value"), "값이 둘 이상"),
    (re.compile(r"in the query of the URL"), "URL의 쿼리"),
    (re.compile(r"a parameter of that name"), "문서에 없는 파라미터"),
    (re.compile(r"text of (\d+) characters, not shown"), r"\1자의 문자열(표시하지 않음)"),
    (re.compile(r"an array of (\d+)"), r"항목이 \1개인 배열"),
    (re.compile(r"an object of (\d+)"), r"항목이 \1개인 객체"),
    (re.compile(r"(\d+) bytes"), r"\1바이트"),
    (re.compile(r"an array"), "배열"),
    (re.compile(r"an object"), "객체"),
    (re.compile(r"a number"), "숫자"),
    (re.compile(r"a boolean"), "참/거짓 값"),
    (re.compile(r"text"), "문자열"),
)


def expected_ko(text: str) -> str:
    """What was expected, in Korean; as it is where there is none."""
    if text.startswith(_ONLY):
        return f"{text.removeprefix(_ONLY)}만"
    return EXPECTED_KO.get(text, text)


def received_ko(text: str) -> str:
    """What was received, in Korean; a value stays as it is."""
    for pattern, korean in _RECEIVED_KO:
        found = pattern.fullmatch(text)
        if found:
            return found.expand(korean)
    return text
