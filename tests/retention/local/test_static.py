from pathlib import Path

import pytest

from retention.local.launcher.services import launch


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []
    monkeypatch.setattr(launch, "call_command", lambda name, **options: calls.append(name))
    return calls


def test_files_are_collected_again_only_when_one_has_changed(tmp_path: Path, collected: list[str]):
    source, target = tmp_path / "static", tmp_path / "collected"
    (source / "css").mkdir(parents=True)
    sheet = source / "css" / "tokens.css"
    sheet.write_text(":root {}")
    assert launch.collect_static(source, target)
    assert not launch.collect_static(source, target)
    sheet.write_text(":root { --ink: black }")
    assert launch.collect_static(source, target)
    (source / "css" / "more.css").write_text("")
    assert launch.collect_static(source, target)
    assert collected == ["collectstatic"] * 3


def test_an_emptied_target_is_collected_again(tmp_path: Path, collected: list[str]):
    source, target = tmp_path / "static", tmp_path / "collected"
    source.mkdir()
    launch.collect_static(source, target)
    (target / ".collected").unlink()
    assert launch.collect_static(source, target)
