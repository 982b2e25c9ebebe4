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
from tests.api.contract.serving import application_of, ingest, served

Operation = tuple[str, dict[str, Any]]

STATUSES = {"200", "204"}
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance,unsupported_method"
)


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
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/openapi.json"),
                *("--checks", CHECKS, "--max-examples", "12", "--seed", "1", "--phases"),
                *("examples,coverage,fuzzing", "--request-timeout", "30"),
                *("--generation-database", "none"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout
