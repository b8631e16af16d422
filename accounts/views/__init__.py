"""HTTP doors of people: signing in and up, settings, the owner's page."""
