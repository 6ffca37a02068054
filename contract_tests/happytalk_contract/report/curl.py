"""The least request as one line for a shell and as a few lines of Python.

Both can be pasted as they are: a secret is only ever a variable (`$HAPPYTALK_TOKEN`,
`os.environ["HAPPYTALK_TOKEN"]`), and the bytes that go out are the bytes that were sent in the run.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from happytalk_contract.core.model import SECRETS, Request

#: A secret's stand-in, as `model.placeholder` and its kin write it.
PLACEHOLDER = re.compile(r"\$\{((?:" + "|".join(SECRETS) + r")(?:%\?|~~)?)\}")

#: Longer bodies go through a pipe: Linux takes at most 128 KiB in one argument.
LONGEST_ARGUMENT = 100_000


def as_curl(request: Request, url: str, *, with_head: bool = False) -> str:
    """Render `request` to the endpoint address `url` as one line for bash or zsh; `with_head`: it prints status too."""
    words = ["curl", *(["--include"] if with_head else [])]
    if request.method == "HEAD":
        words.append("--head")
    elif request.method != "GET" or request.body is not None:
        words += ["--request", _word(request.method)]
    words.append(_word(_address(request, url)))
    if "[" in url:  # an IPv6 host: curl would take the brackets for a range
        words.append("--globoff")
    for name, value in request.headers.items():
        words += ["--header", _word(f"{name}: {value}" if value else f"{name};")]
        if name.lower() == "accept-encoding":
            words.append("--compressed")
    if request.body is None:
        return " ".join(words)
    if not _has(request, "content-type"):  # curl would add the one of an HTML form
        words += ["--header", "'Content-Type:'"]
    if b"\0" in request.body or len(request.body) > LONGEST_ARGUMENT:  # no argument can hold either
        return f"{{ {_pipe(request.body)}; }} | {' '.join([*words, '--data-binary', '@-'])}"
    return " ".join([*words, "--data-raw", _word(request.body)])


def as_python(request: Request, url: str) -> str:
    """Render `request` to the endpoint address `url` as a script for httpx."""
    arguments = [_literal(request.method), _literal(_address(request, url))]
    if request.headers:
        arguments.append(f"headers={_value(dict(request.headers))}")
    if request.body is not None:
        arguments.append(_python_body(request, request.body))
    lines = ["import os", "", "import httpx", "", "response = httpx.request("]
    lines += [f"    {argument}," for argument in arguments]
    lines += [")", "print(response.status_code, response.text)"]
    text = "\n".join(lines)
    return text if "os.environ" in text else text.removeprefix("import os\n\n")


def _has(request: Request, header: str) -> bool:
    return any(name.lower() == header for name in request.headers)


def _address(request: Request, url: str) -> str:
    """`url` with the request's query, percent-encoded but for the placeholders of secrets."""
    url += request.suffix
    if not request.query:
        return url
    pairs = ("=".join(_encoded(part) for part in pair) for pair in request.query)
    return f"{url}{'&' if '?' in url else '?'}{'&'.join(pairs)}"


def _encoded(text: str) -> str:
    parts = _parts(text, lambda name: f"${{{name}}}")
    return "".join(part if is_secret else quote(part, safe="") for part, is_secret in parts)


def _parts(text: str, secret: Callable[[str], str]) -> Iterator[tuple[str, bool]]:
    """Cut `text` at the placeholders; yields (text, False) and (`secret(name)`, True)."""
    for index, part in enumerate(PLACEHOLDER.split(text)):
        if index % 2:
            yield secret(part), True
        elif part:
            yield part, False


def _variable(name: str) -> str:
    """A secret as a shell's variable, all but its last character, or in the other letter case."""
    if name.endswith("~~"):
        return f'"$(printf %s "${name.removesuffix("~~")}" | tr A-Za-z a-zA-Z)"'
    return f'"${{{name}}}"' if name.endswith("%?") else f'"${name}"'


def _environment(name: str) -> str:
    """A secret in Python, all but its last character, or in the other letter case."""
    bare = name.removesuffix("%?").removesuffix("~~")
    return f'os.environ["{bare}"]' + {"%?": "[:-1]", "~~": ".swapcase()"}.get(name[-2:], "")


def _word(data: str | bytes) -> str:
    """Quote `data` as one word of a shell, secrets as variables."""
    # surrogateescape keeps bytes that are not UTF-8 apart from real characters, and gives them back
    text = data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")
    parts = (part if is_secret else _quoted(part) for part, is_secret in _parts(text, _variable))
    return "".join(parts) or "''"


def _quoted(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_./:@%+=,-]+", text):
        return text
    if text.isprintable():
        return "'" + text.replace("'", "'\\''") + "'"
    return "$'" + "".join(map(_escaped, text)) + "'"


def _escaped(character: str) -> str:
    """One character between `$'` and `'`."""
    if character in "\\'":
        return "\\" + character
    if character == "!":  # an interactive shell would look it up in its history
        return "\\x21"
    if character.isprintable():
        return character
    if character in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[character]
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))


def _pipe(body: bytes) -> str:
    """Commands that write `body` byte by byte: what is no secret as Base64."""
    text = body.decode("utf-8", "surrogateescape")
    steps = []
    for part, is_secret in _parts(text, lambda name: f"printf %s {_variable(name)}"):
        if not is_secret:
            encoded = base64.b64encode(part.encode("utf-8", "surrogateescape")).decode()
            part = f"printf %s {encoded} | base64 -d"
        steps.append(part)
    return "; ".join(steps)


def _python_body(request: Request, body: bytes) -> str:
    """`json=…` where that sends the same document, else `content=…`."""
    try:
        document = json.loads(body)
    except ValueError:
        return f"content={_bytes(body)}"
    written = (json.dumps(document, ensure_ascii=False, separators=separators) for separators in _SEPARATORS)
    if body in {text.encode("utf-8", "replace") for text in written} and _has(request, "content-type"):
        return f"json={_value(document)}"
    return f"content={_bytes(body)}"


_SEPARATORS = ((",", ":"), (", ", ": "))


def _value(value: Any) -> str:
    """`value` as Python source, secrets as `os.environ[…]`."""
    match value:
        case dict():
            return "{" + ", ".join(f"{_literal(key)}: {_value(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case str():
            return _literal(value)
    return repr(value)


def _literal(text: str) -> str:
    parts = [
        part if is_secret else json.dumps(part, ensure_ascii=not part.isprintable())
        for part, is_secret in _parts(text, _environment)
    ]
    return " + ".join(parts) or '""'


def _bytes(body: bytes) -> str:
    text = body.decode("utf-8", "surrogateescape")
    parts = []
    for part, is_secret in _parts(text, lambda name: f"{_environment(name)}.encode()"):
        raw = part.encode("utf-8", "surrogateescape")
        readable = not is_secret and part.isprintable() and not part.isascii()
        parts.append(part if is_secret else f"{part!r}.encode()" if readable else repr(raw))
    return " + ".join(parts) or 'b""'
