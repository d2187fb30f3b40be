from django.core.mail import EmailMessage

from camp.notices.terminal import EmailBackend


def test_terminal_prints_a_mail_as_a_reader_sees_it(capsys):
    message = EmailMessage("验证你的邮箱", "你好：\nhttps://camp.example/verify\n", to=["a@example.org"])

    assert EmailBackend().send_messages([message]) == 1

    printed = capsys.readouterr().out
    assert "Mail to a@example.org: 验证你的邮箱" in printed
    assert "https://camp.example/verify" in printed
