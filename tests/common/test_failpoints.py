"""A process dies where ESCALA_FAILPOINTS says so, and nowhere else."""

import os
import signal

from common import failpoints
from common.failpoints import Point, reach


def test_a_point_without_a_chance_does_nothing(settings):
    settings.FAILPOINTS = {Point.AFTER_SEND: 0.0}

    for point in Point:
        reach(point)


def test_a_certain_death_is_a_kill_9_of_this_very_process_and_leaves_its_name(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.FAILPOINTS = {Point.BEFORE_COMMIT: 1.0}

    child = os.fork()
    if child == 0:
        reach(Point.AFTER_CLAIM)
        reach(Point.BEFORE_COMMIT)
        os._exit(0)
    _, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (tmp_path / failpoints.LOG).read_text() == "before_commit\n"


def test_the_same_seed_and_process_die_at_the_same_places_and_a_fork_elsewhere(settings, monkeypatch):
    settings.FAILPOINTS, settings.FAILPOINTS_SEED = {Point.AFTER_SEND: 0.5}, 7
    deaths: list[int] = []
    fates = []

    for process in (-1, -2, -1):
        monkeypatch.setattr(failpoints.os, "getpid", lambda process=process: process)
        for place in range(40):
            monkeypatch.setattr(failpoints, "die", lambda point, place=place: deaths.append(place))
            reach(Point.AFTER_SEND)
        fates.append(tuple(deaths))
        deaths.clear()

    assert fates[0] == fates[2] != fates[1]
    assert 0 < len(fates[0]) < 40
