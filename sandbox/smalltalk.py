"""What counts as small talk: greetings, thanks, and asking for more; whole messages only, in English and Chinese."""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


TALK = (
    (
        "hello",
        _any(
            r"(hi|hello|hey|hallo|good (morning|evening|afternoon|day)|greetings)( there| all| sandbox| guide)?",
            r"你好呀?|您好|嗨|哈喽|早上好|晚上好|下午好|在吗",
        ),
    ),
    (
        "who",
        _any(
            r"(who|what) are you|what is (this|the) sandbox|what('s| is) your name|what can you do|help",
            r"are you (an? )?(ai|gpt|chatgpt|human|real|bot)( model)?",
            r"你是(谁|什么)(呀|啊)?|介绍一下你自己|帮助|你能做什么|你会什么",
        ),
    ),
    (
        "thanks",
        _any(
            r"thanks?( you)?( (very|so) much| a lot)?|thx|great|ok(ay)?|cool|nice|perfect",
            r"(谢谢|多谢|感谢)你?|好的?",
        ),
    ),
    ("bye", _any(r"(good)?bye( bye)?|see you( later)?", r"再见|拜拜")),
    ("how", _any(r"how are you( doing)?( today)?|how('s| is) it going", r"你好吗|最近怎么样")),
)
MORE = _any(
    r"(tell me |show me |say )?(some )?more( please| about (it|that|this))?|go on|continue|and|what else",
    r"继续|更多|还有(吗|呢)|接着说",
)
