"""`manage.py serve`: the site, in this process, until it is told to stop."""

import gc
import ipaddress
import socket
from typing import Any

import structlog
from daphne import server as daphne_server
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import resolve
from django.utils.module_loading import import_string
from twisted.internet import reactor

from live import bus, drain, lock, process, sweeps, tasks
from live.database import query
from live.server import LimitedFactory, LimitedSocketFactory, WaitingServer

log = structlog.get_logger(__name__)
BACKLOG = 1024  # connections that may wait while the loop is busy; many tabs reconnect at once after a restart


class Command(BaseCommand):
    help = "Serve the site on HOST and PORT. Ctrl-C or SIGTERM stops it without losing what is being written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fd", type=int, help="Serve on this inherited, listening socket instead of HOST and PORT."
        )

    def handle(self, *args: Any, fd: int | None = None, **options: Any) -> None:
        if bus.alone():
            try:
                lock.take()
            except lock.NotAlone as error:
                raise CommandError(str(error)) from error
        _check_migrations()
        listener = _listener(fd)
        tasks.use_loop(daphne_server.twisted_loop)
        process.begin()
        connections.close_all()
        # Server.run() makes its factories by these names.
        daphne_server.HTTPFactory, daphne_server.WebSocketFactory = LimitedFactory, LimitedSocketFactory
        server = WaitingServer(
            application=import_string(settings.ASGI_APPLICATION),
            endpoints=[f"fd:fileno={listener.fileno()}"],
            drain=drain.drain,
            verbosity=0,
            server_name="",
        )
        _leave_code_out_of_collections()
        reactor.callWhenRunning(lambda: tasks.start(_begin))
        self.stdout.write(f"Chatsite answers at {_address(listener)}")
        self.stdout.flush()
        server.run()


def _leave_code_out_of_collections() -> None:
    """Load what the first request would, and have the garbage collector never look at any of it again.

    A hundred thousand objects are code and live for ever. To look through them all held everybody up for 0.2 s and more
    whenever many conversations began at once.
    """
    resolve("/readyz")
    gc.collect()
    gc.freeze()


def _check_migrations() -> None:
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is not up to date. Run `make run`, or `manage.py migrate` first.")


async def _begin() -> None:
    await bus.begin()
    await query(process.announce)
    sweeps.begin()
    log.info("serving", process=str(process.current_id()))


def _listener(fd: int | None) -> socket.socket:
    """The socket to serve on; a sentence instead of a traceback when it cannot be had."""
    if fd is not None:
        listener = socket.socket(fileno=fd)
        if settings.ON_LOOPBACK and not ipaddress.ip_address(listener.getsockname()[0]).is_loopback:
            raise CommandError(f"Socket {fd} can be reached from outside: set HOST to its address and SITE_URL.")
        return listener
    try:
        family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
        return socket.create_server((settings.HOST.strip("[]"), settings.PORT), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CommandError(
            f"{settings.HOST}:{settings.PORT} cannot be served: {error.strerror}. Set PORT to another."
        ) from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{'[' + host + ']' if ':' in host else host}:{port}/"
