"""invite, reset_link and make_people."""
