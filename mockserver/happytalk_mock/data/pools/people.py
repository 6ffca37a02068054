"""What people of chat counselling are called, log in as, and where they live."""

from __future__ import annotations

from typing import Final

NICKNAMES: Final = (
    *("{given} 매니저", "{given} 상담사", "친절한 {given}", "해피 {given}", "상담사 {given}", "{given}"),
    *("행복지기 {given}", "늘푸른 {given}"),
)
BOTS: Final = ("해피봇", "톡톡이", "바로봇", "챗봇 모아", "도우미봇", "척척이")
ID_STEMS: Final = (
    *("minji", "seoyeon", "jihoon", "hyunwoo", "yuna", "sooyoung", "jiwon", "dahye", "kyungmin", "eunji"),
    *("taehyung", "haneul", "sujin", "jungkook", "yejin", "minsu", "somi", "bomi", "hayoon", "jaewon"),
    *("nari", "chaewon", "seungho", "kimjh", "leesy", "parkmj", "choi.yr", "jung_a", "hanbyul", "dodo"),
    *("mongmong", "happymom", "coffee", "blue_sky", "bunny", "nabi", "lucky", "spring", "sunny"),
    *("cherry", "mimi", "kongkong", "dduddu", "gguri", "ssong"),
)
REGIONS: Final = (
    *("서울 마포구", "서울 송파구", "서울 관악구", "서울 노원구", "경기 성남시", "경기 수원시"),
    *("경기 고양시", "경기 용인시", "경기 화성시", "인천 부평구", "인천 연수구", "부산 해운대구"),
    *("부산 사하구", "대구 수성구", "대구 달서구", "대전 유성구", "광주 북구", "울산 남구", "세종시"),
    *("강원 원주시", "강원 춘천시", "충북 청주시", "충남 천안시", "충남 아산시", "전북 전주시"),
    *("전남 순천시", "경북 포항시", "경북 구미시", "경남 창원시", "경남 김해시", "제주 제주시"),
)
FAMILY_NAMES: Final = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN_NAMES: Final = ("지은", "민준", "서연", "현우", "수빈", "도윤", "예진", "성민", "하늘", "은정")
