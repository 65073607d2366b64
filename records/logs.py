"""Logs: names with keys, through structlog, the SDK's and the workflows' own included; never a person's words."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog
from structlog.types import Processor

ALLOWED = frozenset(
    {
        *("event", "level", "timestamp", "logger", "exception", "code", "count", "elapsed_ms", "lag_ms"),
        *("order", "seq", "command", "stage", "version", "clock", "generation", "turn", "ladder_level", "role"),
        *("channel", "community", "notice_id", "workflow_id", "run_id", "activity_type", "update_id", "task_queue"),
        *("namespace", "attempt", "pid", "port", "process", "address"),
    }
)
"""Keys that may stand in a log line; whatever else is handed over is dropped (privacy_audit A1)."""


def set_up(form: Literal["json", "console"] = "console", level: str = "INFO") -> None:
    """Send every logger of this process through one chain to standard error."""
    named: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*named, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    made_plain = [temporal_ids, plain_exception, only_allowed, _shown(form)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*named, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *made_plain],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def _shown(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def temporal_ids(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep of the SDK's context what finds a line again: workflow and run, and the order whose process it is."""
    for context in ("temporal_workflow", "temporal_activity"):
        found = line.pop(context, None) or {}
        line.update({name: found[name] for name in ("workflow_id", "run_id", "activity_type") if name in found})
    kind, _, order = str(line.get("workflow_id", "")).partition(":")
    if kind == "work_order":
        line.setdefault("order", order)
    return line


def plain_exception(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Tell an exception by its kind and the places it passed; its sentence may quote a person (PA-04)."""
    info = line.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, tuple) and info[0] is not None:
        places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(info[2])]
        line["exception"] = f"{info[0].__name__} at {' > '.join(places[-6:])}"
    line.pop("stack_info", None)
    return line


def only_allowed(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list."""
    return {name: value for name, value in line.items() if name in ALLOWED}
