"""What is said last in a room: by whom, and fitting the room's status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ...core.clock import DAY
from ..pools import endings
from ..pools.shapes import Topic
from .timelines import SWEEP

Slots = Mapping[str, str]
Words = tuple[int, ...]


def last_message(topic: Topic, status: int, completed: int, words: Words, slots: Slots) -> str:
    """The last message of a room of that status; `words` are four words of chance."""
    write = _WRITERS.get(status, _waiting)
    text = write(topic, completed, words)
    return text.format_map(slots) if "{" in text else text


def title(topic: Topic, words: Words, slots: Slots) -> str:
    """What the room is called; often nothing more than the default."""
    kind, which, asked = words
    turn = kind % 100
    if turn < 52:
        text = _one(topic.titles, which)
    elif turn < 78:  # many widgets take the customer's first words for a title
        text = _one(topic.questions, asked)
    else:
        text = _one(endings.PLAIN_TITLES, which)
    return text.format_map(slots) if "{" in text else text


def question(topic: Topic, words: Words) -> str:
    """The customer's opening."""
    _, body, opener, closer = words
    return (
        endings.OPENERS[opener % len(endings.OPENERS)]
        + topic.questions[body % len(topic.questions)]
        + endings.CLOSERS[closer % len(endings.CLOSERS)]
    )


def _waiting(topic: Topic, completed: int, words: Words) -> str:
    kind, body = words[0], words[1]
    if kind % 16 == 0:
        return _one(endings.IMPATIENT, body)
    return question(topic, words)


def _in_progress(topic: Topic, completed: int, words: Words) -> str:
    kind, body, opener, closer = words
    turn = kind % 100
    if turn < 48:
        return (
            _one(endings.ANSWER_OPENERS, opener)
            + _one(topic.answers, body)
            + _one(endings.ANSWER_CLOSERS, closer)
        )
    if turn < 72:
        return _one(topic.followups, body)
    about_order = topic.about in ("order", "parcel") and closer & 1
    if turn < 88:
        return _one(endings.ORDER_FILLERS if about_order else endings.FILLERS, body)
    return _one(endings.ORDER_REPLIES if about_order else endings.REPLIES, body)


def _done(topic: Topic, completed: int, words: Words) -> str:
    kind, body, opener, closer = words
    if completed % DAY == SWEEP:
        return _one(endings.CLOSED_BY_SYSTEM, body)
    turn = kind % 100
    if turn < 25:
        return endings.CLOSED_BY_COUNSELOR
    if turn < 35:
        return endings.CLOSED_BY_CUSTOMER
    if turn < 37:
        return endings.CLOSED_BY_SYSTEM[0]
    if turn < 64:
        return _one(endings.UNDERSTOOD, opener) + _one(endings.THANKS, body)
    answer = _one(topic.answers, body)
    if turn < 88 and not answer.endswith(endings.ASKING):
        return _one(endings.ANSWER_OPENERS, opener) + answer + _one(endings.PARTINGS, closer)
    return _one(endings.GOODBYES, body)


def _deleted(topic: Topic, completed: int, words: Words) -> str:
    kind, body = words[0], words[1]
    turn = kind % 100
    if turn < 35:
        return _one(endings.MISTAKES, body)
    if turn < 65:
        return _one(endings.WITHDRAWN, body)
    return question(topic, words)


def _bot_waiting(topic: Topic, completed: int, words: Words) -> str:
    return _one(endings.BOT_WAITING, words[1])


def _bot_talking(topic: Topic, completed: int, words: Words) -> str:
    about_order = topic.about in ("order", "parcel") and words[0] % 3 == 0
    return _one(endings.BOT_ORDERS if about_order else endings.BOT_TALKING, words[1])


def _bot_ended(topic: Topic, completed: int, words: Words) -> str:
    idle = (completed and completed % DAY == 0) or words[0] % 4 == 0
    return _one(endings.BOT_IDLE if idle else endings.BOT_ENDED, words[1])


def _one(texts: tuple[str, ...], chance: int) -> str:
    return texts[chance % len(texts)]


_WRITERS: Final[Mapping[int, Callable[[Topic, int, Words], str]]] = {
    -2: _bot_waiting,
    -1: _bot_talking,
    0: _waiting,
    1: _in_progress,
    2: _done,
    3: _deleted,
    4: _bot_ended,
}
