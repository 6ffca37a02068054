"""Nobody's words, wherever an account and its API may hold them, in no file of a twin and on no screen."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.kit.score_rival import Job
from tests.kit.score_twin import server_of
from tests.rival import RivalServer

from happytalk_contract.cli.commands import main
from happytalk_contract.twin import notebook

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("wireless")]

NAME, CLERK, MAIL, TEL = "홍길순", "Grace 최상담", "hong.gilsoon@example.com", "010-9876-5432"
ADDRESS, ORDER, PARCEL = "서울시 강남구 역삼동 721-4", "ORD-77120934", "636498765431"
URL, SHOP, NUMBER = "https://shop.example.com/my/hgs1987?no=77120934", "길순네 반찬가게", 821098765432
PLANTED = (
    *(
        NAME,
        CLERK,
        "최상담",
        MAIL,
        "gilsoon",
        TEL,
        TEL.replace("-", ""),
        ADDRESS,
        "역삼동",
        ORDER,
        "77120934",
    ),
    *(PARCEL, URL, "hgs1987", SHOP, "반찬가게", str(NUMBER), "37.49654", "Bearer-9f8e7d6c5b4a"),
)
#: Odd places, as an API may grow them: of a room, of a message, and around both.
GROWN = {
    "member": {"name": NAME, "tel": [TEL, NUMBER], "at": 37.49654, TEL: {"mail": MAIL, NAME: 1}},
    "session": "Bearer-9f8e7d6c5b4a",
    "memo": [[ADDRESS], f"{NAME}({TEL})", json.dumps({"mail": MAIL, "tel": TEL})],
}
SECRETS = ("HAPPYTALK_TOKEN", "HAPPYTALK_CLIENT_ID", "HAPPYTALK_CLIENT_SECRET", "HAPPYTALK_SENDER_KEY")


def spellings(text: str) -> Iterator[bytes]:
    """Every form in which a file may hold a text."""
    for raw in (text.encode(), text.encode("euc-kr"), text.encode("utf-16-le")):
        yield raw
        yield raw.hex().encode()
        for at in range(3):  # base64 of something that holds it
            whole = base64.b64encode(b"\0" * at + raw)
            yield whole[at and at + 1 : len(whole) // 4 * 4 - 4]
    yield json.dumps(text)[1:-1].encode()
    yield quote(text).encode()
    yield text[::-1].encode()


def planted(server: RivalServer) -> None:
    """Put people's words wherever they can stand."""
    api, rooms = server.api, server.api.store.rooms
    rooms[1] |= {"title": f"{NAME}님 주문 {ORDER}", "users_id": NAME, "counselor_name": CLERK, **GROWN}
    rooms[2] |= {
        "last_message": f"{CLERK}입니다. {NAME}님 {TEL} {ADDRESS} {MAIL} {URL}",
        "users_id": "hgs1987",
    }
    rooms[3] |= {"order_number": ORDER, "parcel_number": PARCEL, "parameter1": URL, "parameter2": TEL}
    rooms[4] |= {"cate_name1": SHOP, "cate_name2": NAME, "site_name": SHOP, "last_message": f"<b>{SHOP}</b>"}
    rooms[5] |= {"status": "2", "out_api": NAME, "phone_os": TEL, "parcel_companycode": "최상담"}
    for at, message in enumerate(api.store.messages[server.sender_key]):
        message |= {"name": f"{SHOP} {at}", "extra": GROWN}
        for one in message["messages"]:
            one["content"] = f"{NAME}님, {SHOP}입니다. {TEL}"
            for button in one["buttons"]:
                button |= {"linkName": SHOP, "linkMobile": URL}
        message["comments"] = [
            {
                "id": 5,
                "content": ADDRESS,
                "userName": CLERK,
                "createdAt": message["createdAt"],
                "status": "INQ",
            }
        ]


def speaking(server: RivalServer) -> Callable[[Any], Any]:
    """The rival, whose every answer has people's words around it, in failures, pages of errors and headers."""
    handle = server.api.handle

    def answer(request: Any) -> Any:
        reply = handle(request)
        reply.headers |= {"X-Customer": quote(NAME), "Retry-After": MAIL, "Set-Cookie": f"tel={TEL}"}
        document = reply.document
        if reply.status in (404, 405):
            reply.body = f"<h1>{reply.status}</h1><p>{CLERK} {TEL} {MAIL}</p>".encode()
        elif isinstance(document, dict):
            is_failure = document.get("result") == "fail" or str(document.get("code", "200")) != "200"
            more = (
                {"message": f"{NAME}님의 요청입니다. 문의 {TEL}, {MAIL}"}
                if is_failure
                else {"shop": SHOP, **GROWN}
            )
            reply.body = json.dumps({**document, **more}, ensure_ascii=is_failure).encode()
            reply.headers.pop("Content-Encoding", None)
        return reply

    return answer


@pytest.fixture
def rival(monkeypatch: pytest.MonkeyPatch) -> Iterator[RivalServer]:
    with server_of(Job(account="one-day-only")) as server:
        planted(server)
        monkeypatch.setattr(server.api, "handle", speaking(server))
        for name, value in zip(
            SECRETS, (server.token, server.client_id, server.client_secret, server.sender_key), strict=True
        ):
            monkeypatch.setenv(name, value)
        yield server


def found_in(content: bytes, server: RivalServer) -> list[str]:
    secrets = (server.token, server.client_id, server.client_secret, server.sender_key)
    return [
        one for one in (*PLANTED, *secrets) for each in spellings(one) if len(each) > 5 and each in content
    ]


@pytest.mark.parametrize(
    "options", [(), ("--words", "made"), ("--no-rooms",), ("--key-file", "key")], ids=" ".join
)
def test_a_twin_tells_of_nobody(
    options: tuple[str, ...],
    rival: RivalServer,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    asking = ["--target", rival.base_url]
    learning = ["learn", *asking, "-o", "t.twin", "--message-ids", "175-180", *options]
    assert main(learning) == 0
    assert main(learning) == 0  # a second time, which tells the differences
    comparing = ["fidelity", *asking, "--twin", "t.twin", "--max-requests", "60"]
    if "--no-rooms" not in options:
        exact = options if "--key-file" in options else ()
        assert main([*comparing, *exact, *(["--at-least", "0.6"] if exact else ())]) == 0
    screen = capfd.readouterr()
    files = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert notebook.NAME not in files
    assert len(files["evidence.jsonl"].splitlines()) > 150
    told = files | {"stdout": screen.out.encode(), "stderr": screen.err.encode()}
    assert {name: found for name, content in told.items() if (found := found_in(content, rival))} == {}
    if "--no-rooms" in options:
        assert not files.keys() & {"rooms.jsonl", "messages.jsonl"}
        assert b"chat_list" not in files["evidence.jsonl"].replace(b'chat_list\\":{\\"count', b"")
