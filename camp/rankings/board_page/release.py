"""What tells one release from another, so that what an earlier one rendered is not shown by the next."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage


@cache
def release():
    """A digest of the templates and translations, and of the static files that pages link."""
    roots = [Path(settings.BASE_DIR) / "templates", *settings.LOCALE_PATHS]
    files = sorted(path for root in roots for path in root.rglob("*") if path.suffix in (".html", ".mo"))
    linked = getattr(staticfiles_storage, "manifest_hash", "")
    return sha256(b"".join(path.read_bytes() for path in files) + linked.encode()).hexdigest()[:16]
