"""What stands in where the design system's files cannot be fetched, and how its packages are pinned."""

import json
import re

from django.conf import settings

from hsb.core.management.commands import assets


def test_where_nothing_was_fetched_empty_files_stand_in_and_pages_say_so(tmp_path):
    assets.put_stand_ins(tmp_path)

    assert {name: (tmp_path / name).read_text() for name in assets.WANTED} == dict.fromkeys(assets.WANTED, "")
    assert (tmp_path / assets.MISSING).exists()


def test_files_of_an_earlier_fetch_stay_beside_what_stands_in(tmp_path):
    styles = next(iter(assets.STYLES))
    assets.place(tmp_path / styles, "earlier")

    assets.put_stand_ins(tmp_path)

    assert (tmp_path / styles).read_text() == "earlier"
    assert (tmp_path / assets.SCRIPT).read_text() == ""
    assert (tmp_path / assets.MISSING).exists()


def test_a_whole_earlier_fetch_is_left_alone(tmp_path):
    for name in assets.WANTED:
        assets.place(tmp_path / name, "earlier")

    assets.put_stand_ins(tmp_path)

    assert not (tmp_path / assets.MISSING).exists()


def test_every_package_is_pinned_by_its_checksum_and_comes_from_whichever_registry_is_set():
    lock = json.loads((settings.BASE_DIR / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    asked = lock.pop("")

    pins = asked["dependencies"] | asked["devDependencies"]
    assert all(re.fullmatch(r"[\d.]+", version) for version in pins.values()), pins
    assert [name for name, package in lock.items() if "integrity" not in package or "resolved" in package] == []
