"""Asks a running server and takes the time: the median of some rounds, one request at a time."""

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from typing import Any

import requests

ROUNDS = 15
WARM_UP = 3
# A page that takes longer than this is asked for fewer times.
SLOW = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The median seconds, and the last answer."""

    seconds: float
    response: requests.Response


class Visitor:
    """One person's browser or program, on one connection."""

    def __init__(self, url: str, **headers: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers.update({"Accept-Encoding": "gzip", **headers})

    def sign_in(self, path: str, **fields: str) -> None:
        """Through the form, as a person would."""
        self.get(path)
        token = self.session.cookies.get("csrftoken", "")
        fields = {"csrfmiddlewaretoken": token, **fields}
        self.session.post(self.url + path, fields, headers={"Referer": self.url + path}).raise_for_status()

    def get(self, path: str) -> requests.Response:
        answer = self.session.get(self.url + path)
        answer.raise_for_status()
        return answer

    def post(self, path: str, body: dict[str, Any]) -> requests.Response:
        answer = self.session.post(self.url + path, json=body)
        answer.raise_for_status()
        return answer

    def time(self, path: str) -> Answer:
        for _ in range(WARM_UP):
            began = time.perf_counter()
            answer = self.get(path)
            if time.perf_counter() - began > SLOW:
                return Answer(time.perf_counter() - began, answer)
        took = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            answer = self.get(path)
            took.append(time.perf_counter() - began)
        return Answer(median(took), answer)


def check(what: str, found: int, expected: int) -> None:
    """Says so where an answer does not hold its rows: an empty one is quick, and tells nothing of speed."""
    if found != expected:
        say(figure=what, wrong=True, rows=found, rows_expected=expected)


def rate(acts: Sequence[Callable[[], Any]], seconds: float) -> float:
    """How many acts a second are done when each of these callers acts without a pause, all side by side."""
    until = time.perf_counter() + seconds

    def go_on(act: Callable[[], Any]) -> int:
        done = 0
        while time.perf_counter() < until:
            act()
            done += 1
        return done

    began = time.perf_counter()
    with ThreadPoolExecutor(len(acts)) as threads:
        done = sum(threads.map(go_on, acts))
    return done / (time.perf_counter() - began)


def say(**figure: Any) -> None:
    """One line of JSON per figure."""
    print(json.dumps({key: round(value, 4) if isinstance(value, float) else value for key, value in figure.items()}))
