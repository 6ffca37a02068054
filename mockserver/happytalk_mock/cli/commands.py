"""The command `happytalk-mock`."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click

from ..core.errors import ConfigurationError
from ..core.version import __version__
from .options import build_mock, options

_HELP = {"help_option_names": ["-h", "--help"]}


class _Group(click.Group):
    """Turns what cannot be used into one line and exit code 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        # A Windows console or pipe may know no Hangul: question marks, then, not a traceback.
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            path = (error.ctx or ctx).command_path
            click.echo(f"happytalk-mock: {error.format_message()} See `{path} --help`.", err=True)
        except ConfigurationError as error:
            click.echo(f"happytalk-mock: {error}", err=True)
        raise click.exceptions.Exit(2)


@contextmanager
def _output(path: str | None, encoding: str = "utf-8", *, for_people: bool = False) -> Iterator[TextIO]:
    """Where to write: a file, or standard output; data in UTF-8 and with its line ends as written.

    Raises ConfigurationError where it cannot be written.
    """
    try:
        if path is None:
            if sys.stdout is None:
                raise ConfigurationError("standard output is closed")
            if isinstance(sys.stdout, io.TextIOWrapper) and not for_people:
                # A pipe or file on Windows would get the local code page, and carriage returns.
                sys.stdout.reconfigure(encoding="utf-8", newline="")
            yield sys.stdout
            sys.stdout.flush()
            return
        with Path(path).open("w", encoding=encoding, newline="") as stream:
            yield stream
    except BrokenPipeError:
        raise  # `| head` has read enough; click ends quietly
    except OSError as error:
        place = "standard output" if path is None else f"--output {path}"
        raise ConfigurationError(f"{place}: {error.strerror or error}") from None


@click.group(cls=_Group, context_settings=_HELP)
@click.version_option(__version__, prog_name="happytalk-mock")
def main() -> None:
    """A mock of the HappyTalk (해피톡) API: the chat room list and the system messages.

    \b
    Start it:       happytalk-mock serve
    See its data:   happytalk-mock rooms --rooms 20
    Open points:    happytalk-mock behaviours
    """


@main.command()
@options("serve", "data")
def serve(host: str, port: int, workers: int, **given: Any) -> None:
    """Serve both endpoints until Ctrl-C.

    \b
    Examples:
      happytalk-mock serve
      happytalk-mock serve --port 0 --now 2022-05-26T13:00:00+09:00 --scenario documented
      happytalk-mock serve --set zero_date_order=last --set size_type=text
      happytalk-mock serve --churn 10/s --drift total-count-one-too-many
      happytalk-mock serve --state mock.db --workers 4
      happytalk-mock serve --scenario mine.toml --watch
    """
    from ..serving.server import allow_connections, bind
    from .serving import serve as serve_it

    host = host.removeprefix("[").removesuffix("]")  # as a URL writes it
    # A taken port is told in the words of who calls this, such as make.
    listen = partial(bind, host, port, way=os.environ.get("HAPPYTALK_MOCK_PORT_WAY", "--port "))
    allow_connections()
    code = serve_it(workers, listen, host=host, **given)
    # A thread of the server that is still winding down would crash in an interpreter that is being torn down.
    sys.stderr.flush()
    os._exit(code)


@main.command()
@options("data", "rooms")
def rooms(kind: str, output: str | None, **given: Any) -> None:
    """Print or export the rooms that a configuration would serve, without a server.

    \b
    Examples:
      happytalk-mock rooms --rooms 20
      happytalk-mock rooms --scenario ties --format jsonl
      happytalk-mock rooms --format csv -o rooms.csv
    """
    from ..data.export import write_rooms

    mock = build_mock(**given)
    tenant = next(iter(mock.tenants))
    found = tenant.rooms.rooms(mock.clock.second())
    encoding = "utf-8-sig" if kind == "csv" else "utf-8"
    with _output(output, encoding, for_people=kind == "table") as stream:
        count = write_rooms(found, stream, kind)
    if output is not None:
        click.echo(f"{count} rooms written to {output}", err=True)


@main.command()
def behaviours() -> None:
    """Explain the documentation's open questions, their legal answers and the mock's defaults."""
    from .texts import behaviours_text

    click.echo(behaviours_text())


@main.command()
@click.option("--endpoint", type=click.Choice(["rooms", "messages"]), help="Only those of one endpoint.")
def drifts(endpoint: str | None) -> None:
    """List the ways in which the mock can depart from its documentation on purpose."""
    from ..faults.drifts import DRIFTS

    for drift in DRIFTS.values():
        if endpoint in (None, drift.endpoint):
            click.echo(f"{drift.name:36} {drift.endpoint:9} {drift.says}")


@main.command()
def scenarios() -> None:
    """List the hand-made data sets that --scenario knows."""
    from ..data import scenario
    from ..spec import resources

    for name in resources.scenario_names():
        click.echo(f"{name:16} {scenario.load(name).description}")


@main.command()
@options("openapi")
def openapi(server: str, output: str | None) -> None:
    """Write the OpenAPI 3.1 document of both endpoints."""
    import orjson

    from ..spec.openapi import document

    text = orjson.dumps(document(server), option=orjson.OPT_INDENT_2).decode()
    with _output(output) as stream:
        stream.write(text + "\n")


@main.command()
@options("score")
@click.pass_context
def score(
    ctx: click.Context, /, skip: tuple[str, ...], as_json: bool, fail_under: int | None, **source: Any
) -> None:
    """A scorecard of a client, from the journal of the requests it sent (docs/score.md).

    \b
    Examples:
      happytalk-mock score
      happytalk-mock score --fail-under 80 --skip rate-limit
      curl -s 'http://127.0.0.1:8080/__admin/journal?limit=10000' | happytalk-mock score --journal -
    """
    from .scoring import scored

    found = scored(skip=skip, **source)
    click.echo(json.dumps(found.payload(), ensure_ascii=False, indent=2) if as_json else found.text())
    if fail_under is not None and found.score < fail_under:
        click.echo(f"happytalk-mock: score {found.score} is under {fail_under}", err=True)
        ctx.exit(1)


@main.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--strict", is_flag=True, help="Closed objects: a field that is not documented is refused.")
def schemas(directory: Path, strict: bool) -> None:
    """Write the JSON Schemas of requests and answers into a folder.

    \b
    Examples:
      happytalk-mock schemas schemas/
      happytalk-mock schemas --strict schemas-strict/
    """
    from ..spec import resources

    try:
        written = resources.write_schemas(directory, strict=strict)
    except OSError as error:
        raise ConfigurationError(f"{directory}: {error.strerror or error}") from None
    click.echo(f"{len(written)} schemas written to {directory}", err=True)
