import sys

from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Prints mails as a reader sees them, for development: no headers, nothing encoded."""

    def send_messages(self, email_messages):
        for message in email_messages:
            recipients = ", ".join(message.recipients())
            rule = "─" * 72
            sys.stdout.write(f"\n{rule}\nMail to {recipients}: {message.subject}\n\n{message.body.strip()}\n{rule}\n")
        sys.stdout.flush()
        return len(email_messages)
