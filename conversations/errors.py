"""What can go wrong here: one class per code."""

from django.utils.translation import gettext_lazy as _

from live.errors import Refused


class TextMissing(Refused):
    code = "text_missing"
    sentence = _("Write something first.")


class TextTooLong(Refused):
    code = "text_too_long"
    sentence = _("The text is longer than %(limit)s characters. Shorten it, or send it in parts.")


class FileUnreadable(Refused):
    """`name` of the file, and why its text cannot be had, as a sentence."""

    code, status = "file_unreadable", 409
    sentence = _("“%(name)s” cannot be sent. %(reason)s")


class TooManyFiles(Refused):
    code = "too_many_files"
    sentence = _("A message can have %(limit)s files at most.")


class UnknownParent(Refused):
    code = "unknown_parent"
    sentence = _("The message to follow is not part of this conversation.")


class AnswerRunning(Refused):
    code, status = "answer_running", 409
    sentence = _("The answer before this is still being written. Stop it, or wait for its end.")


class AnswerTooLong(Refused):
    """Also why a run ended incomplete."""

    code, status = "answer_too_long", 409
    sentence = _("This answer is as long as an answer can be here: %(limit)s characters. All of them are kept.")


class NotAnAnswer(Refused):
    code = "not_an_answer"
    sentence = _("Only an answer can be written again.")


class NotAQuestion(Refused):
    code = "not_a_question"
    sentence = _("This is an answer itself. Have another one written instead.")


class MessageDeleted(Refused):
    """Said to its owner only."""

    code, status = "message_deleted", 410
    sentence = _("This message was deleted, perhaps in another tab.")


class NothingToContinue(Refused):
    code, status = "nothing_to_continue", 409
    sentence = _("This message is complete: there is nothing to continue.")


class TooManyAnswers(Refused):
    code = "too_many_answers"
    sentence = _("One question gets at most %(limit)s answers at once, those of all models together.")


class FewerAnswers(Refused):
    """Not a refusal: said of an answer that came with fewer companions than were asked for."""

    code = "fewer_answers"
    sentence = _("This server gave %(given)s of the %(asked)s answers that were asked for.")


class TooManyPresets(Refused):
    code, status = "too_many_presets", 409
    sentence = _("There can be %(limit)s presets with a name. Delete one first.")
