"""Every sentence has its Chinese, compiled as it stands in the catalogue, with the same places for values."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted((ROOT / "locale" / "zh_Hans" / "LC_MESSAGES").glob("*.po"))
PLACES = re.compile(r"%\(\w+\)[sdf]|\{\w*\}|%[sd]")


def key(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def sentences(catalogue):
    return {key(entry): entry.msgstr_plural or entry.msgstr for entry in catalogue if not entry.obsolete}


def pieces(entry):
    """The source and the translations as texts to compare; Chinese has one plural form."""
    return {entry.msgid, entry.msgid_plural} - {""}, set(entry.msgstr_plural.values()) or {entry.msgstr}


def places(texts):
    return {place for text in texts for place in PLACES.findall(text)}


def test_there_is_a_chinese_catalogue():
    assert [path.name for path in CATALOGUES if path.stem == "django"] == ["django.po"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_catalogue_is_complete(path):
    catalogue = polib.pofile(str(path))

    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_catalogue_keeps_the_places_for_values(path):
    entries = polib.pofile(str(path)).translated_entries()

    assert [entry.msgid for entry in entries if places(pieces(entry)[0]) != places(pieces(entry)[1])] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_compiled_catalogue_is_up_to_date(path):
    """Compared by sentence, as msgfmt and polib order their files differently."""
    compiled = polib.mofile(str(path.with_suffix(".mo")))

    assert sentences(compiled) == sentences(polib.pofile(str(path)))


def collected_messages(folder):
    """What makemessages finds in a copy of the sources; the tree itself is never changed."""
    for name in ("camp", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "locale").mkdir()
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "camp.settings", "PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "zh_Hans", "--keep-pot"]
    run = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    return polib.pofile(str(folder / "locale" / "django.pot"))


def test_every_sentence_of_the_source_is_in_the_catalogue(tmp_path):
    if not shutil.which("xgettext"):
        (pytest.fail if os.environ.get("CAMP_REQUIRE_GETTEXT") else pytest.skip)("needs xgettext: install gettext")
    known = {key(entry) for path in CATALOGUES for entry in polib.pofile(str(path)) if not entry.obsolete}

    found = collected_messages(tmp_path)

    assert [entry.msgid for entry in found if key(entry) not in known] == []
