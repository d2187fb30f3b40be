from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from camp.accounts.fields import FoldedField
from camp.camps.models import Camp
from camp.enrollment.models import Enrollment


class Appearance(models.Model):
    """How a student is named on the boards of a camp, by their own choice. Staff see who it is all the same."""

    class Mode(models.TextChoices):
        NAME = "name", _("with my name and login")
        NICKNAME = "nickname", _("with a nickname")
        HIDDEN = "hidden", _("without a name")

    enrollment = models.OneToOneField(
        Enrollment, on_delete=models.CASCADE, primary_key=True, related_name="appearance", verbose_name=_("enrollment")
    )
    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="+", editable=False)
    mode = models.CharField(_("on the boards"), max_length=10, choices=Mode, default=Mode.NAME)
    nickname = models.CharField(_("nickname"), max_length=30, blank=True)
    nickname_key = FoldedField(source="nickname", max_length=60, blank=True)

    class Meta:
        verbose_name = _("appearance on boards")
        verbose_name_plural = _("appearances on boards")
        constraints = [
            models.UniqueConstraint(
                fields=["camp", "nickname_key"],
                condition=Q(mode="nickname"),
                name="nickname_once_per_camp",
                violation_error_message=_("Somebody in this camp has this nickname. Choose another."),
            ),
            models.CheckConstraint(condition=~Q(mode="nickname") | ~Q(nickname_key=""), name="nickname_is_not_empty"),
        ]

    def __str__(self):
        return self.nickname or self.get_mode_display()

    @property
    def is_named(self):
        return self.mode == self.Mode.NAME

    @property
    def is_hidden(self):
        return self.mode == self.Mode.HIDDEN
