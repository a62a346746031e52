#!/usr/bin/env python3
"""Adds a clock's ledger up again (Python 3.11, nothing else): check_ledger.py [FILE], or from standard input.

FILE is an answer of GET /api/v1/tickets/<number>/clocks/<target>/ledger/; docs/ledgers.md tells how to read it.
Exit 0 when every number adds up, else 1 and one sentence about the first that does not.
"""

import json
import sys
from datetime import datetime, timedelta
from typing import Any

at, ZERO = datetime.fromisoformat, timedelta()
# What a line makes of a clock in a state; any other line leaves the state as it is.
AFTER = {("running", "paused"): "paused", ("paused", "resumed"): "running", ("stopped", "reopened"): "running"}
AFTER |= {(live, stop): "stopped" for live in ("running", "paused") for stop in ("met", "cancelled", "set_aside")}


def need(holds: object, sentence: str) -> None:
    if not holds:
        sys.exit(sentence)


def read(entries: list[dict[str, Any]]) -> tuple[list[tuple[datetime, str]], timedelta, datetime]:
    """The states with their beginnings, and the target with its beginning, as the entries make them."""
    now, target = at(entries[0]["at"]), entries[0]["target_seconds"]
    states, since = [(now, "running")], now
    for entry in entries:
        now = max(now, at(entry["at"]))
        states.append((now, AFTER.get((states[-1][1], entry["kind"]), states[-1][1])))
        if entry["target_seconds"] not in (None, target):
            target, since = entry["target_seconds"], now
    return states, timedelta(seconds=target), since


def add_up(
    segments: list[dict[str, Any]], states: list[tuple[datetime, str]], target: timedelta, since: datetime
) -> tuple[timedelta, timedelta, datetime, datetime | None]:
    """What was used, what was paused, where the segments end, and when the target was reached."""
    used, paused, end = ZERO, ZERO, states[0][0]
    reached: datetime | None = None
    for part in segments:
        begin, name = at(part["from"]), f"The segment from {part['from']}"
        need(begin == end, f"{name} does not begin where the one before it ends.")
        end, state = at(part["to"]), [state for moment, state in states if moment <= begin][-1]
        counted, worked = (timedelta(seconds=part[f"{kind}_seconds"]) for kind in ("counted", "paused"))
        kinds = {"running": ("running", "closed")}.get(state, (state,))
        need(part["kind"] in kinds, f"{name} is {part['kind']}, but by the entries the clock is {state}.")
        need(counted == (end - begin if part["kind"] == "running" else ZERO), f"{name} does not count {counted}.")
        need(ZERO <= worked <= (end - begin if state == "paused" else ZERO), f"{name} does not pause {worked}.")
        used, paused = used + counted, paused + worked
        if counted and begin >= since and used >= target and reached is None:
            reached = begin + max(target - (used - counted), ZERO)
    return used, paused, end, reached


def check(book: dict[str, Any]) -> None:
    states, target, since = read(book["entries"])
    used, paused, end, reached = add_up(book["segments"], states, target, since)
    need(end == at(book["as_of"]) >= states[-1][0], f"The segments end at {end}, and not at {book['as_of']}.")
    for name, length in {"used": used, "paused": paused, "target": target, "remaining": target - used}.items():
        said = timedelta(seconds=book[f"{name}_seconds"])
        need(said == length, f"{name.capitalize()}: it says {said}, but the lines give {length}.")
    for one in book.get("thresholds", ()):
        share, moment = one["position"], one["at"]
        amount = target * int(share[:-1]) / 100 if share.endswith("%") else target + timedelta(seconds=int(share))
        if moment and at(moment) < end:
            come = add_up(book["segments"], states, amount, since)[3]
            need(at(moment) == come, f"The threshold at {share} came at {come}, and not at {moment}.")
    left, last, state = max(target - used, ZERO), end, states[-1][1]
    for part in book["ahead"]:
        length, begin = timedelta(seconds=part["seconds"]), at(part["from"])
        need(last <= begin and at(part["to"]) == begin + length, f"The time ahead from {part['from']} is wrong.")
        left, last = left - length, begin + length
    before = [each for _, each in states if each != state]
    runs = "running" in (state, before[-1] if before and state == "stopped" else "")
    need(not left if runs else not book["ahead"], f"What lies ahead and what remains differ by {left}.")
    due = (reached or last) if runs and book["state"] != "cancelled" else None
    need((book["due_at"] and at(book["due_at"])) == due, f"It says due {book['due_at']}, but it adds up to {due}.")


if __name__ == "__main__":
    try:
        with open(sys.argv[1]) if sys.argv[1:] else sys.stdin as source:  # noqa: PTH123 – the short form is the clear one
            check(json.load(source))
    except (LookupError, TypeError, ValueError, ArithmeticError, OSError) as error:
        sys.exit(f"This is no ledger: {error!r}.")
    print("It adds up.")  # noqa: T201 – the answer
