"""Korean particles: which one follows a word depends on how the word's last sound ends."""

from __future__ import annotations

from typing import Final

_FIRST, _LAST = ord("가"), ord("힣")
_RIEUL: Final = 8
# Digits and letters as Koreans read them aloud: 0 영, 1 일, 3 삼, 6 육, 7 칠, 8 팔 end in a consonant.
_CLOSED: Final = frozenset("013678LMNRlmnr")
_ENDS_IN_RIEUL: Final = frozenset("178LRlr")
#: After a consonant, after a vowel: subject, object, topic.
_PARTICLES: Final = (("이", "가"), ("을", "를"), ("은", "는"))


def _final_consonant(word: str) -> int:
    """0: the last sound is open; 8: it ends in ㄹ; another number: in another consonant."""
    for letter in reversed(word):
        if _FIRST <= ord(letter) <= _LAST:
            return (ord(letter) - _FIRST) % 28
        if letter.isalnum():
            if letter in _ENDS_IN_RIEUL:
                return _RIEUL
            return 1 if letter in _CLOSED else 0
    return 0


def forms(slot: str, word: str) -> dict[str, str]:
    """The slots of a word: bare, as subject, object, topic, and with 으로: `상품`, `상품이`, `상품을`, …

    The slot's own name carries the particle it needs (as `상품` does: 상품이), whatever the word's is.
    """
    closed, own = _final_consonant(word), _final_consonant(slot)
    found = {slot: word}
    for after_consonant, after_vowel in _PARTICLES:
        found[slot + (after_consonant if own else after_vowel)] = word + (
            after_consonant if closed else after_vowel
        )
    # 으로 alone treats ㄹ like a vowel.
    found[slot + _towards(own)] = word + _towards(closed)
    return found


def _towards(final: int) -> str:
    return "로" if final in (0, _RIEUL) else "으로"
