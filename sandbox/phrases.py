"""The guide's fixed sentences, in English and in Chinese, and which of the two a text is written in."""

import re

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
SENTENCES = {
    "hello": (
        "Hello! I am the **sandbox** guide. I am not a language model: I search this site's own documents and show you "
        "what they say. Ask me how something here works, or say *show me what this site can do*.",
        "你好！我是**沙盒（sandbox）**向导。我不是语言模型：我只在本站自己的文档里搜索，并把找到的内容给你看。"
        "你可以问我本站怎么用，或者说“演示一下这个网站能做什么”。",
    ),
    "who": (
        "I am `{model}`, part of the **sandbox** built into this site, so that everything can be tried without a key "
        "and without cost. I find answers in the site's README and docs by searching for your words; nothing leaves "
        "this machine. For a real model, add a provider with its key in the settings.",
        "我是 `{model}`，是本站内置**沙盒（sandbox）**的一部分：没有密钥、不花钱也能试用所有功能。"
        "我按你的用词在本站的 README 和文档里搜索答案，任何内容都不会离开这台机器。"
        "想用真正的模型，请在设置里添加服务商和密钥。",
    ),
    "thanks": ("You are welcome. Ask on whenever you like.", "不客气，随时可以继续问。"),
    "bye": ("Goodbye! This conversation stays in your list.", "再见！这段对话会留在你的列表里。"),
    "how": (
        "I am a program that searches documents, so I am always the same: ready. "
        "What would you like to know about this site?",
        "我是一个搜索文档的程序，一直都在待命。关于本站，你想了解什么？",
    ),
    "found": (
        "From **{name}** (sandbox: found by searching this site's documents):",
        "摘自 **{name}**（沙盒 sandbox：在本站文档中搜索到）：",
    ),
    "more": ("Also in **{name}**:", "另见 **{name}**："),
    "see": ("See also: {names}.", "另见：{names}。"),
    "nothing": (
        "I found nothing about that in this site's README and docs. I am the **sandbox**: I can only search those "
        "documents, and do not know anything else. Try other words, or say *show me what this site can do*.",
        "我在本站的 README 和文档里没有找到相关内容。我是**沙盒（sandbox）**，只会搜索这些文档，别的一概不知。"
        "换个说法再试试，或者说“演示一下这个网站能做什么”。",
    ),
    "near": ("The nearest by its words is **{name}**.", "用词最接近的是 **{name}**。"),
    "no_more": ("That was all that I found about it.", "找到的内容就是这些。"),
    "empty": ("Your message was empty. Ask me something about this site.", "消息是空的。请问我一些关于本站的问题。"),
}


def language(text: str) -> str:
    """Return "zh" for a text that is more Chinese than Latin, else "en"."""
    return (
        "zh"
        if len(HAN.findall(text)) > 2 * len(LATIN.findall(text)) or (HAN.search(text) and not LATIN.search(text))
        else "en"
    )


def say(sentence: str, speech: str, /, **values: str) -> str:
    """Return a sentence in a language, with its values put in."""
    return SENTENCES[sentence][speech == "zh"].format(**values)
