"""What a door answers when it says no: a code with data, and its one sentence."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A request that cannot be carried out. `data` fills the sentence's named places and goes out with it.

    Subclasses name `code` (for programs), `status` (HTTP) and `sentence` (for a person).
    """

    code: ClassVar[str] = "bad_request"
    status: ClassVar[int] = 400
    sentence: ClassVar[Any] = _("The request could not be understood.")

    def __init__(self, **data: Any) -> None:
        super().__init__(self.code)
        self.data = data

    @property
    def message(self) -> str:
        """The sentence, in the language that is active now."""
        return str(self.sentence) % self.data if self.data else str(self.sentence)

    def as_dict(self) -> dict[str, Any]:
        """The one error shape, without its envelope: {"code", "message", "data"}."""
        return {"code": self.code, "message": self.message, "data": self.data}


class BadJson(Refused):
    code = "bad_json"
    sentence = _("The body is not a JSON object.")


class UnsupportedMediaType(Refused):
    code, status = "unsupported_media_type", 415
    sentence = _("Send JSON or a form.")


class TooLarge(Refused):
    code, status = "too_large", 413
    sentence = _("The request is larger than %(limit)s bytes.")


class ClientIdMissing(Refused):
    code = "client_id_missing"
    sentence = _("Each command needs a client_id, a UUID of its own.")


class MethodNotAllowed(Refused):
    code, status = "method_not_allowed", 405
    sentence = _("This address does not take %(method)s; it takes %(allowed)s.")


class NotSignedIn(Refused):
    code, status = "not_signed_in", 401
    sentence = _("Sign in first.")


class WrongOrigin(Refused):
    code, status = "wrong_origin", 403
    sentence = _("This socket was opened by another site.")


class NotFound(Refused):
    """Not there, or not yours: the two look the same."""

    code, status = "not_found", 404
    sentence = _("There is nothing here, or it is not yours.")


class SlowReader(Refused):
    code = "slow_reader"
    sentence = _("Nothing was acknowledged for a while. Connect again to go on.")


class Fault(Refused):
    """A mistake of ours, told to a socket; over HTTP `chatsite` says the same with a request id."""

    code, status = "server_error", 500
    sentence = _("Something went wrong on our side. What was stored is safe; try again.")


class Draining(Refused):
    code, status = "draining", 503
    sentence = _("The site is restarting. Nothing was lost; try again in a moment.")


class Unavailable(Refused):
    """The database or the layer does not answer."""

    code, status = "unavailable", 503
    sentence = _("The site's database cannot be reached at the moment. Nothing was changed; try again shortly.")


class Invalid(Refused):
    """`data["fields"]` maps each wrong field to its sentence."""

    code = "invalid"
    sentence = _("Some fields need another look.")

    @property
    def message(self) -> str:
        return " ".join(str(sentence) for sentence in self.data.get("fields", {}).values()) or str(self.sentence)
