import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.accounts.models import validate_time_zone
from camp.camps import contacts
from camp.camps.colors import validate_accent

slug_of = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", _("Use letters, digits, hyphens and underscores."))


RESERVED = ("accounts", "admin", "api", "calendar", "healthz", "language", "my", "static", "verify", "web")


def validate_not_reserved(value):
    if value.lower() in RESERVED:
        raise ValidationError(_("“%(word)s” is an address of the site itself. Choose another."), params={"word": value})


class OrganizationQuerySet(models.QuerySet):
    def at(self, slug):
        """The organization of an address; addresses are read in any case."""
        return self.filter(slug__iexact=slug)


class Organization(models.Model):
    """Who hosts camps: a lab, a community, an open-source organization."""

    slug = models.CharField(_("address"), max_length=60, validators=[slug_of, validate_not_reserved])
    name = models.CharField(_("name"), max_length=120)
    summary = models.CharField(_("summary"), max_length=240, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown"))
    website = models.URLField(_("website"), blank=True)

    objects = OrganizationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("slug"), name="organization_address_is_unique_in_any_case")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("camps:organization", args=[self.slug])


class SupportProject(models.Model):
    """An open-source project of the organization, which supports its camps."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="support_projects", verbose_name=_("organization")
    )
    name = models.CharField(_("name"), max_length=120)
    field = models.CharField(_("field"), max_length=120, blank=True)
    url = models.URLField(_("address"))
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown"))
    position = models.PositiveIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("support project")
        verbose_name_plural = _("support projects")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="support_project_once_per_organization")
        ]

    def __str__(self):
        return self.name


class CampQuerySet(models.QuerySet):
    def published(self):
        return self.filter(is_published=True)

    def at(self, organization, slug):
        """The camp of an address. Addresses are read in any case."""
        return self.filter(organization__slug__iexact=organization, slug__iexact=slug)

    def running_at(self, now):
        return self.filter(starts_at__lte=now, ends_at__gt=now)

    def coming_at(self, now):
        return self.filter(starts_at__gt=now)

    def past_at(self, now):
        return self.filter(ends_at__lte=now)

    def for_cards(self):
        return self.select_related("organization").order_by("starts_at", "id")

    def run_by(self, user):
        """Camps in which the user has a role; all of them for a superuser."""
        return self if user.is_superuser else self.filter(staff_roles__user=user).distinct()

    def take_seat(self, camp_id):
        """Take one seat in the database. False when the camp is full; the last seat goes once."""
        free = Q(capacity=None) | Q(seats_taken__lt=F("capacity"))
        return bool(self.filter(free, pk=camp_id).update(seats_taken=F("seats_taken") + 1))

    def release_seat(self, camp_id):
        return bool(self.filter(pk=camp_id, seats_taken__gt=0).update(seats_taken=F("seats_taken") - 1))


class Camp(models.Model):
    """One run of a training programme, such as a summer season."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="camps", verbose_name=_("organization")
    )
    slug = models.CharField(_("address"), max_length=60, validators=[slug_of])
    name = models.CharField(_("name"), max_length=120)
    summary = models.CharField(_("summary"), max_length=240, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    accent = models.CharField(_("accent colour"), max_length=7, default="#0b6e6e", validators=[validate_accent])
    registration_opens_at = models.DateTimeField(_("registration opens at"))
    registration_closes_at = models.DateTimeField(_("registration closes at"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    capacity = models.PositiveIntegerField(
        _("capacity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Students; empty for no limit."),
    )
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    needs_approval = models.BooleanField(_("staff decide on applications"), default=False)
    is_published = models.BooleanField(_("published"), default=True)
    contact = models.CharField(
        _("contact"),
        max_length=200,
        blank=True,
        validators=[contacts.validate_contact],
        help_text=_("Where to write with questions: an e-mail address or a page. Everybody can read it."),
    )
    group_name = models.CharField(_("group chat"), max_length=120, blank=True)
    group_link = models.URLField(_("group chat link"), blank=True, help_text=_("Shown to enrolled students only."))
    group_picture = models.ImageField(
        _("group chat QR picture"), upload_to="groups/", blank=True, help_text=_("Shown to enrolled students only.")
    )

    objects = CampQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["seats_taken"])

    class Meta:
        verbose_name = _("camp")
        verbose_name_plural = _("camps")
        ordering = ["-starts_at"]
        constraints = [
            models.UniqueConstraint("organization", Lower("slug"), name="camp_address_is_unique_in_its_organization"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="camp_ends_after_it_starts",
                violation_error_message=_("The end must come after the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(registration_closes_at__gt=F("registration_opens_at")),
                name="registration_closes_after_it_opens",
                violation_error_message=_("The end must come after the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(seats_taken__lte=F("capacity")),
                name="camp_seats_within_capacity",
                violation_error_message=_("The capacity cannot be lower than the seats already taken."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("camp", args=self.address)

    @property
    def address(self):
        """The two words of the camp's address, as `args` for `reverse`."""
        return [self.organization.slug, self.slug]

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def contact_url(self):
        """What a link to the contact leads to; empty without one."""
        return contacts.link_to(self.contact)

    @property
    def has_group(self):
        return bool(self.group_link or self.group_picture)

    @property
    def seats_left(self):
        """Free seats; None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.seats_taken

    @property
    def is_full(self):
        return self.seats_left == 0

    def registration_is_open(self, now=None):
        return self.registration_opens_at <= (now or timezone.now()) < self.registration_closes_at

    def registration_is_coming(self, now=None):
        return (now or timezone.now()) < self.registration_opens_at

    def has_ended(self, now=None):
        return self.ends_at <= (now or timezone.now())


class CampLink(models.Model):
    """An address outside that belongs to a camp: its discussions, its FAQ, its guide."""

    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="links", verbose_name=_("camp"))
    title = models.CharField(_("title"), max_length=120)
    url = models.URLField(_("address"))
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["camp", "title"], name="link_title_once_per_camp")]

    def __str__(self):
        return self.title


class FaqEntry(models.Model):
    """A question that students often ask, with its answer."""

    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="faq_entries", verbose_name=_("camp"))
    question = models.CharField(_("question"), max_length=240)
    answer = models.TextField(_("answer"), help_text=_("Markdown"))
    position = models.PositiveIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("FAQ entry")
        verbose_name_plural = _("FAQ entries")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["camp", "question"], name="faq_question_once_per_camp")]

    def __str__(self):
        return self.question


class StaffRoleQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)


class StaffRole(models.Model):
    """What a person may do as staff of one camp. Teachers and assistants can be narrowed to courses."""

    class Role(models.TextChoices):
        ORGANIZER = "organizer", _("Organizer")
        TEACHER = "teacher", _("Teacher")
        ASSISTANT = "assistant", _("Assistant")
        MENTOR = "mentor", _("Mentor")

    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="staff_roles", verbose_name=_("camp"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_roles", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)

    objects = StaffRoleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        ordering = ["camp", "role", "user"]
        constraints = [models.UniqueConstraint(fields=["camp", "user", "role"], name="staff_role_once_per_camp")]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()}"


class Reveal(models.Model):
    """Somebody entitled was shown a secret of a camp: which one and when."""

    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="reveals", verbose_name=_("camp"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reveals", verbose_name=_("user")
    )
    secret = models.CharField(_("secret"), max_length=120, help_text=_("What was shown, never the secret itself."))
    revealed_at = models.DateTimeField(_("revealed at"), default=timezone.now)

    class Meta:
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        ordering = ["-revealed_at", "-id"]

    def __str__(self):
        return f"{self.user} · {self.secret}"
