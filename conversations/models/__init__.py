"""What this app keeps: conversations, messages and runs, and the parameters that are used again."""

from conversations.models.attached import MessageFile
from conversations.models.presets import PRESET_NAME_LENGTH, Preset
from conversations.models.receipts import Receipt
from conversations.models.tree import (
    LIVE,
    MAX_ANSWER,
    MODEL_ID_LENGTH,
    REFUSAL,
    SAID,
    TEXT,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Conversation,
    ConversationQuerySet,
    Message,
    Probabilities,
    Role,
    Run,
    RunStatus,
    TitleCall,
    TitleSource,
)

__all__ = [
    "LIVE",
    "MAX_ANSWER",
    "MODEL_ID_LENGTH",
    "PRESET_NAME_LENGTH",
    "REFUSAL",
    "SAID",
    "TEXT",
    "TEXT_LENGTH",
    "TITLE_LENGTH",
    "Conversation",
    "ConversationQuerySet",
    "Message",
    "MessageFile",
    "Preset",
    "Probabilities",
    "Receipt",
    "Role",
    "Run",
    "RunStatus",
    "TitleCall",
    "TitleSource",
]
