"""The sandbox, called in process and over HTTP."""
