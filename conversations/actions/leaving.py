"""Removing what a person said, and what was said to them."""

from django.utils.translation import gettext_lazy as _

from accounts.leaving import Gone
from accounts.models import User
from conversations.actions.runs import interrupt
from conversations.models import Conversation, Message, Preset, Run
from providers import failures

AT_ONCE = 20  # conversations whose rows are removed together: of thousands, not all need to be in memory


def forget(person: User) -> list[Gone]:
    """Remove a person's conversations and presets; what is being written ends, and is paid, first.

    Part of the caller's transaction.
    """
    interrupt(Run.objects.live().filter(owner=person), failures.interrupted().as_json())
    conversations, presets = Conversation.objects.filter(owner=person), Preset.objects.filter(owner=person)
    gone = [
        Gone(_("Conversations"), conversations.count()),
        Gone(_("Messages"), Message.objects.filter(conversation__owner=person).count()),
        Gone(_("Records of what was sent to models"), Run.objects.filter(owner=person).count()),
        Gone(_("Parameters and presets"), presets.count()),
    ]
    while keys := list(conversations.values_list("pk", flat=True)[:AT_ONCE]):
        Conversation.objects.filter(pk__in=keys).delete()
    presets.delete()
    return gone
