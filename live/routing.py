"""The socket addresses of this app."""

from django.urls import path

from live.consumers import MeSocket

websocket_urlpatterns = [path("ws/me/", MeSocket.as_asgi())]  # type: ignore[arg-type]
