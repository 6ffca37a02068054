"""Simpler forms of a question shrink to the least that departs."""

from __future__ import annotations

from happytalk_contract.questions import strategies


def test_shrinking_keeps_only_what_is_needed() -> None:
    params = {
        "sdate": "2022-05-20", "edate": "2022-06-05", "ndate": "2022-05-21", "status": 2,
        "sort_key": "complate_date", "sort_value": "asc", "limit": 50, "page": 7,
    }  # fmt: skip
    asked = []

    def fails(form: dict) -> bool:
        asked.append(form)
        return form.get("status") == 2 and form.get("sort_key") == "complate_date" and form.get("page", 1) > 1

    least = strategies.least(strategies.simpler(params), fails, by=1)
    assert least == {
        "sdate": "2022-05-20", "edate": "2022-06-05", "status": 2, "sort_key": "complate_date", "page": 2,
    }  # fmt: skip
    assert len({repr(form) for form in asked}) < 60


def test_what_is_not_met_again_has_no_least() -> None:
    assert strategies.least(strategies.simpler({"page": 2, "limit": 3}), lambda _form: False, by=1) is None
