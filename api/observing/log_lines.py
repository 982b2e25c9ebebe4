"""How log lines look: text for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
import logging
import time
from typing import Any, Literal

_LEVEL = "INFO"


class TextLines(logging.Formatter):
    """One line a record: time in UTC, level, message, then the fields as `name=value`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback follows on lines of its own."""
        named = "".join(f" {name}={value}" for name, value in _fields(record).items())
        line = f"{_moment(record)} {record.levelname} {_one_line(record)}{named}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """One JSON object a record: `time`, `level`, `logger`, `message` and the fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object on one line."""
        data = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _one_line(record),
            **_fields(record),
        }
        if record.exc_info:
            data["traceback"] = self.formatException(record.exc_info)
        return json.dumps(data, ensure_ascii=False, default=str)


def log_config(form: Literal["text", "json"]) -> dict[str, Any]:
    """Return the configuration of `logging`: our lines and uvicorn's warnings, all on stderr."""
    lines = JsonLines if form == "json" else TextLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": lines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "loggers": {
            "aifactory": {"handlers": ["stderr"], "level": _LEVEL, "propagate": False},
            "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        },
    }


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(record, "fields", {})
    return fields


def _moment(record: logging.LogRecord) -> str:
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    return f"{seconds}.{int(record.msecs):03d}Z"


def _one_line(record: logging.LogRecord) -> str:
    return " ".join(record.getMessage().split())
