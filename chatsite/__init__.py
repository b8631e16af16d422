"""The building: settings, addresses, the ASGI application and security headers. Wires the apps, decides nothing."""
