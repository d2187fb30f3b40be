"""A new season from an old one: dump, shift the dates, load under another address."""

from django.utils.translation import gettext as _

from camp.campfile.dump import dump
from camp.campfile.load import load_document
from camp.campfile.mistakes import CampFileError, Mistake
from camp.campfile.read import read
from camp.campfile.shift import shift
from camp.camps.models import Camp

WITHOUT_SECRETS = {"join_url": "", "number": "", "passcode": "", "recordings": []}


def clone(camp, *, slug, days, name="", upload_ids=None):
    """A copy of the camp at `slug`, not published. Returns the Report.

    It has no group links, ways into meetings, recordings and announcements. `upload_ids` maps course numbers
    to the new season's upload ids; a course without one has none yet.
    """
    if Camp.objects.filter(organization=camp.organization, slug__iexact=slug).exists():
        raise CampFileError([Mistake((), _("There is a camp “%(slug)s” already. Choose another.") % {"slug": slug})])
    document = shift(read(dump(camp), source_name="/".join(camp.address)), days=days)
    return load_document(renewed(document, slug=slug, name=name, upload_ids=upload_ids or {}))


def renewed(document, *, slug, name, upload_ids):
    """The document without what belongs to one season only."""
    changes = {"slug": slug, "name": name or document.camp.name, "is_published": False, "group_link": ""}
    return document.model_copy(
        update={
            "camp": document.camp.model_copy(update=changes),
            "stages": [stage.model_copy(update={"group_link": ""}) for stage in document.stages],
            "courses": [
                course.model_copy(update={"upload_id": upload_ids.get(course.number)}) for course in document.courses
            ],
            "meetings": [meeting.model_copy(update=WITHOUT_SECRETS) for meeting in document.meetings],
            "announcements": [],
        }
    )
