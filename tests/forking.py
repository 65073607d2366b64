"""`huiyin` as often as tests want, its imports paid once: `python tests/forking.py SOCKET`, one command a connection.

Each command is a process of its own all the same, with its own environment, files and exit. It is asked for in one line
of JSON, `argv`, `env` and the paths of `stdin`, `stdout` and `stderr`, and answered by its exit code.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import socketserver
import sys
from pathlib import Path

from starter.cli.main import main, run

ROOT = Path(__file__).parents[1]
FLAGS = {"stdin": os.O_RDONLY, "stdout": os.O_WRONLY, "stderr": os.O_WRONLY}
CRASHED = 70


class Command(socketserver.StreamRequestHandler):
    """One command; `ForkingMixIn` has made a process for it, which outlives it to tell how it ended."""

    def handle(self) -> None:
        wish = json.loads(self.rfile.readline())
        child = os.fork()
        if child == 0:
            become(wish)
        _, status = os.waitpid(child, 0)
        self.wfile.write(b"%d\n" % os.waitstatus_to_exitcode(status))


class Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Takes as many commands at once as tests give."""

    request_queue_size = 64


def become(wish: dict) -> None:
    """Be `huiyin` with these words; never returns."""
    try:
        for number, (name, flags) in enumerate(FLAGS.items()):
            os.dup2(os.open(wish[name], flags), number)
        os.environ.clear()
        os.environ.update(wish["env"])
        sys.argv = ["huiyin", *wish["argv"]]
        main()
    finally:
        os._exit(CRASHED)


def warm() -> None:
    """Import whatever a command may need, and do once what is slow the first time."""
    for path in sorted(ROOT.glob("starter/**/[a-z]*.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    with contextlib.redirect_stdout(io.StringIO()):
        run(("calendar", "check"))
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    warm()
    with Server(sys.argv[1], Command) as server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()  # the commands inherit what is not
        server.serve_forever()
