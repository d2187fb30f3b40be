import pytest

from camp.accounts.logins import login_in


@pytest.mark.parametrize(
    ("channel", "text", "login"),
    [
        ("github", "rowan", "rowan"),
        ("github", " @Rowan-Ash ", "Rowan-Ash"),
        ("github", "https://github.com/rowan", "rowan"),
        ("github", "http://www.github.com/rowan/?tab=repositories#top", "rowan"),
        ("github", "github.com/rowan/", "rowan"),
        ("github", "ｒｏｗａｎ", "rowan"),
        ("github", "ro\u200bwan", "rowan"),
        ("gitee", "https://gitee.com/rowan_ash", "rowan_ash"),
        ("cnb", "https://cnb.cool/u/rowan.ash", "rowan.ash"),
        ("cnb", "cnb.cool/rowan", "rowan"),
    ],
)
def test_a_login_is_understood(channel, text, login):
    assert login_in(text, channel=channel) == login


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        ("github", ""),
        ("github", "@"),
        ("github", "rowan ash"),
        ("github", "李雷"),
        ("github", "rowan@example.org"),
        ("github", "https://gitee.com/rowan"),
        ("github", "https://github.com/"),
        ("github", "https://github.com/rowan/exercises"),
        ("github", "https://github.com.example.org/rowan"),
        ("github", "https://github.com@example.org/rowan"),
        ("github", "http://[/rowan"),
        ("github", "javascript:alert(1)//"),
        ("github", "<script>"),
        ("github", "-rowan"),
        ("github", "a" * 101),
        ("cnb", "https://github.com/rowan"),
    ],
)
def test_what_is_no_login_is_refused(channel, text):
    with pytest.raises(ValueError):  # noqa: PT011
        login_in(text, channel=channel)
