"""The HTTP doors: a person's balance, and the owner's rules, grants and prices."""
