"""What this app itself has the living process do: let go of the sockets last, and catch up after the layer was away."""

from live import bus, drain, hub, sockets

drain.on_farewell(sockets.close_all)
bus.on_return(hub.resync)
