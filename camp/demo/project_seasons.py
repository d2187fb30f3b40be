"""Two more seasons of the demo: the winter camp, whose topics are being chosen, and an earlier one that is over."""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from camp.campfile import load_document, read, shift
from camp.campfile.clone import renewed
from camp.camps.models import Camp

WINTER_FILE = settings.BASE_DIR / "examples" / "infinitensor-2024winter.toml"
WINTER, SPRING = "2024winter", "2024spring"
TWO_DAYS_LEFT = date(2025, 1, 23)  # In the file's dates: the first round closes two days later, at midnight.
TWELVE_WEEKS_AFTER = date(2025, 5, 25)  # In the file's dates: the camp is over, and its certificates are issued.
SPRING_NAME = "人工智能编译器与大模型系统训练营（2024 春季）"
SPRING_UPLOAD_IDS = {1: 1599, 2: 1600, 3: 1601, 4: 1602, 5: 1603, 7: 1604}


def is_made():
    return Camp.objects.at("InfiniTensor", WINTER).exists()


def winter_camp():
    return _camp(WINTER)


def spring_camp():
    return _camp(SPRING)


def load_winter(*, now):
    load_document(_document(TWO_DAYS_LEFT, now=now))
    return winter_camp()


def load_spring(*, now):
    """The winter file again, moved to the past under another address."""
    document = _document(TWELVE_WEEKS_AFTER, now=now)
    document = renewed(document, slug=SPRING, name=SPRING_NAME, upload_ids=SPRING_UPLOAD_IDS)
    camp = document.camp.model_copy(update={"is_published": True, "accent": "#2f6b3a"})
    load_document(document.model_copy(update={"camp": camp}))
    return spring_camp()


def _camp(slug):
    camps = Camp.objects.at("InfiniTensor", slug).select_related("organization", "project_stage__stage")
    return camps.get()


def _document(day, *, now):
    """The winter file with its dates shifted so that `day` is today."""
    document = read(WINTER_FILE.read_text("utf-8"), source_name=WINTER_FILE.name)
    return shift(document, days=(now.astimezone(ZoneInfo("Asia/Shanghai")).date() - day).days)
