"""The socket addresses of this app."""

from django.urls import path

from conversations.consumers import ConversationSocket

websocket_urlpatterns = [path("ws/c/<uuid:id>/", ConversationSocket.as_asgi())]  # type: ignore[arg-type]
