from pathlib import Path

import pytest

from rag.errors import SettingsInvalid
from rag.settings import Settings, bundled_glossary, default_home, load_settings


def test_an_argument_wins_over_a_variable_and_a_variable_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('threads = 1\nkeep_snapshots = 7\nhome = "/from/file"\n')
    environment = {"AIFACTORY_CONFIG": str(file), "AIFACTORY_THREADS": "2", "AIFACTORY_HOME": "/v"}
    settings = load_settings(environment, home=Path("/argument"), model=None)
    assert settings.home == Path("/argument")
    assert settings.threads == 2
    assert settings.keep_snapshots == 7
    assert settings.model == "all-MiniLM-L6-v2"


def test_an_empty_variable_counts_as_not_given() -> None:
    assert load_settings({"AIFACTORY_THREADS": ""}).threads == 0


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"AIFACTORY_THREADS": "many"}, r"setting threads \(AIFACTORY_THREADS\) is 'many'"),
        ({"AIFACTORY_THREADS": "-1"}, r"is '-1': .*greater than or equal to 0"),
        ({"AIFACTORY_RUNTIME": "onnx"}, r"'auto', 'openvino' or 'torch'"),
        ({"AIFACTORY_CONFIG": "/no/such/file"}, "cannot be read: No such file"),
    ],
)
def test_a_bad_value_is_named_with_its_variable(environment: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsInvalid, match=message):
        load_settings(environment)


def test_a_file_with_an_unknown_setting_or_no_toml_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("thread = 3\n")
    with pytest.raises(SettingsInvalid, match=r"setting 'thread' is unknown; the settings are"):
        load_settings({"AIFACTORY_CONFIG": str(file)})
    file.write_text("threads: 3")
    with pytest.raises(SettingsInvalid, match="is not TOML"):
        load_settings({"AIFACTORY_CONFIG": str(file)})
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsInvalid, match="is not TOML"):
        load_settings({"AIFACTORY_CONFIG": str(file)})


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().threads = 3  # type: ignore[misc]


def test_a_checkout_keeps_its_snapshots_beside_the_code() -> None:
    assert default_home().parts[-2:] == ("indexes", "snapshots")
    assert bundled_glossary().is_dir()
