"""Django's SQLite backend, with the writers of this process standing in line instead of trying their luck."""
