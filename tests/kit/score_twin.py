"""Score what a visit learns of the rival: `python -m tests.kit.score_twin --help`.

Each legal behaviour of the rival, its accounts and random sets of behaviours are visited once. Told are the
share of questions decided, the share right of those decided, and the requests beside the reading of rooms.
Names chosen by a seed are set aside: `--half kept` plays the others, `--half aside` those.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from random import Random

from tests.kit.score_rival import NOW, Job, settings_of
from tests.rival import ACCOUNTS, LEGAL, RivalServer, legal_combo
from tests.rival.legal import answers_of

from happytalk_contract.core.control import Control
from happytalk_contract.engine.runner import desk_of
from happytalk_contract.twin.decide import QUESTIONS
from happytalk_contract.twin.fidelity import Fidelity, fidelity
from happytalk_contract.twin.learn import Asked, Outcome, learn
from happytalk_contract.twin.visit import Visit, Visitor

#: Which names are set aside.
ASIDE = 20261128


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What came of one visit."""

    job: Job
    states: dict[str, str]
    share: float  #: decided of those that occur
    wrong: tuple[str, ...]
    open: tuple[str, ...]
    requests: int
    beside: int  #: requests beside the reading of rooms
    seconds: float
    departing: int


def truth(answers: dict[str, str]) -> dict[str, set[str]]:
    """What the rival answers, in the words of the open questions; questions it has no one answer to are left out."""
    told: dict[str, set[str]] = {}

    def put(question: str, *fits: str) -> None:
        told[question] = set(fits)

    for case in ("page", "limit", "total_count"):
        put(f"size_type.{case}", answers["envelope-numbers"])
    put("limit_above_max", {"50": "capped"}.get(answers["limit-over"], "failure"))
    put("limit_echo", {"50": "served"}.get(answers["limit-over-echo"], "asked"))
    for case in ("zero", "negative", "fraction", "text", "type"):
        put(f"limit_invalid.{case}", {"one": "clamp"}.get(answers["limit-bad"], answers["limit-bad"]))
        put(f"page_invalid.{case}", {"one": "first"}.get(answers["page-bad"], answers["page-bad"]))
    put("limit_invalid.huge", {"50": "capped"}.get(answers["limit-over"], "failure"))
    put("page_invalid.huge", "past_end", *(["failure"] if answers["page-past-end"] == "failure" else []))
    put("page_echo", "served")
    put("page_past_end", answers["page-past-end"])
    put("single_date", {"open-ended": "open_range"}.get(answers["half-range"], answers["half-range"]))
    put("reversed_dates", answers["backward-range"])
    for case in ("form", "no_such_day", "type"):
        put(f"bad_date.{case}", answers["bad-date"])
    put("longest_period", answers["longest-period"])
    for case in ("key", "value"):
        put(f"unknown_sort.{case}", answers["bad-sort"])
    outside = answers["status-outside"]
    put("unknown_status.4", {"that": "that_status"}.get(outside, outside))
    for case in ("number", "text", "type"):
        put(f"unknown_status.{case}", {"that": "empty"}.get(outside, outside))
    put("null_value", "absent")
    put("whole_fraction", "fraction")
    put("bot_statuses", answers["bot-rooms"])
    put("zero_date_order", answers["zero-dates"])
    ties = answers["ties"]
    if answers["longest-period"] != "none" and answers["half-range"] == "open-ended":
        put("open_range_period")  # counted to today: near ones are within it, far ones over it
    put("tie_order", *{"by-id": ["id"], "by-limit": [], "by-filter": []}.get(ties, ["insertion"]))
    put("tie_direction", *{"with-direction": ["turned"], "by-limit": [], "by-filter": []}.get(ties, ["kept"]))
    put("numeric_text", answers["numeric-text"])
    put("empty_date", answers["empty-date"])
    put("unknown_parameters", answers["unknown-parameters"])
    put("form_body", answers["form-body"])
    http = answers["http-status"]
    kinds = {"token": "401", "permission": "403", "period": "400", "parameter": "400", "body": "400"}
    for case, by_kind in kinds.items():
        put(f"failure_http_status.{case}", by_kind if http == "by-kind" else http)
    code = {"korean": "-510", "zero": "0", "long": "-50512"}.get(
        answers["failure-words"], answers["failure-words"]
    )
    words = "terse" if answers["failure-words"] in ("-1", "zero") else "detailed"
    for case in ("parameter", "body"):
        put(f"failure_code.{case}", code)
        put(f"failure_message.{case}", words)
    for case, fixed in (("method", "405"), ("path", "404")):
        put(f"failure_http_status.{case}", fixed)
        put(f"failure_code.{case}", f"-{fixed}")
        put(f"failure_message.{case}", "terse")
    put("ht_headers", answers["ht-headers"].replace("-", "_"))
    put("first_check", "token")
    put("other_method", "failure")
    put("other_path", "failure")
    put("trailing_slash", "unknown")
    ends = answers["end-dates"]
    put("deleted_end_date", "mixed" if ends == "3-mixed" else ends)
    put("bot_ended_end_date", "real" if ends == "3-mixed" else ends)
    put("parcel_w", {"always": "seen"}.get(answers["parcel-w"], answers["parcel-w"].replace("-", "_")))
    put("additive_fields", "none" if answers["more-room-fields"] == "none" else "some")
    put("message_unknown_id", answers["m-unknown-id"])
    put("no_messages", answers["m-none"])
    put("unknown_sender_key", answers["m-unknown-sender"])
    put("message_headers", "403")
    put("sender_key_missing", "405")
    put("message_id_invalid", answers["m-bad-id"])
    rule = answers["m-http-status"]
    by_code = {"403": "403", "405": "400", "507": "404", "508": "404"}
    invalid = answers["m-none" if answers["m-bad-id"] == "ignored" else "m-bad-id"]  # ignored: as the list
    cases = {"headers": "403", "sender_key_missing": "405", "sender_key_unknown": "507", "id_unknown": "508"}
    for case, failing in {**cases, "id_invalid": invalid, "no_messages": "508"}.items():
        put(f"message_failure_http_status.{case}", by_code.get(failing, "") if rule == "by-kind" else rule)
    put(
        "message_on_success",
        {"blank": "empty"}.get(answers["m-success-message"], answers["m-success-message"]),
    )
    put("uninspected_dates", {"blank": "empty"}.get(answers["m-not-yet"], answers["m-not-yet"]))
    put("unused_links", {"blank": "empty"}.get(answers["m-unused-links"], answers["m-unused-links"]))
    order = {"by-id": ["id"], "newest-first": ["id_falling", "newest_first"]}
    put("message_order", *order.get(answers["m-order"], []))
    return told


def occurs(job: Job) -> dict[str, bool]:
    """Questions that this rival may give no occasion to see an answer to, and whether it does."""
    answers = answers_of(job.legal)
    listless = not ACCOUNTS[job.account].messages
    has_period = answers["longest-period"] != "none"
    needed = answers["ht-headers"] == "needed"
    failing = {
        "limit-over": answers["limit-over"], "rest": answers["limit-bad"], "page": answers["page-bad"],
        "past": answers["page-past-end"], "half": answers["half-range"], "back": answers["backward-range"],
        "date": answers["bad-date"], "sort": answers["bad-sort"], "status": answers["status-outside"],
        "text": answers["numeric-text"], "empty": answers["empty-date"], "unknown": answers["unknown-parameters"],
    }  # fmt: skip
    refuses = "failure" in failing.values()
    none_sent = answers["m-none"] == "508"
    return {
        "open_range_period": has_period and answers["half-range"] == "open-ended",
        "limit_echo": answers["limit-over"] != "failure",
        "page_echo": answers["page-bad"] != "failure",
        "failure_http_status.period": has_period,
        "failure_http_status.permission": needed,
        "first_check": needed,
        **{f"failure_{what}.parameter": refuses for what in ("http_status", "code", "message")},
        "no_messages": listless,
        "message_failure_http_status.no_messages": listless and none_sent,
        "message_failure_http_status.method": False,
        "message_failure_http_status.sender_key_unknown": answers["m-unknown-sender"] != "empty",
        "message_failure_http_status.id_unknown": answers["m-unknown-id"] != "empty",
        "message_failure_http_status.id_invalid": answers["m-bad-id"] != "ignored",
        **dict.fromkeys(("uninspected_dates", "unused_links", "message_order"), not listless),
    }


def server_of(job: Job) -> RivalServer:
    """The rival of a job."""
    return RivalServer(account=job.account, legal=list(job.legal), seed=job.seed, now=NOW)


def visited(server: RivalServer, job: Job) -> tuple[Visit, int, Visitor]:
    """Visit the rival once."""
    settings = settings_of(server, job)
    control = Control(max_requests=settings.max_requests)
    with desk_of(settings, control) as desk:
        visitor = Visitor(desk, days=30, message_ids=tuple(range(170, 200)))
        visit = visitor.go()
    return visit, control.sent, visitor


def play(job: Job) -> Learnt:
    """Visit once, and hold what was learnt against the truth."""
    began = time.perf_counter()
    with server_of(job) as server:
        visit, requests, _visitor = visited(server, job)
    right = truth(answers_of(job.legal))
    wrong = tuple(
        f"{question}: {decision.answer}, not {' or '.join(sorted(right.get(question, {'?'}))) or 'other'}"
        for question, decision in visit.decisions.items()
        if decision.state == "decided" and decision.answer not in right.get(question, ())
    )
    left = tuple(
        f"{question}: {decision.state} {' '.join(decision.candidates)} {decision.excerpt}".strip()
        for question, decision in visit.decisions.items()
        if decision.state != "decided"
    )
    crawled = visit.crawled.requests if visit.crawled else 0
    seldom = occurs(job)
    states = [
        # Where no legal answer fits, to say so is the answer.
        "decided" if one.state == "other" and not right.get(name, {"?"}) else one.state
        for name, one in visit.decisions.items()
        if seldom.get(name, True)
    ]
    return Learnt(
        job=job,
        states={question: decision.state for question, decision in visit.decisions.items()},
        share=states.count("decided") / len(states),
        wrong=wrong,
        open=left,
        requests=requests,
        beside=requests - crawled,
        seconds=time.perf_counter() - began,
        departing=len(visit.departing),
    )


def alike(job: Job, requests: int, seeds: int, days: int) -> tuple[Fidelity, Outcome]:
    """Learn a twin, and ask it and the rival the same at random."""
    with tempfile.TemporaryDirectory() as folder, server_of(job) as server:
        output, key = Path(folder) / "t.twin", Path(folder) / "key"
        asked = Asked(output=output, key_file=key, message_ids=tuple(range(170, 200)), days=days)
        outcome = learn(settings_of(server, job), asked)
        found = Fidelity(seed=job.seed)
        for seed in range(seeds):
            settings = replace(settings_of(server, job), max_requests=requests, seed=job.seed + seed)
            one = fidelity(settings, output, key_file=key)
            for mine, more in ((found.asked, one.asked), (found.alike, one.alike), (found.kinds, one.kinds)):
                mine.update(more)
            found.examples += one.examples
            found.notes += one.notes
    return found, outcome


def tell_alike(todo: list[Job], options: argparse.Namespace) -> int:
    """Play and tell how alike the twins are."""
    asked: Counter[str] = Counter()
    same: Counter[str] = Counter()
    for job in todo:
        found, outcome = alike(job, options.alike, options.seeds, options.days)
        asked.update(found.asked)
        same.update(found.alike)
        shares = ", ".join(f"{name} {found.alike[name] / found.asked[name]:.1%}" for name in found.asked)
        again = (
            f"again {outcome.verified.alike} of {outcome.verified.asked} {' '.join(outcome.verified.drifts)}"
        )
        print(f"{job.name}: {found.share:.2%}; {shares}; {again}; {dict(found.kinds)}")  # noqa: T201
        for kind, what, request in found.examples if options.verbose else ():
            body = (request.body or b"").decode("utf-8", "replace")[:200]
            print(f"    {kind} {what}: {request.method} {request.suffix} {body} {request.query}")  # noqa: T201
        sys.stdout.flush()
    told = ", ".join(f"{name} {same[name] / asked[name]:.3%}" for name in sorted(asked))
    print(f"{len(todo)} twins, {asked.total()} questions: {told}")  # noqa: T201
    return 0


def jobs(options: argparse.Namespace) -> Iterator[Job]:
    """What is to be played: half of the behaviours, all accounts, or combinations."""
    names = sorted(LEGAL)
    aside = set(Random(ASIDE).sample(names, len(names) // 2))
    wanted = {"kept": set(names) - aside, "aside": aside, "all": set(names)}[options.half]
    common = {"seed": options.seed, "max_requests": options.max_requests}
    for name in names if options.legal else ():
        if name in wanted and options.legal in ("*", name) and (LEGAL[name].calm or options.moving):
            yield Job(legal=(name,), account=options.account, **common)
    for account in ACCOUNTS if options.accounts else ():
        yield Job(account=account, **common)
    for seed in range(options.after + 1, options.after + options.combos + 1):
        account = list(ACCOUNTS)[seed % len(ACCOUNTS)]
        yield Job(legal=tuple(legal_combo(seed)), account=account, **{**common, "seed": seed})


def main() -> int:
    """Play and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--legal", metavar="NAME", help="the behaviour of that name; * for all")
    parser.add_argument("--half", choices=["kept", "aside", "all"], default="kept")
    parser.add_argument("--accounts", action="store_true")
    parser.add_argument("--moving", action="store_true")
    parser.add_argument("--combos", type=int, default=0)
    parser.add_argument("--after", type=int, default=0, help="combinations from behind this seed on")
    parser.add_argument("--account", default="normal", choices=sorted(ACCOUNTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-requests", type=int, default=400)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-j", "--processes", type=int, default=1)
    parser.add_argument(
        "--alike", type=int, default=0, metavar="N", help="ask each twin and the rival N questions"
    )
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--days", type=int, default=45)
    options = parser.parse_args()
    todo = list(jobs(options))
    if options.alike:
        return tell_alike(todo, options)
    total: Counter[str] = Counter()
    wrong = most = 0
    shares: list[float] = []
    if options.processes > 1:
        pool = ProcessPoolExecutor(options.processes, mp_context=get_context("spawn"))
        results = pool.map(play, todo)
    else:
        results = map(play, todo)
    for one in results:
        total.update(one.states.values())
        wrong += len(one.wrong)
        shares.append(one.share)
        most = max(most, one.beside)
        decided = sum(state == "decided" for state in one.states.values())
        print(  # noqa: T201 - a program that prints
            f"{one.job.name}: {decided}/{len(QUESTIONS)} decided ({one.share:.1%} of what occurs), "
            f"{len(one.wrong)} wrong, {one.departing} departing, "
            f"{one.requests} requests ({one.beside} beside the rooms), {one.seconds:.1f} s"
        )
        for told in one.wrong:
            print(f"    WRONG {told}")  # noqa: T201
        for told in one.open if options.verbose else ():
            print(f"    open  {told}")  # noqa: T201
        sys.stdout.flush()
    print(  # noqa: T201
        f"{len(todo)} visits: {dict(total)}, {wrong} wrong, at most {most} requests beside the rooms; decided of what "
        f"occurs: mean {sum(shares) / max(len(shares), 1):.1%}, least {min(shares, default=0):.1%}"
    )
    return min(1, wrong)


if __name__ == "__main__":
    sys.exit(main())
