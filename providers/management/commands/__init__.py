"""manage.py reencrypt_keys."""
