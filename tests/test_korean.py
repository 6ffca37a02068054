"""The Korean of the data: particles, slots, variety, and that it is Korean at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from faker.generator import Generator
from faker.providers.python import Provider as PythonProvider

from happytalk_mock.data.pools import endings, things
from happytalk_mock.data.pools.shapes import Topic
from happytalk_mock.data.pools.trades import TRADES
from happytalk_mock.data.pools.tree import tree
from happytalk_mock.data.rooms.josa import forms
from happytalk_mock.data.rooms.korean import ConsultationProvider, KoreanFaker
from happytalk_mock.data.rooms.timelines import SWEEP
from happytalk_mock.data.source import Options, RoomSource
from happytalk_mock.spec.vocabulary import Room
from rooms_judged import HANGUL

DAY = 86_400
TOKENS = ("happytalk-mock-token", "a", "b", "c", "g")


@cache
def rooms_of(token: str, rooms: int = 500) -> tuple[Room, ...]:
    source = RoomSource(Options(seed=1, rooms=rooms), token)
    lines = [line for day in range(20_570, 20_600) for line in source.timelines(day)]
    return tuple(
        source.fields(line.ref, registered=line.registered, completed=line.completed, status=line.final)
        for line in lines
    )


def topics() -> Iterator[tuple[str, Topic]]:
    for trade in TRADES:
        for category in tree(trade):
            for topic in category.topics:
                yield f"{trade.name} {category.name} {topic.name}", topic


def texts() -> Iterator[tuple[str, str]]:
    for where, topic in topics():
        for text in (*topic.titles, *topic.questions, *topic.answers, *topic.followups):
            yield where, text
    for name, found in vars(endings).items():
        if name.isupper():
            for text in (found,) if isinstance(found, str) else found:
                yield name, text


# --- particles ---


@pytest.mark.parametrize(
    ("slot", "word", "expected"),
    [
        ("상품", "린넨 셔츠", {"상품이": "린넨 셔츠가", "상품을": "린넨 셔츠를", "상품은": "린넨 셔츠는"}),
        ("상품", "가디건", {"상품이": "가디건이", "상품을": "가디건을", "상품으로": "가디건으로"}),
        ("상품", "물", {"상품으로": "물로", "상품은": "물은"}),
        ("옵션", "블랙/M", {"옵션으로": "블랙/M으로", "옵션이": "블랙/M이"}),
        ("옵션", "블랙/XL", {"옵션으로": "블랙/XL로"}),
        ("상품", "보조배터리 20000mAh", {"상품을": "보조배터리 20000mAh를"}),
        (
            "상품",
            "시트마스크 10매 (1)",
            {"상품으로": "시트마스크 10매 (1)로", "상품이": "시트마스크 10매 (1)이"},
        ),
        ("봇", "톡톡이", {"봇이": "톡톡이가", "봇으로": "톡톡이로"}),
        ("카페", "매장", {"카페가": "매장이", "카페를": "매장을", "카페로": "매장으로"}),
        ("상품", "!", {"상품이": "!가"}),
    ],
)
def test_particles_follow_the_last_sound(slot: str, word: str, expected: dict[str, str]) -> None:
    found = forms(slot, word)
    assert found[slot] == word
    assert expected.items() <= found.items()


# --- pools ---


def test_every_slot_is_known() -> None:
    known = set()
    for trade in TRADES:
        for name, _ in trade.products[:1]:
            known |= forms("상품", name).keys()
    for slot in ("옵션", "다른옵션", "결제수단", "은행", "쿠폰", "시간", "상점", "봇"):
        known |= forms(slot, "가").keys()
    known |= {"금액", "카드", "지점", "적립금", "수량", "지역", "뒷자리"}
    known |= {"택배사", "운송장", "주문번호", "주문일", "경과일", "도착일", "예약일", "별명", "이름"}
    known |= {"분류", "소분류", "예약", "기기"}
    for where, text in texts():
        assert set(re.findall(r"\{(.*?)\}", text)) <= known, (where, text)


def test_no_text_stands_twice_in_a_list() -> None:
    for where, topic in topics():
        for found in (topic.titles, topic.questions, topic.answers, topic.followups):
            assert len(set(found)) == len(found), where
            assert len(found) >= 4, where


def test_texts_are_tidy() -> None:
    for where, text in texts():
        assert "  " not in text, (where, text)
        assert not re.search(r" [,.?!]", text), (where, text)
        assert "(이)가" not in text, (where, text)


def test_counsellors_are_polite() -> None:
    polite = re.compile(r"(니다|니까|세요|까요|어요|해요|나요|드려요|거예요|돼요|네요|겠어요)[.!?]?( :\))?$")
    for where, topic in topics():
        for text in topic.answers:
            assert polite.search(text.rstrip()), (where, text)


def test_numbers_are_only_asked_for_where_they_matter() -> None:
    order_slots = {"{주문번호}", "{주문일}", "{운송장}"}
    for where, topic in topics():
        if topic.about in ("nothing", "product"):
            for text in (*topic.titles, *topic.questions, *topic.answers, *topic.followups):
                assert not any(slot in text for slot in order_slots), (where, text)
        if topic.about in ("order", "parcel"):
            assert topic.state, where
            assert 0 <= topic.age[0] <= topic.age[1], where


def test_every_phone_has_a_system_in_every_year() -> None:
    from happytalk_mock.data.rooms.customers import phones_of

    for os in ("A", "I"):
        for year in range(2000, 2040):
            phones = phones_of(os, year)
            assert len(phones) >= 2
            assert all(len(text) <= 20 for phone in phones for text in phone)
    assert len({phone.model for phone in things.PHONES}) == len(things.PHONES)


def test_couriers_fill_the_deck() -> None:
    assert sum(courier.share for courier in things.COURIERS) == 256


# --- Faker ---


def test_the_provider_speaks_korean() -> None:
    faker = Generator()
    faker.add_provider(PythonProvider)
    faker.add_provider(ConsultationProvider)
    faker.seed_instance(3)
    for text in (faker.bot_name(), faker.region()):
        assert HANGUL.search(text)
    assert re.fullmatch(r"[a-z._]+", faker.login_stem())
    assert "지은" in faker.counselor_nickname("김지은")
    assert "남궁" in faker.counselor_nickname("남궁")


def test_a_seed_gives_the_same_people() -> None:
    one, two, other = KoreanFaker(5), KoreanFaker(5), KoreanFaker(6)
    names = [one.name() for _ in range(20)]
    assert names == [two.name() for _ in range(20)]
    assert names != [other.name() for _ in range(20)]
    assert all(re.fullmatch(r"[가-힣]{2,5}", name) for name in names)


# --- what rooms say ---


@pytest.mark.parametrize("token", TOKENS)
def test_rooms_read_as_korean(token: str) -> None:
    rooms = rooms_of(token)
    for name in ("title", "last_message", "cate_name1", "cate_name2", "counselor_name"):
        spoken = [str(room[name]) for room in rooms if room[name]]
        korean = sum(bool(HANGUL.search(text)) for text in spoken)
        assert korean >= 0.97 * len(spoken), name
    letters = "".join(str(room["last_message"]) for room in rooms)
    share = len(HANGUL.findall(letters)) / len(re.findall(r"\w", letters))
    assert share > 0.9


@pytest.mark.parametrize("token", TOKENS)
def test_five_hundred_rooms_do_not_repeat_themselves(token: str) -> None:
    rooms = rooms_of(token)
    assert len({room["last_message"] for room in rooms}) > 0.4 * len(rooms)
    assert len({room["title"] for room in rooms}) > 0.4 * len(rooms)
    assert len({(room["title"], room["last_message"]) for room in rooms}) > 0.93 * len(rooms)
    commonest = Counter(room["last_message"] for room in rooms).most_common(1)[0]
    assert commonest == ("상담원이 종료하였습니다.", commonest[1])
    assert commonest[1] < 0.25 * len(rooms)


@pytest.mark.slow
def test_many_texts_in_many_rooms() -> None:
    rooms = rooms_of("many", rooms=5_000)
    assert len({room["last_message"] for room in rooms}) > 1_200
    assert len({room["title"] for room in rooms}) > 800


def test_the_last_message_fits_the_status() -> None:
    closed = {endings.CLOSED_BY_COUNSELOR, endings.CLOSED_BY_CUSTOMER, *endings.CLOSED_BY_SYSTEM}
    bot = re.compile("챗봇|봇|선택|입력|버튼|처음으로|이전 메뉴|연결|도움이|주문|조회|맞아요|항목|동의")
    by_status: dict[str, list[Room]] = {}
    for room in rooms_of("happytalk-mock-token", rooms=5_000):
        by_status.setdefault(str(room["status"]), []).append(room)
    said = {status: [str(room["last_message"]) for room in rooms] for status, rooms in by_status.items()}
    assert set(said) == {"-2", "-1", "0", "1", "2", "3", "4"}
    for status, messages in said.items():
        assert any(message in closed for message in messages) == (status == "2"), status
    assert all(bot.search(message) or HANGUL.search(message) for message in said["-1"])
    assert all("챗봇" in message or "봇" in message or "종료" in message for message in said["4"])
    asked = [message for message in said["0"] if re.search(r"[?요다까]|ㅠ|ㅜ|🙏|톡|부탁", message)]
    assert len(asked) == len(said["0"])
    thanked = sum("감사" in message or "수고" in message for message in said["2"])
    assert thanked > 0.25 * len(said["2"])


@pytest.mark.slow
def test_rooms_closed_by_the_evening_sweep_say_so() -> None:
    swept = [
        room for room in rooms_of("happytalk-mock-token", rooms=5_000)
        if room["status"] == "2" and str(room["complate_date"]).endswith("18:00:00")
    ]  # fmt: skip
    assert SWEEP == 18 * 3600
    assert len(swept) > 50
    assert {room["last_message"] for room in swept} == set(endings.CLOSED_BY_SYSTEM)


@pytest.mark.slow
def test_a_waiting_room_names_what_its_numbers_mean() -> None:
    """Products in texts are those of product_number, couriers those of the code."""
    for token in TOKENS:
        product_names: dict[str, set[str]] = {}
        names = {name for trade in TRADES for name, _ in trade.products}
        for room in rooms_of(token, rooms=5_000):
            code = str(room["parcel_companycode"])
            spoken = {courier.spoken for courier in things.COURIERS if courier.code == code}
            texts_of_room = f"{room['title']} {room['last_message']}"
            if code not in ("", "W"):
                others = {courier.spoken for courier in things.COURIERS} - spoken
                plain = texts_of_room.replace(next(iter(spoken)), "")
                assert not any(other in plain for other in others), texts_of_room
            if room["product_number"]:
                mentioned = {name for name in names if name in texts_of_room}
                if mentioned:
                    product_names.setdefault(str(room["product_number"]), set()).update(
                        [max(mentioned, key=len)]
                    )
            for number in re.findall(r"주문번호가? ([0-9O-]{12,})", texts_of_room):
                assert room["order_number"] in ("", number)
        assert len(product_names) > 15
        assert all(len(found) == 1 for found in product_names.values()), product_names
