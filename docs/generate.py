"""Writes the generated pages of docs/: `python docs/generate.py`. A test holds each page to the code.

open-questions.md   the behaviour profile
dictionary.md       every field of requests and answers, from the schemas
cli.md              the help of both commands
drifts.md, rules.md  their tables in the code
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from happytalk_contract.cli import rule_pages as catalogue
from happytalk_contract.cli.commands import cli as contract_command
from happytalk_contract.rules.catalogue import RULES
from happytalk_mock.cli.commands import main as mock_command
from happytalk_mock.faults import drifts
from happytalk_mock.spec import resources
from happytalk_mock.spec.behaviour import QUESTIONS

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


PAGES: Mapping[str, Callable[[], str]] = {
    "open-questions.md": open_questions,
    "dictionary.md": dictionary,
    "cli.md": commands,
    "drifts.md": drifts.document,
    "rules.md": lambda: catalogue.as_markdown(RULES),
}


def main() -> None:
    """Writes every page."""
    for name, text in PAGES.items():
        (FOLDER / name).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
