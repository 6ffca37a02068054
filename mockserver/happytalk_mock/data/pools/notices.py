# ruff: noqa: E501 - Hangul counts double
"""System messages as shops register them: what the messenger says by itself before, between and after talks.

Each is written down with the days of its life, so that a message is the same whatever the clock says, and only
what has happened by then shows. `{상점}` is the slot for the shop's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Verdict = Literal["APR", "REJ"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A button."""

    kind: str  # WL, AL, BK, MD
    name: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment of an inspection, made some hours after the request for it."""

    status: Literal["APR", "REJ", "INQ"]
    content: str | None
    hours: int
    by_shop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One system message and its life: made, put up for inspection, inspected, stopped or blocked."""

    name: str
    created: str  # Y-m-d
    parts: tuple[tuple[str, str, tuple[Link, ...]], ...]  # message type, content, buttons
    #: Hours from creation to the request for inspection; None: never asked for.
    requested: int | None = 2
    #: The last remark that judges is the verdict; without one it is still open.
    remarks: tuple[Remark, ...] = ()
    status: Literal["A", "T", "S"] = "A"


HOME: Final = Link(kind="WL", name="홈페이지 바로가기", path="/")
ORDERS: Final = Link(kind="WL", name="주문/배송 조회", path="/mypage/orders")
FAQ: Final = Link(kind="WL", name="자주 묻는 질문", path="/faq")
BOARD: Final = Link(kind="WL", name="1:1 문의 남기기", path="/board/qna/write")
APP: Final = Link(kind="AL", name="앱에서 보기", path="mypage")
APP_COUPON: Final = Link(kind="AL", name="앱 쿠폰함 열기", path="coupon")
BOT_START: Final = Link(kind="BK", name="처음으로")
BOT_DELIVERY: Final = Link(kind="BK", name="배송조회")
BOT_RETURN: Final = Link(kind="BK", name="교환/반품 신청")
CALL: Final = Link(kind="MD", name="상담사 연결")
AGAIN: Final = Link(kind="MD", name="다시 문의하기")
CALLBACK: Final = Link(kind="MD", name="전화 상담 요청")

APPROVED: Final = Remark(status="APR", content=None, hours=3)

NOTICES: Final = (
    Notice(
        name="기본 상담 메시지",
        created="2019-03-04",
        parts=(
            (
                "ST",
                "안녕하세요, {상점}입니다.\n1:1 채팅을 요청하셨습니다. 상담사가 곧 연결됩니다.",
                (ORDERS, FAQ),
            ),
            (
                "S1",
                "지금은 상담이 불가능한 시간입니다.\n상담 운영시간: 평일 09:00~18:00 (점심 12:00~13:00)",
                (BOARD,),
            ),
            ("S4", "현재 상담 대기 고객이 많아 연결이 지연되고 있습니다. 순서대로 안내드리겠습니다.", ()),
            ("ED", "상담이 종료되었습니다. {상점} 상담센터를 이용해 주셔서 감사합니다.", (HOME,)),
        ),
        remarks=(APPROVED,),
    ),
    Notice(
        name="부재/무응답 안내",
        created="2019-05-20",
        parts=(
            ("S2", "상담사가 잠시 자리를 비웠습니다. 문의를 남겨 주시면 확인 후 답변드리겠습니다.", (CALL,)),
            ("S3", "고객님의 응답이 없어 상담이 종료되었습니다. 추가 문의는 언제든지 남겨 주세요.", (AGAIN,)),
        ),
        remarks=(Remark(status="APR", content="승인되었습니다.", hours=26),),
    ),
    Notice(
        name="금칙어/차단 안내",
        created="2019-07-11",
        parts=(
            ("S5", "부적절한 표현이 포함되어 상담을 진행할 수 없습니다.", ()),
            ("BL", "운영정책 위반으로 상담 이용이 제한되었습니다.", ()),
        ),
        remarks=(APPROVED,),
    ),
    Notice(
        name="챗봇 전환 메시지",
        created="2019-09-02",
        parts=(
            ("SB", "상담이 종료되어 챗봇으로 전환됩니다. 궁금하신 내용을 입력해 주세요.", ()),
            ("ER", "일시적인 오류로 응답하지 못했습니다. 잠시 후 다시 시도해 주세요.", (BOT_START,)),
        ),
        remarks=(
            Remark(
                status="INQ",
                content="봇전환 메시지에는 버튼을 넣을 수 없는데, 안내 문구로 대체해도 될까요?",
                hours=1,
                by_shop=True,
            ),
            Remark(status="APR", content="안내 문구만으로 등록 가능합니다. 승인 처리하였습니다.", hours=22),
        ),
    ),
    Notice(
        name="system-message-sample",
        created="2019-10-31",
        parts=(("ST", "1:1채팅을 요청하셨습니다.", ()),),
        requested=0,
        remarks=(Remark(status="APR", content=None, hours=1),),
    ),
    Notice(
        name="추석 연휴 휴무 안내",
        created="2020-09-21",
        parts=(
            (
                "S1",
                "추석 연휴(9/30~10/4)에는 상담이 운영되지 않습니다.\n남겨주신 문의는 10/5부터 순차적으로 답변드리겠습니다.",
                (BOARD, BOT_DELIVERY),
            ),
        ),
        remarks=(APPROVED,),
        status="T",
    ),
    Notice(
        name="상담시작_앱설치유도",
        created="2020-11-16",
        parts=(("ST", "{상점} 앱에서 더 빠르게 상담받으실 수 있습니다!", (APP, APP_COUPON)),),
        remarks=(
            Remark(status="INQ", content="앱 설치 안내 버튼은 AL로 등록하면 되나요?", hours=2, by_shop=True),
            Remark(
                status="REJ",
                content="광고성 문구가 포함되어 반려합니다. 상담과 관련된 내용만 기재해 주세요.",
                hours=20,
            ),
        ),
    ),
    Notice(
        name="설 연휴 배송 안내",
        created="2021-02-01",
        parts=(("ST", "설 연휴로 2/10~2/14 주문건은 2/15부터 순차 출고됩니다.", (ORDERS, BOT_DELIVERY)),),
        remarks=(APPROVED,),
        status="T",
    ),
    Notice(
        name="이벤트 당첨 안내(차단)",
        created="2021-04-12",
        parts=(("ST", "축하합니다! 지금 바로 확인하시고 100% 당첨 혜택을 받아 가세요.", (HOME, APP_COUPON)),),
        remarks=(
            Remark(status="REJ", content="상담 목적과 무관한 광고 메시지로 확인되어 차단합니다.", hours=2),
        ),
        status="S",
    ),
    Notice(
        name="교환·반품 상담 시작",
        created="2021-06-08",
        parts=(
            (
                "ST",
                "교환/반품 상담입니다. 상품명과 사유를 남겨 주시면 빠르게 도와드리겠습니다.",
                (BOT_RETURN, CALL),
            ),
            ("S4", "교환/반품 문의가 많아 평균 10분 정도 대기가 예상됩니다.", (CALLBACK, BOT_RETURN)),
        ),
        remarks=(
            Remark(status="REJ", content="버튼명이 실제 동작과 다릅니다. 수정 후 재요청 바랍니다.", hours=4),
            Remark(status="APR", content="수정 사항 확인하였습니다.", hours=30),
        ),
    ),
    Notice(
        name="점심시간 안내 (작성중)",
        created="2021-09-27",
        parts=(("S2", "점심시간(12:00~13:00)에는 답변이 늦어질 수 있습니다.", ()),),
        requested=None,
    ),
    Notice(
        name="VIP 전용 상담 시작",
        created="2021-12-06",
        parts=(("ST", "VIP 고객님, 전담 상담사가 바로 연결됩니다.", (CALL, APP)),),
        requested=5,
        remarks=(Remark(status="INQ", content="검수는 언제쯤 완료될까요?", hours=40, by_shop=True),),
    ),
    Notice(
        name="상담 종료 만족도 조사",
        created="2022-03-14",
        parts=(
            (
                "ED",
                "상담은 만족스러우셨나요? 잠시 시간을 내어 평가해 주세요.",
                (Link(kind="WL", name="만족도 평가하기", path="/survey"),),
            ),
        ),
        remarks=(APPROVED,),
    ),
    Notice(
        name="물류센터 이전 배송지연 안내",
        created="2023-08-21",
        parts=(
            (
                "ST",
                "물류센터 이전으로 8/24~8/28 출고가 지연됩니다. 양해 부탁드립니다.",
                (BOT_DELIVERY, ORDERS),
            ),
        ),
        remarks=(APPROVED,),
        status="T",
    ),
    Notice(
        name="상담 불가 시간 안내 v2",
        created="2024-05-13",
        parts=(
            (
                "S1",
                "상담 운영시간이 아닙니다. (평일 09:00~18:00)\n급하신 문의는 챗봇을 이용해 주세요.",
                (BOT_START, BOARD),
            ),
            ("S3", "10분간 응답이 없어 상담을 종료합니다.", (AGAIN,)),
        ),
        remarks=(Remark(status="APR", content="승인되었습니다.", hours=7),),
    ),
    Notice(
        name="개인정보 입력 주의 안내",
        created="2025-02-10",
        parts=(("ST", "상담 중 주민등록번호, 카드번호 등 개인정보를 입력하지 마세요.", (FAQ,)),),
        remarks=(APPROVED,),
    ),
)

#: What a hand-made message of a type says when it is not told what to say.
DEFAULT_CONTENT: Final = {
    "ST": "1:1채팅을 요청하셨습니다.",
    "S1": "지금은 상담이 불가능한 시간입니다.",
    "S2": "상담사가 잠시 자리를 비웠습니다.",
    "S3": "고객님의 응답이 없어 상담이 종료되었습니다.",
    "S4": "현재 상담 대기 중입니다.",
    "S5": "부적절한 표현이 포함되어 상담을 진행할 수 없습니다.",
    "ED": "상담이 종료되었습니다.",
    "ER": "일시적인 오류로 응답하지 못했습니다.",
    "BL": "운영정책 위반으로 상담 이용이 제한되었습니다.",
    "SB": "챗봇으로 전환됩니다.",
}
DEFAULT_LINK_NAME: Final = {
    "WL": "홈페이지 바로가기",
    "AL": "앱에서 보기",
    "BK": "처음으로",
    "MD": "상담사 연결",
}
INSPECTOR: Final = "검수자"
