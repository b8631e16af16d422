"""The tour: what the site's renderer can show, all of it or one part, for people who ask to see it."""

import re

TEXT = """\
## Text

Plain paragraphs with **bold**, *italic*, ~~struck~~ and `inline code`, a [link](https://commonmark.org/help/), and

> a quote, which may hold
>
> > another quote.

1. Numbered lists
2. with steps
   - and lists inside
   - of lists
3. - [x] a task that is done
   - [ ] and one that is not

---
"""
CODE = """\
## Code

```python
def fibonacci(count: int) -> list[int]:
    \"\"\"Return the first Fibonacci numbers.\"\"\"
    numbers = [0, 1]
    while len(numbers) < count:
        numbers.append(numbers[-1] + numbers[-2])
    return numbers[:count]


assert fibonacci(8) == [0, 1, 1, 2, 3, 5, 8, 13]
```

```javascript
const words = ["sand", "box"];
console.log(words.join("")); // sandbox
```

```diff
- an old line
+ a new line
```

```sh
curl "$OPENAI_BASE_URL/models" -H "Authorization: Bearer $OPENAI_API_KEY"
```
"""
TABLE = """\
## Tables

| Model | Good for | Tokens per second |
| :--- | :--- | ---: |
| `sandbox-guide` | questions about this site | 60 |
| `sandbox-thinks` | the same, reasoning aloud | 60 |
| `sandbox-slow` | trying *Stop* | 4 |
| `sandbox-error` | seeing `401`, `429`, `500` … | – |
"""
MATHS = r"""## Maths

Inline: $e^{i\pi} + 1 = 0$ and \(a^2 + b^2 = c^2\). On a line of its own:

$$
\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}
$$

\[
\begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1}
= \frac{1}{ad - bc} \begin{pmatrix} d & -b \\ -c & a \end{pmatrix}
\]
"""
DIAGRAM = """\
## Diagrams

```mermaid
sequenceDiagram
    You->>Site: a question
    Site->>Sandbox: POST /v1/chat/completions
    Sandbox-->>Site: tokens, one by one
    Site-->>You: the answer, as it comes
```
"""
WORLD = """\
## Writing systems

English, Ελληνικά, Русский, עברית, العربية, हिन्दी, 简体中文, 繁體中文, 日本語, 한국어. 中文与 English 混排，
标点“全角”与 "half width" 并存。
"""
NEXT = {
    "en": """\
## What to try next

- Choose `sandbox-thinks` to see reasoning, `sandbox-slow` to try *Stop*, `sandbox-breaks-off` to see what a lost
  connection looks like, `sandbox-error` and a message such as `429` to see an error.
- Attach a picture and ask what is on it: the sandbox tells its format, size and colours.
- Give me a tool, or ask for JSON.
- Ask me a question about this site.
""",
    "zh": """\
## 接下来可以试试

- 选 `sandbox-thinks` 看推理过程，选 `sandbox-slow` 试试“停止”，选 `sandbox-breaks-off` 看连接中断时的样子，
  选 `sandbox-error` 并发送 `429` 之类的内容看看错误提示。
- 附上一张图片，问图里有什么：沙盒会告诉你它的格式、大小和颜色。
- 给我一个工具，或者要求我返回 JSON。
- 问我一个关于本站的问题。
""",
}
OPENING = {
    "en": "# What this site can show\n\n"
    "A tour by the **sandbox**: everything below is ordinary text from a model, drawn by this site.\n",
    "zh": "# 本站能显示什么\n\n**沙盒（sandbox）**为你演示：下面都是模型返回的普通文本，由本站排版显示。\n",
}
PART = {
    "en": "From the **sandbox**'s tour:\n",
    "zh": "摘自**沙盒（sandbox）**的演示：\n",
}
PARTS = (
    (TEXT, r"markdown|formatting|lists?|quotes?|格式|列表|引用"),
    (CODE, r"code|programming|python|javascript|代码|程序"),
    (TABLE, r"tables?|表格"),
    (MATHS, r"maths?|formulas?|formulae|equations?|latex|katex|数学|公式"),
    (DIAGRAM, r"diagrams?|mermaid|flow ?charts?|图表|流程图"),
    (WORLD, r"languages|writing systems|scripts|chinese text|unicode|文字|语言"),
)
WHOLE = re.compile(
    r"what (this|the) (site|page|app|chat|website) can (do|show)|what can (this|the) (site|app|chat|website) (do|show)"
    r"|\b(a|the|quick|full|grand) tour\b|^tour$|take a tour|\bdemo(nstration)?\b|show me everything"
    r"|演示|导览|本站能(做|显示)什么|这个网站能(做|显示)什么",
    re.IGNORECASE,
)
SHOW = re.compile(
    r"\b(show|give|draw|write|display|demonstrate|see|try|example|sample|some)\b|^\W*[\w ]{3,16}\W*$"
    r"|示例|例子|给我|展示|显示|写|画|看看|来(一|个)",
    re.IGNORECASE,
)
QUESTION = re.compile(r"\b(how|why|which|does|where)\b|怎么|为什么|如何", re.IGNORECASE)
SHORT = 80  # characters; a longer message is about something else


def asked_for(question: str, speech: str) -> str:
    """Return the tour, or the parts of it that a question asks to see; "" when it asks for something else."""
    if len(question) > SHORT:
        return ""
    if WHOLE.search(question):
        return "\n".join([OPENING[speech], *(text for text, _ in PARTS), NEXT[speech]])
    edge = r"\b" if speech == "en" else ""  # Chinese has no blanks between words
    parts = [text for text, words in PARTS if re.search(f"{edge}({words}){edge}", question, re.IGNORECASE)]
    if parts and SHOW.search(question) and not QUESTION.search(question):
        return "\n".join([PART[speech], *parts])
    return ""
