import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from camp import campfile
from camp.camps.models import Camp
from tests.campfile.sample import SMALL, edited, line_of


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "camp.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def call(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_load_camp_prints_what_it_did(file):
    lines = call("load_camp", str(file)).splitlines()

    assert lines[0] == "created: organization Harbour"
    assert len(lines) == 27
    assert call("load_camp", str(file)).startswith("left as they were: organization (1), ")


@pytest.mark.django_db
def test_load_camp_refuses_with_the_place(file):
    text = edited("capacity = 3", "capacity = 0")
    file.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError) as caught:
        call("load_camp", str(file))

    sentence = "Ensure this value is greater than or equal to 1."
    place = f"{file}:{line_of('capacity = 0', text=text)}: camp.capacity"
    assert (str(caught.value), caught.value.returncode) == (f"nothing was changed.\n{place}: {sentence}", 1)
    assert Camp.objects.count() == 0


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_load_camp_refuses_what_is_no_file(tmp_path, name):
    with pytest.raises(CommandError, match=str(tmp_path / name)):
        call("load_camp", str(tmp_path / name))


def test_load_camp_refuses_a_file_that_is_not_utf_8(file):
    file.write_bytes(b"\xff\xfe[camp]")

    with pytest.raises(CommandError, match=":1: This is not UTF-8. Save the file as UTF-8 again."):
        call("load_camp", str(file))


def test_refusal_ends_with_1_and_without_a_traceback(file):
    file.write_text("[camp\n", encoding="utf-8")
    command = [sys.executable, "manage.py", "load_camp", str(file)]

    result = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("CommandError: ")
    assert "Traceback" not in result.stderr
    assert f"{file}:1:6: " in result.stderr


def test_dump_camp_prints_the_camp(camp):
    assert call("dump_camp", "harbour/SUMMER") == campfile.dump(camp)


def test_dump_camp_writes_a_file(camp, tmp_path):
    path = tmp_path / "out.toml"

    said = call("dump_camp", "Harbour/summer", output=str(path))

    assert path.read_text(encoding="utf-8") == campfile.dump(camp)
    assert said == f"Harbour/summer → {path}\n"


@pytest.mark.parametrize("is_there", [False, True])
def test_dump_camp_writes_what_its_owner_alone_reads(camp, tmp_path, is_there):
    path = tmp_path / "out.toml"
    if is_there:
        path.write_text("old", encoding="utf-8")
        path.chmod(0o644)

    call("dump_camp", "Harbour/summer", output=str(path))

    assert (path.stat().st_mode & 0o777, path.read_text(encoding="utf-8")) == (0o600, campfile.dump(camp))


def test_dump_camp_refuses_a_folder(camp, tmp_path):
    with pytest.raises(CommandError, match="Is a directory"):
        call("dump_camp", "Harbour/summer", output=str(tmp_path))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["Harbour/winter", "Harbour", "/", ""])
def test_dump_camp_refuses_an_unknown_camp(address):
    with pytest.raises(CommandError, match="There is no camp"):
        call("dump_camp", address)


def test_clone_camp_makes_the_next_season(camp):
    call("clone_camp", "Harbour/summer", "next", "--shift-days", "364", "--upload-ids", "1=9101", "2=9102")

    new = Camp.objects.get(slug="next")
    assert [course.upload_id for course in new.courses.all()] == [9101, 9102, None]


def test_clone_camp_refuses_in_a_sentence(camp):
    with pytest.raises(CommandError, match="There is a camp “summer” already"):
        call("clone_camp", "Harbour/summer", "summer", "--shift-days", "364")


@pytest.mark.parametrize("pair", ["1", "1=x", "=", "a=1"])
def test_clone_camp_refuses_a_malformed_upload_id(camp, pair):
    with pytest.raises(CommandError, match="write NUMBER=ID"):
        call("clone_camp", "Harbour/summer", "next", "--shift-days", "364", "--upload-ids", pair)
