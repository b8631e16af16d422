"""The ASGI application: HTTP, sockets and the sandbox, behind the proxies that are trusted.

`manage.py serve` loads it, after Django has set itself up.
"""

from channels.routing import ProtocolTypeRouter, URLRouter
from django import db
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.signals import request_started
from django.urls import re_path

from chatsite.wrappers import behind_proxies, finish_commands, mount
from conversations.routing import websocket_urlpatterns as conversation_sockets
from live.routing import websocket_urlpatterns as live_sockets
from live.sockets import Unrouted
from providers.sandbox import public_app

# A request's thread is new, so that it has no old connection to tidy: a thread only for that would be a waste.
request_started.disconnect(db.close_old_connections)
request_started.disconnect(db.reset_queries)

_sockets = [*live_sockets, *conversation_sockets, re_path("", Unrouted.as_asgi())]  # type: ignore[arg-type]

application = behind_proxies(
    ProtocolTypeRouter(
        {
            "http": mount("/sandbox", public_app(), finish_commands(get_asgi_application())),
            "websocket": URLRouter(_sockets),  # type: ignore[arg-type]
        }
    ),
    trusted=settings.TRUSTED_PROXIES,
)
