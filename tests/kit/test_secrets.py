"""No spelling of a secret is left in what came back."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from happytalk_contract.transport.secrets import WITHHELD, Secrets

SECRET = 'a/b+c=d"e한글&f g'
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "PHP's JSON": lambda text: json.dumps(text)[1:-1].replace("/", r"\/"),
    "URL": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "lower-case URL": lambda text: quote(text, safe="").lower(),
    "HTML": html.escape,
    "numeric HTML": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "capitals": str.upper,
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_spelling_comes_out(spelling: str) -> None:
    text = SPELLINGS[spelling](SECRET)
    emptied = Secrets({"HAPPYTALK_TOKEN": SECRET}).empty(f'{{"message":"bad <{text}>"}}')
    assert emptied == '{"message":"bad <${HAPPYTALK_TOKEN}>"}' or (
        spelling == "base64" and text not in emptied
    )


@pytest.mark.slow
@given(
    secret=st.text("abcXYZ019 /+=\"'&<>%\\-_.:~한글키🔑", min_size=6, max_size=16).filter(
        lambda text: len(set(text)) > 3 and text == text.strip()
    ),
    spellings=st.lists(st.sampled_from(sorted(SPELLINGS)), min_size=1, max_size=2),
)
def test_spellings_inside_each_other_come_out(secret: str, spellings: list[str]) -> None:
    assume("capitals" not in spellings[1:])  # an escape in capitals is none
    text = secret
    for name in spellings:
        text = SPELLINGS[name](text)
    emptied = Secrets({"HAPPYTALK_SENDER_KEY": secret}).empty(f"before {text} after")
    if "base64" not in " ".join(spellings[1:]):  # what is packed inside something packed is not looked for
        assert text not in emptied
        assert "HAPPYTALK_SENDER_KEY" in emptied or emptied == WITHHELD


def test_korean_in_an_old_encoding_is_withheld() -> None:
    body = f'{{"echo":"{SECRET}"}}'.encode("cp949")
    assert Secrets({"HAPPYTALK_TOKEN": SECRET}).empty_bytes(body) == WITHHELD.encode()


def test_a_cut_secret_is_told_as_one() -> None:
    secrets = Secrets({"HAPPYTALK_TOKEN": "abcdefgh"})
    assert secrets.empty("abcdefg.") == "${HAPPYTALK_TOKEN%?}."
    assert secrets.fill(secrets.empty("abcdefg. abcdefgh")) == "abcdefg. abcdefgh"


def test_answers_without_a_secret_stay_as_they_are() -> None:
    body = '{"title":"100% 할인 & \\"반품\\" \\uac00"}'.encode()
    assert Secrets({"HAPPYTALK_TOKEN": SECRET}).empty_bytes(body) is body
