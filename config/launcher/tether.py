"""Run a program that cannot outlive its launcher: `python -I -S tether.py <launcher's pid> program argument…`.

The kernel is asked to kill this process when the launcher dies, for whatever reason, kill -9 included; then the
program takes this process over. It is a file of its own, without imports from the house, because it runs before
every child. Linux only; elsewhere the program simply runs.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def hold_on_to(launcher: int, death: signal.Signals) -> None:
    """Receive `death` when the parent process ends; at once, if it has ended already."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death)
    if os.getppid() != launcher:
        os.kill(os.getpid(), death)


def main() -> None:
    hold_on_to(int(sys.argv[1]), signal.SIGKILL)
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - no shell is wanted: the program takes over this process


if __name__ == "__main__":
    main()
