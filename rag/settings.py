"""Settings: the only reader of the environment. A frozen value, built at an entry point."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from rag.errors import SettingsInvalid

_CODE = Path(__file__).resolve().parent.parent
_PREFIX = "AIFACTORY_"


def default_home() -> Path:
    """Return `indexes/snapshots` in a checkout, the platform's user-data folder elsewhere."""
    if (_CODE / "pyproject.toml").is_file():
        return _CODE / "indexes" / "snapshots"
    return user_data_path("aifactory", appauthor=False)


def bundled_glossary() -> Path:
    """Return the folder of the glossary that ships with the project."""
    return _CODE / "corpus" / "glossary"


class Settings(BaseModel):
    """Everything that can be set; the field `home` is the variable `AIFACTORY_HOME`, and so on."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    home: Path = Field(default_factory=default_home, description="Where snapshots and models live.")
    model: str = Field("all-MiniLM-L6-v2", description="Embedding model: a name or a folder.")
    runtime: Literal["auto", "openvino", "torch"] = Field(
        "auto", description="Embedding engine; auto ingests with torch where there is a GPU."
    )
    precision: Literal["int8", "bf16", "fp32"] = Field(
        "int8", description="Precision under OpenVINO."
    )
    threads: int = Field(0, ge=0, le=1024, description="CPU threads for embedding; 0 = all cores.")
    llm: str = Field(
        "extractive",
        description="Who answers: extractive, a LangChain name such as openai:NAME, "
        "openai-compatible:NAME@URL, or transformers:NAME_OR_FOLDER.",
    )
    llm_api_key: SecretStr = Field(
        SecretStr(""), description="Key for openai-compatible servers; empty sends a placeholder."
    )
    llm_connect_s: float = Field(5, gt=0, description="Longest wait for a connection, seconds.")
    llm_first_token_s: float = Field(30, gt=0, description="Longest wait for the first text.")
    llm_total_s: float = Field(120, gt=0, description="Longest time for a whole answer.")
    llm_retries: int = Field(2, ge=0, le=10, description="Further tries before the first text.")
    llm_max_tokens: int = Field(800, ge=1, description="Longest answer of a language model.")
    llm_context_tokens: int = Field(
        6000, ge=500, description="Room for instructions, sources and turns in a prompt."
    )
    llm_device: str = Field(
        "auto", description="Where transformers models run: auto, cpu, cuda, cuda:1, mps."
    )
    llm_dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        "auto", description="Number format of transformers models."
    )
    follow_ups: Literal["resolver", "model"] = Field(
        "resolver", description="Who makes follow-up questions complete."
    )
    unsupported: Literal["withhold", "mark", "allow"] = Field(
        "withhold", description="What becomes of sentences that no source supports."
    )
    database: SecretStr = Field(
        SecretStr(""), description="SQLAlchemy URL of conversations and keys; empty: in the home."
    )
    conversation_days: int = Field(
        90, ge=0, description="Days after which an unused conversation is deleted; 0: never."
    )
    conversation_turns: int = Field(200, ge=1, description="Longest conversation.")
    keys: Literal["auto", "required", "open"] = Field(
        "auto", description="API keys: auto asks for one unless only this machine can connect."
    )
    rate_per_minute: int = Field(0, ge=0, description="Requests a minute of one client; 0: any.")
    concurrent: int = Field(0, ge=0, description="Requests at once of one client; 0: any.")
    max_waiting: int = Field(512, ge=1, description="Requests that may wait for the processor.")
    max_answering: int = Field(2000, ge=1, description="Answers in the making at once.")
    request_s: float = Field(60, gt=0, description="Longest wait for an answer without a model.")
    max_upload_mib: int = Field(64, ge=1, description="Largest upload to ingest, MiB.")
    cors_origins: str = Field("", description="Origins of other front ends, comma-separated.")
    public_url: str = Field("", description="Where citations link to; empty: as asked for.")
    log: Literal["text", "json"] = Field("text", description="Form of log lines.")
    traces: bool = Field(False, description="Send OpenTelemetry traces (extra telemetry).")
    keep_snapshots: int = Field(3, ge=1, description="Snapshots kept after an ingestion.")
    max_question_chars: int = Field(2000, ge=1, description="Longest question that is accepted.")


def load_settings(environment: Mapping[str, str] = os.environ, **given: Any) -> Settings:
    """Build the settings: an argument wins over a variable, a variable over the TOML file.

    The file is the one that `AIFACTORY_CONFIG` names. Arguments that are None count as not given.

    Raises:
        SettingsInvalid: a value cannot be used or the file cannot be read; the message is one line.
    """
    from_file = _read_file(environment.get(_PREFIX + "CONFIG"))
    from_variables = {
        name: environment[_PREFIX + name.upper()]
        for name in Settings.model_fields
        if environment.get(_PREFIX + name.upper())
    }
    as_arguments = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**{**from_file, **from_variables, **as_arguments})
    except ValidationError as error:
        raise SettingsInvalid(_first_problem(error)) from None


def _read_file(name: str | None) -> dict[str, Any]:
    if not name:
        return {}
    try:
        return tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsInvalid(
            f"AIFACTORY_CONFIG names {name!r}, which cannot be read: {error.strerror}"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"AIFACTORY_CONFIG file {name!r} is not TOML: {error}") from None


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    name = ".".join(str(part) for part in problem["loc"])
    known = ", ".join(sorted(Settings.model_fields))
    if problem["type"] == "extra_forbidden":
        return f"setting {name!r} is unknown; the settings are {known}"
    return f"setting {name} ({_PREFIX}{name.upper()}) is {problem['input']!r}: {problem['msg']}"
