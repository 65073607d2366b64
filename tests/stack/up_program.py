"""`huiyin up` with a worker that polls and a relay in session."""

import asyncio
import os
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from records.migrate import migrate
from stack.errors import StackError
from starter.ground import complain, up

HERE = Path(__file__).parent
ZONE = ZoneInfo("Asia/Shanghai")
RELAY = """
import os, signal, psycopg
session = psycopg.connect(os.environ["HUIYIN_DATABASE_URL"], application_name="huiyin-relay")
session.execute("select 1")  # a relay asks, else it counts as standing still
signal.pause()
"""


def main() -> int:
    worker = (sys.executable, str(HERE / "worker_program.py"))
    relay = (sys.executable, "-c", RELAY)
    servers = {"cluster": "--cluster" in sys.argv, "lang": "en"}
    try:
        return asyncio.run(up(Path(sys.argv[1]), 1, migrate=migrate, zone=ZONE, worker=worker, relay=relay, **servers))
    except StackError as error:
        return complain(error, lang="en", as_json=True)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # ground.md, trap 1
