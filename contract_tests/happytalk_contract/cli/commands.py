"""The command `happytalk-contract`: options in, reports and an exit code out."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import gc
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from happytalk_contract import check
from happytalk_contract.cli import completion
from happytalk_contract.cli.options import options
from happytalk_contract.cli.outputs import Outputs, person
from happytalk_contract.cli.twins import fidelity_command, learn_command
from happytalk_contract.core.control import ignore
from happytalk_contract.core.errors import KitError
from happytalk_contract.core.files import replacing, write_atomically
from happytalk_contract.core.model import ExitCode, RunReport
from happytalk_contract.evidence import recording
from happytalk_contract.report import WRITERS
from happytalk_contract.report.console import progressing, show
from happytalk_contract.report.curl import as_curl
from happytalk_contract.report.document import as_document
from happytalk_contract.verdict import baseline

#: What a shell expects of a command that Ctrl-C ended.
INTERRUPTED: Final = 130
#: Objects made until garbage is looked for: a command is over soon, and leaves little.
FEW_COLLECTIONS: Final = 50_000


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="happytalk-mock", prog_name="happytalk-contract")
def cli() -> None:
    """Tell where a HappyTalk (해피톡) API departs from its documentation.

    \b
      happytalk-contract check --target mock
      happytalk-contract check --target dev --report-html report.html
      happytalk-contract rules

    Everything asked is read-only. Exit codes: 0 conforms, 1 drift, 2 wrong use or configuration,
    3 nothing could be judged, 130 interrupted.
    """


@cli.command("check")
@options("check", "outcome")
def check_command(**given: Any) -> int:
    """Ask an API and judge its answers by the documentation.

    \b
    Try it on the mock, which needs no credentials:
      happytalk-contract check --target mock
    \b
    The vendor's development API, with credentials from the environment or ./.env
    (HAPPYTALK_TOKEN; HAPPYTALK_CLIENT_ID, HAPPYTALK_CLIENT_SECRET, HAPPYTALK_SENDER_KEY):
      happytalk-contract check --target dev --report-html report.html
    \b
    In CI, failing on what is new only:
      happytalk-contract check --target dev --baseline happytalk-baseline.toml \\
        --report-junit junit.xml --report-markdown "$GITHUB_STEP_SUMMARY"

    With a token alone the chat rooms are judged, with the other three alone the system messages. On a
    terminal, credentials that are nowhere are asked for without showing them.
    """
    outputs = _outputs(given, record=given["record"])
    asked = check.Options(**{each.name: given[each.name] for each in dataclasses.fields(check.Options)})
    if given["dry_run"]:
        _show_plan(check.planned(asked), outputs)
        return ExitCode.CONFORMS
    outputs.make_sure()
    known = _baseline(outputs)
    with check.prepared(asked, ask=person()) as ready:
        progress_console = outputs.console(progress=True)
        if not outputs.quiet:
            progress_console.print(f"target {ready.target}, seed {ready.seed}", markup=False)
        progress = contextlib.nullcontext(ignore) if outputs.quiet else progressing(progress_console)
        with progress as on_event:
            report = check.run(dataclasses.replace(ready, is_thorough=known is not None), on_event)
    if outputs.record:
        with replacing(outputs.record) as path:
            recording.save(report.exchanges, path)
    code = _deliver(report, known, outputs, may_update=not report.interrupted)
    return INTERRUPTED if report.interrupted else code


@cli.command("judge")
@click.argument("files", metavar="RECORDING...", nargs=-1, required=True, type=click.Path(path_type=Path))
@options("outcome")
def judge_command(files: tuple[Path, ...], **given: Any) -> int:
    """Judge what `check --record` kept, without asking anything.

    \b
    Rules improve; old recordings can be judged by the new ones:
      happytalk-contract check --target dev --record monday.jsonl
      happytalk-contract judge monday.jsonl --report-html monday.html
    """
    outputs = _outputs(given)
    outputs.make_sure()
    known = _baseline(outputs)
    exchanges = recording.renumbered(exchange for file in files for exchange in recording.load(file))
    report = check.rejudged(
        exchanges, fail_on=given["fail_on"], only=given["only"], allow_empty=given["allow_empty"]
    )
    return _deliver(report, known, outputs, may_update=True)


@cli.command("rules")
@click.argument("patterns", metavar="[RULE]...", nargs=-1, shell_complete=completion.rules)
@click.option("--json", "form", flag_value="json", help="As JSON, for programs.")
@click.option("--markdown", "form", flag_value="markdown", help="As docs/rules.md has it.")
def rules_command(patterns: tuple[str, ...], form: str | None) -> int:
    """List the rules: id, severity, the sentence each stands on, and what it needs to see.

    \b
      happytalk-contract rules
      happytalk-contract rules 'rooms.order*' --json
    """
    from happytalk_contract.cli import (
        rule_pages as catalogue,  # here: only this command needs the catalogue as a page
    )

    rules = catalogue.selected(patterns)
    render = {"json": catalogue.as_json, "markdown": catalogue.as_markdown, None: catalogue.as_text}[form]
    click.echo(render(rules), nl=False)
    return ExitCode.CONFORMS


cli.add_command(learn_command)
cli.add_command(fidelity_command)


def _outputs(given: dict[str, Any], *, record: Path | None = None) -> Outputs:
    reports = {writer.name: given[f"report_{writer.name}"] for writer in WRITERS}
    return Outputs(
        reports={name: path for name, path in reports.items() if path},
        baseline=given["baseline_file"],
        update_baseline=given["update_baseline"],
        record=record,
        color=False if given["no_color"] else None,
        quiet=given["quiet"],
    )


def _baseline(outputs: Outputs) -> baseline.Baseline | None:
    if outputs.baseline is None:
        return None
    return baseline.load(outputs.baseline, may_be_missing=outputs.update_baseline)


def _deliver(
    report: RunReport, known: baseline.Baseline | None, outputs: Outputs, *, may_update: bool
) -> int:
    """Hold the outcome against the baseline, write the reports, show it; returns the exit code."""
    if known is not None:
        found, report = report, baseline.apply(report, known)
        if outputs.update_baseline and outputs.baseline and may_update:
            known = baseline.updated(found, known)
            baseline.save(known, outputs.baseline)
            # what the old one said of expired and vanished entries is what became of them now
            report = dataclasses.replace(baseline.apply(found, known), baseline_notes=report.baseline_notes)
    document = as_document(report)
    for writer in WRITERS:
        path = outputs.reports.get(writer.name)
        if path == "-":
            click.echo(writer.render(document).encode(), nl=False)  # UTF-8 whatever the code page
        elif path:
            write_atomically(Path(path), writer.render(document).encode())
    if not outputs.quiet:
        show(document, outputs.console())
    return report.exit_code


def _show_plan(settings: check.Settings, outputs: Outputs) -> None:
    from happytalk_contract.engine.runner import plan

    urls = settings.urls
    console = outputs.console()
    count = 0
    for count, request in enumerate(plan(settings), 1):
        console.print(f"# {count}: {request.why}", markup=False, soft_wrap=True, style="dim")
        console.print(as_curl(request, urls[request.endpoint]), markup=False, soft_wrap=True)
    console.print(
        f"# Nothing was asked. These {count} come first; what follows depends on the answers, up to "
        f"{settings.max_requests} requests in all.",
        markup=False,
        soft_wrap=True,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    if arguments is None:
        # A process of its own: what Hypothesis keeps of the code that it read belongs into no folder of the user's.
        kept = str(Path(tempfile.gettempdir(), "happytalk-contract"))
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", kept)
        gc.freeze()  # what is loaded stays: no collection of garbage needs to look at it again
        gc.set_threshold(FEW_COLLECTIONS)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Windows console or pipe may know no Hangul
            stream.reconfigure(errors="replace")
    try:
        code = cli.main(args=arguments, prog_name="happytalk-contract", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return ExitCode.USAGE
    except click.ClickException as error:
        return _fail(error.format_message(), ExitCode.USAGE)
    except KitError as error:
        return _fail(str(error), ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted before anything was asked", INTERRUPTED)
    except BrokenPipeError:  # `| head` has seen enough
        sys.stderr.close()
        return ExitCode.CONFORMS
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            return _broke(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the exit would fail again
        return _fail(f"standard output can not be written ({error.strerror})", ExitCode.USAGE)
    except Exception as error:
        return _broke(error)
    return code if isinstance(code, int) else ExitCode.CONFORMS


def _broke(error: Exception) -> int:
    """Tells of a bug of the kit: where, but not the error's text, which may hold what the API said."""
    where = "".join(traceback.format_tb(error.__traceback__))
    click.echo(f"{where}{type(error).__name__}", err=True)
    return _fail(
        "a bug of the kit itself, which is no drift; please report it with the lines above", ExitCode.BROKEN
    )


def _fail(message: str, code: int) -> int:
    click.echo(f"happytalk-contract: {' '.join(message.split())}", err=True)
    return code
