"""Korean that Faker's ko_KR does not have, and the one place where Faker is made.

Faker's own names and places are Korean; its words, sentences, companies' slogans and user names are Latin.
Importing Faker takes longer than making 500 rooms, so this module is imported when the first text is needed.
"""

from __future__ import annotations

from random import Random

from faker.factory import Factory
from faker.generator import Generator
from faker.providers import BaseProvider

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
        #: Names of people, and chance.
        self.people: Generator = faker
        #: Everything else.
        self.words = ConsultationProvider(faker)
        self.random: Random = faker.random

    def name(self) -> str:
        """A full name such as 김지은."""
        return str(self.people.name())  # type: ignore[attr-defined]
