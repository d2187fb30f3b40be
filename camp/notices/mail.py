from django.core.mail.backends.base import BaseEmailBackend

from camp.notices.models import Mail


class OutboxBackend(BaseEmailBackend):
    """Django's mail functions write rows of the outbox; `send_notices` sends them.

    What comes this way is about an account (verification, password reset), so it is private: its links sign people in.
    """

    def send_messages(self, email_messages):
        mails = [mail for message in email_messages for mail in self._rows(message)]
        return len(Mail.objects.bulk_create(mails))

    def _rows(self, message):
        html = next((part.content for part in getattr(message, "alternatives", []) if part.mimetype == "text/html"), "")
        subject = " ".join(str(message.subject).split())[:300]
        return [
            Mail(to=to, subject=subject, body=message.body, html=html, is_private=True) for to in message.recipients()
        ]
