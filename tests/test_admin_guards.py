"""What the admin keeps from an organizer, and requests that no database could answer."""

import pytest
from django.urls import reverse

from camp.accounts.models import Identity
from camp.camps.models import StaffRole
from camp.enrollment.models import Enrollment
from tests.admin_world import World, address, in_english
from tests.factories import make_identity, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World("Otter")


@pytest.fixture
def staff(client, world):
    client = in_english(client)
    client.force_login(world.organizer)
    return client


def test_whom_an_organizer_appoints_keeps_address_and_logins_to_themselves(staff, world):
    stranger = make_user("appointed", email="private@example.org")
    identity = make_identity(stranger, login="octo-private")

    staff.post(reverse(address(StaffRole, "add")), {"camp": world.camp.pk, "handle": "appointed", "role": "mentor"})
    page = staff.get(reverse(address(type(stranger), "change"), args=[stranger.pk]))

    assert page.status_code == 200
    assert "private@example.org" not in page.text
    assert "octo-private" not in staff.get(reverse(address(Identity, "changelist"))).text
    assert staff.get(reverse(address(Identity, "history"), args=[identity.pk])).status_code in (302, 404)


@pytest.mark.parametrize(
    "query",
    ["?id__in=99999999999999999999999", "?status=%00", "?applied_at__year=9999999999999999999999", "?q=%00", "?p=%00"],
)
def test_a_value_that_no_database_holds_is_a_400(staff, query):
    assert staff.get(reverse(address(Enrollment, "changelist")) + query).status_code == 400


def test_a_selection_that_no_database_holds_is_a_400(staff):
    url = reverse(address(Enrollment, "changelist"))

    assert staff.post(url, {"action": "admit", "_selected_action": ["9" * 30]}).status_code == 400
