"""Writes the generated pages of docs/: `python docs/generate.py`. A test holds each page to the code.

open-questions.md   the behaviour profile
dictionary.md       every field of requests and answers, from the schemas
cli.md              the help of both commands
drifts.md, rules.md  their tables in the code
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from happytalk_contract.cli import rule_pages as catalogue
from happytalk_contract.cli.commands import cli as contract_command
from happytalk_contract.rules.catalogue import RULES
from happytalk_mock.cli.commands import main as mock_command
from happytalk_mock.faults.drifts import DRIFTS, STATEMENTS, Stated
from happytalk_mock.faults.effects import EFFECTS
from happytalk_mock.faults.faults import FIELDS
from happytalk_mock.faults.prefer import allowed
from happytalk_mock.spec import resources
from happytalk_mock.spec.behaviour import QUESTIONS
from happytalk_mock.web.admin import ROUTES, Route

FOLDER = Path(__file__).parent
#: Schema -> what it is, in the order of the documentation pages.
_DICTIONARY = {
    "chat_room_lists.request": "POST chat room list: request",
    "chat_room_lists.success": "POST chat room list: answer",
    "room": "A room",
    "chat_room_lists.failure": "POST chat room list: failure",
    "system_messages.request": "GET system messages: request",
    "system_messages.success": "GET system messages: answer",
    "system_message": "A system message",
    "message_part": "An entry of `messages`",
    "button": "A button",
    "comment": "A comment",
    "system_messages.failure": "GET system messages: failure",
}


def open_questions() -> str:
    """Every open question with its quote, legal answers and default."""
    lines = [
        "# Open questions",
        "",
        "Where the documentation is silent or contradicts itself, any of these answers is legal. The mock gives the",
        "default unless `--set QUESTION=ANSWER` or a `--behaviour` file says otherwise; the contract kit reports the",
        "answer it saw and never calls it drift.",
    ]
    for endpoint, title in (("rooms", "POST chat room list"), ("messages", "GET system messages")):
        lines += ["", f"## {title}"]
        for question in (one for one in QUESTIONS if one.endpoint == endpoint):
            quote = question.quote.en or "(silent)"
            lines += ["", f"### `{question.id}`", "", f"{question.asks.en} Documentation: {quote}", ""]
            for answer, means in question.answers.items():
                default = " (default)" if answer == question.default else ""
                lines.append(f"- `{answer}`{default}: {means.en}")
            if question.number:
                default = "" if question.default in question.answers else f" (default `{question.default}`)"
                lines.append(
                    f"- a number from {question.number.least} to {question.number.most}{default}: "
                    f"{question.number.means.en}"
                )
    return "\n".join(lines) + "\n"


def dictionary() -> str:
    """The data dictionary, from the schemas."""
    lines = [
        "# Data dictionary",
        "",
        "From the JSON Schemas ([schemas.md](schemas.md)), descriptions as documented.",
    ]
    for name, title in _DICTIONARY.items():
        lines += ["", f"## {title}", "", "| field | required | description |", "| --- | --- | --- |"]
        lines += _fields(resources.schema(name))
    return "\n".join(lines) + "\n"


def _fields(schema: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        mark = "Y" if name in required else ""
        yield f"| `{prefix}{name}` | {mark} | {_told(field)} |"
        if "properties" in field:
            yield from _fields(field, f"{prefix}{name}.")


def _told(field: Mapping[str, Any]) -> str:
    """What a schema says of a field: its description, and the codes it can have."""
    described = str(field.get("description", ""))
    target = field
    if "$ref" in field and "#" in field["$ref"]:
        target = resources.schema("definitions")
        for step in field["$ref"].split("#/")[1].split("/"):
            target = target.get(step, {})
        described = described or str(target.get("description", ""))
    codes = [
        f"`{one['const']}` {one['title']}"
        for one in _alternatives(target)
        if "const" in one and "title" in one
    ]
    return ": ".join([described, *([", ".join(codes)] if codes else [])]).strip().replace("|", "\\|")


def _alternatives(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for word in ("oneOf", "anyOf"):
        for one in schema.get(word, ()):
            yield one
            yield from _alternatives(one)


_COMPLETION = """\
## Completion in a shell

Commands and options complete with Tab, and so do scenarios, drifts, open questions with their answers, items of the
scorecard, rules and targets, once the shell's file has these two lines:

| shell | file | lines |
| --- | --- | --- |
| bash 4.4 or newer | `~/.bashrc` | `eval "$(_HAPPYTALK_MOCK_COMPLETE=bash_source happytalk-mock)"`<br>\
`eval "$(_HAPPYTALK_CONTRACT_COMPLETE=bash_source happytalk-contract)"` |
| zsh | `~/.zshrc`, after `compinit` | `eval "$(_HAPPYTALK_MOCK_COMPLETE=zsh_source happytalk-mock)"`<br>\
`eval "$(_HAPPYTALK_CONTRACT_COMPLETE=zsh_source happytalk-contract)"` |
| fish | `~/.config/fish/config.fish` | `_HAPPYTALK_MOCK_COMPLETE=fish_source happytalk-mock \\| source`<br>\
`_HAPPYTALK_CONTRACT_COMPLETE=fish_source happytalk-contract \\| source` |

The commands must be on the `PATH`: in a clone, after `. .venv/bin/activate`. bash takes `=` for the end of a word;
`COMP_WORDBREAKS=${COMP_WORDBREAKS//=}` in the same file lets it complete behind `--set QUESTION=` too."""


def commands() -> str:
    """The help of both commands and all they can do."""
    lines = ["# Commands", "", *_COMPLETION.splitlines(), ""]
    for name, command in (("happytalk-mock", mock_command), ("happytalk-contract", contract_command)):
        lines += [f"## {name}", "", "```text", *_help(command, name).splitlines(), "```", ""]
        context = click.Context(command, info_name=name)
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            if found is not None:
                lines += [
                    f"### {name} {sub}",
                    "",
                    "```text",
                    *_help(found, f"{name} {sub}").splitlines(),
                    "```",
                    "",
                ]
    return "\n".join(lines).rstrip() + "\n"


def _help(command: click.Command, name: str) -> str:
    # As both commands set it for themselves: click keeps the help option of the first context that asks for it.
    names = ["-h", "--help"]
    context = click.Context(
        command, info_name=name, terminal_width=100, max_content_width=100, help_option_names=names
    )
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def drifts() -> str:
    """Every drift, area by area, and what the documentation says."""
    combined = sum(bool(drift.when) for drift in DRIFTS.values())
    lines = [
        "# Drifts on demand",
        "",
        "The mock can break the documentation on purpose, so that you see whether your client, your alarms or a",
        "contract test notice: `happytalk-mock serve --drift end-day-excluded`. What a drift does not name stays",
        "honest, and requests that are not of their documented form get their honest refusal, unless failing on",
        "them is the drift. Drifts are deterministic: under one seed, one clock and one order of requests they do",
        "the same again.",
        "",
        f"There are {len(DRIFTS)}; {combined} of them show only under some parameters or some data, named in",
        "the column *only*. `happytalk-mock drifts` lists them on the terminal.",
        "",
        "This page is made from the tables in the code.",
    ]
    for area, found in groupby(DRIFTS.values(), key=lambda drift: drift.area):
        lines += [
            "",
            f"## {area.capitalize()}",
            "",
            "| name | what happens | only | breaks |",
            "| --- | --- | --- | --- |",
        ]
        lines += [
            f"| `{drift.name}` | {drift.says}<br>{drift.says_ko} | {drift.when} | {_link(drift.breaks)} |"
            for drift in found
        ]
    lines += [
        "",
        "## What the documentation says",
        "",
        "| | statement | the page's words, its rows shortened |",
        "| --- | --- | --- |",
    ]
    for stated in STATEMENTS:
        quote = stated.quote.replace("|", "\\|")
        lines.append(f'| <a id="{stated.id}"></a>{stated.id} | {stated.says} | {quote} |')
    return "\n".join(lines) + "\n"


def _link(stated: Stated) -> str:
    return f"[{stated.id}](#{stated.id})"


# --- sections within pages that are written by hand ---

_SCOPES = {"data": "one (the first)", "setting": "one, or all", "named": "one (required)", "none": ""}
_PARAMETER = re.compile(r"<(?:[a-z]+:)?([a-z]+)>")
_NAMED = r"{\1}"
_SECTION = re.compile(r"(<!-- (\w+): made from the code -->\n).*?(<!-- end -->)", re.DOTALL)


def renew(page: str) -> str:
    """The page with each of its marked sections made anew. KeyError for a section that is not in TABLES."""
    return _SECTION.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}", page)


def _routes() -> str:
    return _tabled(
        ("route", "what it does", "tenant", "query or body"),
        (
            (
                f"`{route.method} /__admin{_PARAMETER.sub(_NAMED, route.path)}`",
                route.summary,
                _SCOPES[route.scope],
                _inputs(route),
            )
            for route in ROUTES
        ),
    )


def _inputs(route: Route) -> str:
    names = [f"`{name}`" for name in route.query]
    names += [f"`{prefix}…`" for prefix in route.prefixes]
    names += [
        f"`{name}`" + (" (required)" if each.required else "") for name, each in (route.body or {}).items()
    ]
    if route.free is not None:
        names.append("see below")
    return ", ".join(names)


def _effects() -> str:
    return _tabled(
        ("effect", "what the client gets"),
        ((f"`{name}`", each.__doc__ or "") for name, each in EFFECTS.items()),
    )


def _fault_fields() -> str:
    return _tabled(("field", "takes"), ((f"`{name}`", told["description"]) for name, told in FIELDS.items()))


def _preferences() -> str:
    rooms, messages = allowed("rooms"), allowed("messages")
    rows = (
        (
            f"`{name}`",
            says if says == messages[name] else f"chat rooms: {says}<br>system messages: {messages[name]}",
        )
        for name, says in rooms.items()
    )
    return _tabled(("preference", "takes"), rows)


def _tabled(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(each.replace("|", "\\|") for each in line) + " |" for line in lines)


#: The sections that a page may hold.
TABLES: Mapping[str, Callable[[], str]] = {
    "routes": _routes,
    "effects": _effects,
    "fields": _fault_fields,
    "preferences": _preferences,
}


PAGES: Mapping[str, Callable[[], str]] = {
    "open-questions.md": open_questions,
    "dictionary.md": dictionary,
    "cli.md": commands,
    "drifts.md": drifts,
    "rules.md": lambda: catalogue.as_markdown(RULES),
}
#: Pages that people write, with tables made from the code.
RENEWED = ("admin.md", "faults.md")


def main() -> None:
    """Writes every page, and renews the tables of those that people write."""
    for name, text in PAGES.items():
        (FOLDER / name).write_text(text(), encoding="utf-8")
    for name in RENEWED:
        page = (FOLDER / name).read_text(encoding="utf-8")
        (FOLDER / name).write_text(renew(page), encoding="utf-8")


if __name__ == "__main__":
    main()
