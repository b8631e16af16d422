"""The ASGI application: HTTP, sockets and the sandbox, behind the proxies that are trusted.

`manage.py serve` loads it, after Django has set itself up.
"""

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import re_path

from chatsite.wrappers import behind_proxies, finish_commands, mount
from conversations.routing import websocket_urlpatterns as conversation_sockets
from live.routing import websocket_urlpatterns as live_sockets
from live.sockets import Unrouted
from providers.sandbox import public_app

_sockets = [*live_sockets, *conversation_sockets, re_path("", Unrouted.as_asgi())]  # type: ignore[arg-type]

application = behind_proxies(
    ProtocolTypeRouter(
        {
            "http": mount("/sandbox", public_app(), finish_commands(get_asgi_application())),
            "websocket": AuthMiddlewareStack(URLRouter(_sockets)),  # type: ignore[arg-type]
        }
    ),
    trusted=settings.TRUSTED_PROXIES,
)
