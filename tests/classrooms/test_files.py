"""What may be uploaded as a material, and that a file that is too large fills neither disk nor memory."""

import io
import json
import tracemalloc
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import translation
from PIL import Image

from camp.classrooms.files import MOST_BYTES, MOST_NOTEBOOK_BYTES, clean_file, tidy_name
from camp.classrooms.upload_handler import MOST_BYTES_OF_REQUEST

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
KINDS = "Files of this kind are not taken. Upload a PDF, a picture, a text, an Office file, a notebook or a ZIP."
UTF_8 = "This is no text in UTF-8. Save the file as UTF-8 and upload that."


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def picture(kind):
    target = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(target, kind)
    return target.getvalue()


def archive(*names):
    """The same bytes whenever it is called: the tests that are made from it have the same names in every process."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(zipfile.ZipInfo(name, date_time=(2024, 7, 22, 14, 0, 0)), "words")
    return target.getvalue()


def no_file(kind):
    return f"This is no {kind} file inside, whatever its name says. Save it again and upload that."


WORD = archive("[Content_Types].xml", "word/document.xml")
NOTEBOOK = json.dumps({"cells": [], "nbformat": 4}).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("slides.pdf", b"%PDF-1.7\n..."), ("SLIDES.PDF", b"%PDF-1.7"), ("code.zip", archive("main.rs")),
        ("photo.png", picture("PNG")), ("photo.jpg", picture("JPEG")), ("photo.jpeg", picture("JPEG")),
        ("photo.webp", picture("WEBP")), ("notes.md", "# 第一讲\n".encode()), ("main.rs", b"fn main() {}\n"),
        ("kernel.cu", b"__global__ void f();"), ("page.md", HTML), ("plan.docx", WORD),
        ("deck.pptx", archive("[Content_Types].xml", "ppt/presentation.xml")),
        ("table.xlsx", archive("[Content_Types].xml", "xl/workbook.xml")), ("lesson.ipynb", NOTEBOOK),
    ],
)  # fmt: skip
def test_what_is_what_its_name_says_is_taken(name, content):
    found = clean_file(SimpleUploadedFile(name, content))

    assert (found.read(), found.shown_name) == (content, name)


def test_a_file_is_stored_under_a_random_name():
    names = [clean_file(SimpleUploadedFile("第一讲.PDF", b"%PDF-1.7")).name for _twice in range(2)]

    assert len(set(names)) == 2
    assert all(len(name) == 36 and name.endswith(".pdf") for name in names)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("drawing.svg", SVG, KINDS), ("page.html", HTML, KINDS), ("page.htm", HTML, KINDS), ("page.xhtml", HTML, KINDS),
        ("drawing.svgz", b"\x1f\x8b", KINDS), ("macro.docm", WORD, KINDS), ("run.exe", b"MZ", KINDS),
        ("without", b"words", KINDS), ("slides.pdf.html", b"%PDF-1.7", KINDS), (".pdf", b"%PDF-1.7", KINDS),
        ("slides.pdf", SVG, no_file("PDF")), ("slides.pdf", HTML + b"%PDF-1.7", no_file("PDF")),
        ("photo.png", SVG, no_file("PNG")), ("photo.jpg", HTML, no_file("JPG")), ("photo.webp", SVG, no_file("WEBP")),
        ("photo.png", picture("JPEG"), no_file("PNG")), ("photo.png", picture("PNG")[:40], no_file("PNG")),
        ("code.zip", HTML, no_file("ZIP")), ("code.zip", HTML + archive("a"), no_file("ZIP")),
        ("code.zip", archive("a")[:-8], no_file("ZIP")), ("code.zip", b"PK\x03\x04", no_file("ZIP")),
        ("plan.docx", archive("word/document.xml"), no_file("DOCX")), ("deck.pptx", WORD, no_file("PPTX")),
        ("table.xlsx", HTML, no_file("XLSX")), ("lesson.ipynb", HTML, no_file("IPYNB")),
        ("lesson.ipynb", b"{}", no_file("IPYNB")), ("lesson.ipynb", b"[" * 100_000, no_file("IPYNB")),
        ("lesson.ipynb", b"\xff\xff", no_file("IPYNB")), ("notes.txt", b"a\0b", UTF_8),
        ("notes.md", "第一讲".encode("gbk"), UTF_8), ("main.c", "int".encode("utf-16"), UTF_8),
        ("notes.txt", "讲".encode()[:-1], UTF_8), ("notes.txt", picture("PNG"), UTF_8),
    ],
)  # fmt: skip
def test_what_only_claims_to_be_is_refused(name, content, sentence):
    with pytest.raises(ValidationError) as caught:
        clean_file(SimpleUploadedFile(name, content))

    assert caught.value.messages == [sentence]


def test_a_zip_with_a_monstrous_list_of_files_is_not_opened():
    """Its list of files would take a hundred times its size in memory."""
    content = bytearray(archive("a"))
    content[-10:-6] = (2**24).to_bytes(4, "little")  # Where the end of a ZIP says how long the list is.

    with pytest.raises(ValidationError) as caught:
        clean_file(SimpleUploadedFile("code.zip", bytes(content)))

    assert caught.value.messages == [no_file("ZIP")]


def test_a_letter_over_two_pieces_is_one_letter():
    content = b"x" * (64 * 1024 - 1) + "讲".encode()

    assert clean_file(SimpleUploadedFile("notes.txt", content)).size == len(content)


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("slides.pdf", MOST_BYTES + 1, "The file is larger than 50 MB. Upload it elsewhere and give its address here."),
        (
            "a.ipynb",
            MOST_NOTEBOOK_BYTES + 1,
            "The notebook is larger than 10 MB. Clear its outputs and upload it again.",
        ),
    ],
)
def test_a_file_that_is_too_large_is_refused(name, size, sentence):
    upload = SimpleUploadedFile(name, b"%PDF-1.7")
    upload.size = size

    with pytest.raises(ValidationError) as caught:
        clean_file(upload)

    assert caught.value.messages == [sentence]


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("C:\\slides\\第一讲.pdf", "第一讲.pdf"), ("../../etc/passwd.txt", "passwd.txt"),
        ("a\u202efdp.pdf", "a fdp.pdf"),
        ("  two\n\tlines .pdf", "two lines.pdf"), ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("", "file"), ("...", "file"), ("a\0b.md", "a b.md"), (".bashrc", "bashrc"),
    ],
)  # fmt: skip
def test_a_name_is_one_line_of_visible_characters(name, tidy):
    assert tidy_name(name) == tidy


# How files are received.


PIECE = 1024 * 1024


def body_of(sizes):
    """The pieces of a multipart body: a title, and PDF files of these sizes in MiB."""
    yield b'--sep\r\nContent-Disposition: form-data; name="title"\r\n\r\nSlides of lesson 1\r\n'
    for number, size in enumerate(sizes):
        yield b'--sep\r\nContent-Disposition: form-data; name="file%d"; filename="%d.pdf"\r\n' % (number, number)
        yield b"Content-Type: application/pdf\r\n\r\n%PDF-"
        yield from [b"x" * PIECE] * size
        yield b"\r\n"
    yield b"--sep--\r\n"


class Stream(io.RawIOBase):
    """Gives the pieces as they are read."""

    def __init__(self, pieces):
        self.pieces, self.rest = iter(pieces), b""

    def readable(self):
        return True

    def readinto(self, target):
        self.rest = self.rest or next(self.pieces, b"")
        count = min(len(target), len(self.rest))
        target[:count], self.rest = self.rest[:count], self.rest[count:]
        return count


@pytest.fixture
def folder(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def send(folder):
    """Makes a request with files of these sizes in MiB, whose body is made while it is read; closed in the end."""
    requests = []

    def send(*sizes):
        stream = io.BufferedReader(Stream(body_of(sizes)), 64 * 1024)
        requests.append(
            RequestFactory().request(
                REQUEST_METHOD="POST", CONTENT_TYPE="multipart/form-data; boundary=sep",
                CONTENT_LENGTH=str(sum(map(len, body_of(sizes)))), **{"wsgi.input": stream},
            )
        )  # fmt: skip
        return requests[-1]

    yield send
    for request in requests:
        request.close()


def on_disk(folder):
    return sum(path.stat().st_size for path in folder.iterdir())


def test_a_file_of_200_mb_is_counted_not_kept(send, folder):
    tracemalloc.start()
    request = send(200)

    file = request.FILES["file0"]

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (request.POST["title"], file.name) == ("Slides of lesson 1", "0.pdf")
    assert (file.size, file.is_cut, on_disk(folder)) == (200 * 1024 * 1024 + 5, True, 0)
    assert peak < 8 * 1024 * 1024
    with pytest.raises(ValidationError, match="larger than 50 MB"):
        clean_file(file)


def test_a_file_of_40_mb_is_kept(send):
    file = send(40).FILES["file0"]

    assert (file.size, file.is_cut, file.read(6)) == (40 * 1024 * 1024 + 5, False, b"%PDF-x")


def test_files_of_one_request_have_a_limit_together(send, folder):
    files = list(send(45, 45, 45, 1).FILES.values())

    assert [file.is_cut for file in files] == [False, False, True, False]
    assert on_disk(folder) <= MOST_BYTES_OF_REQUEST
    with pytest.raises(ValidationError, match="too large together. Upload them one after another"):
        clean_file(files[2])


def test_nothing_stays_on_disk_after_the_request(send, folder):
    request = send(200, 10)
    assert len(request.FILES) == 2

    request.close()

    assert list(folder.iterdir()) == []
