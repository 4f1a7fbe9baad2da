"""Addresses of static files: those of the manifest, looked up once."""

import pytest
from whitenoise.storage import CompressedManifestStaticFilesStorage

from hsb.core.static_files import Collected


@pytest.fixture
def collected(tmp_path):
    """What was collected into a folder of its own: a style that names a picture."""
    (tmp_path / "a.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "b.css").write_text("p { background: url(a.svg) }", encoding="utf-8")
    storage = Collected(location=tmp_path, base_url="/static/")
    names = {"a.svg": (storage, "a.svg"), "b.css": (storage, "b.css")}
    assert {name for name, _, done in storage.post_process(names) if done} >= {"a.svg", "b.css"}
    return tmp_path


@pytest.mark.parametrize("name", ["a.svg", "b.css", "b.css#part"])
def test_each_is_called_by_its_digest_and_looked_up_once(collected, monkeypatch, name):
    asked = []
    stored_name = CompressedManifestStaticFilesStorage.stored_name
    monkeypatch.setattr(
        CompressedManifestStaticFilesStorage,
        "stored_name",
        lambda self, name: (asked.append(name), stored_name(self, name))[1],
    )
    whitenoises = CompressedManifestStaticFilesStorage(location=collected, base_url="/static/").url(name)
    asked.clear()
    ours = Collected(location=collected, base_url="/static/")

    assert {ours.url(name) for _ in range(3)} == {whitenoises} and whitenoises != f"/static/{name}"
    assert len(asked) == 1


def test_what_was_not_collected_is_refused_each_time(collected):
    ours = Collected(location=collected, base_url="/static/")

    for _ in range(2):
        with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
            ours.url("nowhere.css")


def test_the_style_names_the_picture_by_its_digest(collected):
    [style] = collected.glob("b.*.css")
    [picture] = collected.glob("a.*.svg")

    assert picture.name in style.read_text(encoding="utf-8")
