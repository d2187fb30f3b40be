from allauth.account.forms import SignupForm as AllauthSignupForm


class SignupForm(AllauthSignupForm):
    """E-mail, handle and password; the rest of the profile is asked when it is needed."""
