"""The OpenAI-compatible API in Python: any such server in, typed values and one tree of exceptions out.

    async with Client("https://api.openai.com/v1", key) as client:
        async with client.stream_chat({"model": "m", "messages": [{"role": "user", "content": "Hello"}]}) as stream:
            async for delta in stream:
                ...
        stream.completion.choices[0].text

Async only; the standard library and httpx. The transport, the limits and what is known about a server are arguments.
Everything public is named here; the tree of exceptions is drawn in openai_client/exceptions.py.
"""

from openai_client._base_url import address_of, deployment_of, normalize_base_url
from openai_client._deltas import (
    ChoiceFinished,
    Delta,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    TextWasReasoning,
    ToolCallDelta,
)
from openai_client._dialect import Dialect
from openai_client._files import File, FileContent, FileList, FileStream
from openai_client._images import ImageStream
from openai_client._keys import AdminKey, AdminKeyList
from openai_client._media import Upload
from openai_client._pictures import ImageAnswer, PartialPicture, Picture
from openai_client._retries import Retry
from openai_client._secret import Secret
from openai_client._settings import Retries, SizeLimits, Timeouts
from openai_client._stream import ChatStream
from openai_client._values import (
    ChatCompletion,
    Choice,
    Deleted,
    Engine,
    EngineList,
    Model,
    ModelList,
    RateLimit,
    RateLimits,
    ResponseMeta,
    Sent,
    Timings,
    ToolCall,
    Usage,
    digest_of,
    ending_of,
)
from openai_client.client import Client
from openai_client.exceptions import (
    APIError,
    BadRequest,
    BrokenOff,
    ConnectionFailed,
    ContentFiltered,
    ContextTooLong,
    InvalidKey,
    ModelNotFound,
    NotFound,
    OpenAIClientError,
    OutOfMoney,
    PermissionDenied,
    RateLimited,
    ServerFault,
    TimedOut,
    TooLarge,
    UnexpectedAnswer,
)

__all__ = [
    "APIError",
    "AdminKey",
    "AdminKeyList",
    "BadRequest",
    "BrokenOff",
    "ChatCompletion",
    "ChatStream",
    "Choice",
    "ChoiceFinished",
    "Client",
    "ConnectionFailed",
    "ContentFiltered",
    "ContextTooLong",
    "Deleted",
    "Delta",
    "Dialect",
    "Engine",
    "EngineList",
    "File",
    "FileContent",
    "FileList",
    "FileStream",
    "ImageAnswer",
    "ImageStream",
    "InvalidKey",
    "Model",
    "ModelList",
    "ModelNotFound",
    "NotFound",
    "OpenAIClientError",
    "OutOfMoney",
    "PartialPicture",
    "PermissionDenied",
    "Picture",
    "RateLimit",
    "RateLimited",
    "RateLimits",
    "ReasoningDelta",
    "RefusalDelta",
    "ResponseMeta",
    "Retries",
    "Retry",
    "Secret",
    "Sent",
    "ServerFault",
    "SizeLimits",
    "TextDelta",
    "TextWasReasoning",
    "TimedOut",
    "Timeouts",
    "Timings",
    "TooLarge",
    "ToolCall",
    "ToolCallDelta",
    "UnexpectedAnswer",
    "Upload",
    "Usage",
    "address_of",
    "deployment_of",
    "digest_of",
    "ending_of",
    "normalize_base_url",
]
