"""What this app itself has the living process do: let go of the sockets last."""

from live import drain, sockets

drain.on_farewell(sockets.close_all)
