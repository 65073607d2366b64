"""Turns itself into another program that dies with its parent and, started as root, runs as another user.

A process of its own and not a `preexec_fn`, because Python code between fork and exec can hang in a process with
threads (temporalio has many). Words: parent's pid, signal at the parent's death, `uid:gid` or `-`, the program's words.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def change_user(user: str) -> None:
    """Become the user, with no other groups."""
    if user != "-":
        uid, gid = (int(part) for part in user.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def die_with(parent: int, signal: int) -> None:
    """Wish for `signal` at the parent's death: Linux only, elsewhere the next start sweeps what was left behind."""
    if sys.platform == "linux":
        # After change_user: the kernel forgets this wish when credentials change.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(1)  # the parent died before the wish was heard


def main(words: list[str]) -> None:
    """Change user, wish, turn into the program."""
    parent, signal, user, *program = words
    change_user(user)
    die_with(int(parent), int(signal))
    try:
        os.execv(program[0], program)  # noqa: S606  # that no shell is involved is the point
    except OSError as error:
        sys.exit(f"{program[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
