"""People: sign-up, sign-in, invitations, preferences."""
