from datetime import UTC, datetime

from camp.accounts.zones import zone_choices

SUMMER = datetime(2024, 7, 24, tzinfo=UTC)
WINTER = datetime(2024, 1, 24, tzinfo=UTC)


def groups(**given):
    return {label: dict(options) for label, options in zone_choices(**given) if label}


def test_the_browser_comes_first():
    assert zone_choices()[0] == ("", "As my browser says")


def test_zones_show_their_difference_now():
    assert groups(at=SUMMER)["Europe"]["Europe/Berlin"] == "Europe/Berlin (UTC+02:00)"
    assert groups(at=WINTER)["Europe"]["Europe/Berlin"] == "Europe/Berlin (UTC+01:00)"
    assert groups(at=WINTER)["America"]["America/St_Johns"] == "America/St Johns (UTC-03:30)"


def test_frequent_zones_are_a_group_of_their_own():
    assert next(iter(groups()["Often used"])) == "Asia/Shanghai"


def test_a_rare_zone_that_is_set_stays_in_the_list():
    assert "Etc/GMT+5" in groups(current="Etc/GMT+5")["Often used"]
