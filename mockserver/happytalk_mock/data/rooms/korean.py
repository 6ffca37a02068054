"""Korean that Faker's ko_KR does not have, and the one place where Faker is made.

Faker's own names and places are Korean; its words, sentences, companies' slogans and user names are Latin.
Importing Faker takes longer than making 500 rooms, so this module is imported when the first text is needed.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate
from random import Random

from faker.factory import Factory
from faker.providers import BaseProvider
from faker.providers.person.ko_KR import Provider

from ..pools import people


class ConsultationProvider(BaseProvider):
    """People, shops and words of chat counselling."""

    def counselor_nickname(self, name: str) -> str:
        """What a counsellor of that full name is called towards customers."""
        given = name[1:] if len(name) > 2 else name
        nickname: str = self.random_element(people.NICKNAMES)
        return nickname.format(given=given)

    def bot_name(self) -> str:
        """What a shop calls its bot."""
        return str(self.random_element(people.BOTS))

    def login_stem(self) -> str:
        """What a login begins with: Latin letters, as shops ask for."""
        return str(self.random_element(people.ID_STEMS))

    def region(self) -> str:
        """Where somebody lives, as people say it: `경기 성남시`, `서울 마포구`."""
        return str(self.random_element(people.REGIONS))


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
