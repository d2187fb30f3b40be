"""What may be uploaded as a material: the content must be what the name claims. SVG and HTML are in no list.

Whatever is stored is served as a download or under the type of its content, never as a page.
"""

import codecs
import json
import struct
import unicodedata
import uuid
import zipfile
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

from camp.camps.uploads import BOMBS

MOST_BYTES = 50 * 1024 * 1024  # Of one file.
MOST_NOTEBOOK_BYTES = 10 * 1024 * 1024  # It is read as JSON, which takes many times its size in memory.
MOST_PIXELS = 80_000_000
MOST_DIRECTORY_BYTES = 2 * 1024 * 1024  # Of the list of files in a ZIP: some 40,000 files.
LONGEST_NAME = 120
PIECE = 64 * 1024

PICTURES = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}
ARCHIVES = {"zip": "", "docx": "word/", "pptx": "ppt/", "xlsx": "xl/"}
TEXTS = frozenset({
    "txt", "md", "markdown", "rst", "tex", "csv", "tsv", "log", "diff", "patch", "json", "yaml", "yml", "toml", "ini",
    "cfg", "cmake", "mk", "c", "h", "cc", "cpp", "cxx", "hpp", "hxx", "cu", "cuh", "rs", "go", "py", "java", "kt", "js",
    "ts", "lua", "sh", "sql", "s", "asm", "v", "sv", "mlir", "ll", "proto",
})  # fmt: skip
KNOWN = frozenset({"pdf", "ipynb", *PICTURES, *ARCHIVES, *TEXTS})
DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, struct.error)


def clean_file(upload):
    """The upload under a random name, with its own in `shown_name`. Refuses what may not be stored, in a sentence."""
    _require_whole(upload)
    shown = tidy_name(upload.name)
    kind = PurePosixPath(shown).suffix[1:].lower()
    if kind not in KNOWN:
        raise ValidationError(
            _("Files of this kind are not taken. Upload a PDF, a picture, a text, an Office file, a notebook or a ZIP.")
        )
    _checker_of(kind)(upload, kind)
    upload.seek(0)
    upload.shown_name, upload.name = shown, f"{uuid.uuid4().hex}.{kind}"
    return upload


def tidy_name(name):
    """The last part of a path in visible characters, at most 120 with its ending."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(char if unicodedata.category(char)[0] not in "CZ" else " " for char in last)
    path = PurePosixPath(" ".join(seen.split()).strip(". ") or "file")
    return path.stem[: LONGEST_NAME - len(path.suffix)].rstrip() + path.suffix[:LONGEST_NAME]


def _require_whole(upload):
    if upload.size > MOST_BYTES:
        raise ValidationError(_("The file is larger than 50 MB. Upload it elsewhere and give its address here."))
    if getattr(upload, "is_cut", False):
        raise ValidationError(_("These files are too large together. Upload them one after another."))


def _checker_of(kind):
    if kind in PICTURES:
        return _check_picture
    if kind in ARCHIVES:
        return _check_archive
    return {"pdf": _check_pdf, "ipynb": _check_notebook}.get(kind, _check_text)


def _refuse_as(kind):
    sentence = _("This is no %(kind)s file inside, whatever its name says. Save it again and upload that.")
    raise ValidationError(sentence, params={"kind": kind.upper()})


def _start(upload, length):
    upload.seek(0)
    return upload.read(length)


def _check_pdf(upload, kind):
    if _start(upload, 5) != b"%PDF-":
        _refuse_as(kind)


def _check_picture(upload, kind):
    upload.seek(0)
    try:
        with Image.open(upload, formats=[PICTURES[kind]]) as picture:
            size = picture.width * picture.height
            picture.verify()
    except (OSError, ValueError, SyntaxError, *BOMBS):
        _refuse_as(kind)
    if size > MOST_PIXELS:
        raise ValidationError(_("The picture has too many pixels. Make it smaller and upload it again."))


def _check_archive(upload, kind):
    """A ZIP from its first byte on; an Office file has the folder that its kind has. Nothing is unpacked."""
    if _start(upload, 4) != b"PK\x03\x04" or not 0 < _directory_size(upload) <= MOST_DIRECTORY_BYTES:
        _refuse_as(kind)
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:
            names = archive.namelist()
    except DAMAGED:
        _refuse_as(kind)
    folder = ARCHIVES[kind]
    if folder and ("[Content_Types].xml" not in names or not any(name.startswith(folder) for name in names)):
        _refuse_as(kind)


def _directory_size(upload):
    """Bytes of the list of files at the end of a ZIP; 0 where there is none, or one for more than 4 GB."""
    upload.seek(max(0, upload.size - 66_000))
    tail = upload.read(66_000)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22 or tail[max(0, end - 20) : end].startswith(b"PK\x06\x07"):
        return 0
    return struct.unpack_from("<L", tail, end + 12)[0]


def _check_text(upload, kind):
    """UTF-8 without NUL, read piece by piece."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    upload.seek(0)
    try:
        for piece in iter(lambda: upload.read(PIECE), b""):
            if "\0" in decoder.decode(piece):
                _refuse_text()
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        _refuse_text()


def _refuse_text():
    raise ValidationError(_("This is no text in UTF-8. Save the file as UTF-8 and upload that."))


def _check_notebook(upload, kind):
    if upload.size > MOST_NOTEBOOK_BYTES:
        raise ValidationError(_("The notebook is larger than 10 MB. Clear its outputs and upload it again."))
    try:
        notebook = json.loads(_start(upload, MOST_NOTEBOOK_BYTES))
    except (ValueError, RecursionError):
        _refuse_as(kind)
    if not isinstance(notebook, dict) or not {"cells", "nbformat"} <= notebook.keys():
        _refuse_as(kind)
