"""The reference camp, shifted so that today is the second week of its foundation stage."""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from camp.campfile import load_document, read, shift
from camp.camps.models import Camp

CAMP_FILE = settings.BASE_DIR / "examples" / "infinitensor-2024summer.toml"
SECOND_WEEK = date(2024, 7, 27)  # The first day of the second week of foundation, in the file's dates.


def load_reference_camp(*, now):
    """Load the camp file with its dates shifted by whole weeks and return the camp."""
    document = read(CAMP_FILE.read_text("utf-8"), source_name=CAMP_FILE.name)
    load_document(shift(document, days=shift_for(now)))
    return reference_camp()


def reference_camp():
    return Camp.objects.at("InfiniTensor", "2024summer").select_related("organization").get()


def shift_for(now):
    """Days to shift the file by, a whole number of weeks, so that `now` falls into the second week of foundation."""
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    return (today - SECOND_WEEK).days // 7 * 7
