# ruff: noqa: E501 - Hangul counts double; these are lists of short texts
"""Korean that Faker's ko_KR does not have, and the one place where Faker is made.

Faker's own names and places are Korean; its words, sentences, companies' slogans and user names are Latin.
Importing Faker takes longer than making 500 rooms, so this module is imported when the first text is needed.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final

from faker.factory import Factory
from faker.providers import BaseProvider
from faker.providers.person.ko_KR import Provider

from ..pools.endings import PLAIN_TITLES
from ..pools.trades import TRADES

_NICKNAMES: Final = (
    "{given} 매니저", "{given} 상담사", "친절한 {given}", "해피 {given}", "상담사 {given}", "{given}", "행복지기 {given}", "늘푸른 {given}",
)  # fmt: skip
_BOTS: Final = ("해피봇", "톡톡이", "바로봇", "챗봇 모아", "도우미봇", "척척이")
_ID_STEMS: Final = (
    "minji", "seoyeon", "jihoon", "hyunwoo", "yuna", "sooyoung", "jiwon", "dahye", "kyungmin", "eunji", "taehyung",
    "haneul", "sujin", "jungkook", "yejin", "minsu", "somi", "bomi", "hayoon", "jaewon", "nari", "chaewon", "seungho",
    "kimjh", "leesy", "parkmj", "choi.yr", "jung_a", "hanbyul", "dodo", "mongmong", "happymom", "coffee", "blue_sky",
    "bunny", "nabi", "lucky", "spring", "sunny", "cherry", "mimi", "kongkong", "dduddu", "gguri", "ssong",
)  # fmt: skip


class ConsultationProvider(BaseProvider):
    """People, shops and words of chat counselling."""

    def counselor_nickname(self, name: str) -> str:
        """What a counsellor of that full name is called towards customers."""
        given = name[1:] if len(name) > 2 else name
        nickname: str = self.random_element(_NICKNAMES)
        return nickname.format(given=given)

    def bot_name(self) -> str:
        """What a shop calls its bot."""
        return str(self.random_element(_BOTS))

    def shop_name(self) -> str:
        """A shop of any trade."""
        return str(self.random_element([name for trade in TRADES for name in trade.shop_names]))

    def login_stem(self) -> str:
        """What a login begins with: Latin letters, as shops ask for."""
        return str(self.random_element(_ID_STEMS))

    def chat_title(self) -> str:
        """A title of a consultation that says nothing of the matter."""
        return str(self.random_element([title for title in PLAIN_TITLES if "{" not in title]))

    def region(self) -> str:
        """Where somebody lives, as people say it: `경기 성남시`, `서울 마포구`."""
        return str(self.random_element(_REGIONS))


_REGIONS: Final = (
    "서울 마포구", "서울 송파구", "서울 관악구", "서울 노원구", "경기 성남시", "경기 수원시", "경기 고양시", "경기 용인시", "경기 화성시",
    "인천 부평구", "인천 연수구", "부산 해운대구", "부산 사하구", "대구 수성구", "대구 달서구", "대전 유성구", "광주 북구", "울산 남구",
    "세종시", "강원 원주시", "강원 춘천시", "충북 청주시", "충남 천안시", "충남 아산시", "전북 전주시", "전남 순천시", "경북 포항시",
    "경북 구미시", "경남 창원시", "경남 김해시", "제주 제주시",
)  # fmt: skip


class KoreanFaker:
    """Faker's ko_KR names and this project's provider, seeded."""

    def __init__(self, seed: int) -> None:
        faker = Factory.create("ko_KR", providers=["faker.providers.person"])
        faker.seed_instance(seed)
        #: All but names.
        self.words = ConsultationProvider(faker)
        self.random: Random = faker.random

    def name(self) -> str:
        """A full name such as 김지은: the one that Faker's `name()` gives, which takes ten times as long."""
        pattern = _drawn(self.random, "formats")
        return "".join(_drawn(self.random, part) for part in _parts(pattern))


def _drawn(random: Random, table: str) -> str:
    names, shares = _table(table)
    return random.choices(names, cum_weights=shares)[0]


@cache
def _table(name: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """A table of Faker's Korean names, and its shares summed up."""
    shares = getattr(Provider, name)
    return tuple(shares), tuple(accumulate(shares.values()))


@cache
def _parts(pattern: str) -> tuple[str, ...]:
    """The tables that a pattern of names such as `{{last_name}}{{first_name_male}}` draws from."""
    parts = re.findall(r"\{\{(\w+?_name)(_\w+)?\}\}", pattern)
    return tuple(f"{part}s{kind}" for part, kind in parts)
