/** Markdown to HTML: what people expect of it, what it must never do, and that a growing text ends as a whole one. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { blocks, mend, MOST_ROWS, nextOutline } from "../../static/js/lib/markdown.js";
import { takePictures } from "../../static/js/lib/pictures.js";

const html = (source) => blocks(source, { outline: [] }).map((block) => block.html()).join("");

test("raw HTML is shown, not obeyed", () => {
  for (const attack of ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<style>*{display:none}</style>", "<form action=/x>", "a <b onclick=x>b</b>"]) {
    assert.doesNotMatch(html(attack), /<(script|img|style|form|b)\b/, attack);
  }
});

test("links lead to the web only", () => {
  for (const scheme of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "vbscript:x", "data:text/html,x", "file:///etc/passwd", "&#106;avascript:alert(1)"]) {
    assert.doesNotMatch(html(`[x](${scheme})`), /href/, scheme);
  }
  assert.match(html("[x](https://example.org/)"), /href="https:\/\/example.org\/"/);
  assert.match(html("see https://example.org/a_b"), /href="https:\/\/example.org\/a_b"/);
  assert.doesNotMatch(html("the file is README.md"), /href/, "a name with a dot is no link");
});

test("a picture from elsewhere is a link, one in the text is a picture", () => {
  assert.equal(html("![Chart](https://example.org/c.png)").trim(), '<p><a href="https://example.org/c.png">Chart</a></p>');
  assert.match(html("![Dot](data:image/png;base64,iVBORw0KGgo=)"), /<img src="data:image\/png;base64,iVBORw0KGgo=" alt="Dot">/);
  assert.doesNotMatch(html("![x](data:image/svg+xml;base64,AAAA)"), /<img/);
});

test("formulas, in all four ways of writing them", () => {
  assert.match(html("so $a^2$ is"), /<span class="math" data-math="inline">a\^2<\/span>/);
  assert.match(html("so \\(a_1\\) is"), /data-math="inline">a_1</);
  assert.match(html("$$\n\\frac{1}{2}\n$$"), /<div class="math" data-math="display">\\frac\{1\}\{2\}<\/div>/);
  assert.match(html("\\[\nx < y\n\\]"), /<div class="math" data-math="display">x &lt; y<\/div>/);
  assert.match(html("Text before\n$$x$$\nand after"), /<p>Text before<\/p>\s*<div class="math"/);
  assert.match(html("- item\n  $$\n  x\n  $$"), /<li>[\s\S]*data-math="display">x</);
});

test("money and code are not formulas", () => {
  for (const text of ["It costs $5 and $10.", "$HOME and $PATH", "a $ b $ c", "`$x$`", "\\$x\\$", "from $5 to $7k"]) {
    assert.doesNotMatch(html(text), /class="math"/, text);
  }
});

test("headings leave no level out, whatever the model wrote", () => {
  assert.match(html("# A\n\n### B\n\n## C"), /<h3>A<\/h3>\s*<h4>B<\/h4>\s*<h4>C<\/h4>/);
  assert.match(html("#### Only"), /<h3>Only<\/h3>/);
  assert.deepEqual([[1], [1, 3], [1, 2]], [nextOutline([], 1), nextOutline([1], 3), nextOutline([1, 3], 2)]);
});

test("tasks, tables and struck text", () => {
  assert.match(html("- [ ] open\n- [x] done"), /<li class="task">open<\/li>\s*<li class="task task-done">done<\/li>/);
  const table = html("| a | b |\n| --- | ---: |\n| 1 | 2 |");
  assert.match(table, /<td data-side="right">2<\/td>/);
  assert.doesNotMatch(table, /style=/, "the page's policy refuses style attributes");
  assert.match(html("~~no~~"), /<s>no<\/s>/);
});

test("a fence knows its language, its code and whether it is over", () => {
  const [open] = blocks("```py\nprint(1)\n", { outline: [] });
  assert.deepEqual([open.type, open.info, open.content, open.closed], ["fence", "py", "print(1)\n", false]);
  for (const [source, closed] of [["```\nx\n```", true], ["```\nx\n``", false], ["~~~~\n```\n~~~~", true], ["```", false]]) {
    assert.equal(blocks(source, { outline: [] })[0].closed, closed, source);
  }
});

test("hostile sizes end in time", { timeout: 20_000 }, () => {
  const hostile = ["- ".repeat(2_000), "a_".repeat(40_000), "`".repeat(60_000), "[".repeat(20_000), "$".repeat(40_001), ">".repeat(5_000), "*".repeat(50_000),
    "\\(".repeat(20_000), "| a ".repeat(2_000) + "\n" + "| - ".repeat(2_000), "👩‍👩‍👧".repeat(20_000), "\u200b".repeat(100_000)];
  for (const text of hostile) assert.equal(typeof html(text), "string");
});

const TEXT = `# Title

A paragraph with **bold**, \`code\` and $x^2$.

1. one
2. two
   - nested

   still two

\`\`\`python
def f():
    return "**not bold**"
\`\`\`

| a | b |
| - | - |
| 1 | 2 |

$$
\\frac{1}{2}
$$

> quote
goes on

## End

[link][ref] and the last words.

[ref]: https://example.org/
`;

test("drawn piece by piece, a text ends as it would be drawn at once", () => {
  for (const step of [1, 7, 50]) {
    let env = { outline: [] };
    let settled = 0;
    let done = "";
    let rest = "";
    for (let end = step; end < TEXT.length + step; end += step) {
      const tail = TEXT.slice(settled, Math.min(end, TEXT.length));
      const found = blocks(tail, env);
      done += found.slice(0, -1).map((block) => block.html()).join("");
      rest = found.at(-1)?.html() ?? "";
      if (found.length) {
        settled += found.at(-1).start;
        env = { ...env, outline: found.at(-1).outline };
      }
    }
    // A link that is defined below what uses it is the one thing that needs the whole text: see components/rich.js.
    const unlinked = (text) => text.replace('<a href="https://example.org/">link</a>', "[link][ref]");
    assert.equal(unlinked(done + rest), unlinked(html(TEXT)), `step ${step}`);
  }
});

test("what is open is closed for the time being", () => {
  const cases = [
    ["a **bo", "a **bo**"], ["a `co", "a `co`"], ["see [x](http", "see x"], ["a ** b", "a ** b"], ["a **b** c", "a **b** c"],
    ["```\n**x", "```\n**x"], ["2 ** 3", "2 ** 3"], ["**done**\n\nnew **start", "**done**\n\nnew **start**"], ["", ""], ["`a` **b", "`a` **b**"],
  ];
  for (const [source, mended] of cases) assert.equal(mend(source), mended, source);
});

test("footnotes: a mark where it is spoken of, the note where it was written", () => {
  const source = "Told[^1] and named[^why], but [^a-z] is a set.\n\n[^1]: Once,\n    - twice\n[^why]: because\nof this";
  const [text, ...notes] = blocks(source, { outline: [] });
  assert.match(text.html(), /Told<sup class="footnote-mark" data-note-mark="1">1<\/sup> and named<sup[^>]*data-note-mark="why">2<\/sup>/);
  assert.match(text.html(), /\[\^a-z\] is a set/);
  assert.deepEqual(notes.map((note) => note.type), ["footnote_open", "footnote_open"]);
  assert.match(notes[0].html(), /data-note="1" data-label="1"><p>Once,<\/p>\s*<ul>\s*<li>twice<\/li>/);
  assert.match(notes[1].html(), /because\s+of this/);
  assert.doesNotMatch(html("`[^1]`"), /footnote/);
  assert.match(html('[^"><b>]: x'), /data-note="&quot;&gt;&lt;b&gt;"/);
});

test("of a long table the rows that are too many are counted, and its source is kept", () => {
  const rows = Array.from({ length: MOST_ROWS + 7 }, (_, index) => `| ${index} | x |`).join("\n");
  const [table, after] = blocks(`| a | b |\n| - | - |\n${rows}\n\nend`, { outline: [] });
  assert.equal(table.moreRows, 7);
  assert.equal(table.html().match(/<tr>/g).length, MOST_ROWS + 1);
  assert.ok(table.content.trimEnd().endsWith(`| ${MOST_ROWS + 6} | x |`));
  assert.equal(after.type, "paragraph_open");
});

test("a block tells where its last part begins", () => {
  const source = "text\n\n- a\n\n- b\n  - c\n\n| h |\n| - |\n| 1 |\n| 2 |";
  const [, list, table] = blocks(source, { outline: [] });
  assert.deepEqual([source.slice(list.lastPart, list.lastPart + 3), list.loose, list.markup], ["- b", true, "-"]);
  assert.equal(source.slice(table.lastPart), "| 2 |");
  assert.equal(source.slice(table.start, table.head), "| h |\n| - |\n");
});

test("pictures are taken out of a text, and put back by number", () => {
  const picture = "data:image/png;base64,iVBORw0KGgo=";
  const { text, pictures } = takePictures(`a ![one](${picture}) b ![two](${picture.replace("png", "svg+xml")}) c`);
  assert.match(text, /^a !\[one\]\(picture:0\) b !\[two\]\(data:image\/svg/);
  assert.deepEqual(pictures, [picture]);
  assert.match(html(text), /<img data-picture="0" alt="one">/);
  assert.equal(takePictures("still ![coming](data:image/png;base64,iVBO").text, "still coming");
  assert.deepEqual(takePictures(`![huge](data:image/png;base64,${"A".repeat(17_000_000)})`).pictures, [""]);
});
