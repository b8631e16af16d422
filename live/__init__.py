"""The living process: tasks, heartbeat, sweeps, drain, sockets and the one error shape. Every app stands on it."""
