"""The description of the HTTP interface: complete, and what the server really does."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from api.app import create_app
from indexes.openvino_embedder import OpenVinoEmbedder
from rag.settings import Settings
from tests.api.contract.serving import Served, application_of, ingest, served

Operation = tuple[str, dict[str, Any]]

STATUSES = {"200", "204"}
ROOT = Path(__file__).resolve().parents[3]
CONFIGURATION = "tests/api/contract/schemathesis.toml"


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return create_app(Settings(home=tmp_path_factory.mktemp("home"))).openapi()


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def has_example(document: dict[str, Any], described: dict[str, Any]) -> bool:
    """Tell whether a parameter or a body shows what it may be."""
    schema = described.get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    shown = {"example", "examples", "default"}
    return bool(shown & described.keys() or shown & schema.keys() or _choices(document, schema))


def _choices(document: dict[str, Any], schema: dict[str, Any]) -> bool:
    return "enum" in schema or "const" in schema


def described_values(operation: dict[str, Any]) -> Iterator[Operation]:
    """Yield every parameter, and every kind of body that goes in or out."""
    for parameter in operation.get("parameters", ()):
        yield parameter["name"], parameter
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for response in operation["responses"].values():
        yield from response.get("content", {}).items()


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name


def test_operation_ids_are_words_and_unique(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []
    assert {"post_chat", "get_entries", "get_entries_by_entry_id"} < set(ids)


def test_every_parameter_and_body_has_an_example(document: dict[str, Any]) -> None:
    shown = [
        (f"{name} {what}", described)
        for name, operation in operations(document)
        for what, described in described_values(operation)
    ]
    assert [name for name, described in shown if not has_example(document, described)] == []


def test_every_refusal_is_declared_in_its_shape(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if "/health/" in name:
            continue
        refusals = {status for status in operation["responses"] if status >= "400"}
        assert {"401", "403", "429", "500", "503"} <= refusals, name
        assert ("422" in refusals) <= ("/v1/" not in name), name
        wanted = "OpenAIErrorBody" if "/v1/" in name else "ErrorBody"
        shapes = {next(references(operation["responses"][status])) for status in refusals}
        assert shapes == {f"#/components/schemas/{wanted}"}, name
        assert operation["responses"].keys() & STATUSES, name


def test_every_reference_leads_somewhere_and_every_schema_is_one(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.rpartition("/")[2] in schemas
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
        own = {"$defs": {}, "components": {"schemas": schemas}, **schema}
        for example in schema.get("examples", ()):
            jsonschema.Draft202012Validator(own).validate(example)


def test_the_documented_command_has_the_checks_of_this_test() -> None:
    section = (
        (ROOT / "docs" / "api.md").read_text("utf-8").partition("## Checking the interface")[2]
    )
    assert f"st --config-file {CONFIGURATION} run " in section
    assert "--checks" not in section


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_running_server_names_who_answers_there(server: Served) -> None:
    schemas = server.get("/openapi.json").json()["components"]["schemas"]
    answering = ["openai-compatible:scripted", "extractive"]
    for body in ("Question", "ChatQuestion"):
        llm = schemas[body]["properties"]["llm"]
        assert llm["anyOf"] == [{"enum": answering}, {"type": "null"}]
    chat = schemas["ChatCompletionRequest"]["properties"]
    assert chat["model"]["enum"] == ["ai-factory-chat", *answering]
    embedding = schemas["EmbeddingRequest"]["properties"]
    assert embedding["model"]["enum"] == ["all-MiniLM-L6-v2"]
    assert embedding["dimensions"]["anyOf"] == [{"const": 384}, {"type": "null"}]


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_server_does_what_the_description_says(
    tmp_path: Path, openvino_embedder: OpenVinoEmbedder
) -> None:
    home = ingest(tmp_path, openvino_embedder)
    with served(application_of(home, openvino_embedder)) as server:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "--config-file", ROOT / CONFIGURATION),
                *("run", f"{server.url}/openapi.json", "--max-examples", "10", "--seed", "1"),
                *("--request-timeout", "30", "--generation-database", "none"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout
