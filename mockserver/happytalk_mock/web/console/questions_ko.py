"""The behaviour profile in Korean: every open question, and what each legal answer means.

The English original is `behaviour.QUESTIONS`; a test holds the two to the same questions and answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class QuestionKo(NamedTuple):
    """A question as a Korean reader sees it."""

    asks: str
    answers: Mapping[str, str]
    number: str = ""  #: what a number counts, where an answer may be one
    quote: str = ""  #: what the documentation says, where the profile puts it in English


_FAILURE: Final = "실패 응답"
_EMPTY: Final = "빈 목록"

#: Open question -> its Korean text, in the order of the profile.
QUESTIONS_KO: Final[Mapping[str, QuestionKo]] = {
    "size_type": QuestionKo(
        "page, limit, total_count는 숫자인가 문자열인가?",
        {"number": "예제처럼 숫자", "text": "데이터 사전처럼 문자열"},
        quote='데이터 사전은 page String, 예제는 "page": 1',
    ),
    "limit_above_max": QuestionKo(
        "limit가 50보다 크면 어떻게 답하는가?", {"capped": "한 페이지에 50건", "failure": _FAILURE}
    ),
    "limit_echo": QuestionKo(
        "50보다 큰 limit를 요청했을 때 data.limit에는 무엇이 오는가?",
        {"served": "실제로 적용한 50", "asked": "요청한 숫자"},
    ),
    "limit_invalid": QuestionKo(
        "limit가 0이거나 음수이거나 숫자가 아니면?",
        {"default": "한 페이지에 10건", "failure": _FAILURE, "clamp": "한 페이지에 1건"},
    ),
    "page_invalid": QuestionKo(
        "page가 0이거나 음수이거나 숫자가 아니면?", {"first": "1페이지", "failure": _FAILURE}
    ),
    "page_past_end": QuestionKo(
        "마지막 페이지를 넘어가면?", {"empty": "빈 목록과 실제 total_count", "failure": _FAILURE}
    ),
    "single_date": QuestionKo(
        "sdate와 edate 중 하나만 보내면?",
        {
            "ignored": "무시하고 ndate, 그다음 당일을 따름",
            "open_range": "다른 쪽이 열린 기간",
            "failure": _FAILURE,
        },
        quote="sdate,edate > ndate > null (둘을 함께)",
    ),
    "reversed_dates": QuestionKo(
        "sdate가 edate보다 늦으면?", {"empty": _EMPTY, "failure": _FAILURE, "swapped": "두 날짜 사이의 기간"}
    ),
    "bad_date": QuestionKo(
        "날짜가 Y-m-d 형식이 아니거나 달력에 없는 날이면?",
        {"failure": _FAILURE, "absent": "보내지 않은 것으로"},
    ),
    "longest_period": QuestionKo(
        "조회 기간은 얼마나 길어도 되는가?",
        {"none": "제한 없음"},
        "일까지. 더 길면 -504",
        quote="실패 코드 -504 overDate는 있으나 이 API의 최대 기간은 없음",
    ),
    "unknown_sort": QuestionKo(
        "문서에 없는 sort_key, sort_value를 보내면?", {"default": "기본 정렬", "failure": _FAILURE}
    ),
    "unknown_status": QuestionKo(
        '요청 목록에 없는 status(4, 7, "abc")를 보내면?',
        {
            "that_status": "그 상태의 상담방. 있을 수 없는 상태면 없음",
            "empty": _EMPTY,
            "all": "99처럼 전체",
            "failure": _FAILURE,
        },
        quote="4(챗봇종료)는 응답 목록에만 있음",
    ),
    "bot_statuses": QuestionKo(
        "상태가 -2, -1인 상담방은 응답에 어떻게 나오는가?",
        {"shown": "숫자를 문자열로", "hidden": "나오지 않음"},
        quote="-2와 -1은 요청 목록에만 있고 응답 목록에는 없음",
    ),
    "zero_date_order": QuestionKo(
        "complate_date로 정렬할 때 0000-00-00 값은 어디에 오는가?",
        {"lowest": "가장 이른 날짜로", "last": "정렬 방향과 관계없이 맨 뒤"},
    ),
    "numeric_text": QuestionKo(
        "int 파라미터에 숫자로 된 문자열을 보내면?",
        {"taken": "숫자로 받음", "failure": _FAILURE},
        quote="status: int. 샘플은 문자열을 보냄",
    ),
    "empty_date": QuestionKo('날짜에 ""를 보내면?', {"null": "null과 같음", "failure": _FAILURE}),
    "unknown_parameters": QuestionKo(
        "문서에 없는 파라미터를 보내면?", {"ignored": "무시", "failure": _FAILURE}
    ),
    "form_body": QuestionKo("form 형식의 본문을 받는가?", {"failure": _FAILURE, "taken": "JSON처럼 받음"}),
    "failure_http_status": QuestionKo(
        "실패의 HTTP 상태 코드는?", {"200": "200", "400": "400", "401": "401", "403": "403"}
    ),
    "failure_text": QuestionKo(
        "토큰, 권한, 조회 기간 외의 실패는 어떤 code와 message를 갖는가?",
        {
            "detailed": "-505~-507과 받은 값, 기대한 값",
            "terse": "-505~-507과 문서의 실패처럼 잘못된 항목의 이름만",
        },
    ),
    "ht_headers": QuestionKo(
        "상담방 리스트에도 HT-Client-Id와 HT-Client-Secret이 필요한가?",
        {"not_needed": "확인하지 않음", "needed": "없거나 틀리면 -502"},
        quote="운영 샘플은 보내고 개발 샘플은 보내지 않음",
    ),
    "deleted_end_date": QuestionKo(
        "삭제된(3) 상담방의 complate_date는?",
        {"mixed": "0000-00-00인 것도, 실제 일시인 것도 있음", "zero": "0000-00-00", "real": "실제 일시"},
    ),
    "bot_ended_end_date": QuestionKo(
        "챗봇종료(4) 상담방의 complate_date는?",
        {"real": "실제 일시", "zero": "0000-00-00", "mixed": "0000-00-00인 것도, 실제 일시인 것도 있음"},
    ),
    "parcel_w": QuestionKo(
        'parcel_companycode에 "W"가 나오는가?',
        {"seen": "가끔 나옴", "not_seen": "나오지 않음"},
        quote="예제에는 있으나 코드 목록에는 없음",
    ),
    "message_unknown_id": QuestionKo(
        "발신프로필에 없는 id를 조회하면?", {"508": "508 실패", "empty": _EMPTY}
    ),
    "no_messages": QuestionKo(
        "시스템 메시지가 하나도 없으면?",
        {"empty": _EMPTY, "508": "508 실패"},
        quote='빈 성공 응답은 {"code":"200","data":[]}',
    ),
    "unknown_sender_key": QuestionKo("알 수 없는 senderKey를 보내면?", {"507": "507 실패", "empty": _EMPTY}),
    "message_headers": QuestionKo("HT 헤더가 없거나 틀리면?", {"403": "403 실패"}),
    "sender_key_missing": QuestionKo("senderKey가 없으면?", {"405": "405 실패"}),
    "message_id_invalid": QuestionKo(
        "id가 숫자가 아니면?", {"405": "405 실패", "508": "508 실패", "ignored": "id 없이 조회한 목록"}
    ),
    "message_failure_http_status": QuestionKo(
        "실패의 HTTP 상태 코드는?", {"200": "200", "4xx": "종류에 따라 400, 403, 404, 405"}
    ),
    "message_on_success": QuestionKo(
        "성공 응답의 message는?", {"absent": "없음", "null": "null", "empty": '""'}
    ),
    "uninspected_dates": QuestionKo(
        "검수 전의 inspectRequestAt, inspectedAt은?", {"null": "null", "empty": '""'}
    ),
    "unused_links": QuestionKo(
        "버튼 종류가 쓰지 않는 링크 항목은?", {"null": "null", "empty": '""', "absent": "없음"}
    ),
    "message_order": QuestionKo(
        "시스템 메시지는 어떤 순서로 오는가?", {"id": "id 순", "newest_first": "modifiedAt 최신순"}
    ),
}
