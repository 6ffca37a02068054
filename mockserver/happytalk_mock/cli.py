"""The command `happytalk-mock`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from . import __version__
from .errors import ChangeError, ConfigurationError
from .options import build_mock, data_options

_HELP = {"help_option_names": ["-h", "--help"]}


class _Group(click.Group):
    """Turns what cannot be used into one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            click.echo(f"happytalk-mock: {error}", err=True)
            ctx.exit(2)


@contextmanager
def _told(option: str) -> Iterator[None]:
    """Tells a change that cannot be made as one of an option."""
    try:
        yield
    except ChangeError as error:
        message = f"{option}: received {error.received}; allowed: {error.allowed}"
        raise ConfigurationError(message) from None


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
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free port."
)
@click.option(
    "--log",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="A line for each request; auto: on a terminal.",
)
@click.option(
    "--journal",
    type=click.IntRange(0, 1_000_000),
    default=1000,
    show_default=True,
    metavar="N",
    help="Keep the last N requests for /__admin/journal; 0 keeps none.",
)
@click.option(
    "--admin-token",
    envvar="HAPPYTALK_MOCK_ADMIN_TOKEN",
    show_envvar=True,
    metavar="TOKEN",
    help="Opens /__admin to other machines, for those who know it; everyone needs it then, "
    "this machine too. Without it, this machine only.",
)
@click.option(
    "--drift",
    "drifts",
    multiple=True,
    metavar="NAME",
    help="Depart from the documentation on purpose (`happytalk-mock drifts`); may be given again.",
)
@click.option(
    "--churn", metavar="RATE", help="Add and change rooms while they are read, such as 10/s or 30/m."
)
@data_options
def serve(
    host: str,
    port: int,
    log: str,
    journal: int,
    admin_token: str | None,
    drifts: tuple[str, ...],
    churn: str | None,
    **options: Any,
) -> None:
    """Serve both endpoints until Ctrl-C.

    \b
    Examples:
      happytalk-mock serve
      happytalk-mock serve --port 0 --now 2022-05-26T13:00:00+09:00 --scenario documented
      happytalk-mock serve --set zero_date_order=last --set size_type=text
      happytalk-mock serve --churn 10/s --drift total-count-one-too-many
    """
    from .admin import Access
    from .app import create_app
    from .edge import Edge
    from .ready import RequestLog, ready_block
    from .serving import Server, bind

    listening = bind(host, port)  # before the data is made: a taken port is told at once
    mock = build_mock(**options)
    watch = log == "always" or (log == "auto" and sys.stderr.isatty())
    edge = Edge(mock, journal_size=journal, observers=(RequestLog(sys.stderr),) if watch else ())
    with _told("--drift"):
        edge.set_drifts(drifts)
    if churn is not None:
        with _told("--churn"):
            edge.churn.start(churn)
    server = Server(create_app(edge, access=Access(token=admin_token, host=host)), listening)
    server.stop_on_signals(before=edge.close)
    server.start()
    click.echo(ready_block(server.url, mock))
    server.wait()
    click.echo("happytalk-mock: stopped", err=True)


@main.command()
@data_options
@click.option(
    "--format", "kind", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True
)
@click.option("--output", "-o", type=click.Path(dir_okay=False), metavar="FILE", help="Write there instead.")
def rooms(kind: str, output: str | None, **options: Any) -> None:
    """Print or export the rooms that a configuration would serve, without a server.

    \b
    Examples:
      happytalk-mock rooms --rooms 20
      happytalk-mock rooms --scenario ties --format jsonl
      happytalk-mock rooms --format csv -o rooms.csv
    """
    from .export import write_rooms

    mock = build_mock(**options)
    tenant = next(iter(mock.tenants))
    found = tenant.rooms.rooms(mock.clock.second())
    if output is None:
        write_rooms(found, sys.stdout, kind)
        return
    try:
        with Path(output).open("w", encoding="utf-8-sig" if kind == "csv" else "utf-8", newline="") as stream:
            count = write_rooms(found, stream, kind)
    except OSError as error:
        raise ConfigurationError(f"--output {output}: {error.strerror or error}") from None
    click.echo(f"{count} rooms written to {output}", err=True)


@main.command()
def behaviours() -> None:
    """Explain the documentation's open questions, their legal answers and the mock's defaults."""
    from .ready import behaviours_text

    click.echo(behaviours_text())


@main.command()
@click.option("--endpoint", type=click.Choice(["rooms", "messages"]), help="Only those of one endpoint.")
def drifts(endpoint: str | None) -> None:
    """List the ways in which the mock can depart from its documentation on purpose."""
    from .drifts import DRIFTS

    for drift in DRIFTS.values():
        if endpoint in (None, drift.endpoint):
            click.echo(f"{drift.name:36} {drift.endpoint:9} {drift.says}")


@main.command()
def scenarios() -> None:
    """List the hand-made data sets that --scenario knows."""
    from . import resources, scenario

    for name in resources.scenario_names():
        click.echo(f"{name:16} {scenario.load(name).description}")


@main.command()
@click.option("--server", default="http://127.0.0.1:8080", show_default=True, help="The server's URL in it.")
@click.option("--output", "-o", type=click.Path(dir_okay=False), metavar="FILE", help="Write there instead.")
def openapi(server: str, output: str | None) -> None:
    """Write the OpenAPI 3.1 document of both endpoints."""
    import orjson

    from .openapi import document

    text = orjson.dumps(document(server), option=orjson.OPT_INDENT_2).decode()
    if output is None:
        click.echo(text)
        return
    try:
        with Path(output).open("w", encoding="utf-8") as stream:
            stream.write(text + "\n")
    except OSError as error:
        raise ConfigurationError(f"--output {output}: {error.strerror or error}") from None


@main.command()
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="The mock that was asked.")
@click.option(
    "--journal",
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="A saved answer of /__admin/journal instead; - reads standard input.",
)
@click.option("--tenant", metavar="TOKEN", help="Only the requests of this customer.")
@click.option(
    "--admin-token", envvar="HAPPYTALK_MOCK_ADMIN_TOKEN", show_envvar=True, help="As the mock was given it."
)
@click.option("--skip", multiple=True, metavar="ITEM", help="Leave an item out; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="Write the card as JSON.")
@click.option(
    "--fail-under", type=click.IntRange(0, 100), metavar="N", help="Exit code 1 if the score is below N."
)
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
