"""How students let themselves be named on the boards of their camp."""

import unicodedata

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import fold, visible
from camp.accounts.models import Identity, User
from camp.camps.models import StaffRole
from camp.enrollment.models import Enrollment
from camp.rankings import boards
from camp.rankings.models import Appearance
from camp.rankings.naming import appearance_of

SHORTEST, LONGEST, LONGEST_KEY = 2, 30, 60  # Characters.
EAST_ASIAN = {
    "CJK",
    "HIRAGANA",
    "KATAKANA",
    "KATAKANA-HIRAGANA",
    "HANGUL",
    "BOPOMOFO",
    "IDEOGRAPHIC",
}  # As Unicode names letters.
Mode = Appearance.Mode
INSIDE = " -_·."  # What may part the letters and digits of a nickname.
# What the board and the site say themselves: the name of hidden people, badges, and words for those in charge.
OWN_WORDS = (
    _("Hidden student"), _("you"), _("requirement met"), _("claimed"), _("proven"), _("staff"), _("Camp staff"),
    *StaffRole.Role.labels,
)  # fmt: skip
IN_CHARGE = ("admin", "administrator", "root", "system", "moderator", "camp", "管理员", "系统", "官方")


class AppearanceError(Exception):
    """A refusal in a sentence for the reader; it is about the nickname unless it says otherwise."""

    def __init__(self, sentence, *, field="nickname"):
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def choose(enrollment, *, mode, nickname=""):
    """Let an active student stand on the boards by name, by a nickname, or without a name. Seen at once by everybody.

    The nickname that was used before is kept for the next time. Locks the enrollment, then the boards.
    """
    enrollment = _locked(enrollment)
    appearance = appearance_of(enrollment) or Appearance(enrollment=enrollment, camp_id=enrollment.camp_id)
    appearance.mode = Mode(mode)
    if appearance.mode == Mode.NICKNAME:
        appearance.nickname = _acceptable(visible(nickname), enrollment)
    _save(appearance)
    boards.bump_all(enrollment=enrollment.pk)
    return appearance


def _locked(enrollment):
    locked = Enrollment.objects.select_for_update(of=("self",), no_key=True).select_related("student")
    enrollment = locked.get(pk=enrollment.pk)
    if not enrollment.is_active:
        raise AppearanceError(_("Only students of the camp stand on its boards."), field=None)
    return enrollment


def _acceptable(nickname, enrollment):
    key = fold(nickname)
    if not (SHORTEST <= len(nickname) <= LONGEST and 0 < len(key) <= LONGEST_KEY):
        raise AppearanceError(_("A nickname has 2 to 30 characters that can be seen."))
    if not all(one.isalnum() or one in INSIDE for one in nickname) or not nickname[-1].isalnum():
        raise AppearanceError(_("Use letters and digits in a nickname; spaces, dots, hyphens or underscores inside."))
    if _mixes_alphabets(nickname):
        raise AppearanceError(_("Write a nickname in one alphabet: letters that only look alike deceive readers."))
    if key in _own_words():
        raise AppearanceError(_("The board itself says this of others. Choose another nickname."))
    if names_another(nickname, enrollment):
        raise AppearanceError(_("This is the name or login of somebody else in this camp. Choose another nickname."))
    return nickname


def _mixes_alphabets(nickname):
    """Latin, Greek and Cyrillic share the looks of letters; Chinese, Japanese and Korean look like none of them."""
    scripts = {unicodedata.name(one, "").split()[0] for one in nickname if one.isalpha()}
    return len(scripts - EAST_ASIAN) > 1


def _own_words():
    """What the site says itself, in every language, folded."""
    yield from IN_CHARGE
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield from [fold(str(word)) for word in OWN_WORDS]


def names_another(nickname, enrollment):
    """Whether a reader would take the nickname for another student or for somebody of the camp's staff.

    Names are folded one by one, since the database cannot; so this reads the names of a whole camp.
    """
    students = Enrollment.objects.in_camp(enrollment.camp_id).active().values("student")
    staff = StaffRole.objects.filter(camp=enrollment.camp_id).values("user")
    others = User.objects.exclude(pk=enrollment.student_id)
    logins = Identity.objects.linked().filter(login_key=nickname.lower()).exclude(user=enrollment.student_id)
    key = fold(nickname)
    return any(
        people.filter(handle_key=key).exists()
        or logins.filter(user__in=people.values("pk")).exists()
        or _is_among(key, people.exclude(display_name="").values_list("display_name", flat=True))
        for people in (others.filter(pk__in=students), others.filter(pk__in=staff))
    )


def _is_among(key, names):
    return any(fold(name) == key for name in names.iterator())


def _save(appearance):
    """The database lets a nickname be used once in a camp."""
    try:
        with transaction.atomic():
            appearance.save()
    except IntegrityError:
        raise AppearanceError(_("Somebody in this camp has this nickname. Choose another.")) from None
