"""Small things that fill slots and parameters: banks, cards, branches, telecoms, couriers, phones."""

from __future__ import annotations

from typing import Final, NamedTuple

CARDS: Final = (
    "신한카드",
    "국민카드",
    "삼성카드",
    "현대카드",
    "롯데카드",
    "하나카드",
    "우리카드",
    "농협카드",
    "비씨카드",
)
PAYS: Final = ("카카오페이", "네이버페이", "토스페이", "페이코", "삼성페이", "휴대폰")
BANKS: Final = (
    *("국민은행", "신한은행", "우리은행", "하나은행", "농협은행", "기업은행", "카카오뱅크", "토스뱅크"),
    "새마을금고",
)
BRANCHES: Final = (
    *("강남점", "홍대점", "잠실점", "판교점", "수원점", "일산점", "부산서면점", "대구동성로점"),
    *("대전둔산점", "광주상무점"),
)
COUPONS: Final = (
    *("첫 구매 10% 할인쿠폰", "생일 축하 쿠폰", "앱 전용 5,000원 쿠폰", "신규가입 3,000원 쿠폰"),
    *("무료배송 쿠폰", "주말 깜짝 15% 쿠폰", "재구매 감사 쿠폰", "장바구니 7% 쿠폰", "VIP 전용 20% 쿠폰"),
    "리뷰 감사 쿠폰",
)
TIMES: Final = (
    *("오전 10시", "오전 10시 30분", "오전 11시", "오후 1시", "오후 2시", "오후 2시 30분", "오후 3시"),
    *("오후 4시", "오후 5시 30분"),
)
POINTS: Final = (
    "500원",
    "1,000원",
    "1,200원",
    "2,000원",
    "2,350원",
    "3,000원",
    "4,800원",
    "5,000원",
    "10,000원",
)
COUNTS: Final = ("2개", "2개", "2개", "3개", "4개", "5개", "10개")
#: Mobile carriers as shops record them; the last ones are small brands on the big ones' networks.
TELECOMS: Final = (
    "SKT",
    "SKT",
    "SKT",
    "KT",
    "KT",
    "LGU+",
    "LGU+",
    "알뜰폰(SKT)",
    "알뜰폰(KT)",
    "알뜰폰(LGU+)",
)

GRADES: Final = ("일반회원", "일반회원", "일반회원", "실버", "실버", "골드", "골드", "VIP", "VVIP")
ENTRANCES: Final = (
    *("상품상세", "마이페이지", "주문상세", "장바구니", "고객센터", "메인", "주문완료", "앱푸시"),
    *("카카오채널", "이벤트페이지"),
)
CAMPAIGNS: Final = (
    *("utm_brand", "utm_kakao_cpc", "utm_naver_sa", "utm_insta_feed", "utm_blog", "crm_push_am"),
    *("crm_lms", "summer_sale", "new_arrivals", "weekend_deal", "retarget_7d", "organic"),
)


class Courier(NamedTuple):
    """A courier of the dictionary: its code, what people call it, how its parcel numbers look.

    In `form`, `#` is any digit; a last `7` the remainder by 7 of the nine digits before it; `S10` the form of
    the postal union with its own check digit.
    """

    code: str
    spoken: str
    form: str
    share: int  # of 256


#: Shares follow what Korean shops send with: one giant, a few others, the rest now and then.
COURIERS: Final = (
    Courier("4", "CJ대한통운", "6##########7", 124),
    Courier("5", "한진택배", "5###########", 32),
    Courier("8", "롯데택배", "4###########", 28),
    Courier("1", "우체국택배", "68###########", 24),
    Courier("6", "로젠택배", "9##########", 18),
    Courier("99", "롯데택배", "3###########", 5),
    Courier("24", "편의점택배", "3###########", 5),
    Courier("23", "경동택배", "3############", 4),
    Courier("22", "대신택배", "8############", 2),
    Courier("11", "일양로지스", "7##########", 2),
    Courier("18", "건영택배", "2#########", 2),
    Courier("45", "호남택배", "1#########", 2),
    Courier("53", "농협택배", "9############", 2),
    Courier("12", "EMS", "S10", 2),
    Courier("13", "DHL", "4#########", 1),
    Courier("21", "페덱스", "7###########", 1),
    Courier("25", "TNT", "3########", 1),
    Courier("42", "CJ대한통운 국제특송", "5###########", 1),
)


class Phone(NamedTuple):
    """A model people carry, from the year it came to the last Android or iOS it takes."""

    os: str
    model: str
    spoken: str  # what its owner calls it
    since: int
    first: int
    last: int


PHONES: Final = (
    Phone("A", "SM-G950N", "갤럭시 S8", 2017, 7, 9),
    Phone("A", "SM-N960N", "갤럭시 노트9", 2018, 8, 10),
    Phone("A", "SM-G973N", "갤럭시 S10", 2019, 9, 12),
    Phone("A", "SM-A505N", "갤럭시 A50", 2019, 9, 11),
    Phone("A", "LM-V500N", "엘지 V50", 2019, 9, 12),
    Phone("A", "SM-G981N", "갤럭시 S20", 2020, 10, 13),
    Phone("A", "SM-N981N", "갤럭시 노트20", 2020, 10, 13),
    Phone("A", "LM-Q920N", "엘지 Q92", 2020, 10, 12),
    Phone("A", "SM-A516N", "갤럭시 A51", 2020, 10, 13),
    Phone("A", "SM-G991N", "갤럭시 S21", 2021, 11, 15),
    Phone("A", "SM-G998N", "갤럭시 S21 울트라", 2021, 11, 15),
    Phone("A", "SM-F711N", "갤럭시 Z플립3", 2021, 11, 15),
    Phone("A", "SM-A325N", "갤럭시 A32", 2021, 11, 13),
    Phone("A", "SM-S901N", "갤럭시 S22", 2022, 12, 16),
    Phone("A", "SM-S908N", "갤럭시 S22 울트라", 2022, 12, 16),
    Phone("A", "SM-A536N", "갤럭시 A53", 2022, 12, 16),
    Phone("A", "SM-F721N", "갤럭시 Z플립4", 2022, 12, 16),
    Phone("A", "SM-S911N", "갤럭시 S23", 2023, 13, 17),
    Phone("A", "SM-S918N", "갤럭시 S23 울트라", 2023, 13, 17),
    Phone("A", "SM-F731N", "갤럭시 Z플립5", 2023, 13, 17),
    Phone("A", "SM-A245N", "갤럭시 A24", 2023, 13, 17),
    Phone("A", "SM-S921N", "갤럭시 S24", 2024, 14, 21),
    Phone("A", "SM-S928N", "갤럭시 S24 울트라", 2024, 14, 21),
    Phone("A", "SM-A556S", "갤럭시 A55", 2024, 14, 18),
    Phone("A", "SM-F741N", "갤럭시 Z플립6", 2024, 14, 21),
    Phone("A", "SM-S931N", "갤럭시 S25", 2025, 15, 22),
    Phone("A", "SM-S938N", "갤럭시 S25 울트라", 2025, 15, 22),
    Phone("A", "SM-F766N", "갤럭시 Z플립7", 2025, 16, 22),
    Phone("I", "iPhone 8", "아이폰 8", 2017, 11, 16),
    Phone("I", "iPhone XS", "아이폰 XS", 2018, 12, 18),
    Phone("I", "iPhone XR", "아이폰 XR", 2018, 12, 18),
    Phone("I", "iPhone 11", "아이폰 11", 2019, 13, 26),
    Phone("I", "iPhone 11 Pro", "아이폰 11 프로", 2019, 13, 26),
    Phone("I", "iPhone SE (2nd)", "아이폰 SE 2", 2020, 13, 26),
    Phone("I", "iPhone 12", "아이폰 12", 2020, 14, 26),
    Phone("I", "iPhone 12 mini", "아이폰 12 미니", 2020, 14, 26),
    Phone("I", "iPhone 12 Pro", "아이폰 12 프로", 2020, 14, 26),
    Phone("I", "iPhone 13", "아이폰 13", 2021, 15, 26),
    Phone("I", "iPhone 13 mini", "아이폰 13 미니", 2021, 15, 26),
    Phone("I", "iPhone 13 Pro", "아이폰 13 프로", 2021, 15, 26),
    Phone("I", "iPhone 14", "아이폰 14", 2022, 16, 26),
    Phone("I", "iPhone 14 Pro", "아이폰 14 프로", 2022, 16, 26),
    Phone("I", "iPhone 14 Plus", "아이폰 14 플러스", 2022, 16, 26),
    Phone("I", "iPhone 15", "아이폰 15", 2023, 17, 26),
    Phone("I", "iPhone 15 Pro", "아이폰 15 프로", 2023, 17, 26),
    Phone("I", "iPhone 15 Pro Max", "아이폰 15 프로 맥스", 2023, 17, 26),
    Phone("I", "iPhone 16", "아이폰 16", 2024, 18, 26),
    Phone("I", "iPhone 16 Pro", "아이폰 16 프로", 2024, 18, 26),
    Phone("I", "iPhone 17", "아이폰 17", 2025, 26, 26),
    Phone("I", "iPhone 17 Pro", "아이폰 17 프로", 2025, 26, 26),
)

#: The newest system in a year: Android is one number, iOS the releases of that spring.
ANDROID_OF_YEAR: Final = {2019: 9, 2020: 10, 2021: 11, 2022: 12, 2023: 13, 2024: 14, 2025: 15, 2026: 16}
IOS_OF_YEAR: Final = {
    2019: ("12.2", "12.1.4"),
    2020: ("13.4.1", "13.3.1"),
    2021: ("14.4.2", "14.5.1", "14.4"),
    2022: ("15.3.1", "15.4.1", "15.4"),
    2023: ("16.3.1", "16.4.1", "16.4"),
    2024: ("17.3.1", "17.4.1", "17.4"),
    2025: ("18.3.2", "18.4.1", "18.3.1"),
    2026: ("26.2", "26.1", "26.2.1"),
}
#: What a phone that no longer gets the newest iOS stands at.
IOS_LAST: Final = {
    11: "11.4.1",
    12: "12.5.7",
    13: "13.7",
    14: "14.8.1",
    15: "15.8.2",
    16: "16.7.10",
    17: "17.7.2",
    18: "18.7.1",
}

#: What people call a model.
SPOKEN: Final = {phone.model: phone.spoken for phone in PHONES}
