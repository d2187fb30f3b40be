"""Who somebody is who has signed in. How they are read, at every page, is written once. See camp.compiled."""

from allauth.account.auth_backends import AuthenticationBackend

from camp.accounts.models import User
from camp.compiled import Compiled, Given

_user = Compiled(lambda: User.objects.filter(pk=Given(User.id)).order_by())


class AccountBackend(AuthenticationBackend):
    def get_user(self, user_id):
        user = _user.first(id=user_id)
        return user if user and self.user_can_authenticate(user) else None
