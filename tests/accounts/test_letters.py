"""Mails in HTML: what the text says, its link as a button, and nobody's markup."""

from accounts import letters


def as_letter(mail) -> str:
    [(content, kind)] = mail.alternatives
    assert kind == "text/html"
    return str(content)


def test_a_mail_says_in_html_what_it_says_in_text(bob, charlie, mail_server, last_mail, path_in):
    charlie.post("/accounts/password/reset/", {"email": "bob@example.org"})
    letter = as_letter(last_mail())
    path = path_in(last_mail().body)
    assert letter.count(f'{path}"') == 2  # the button, and the address for who wants to see where it leads
    assert "<h1>Set a new password</h1>" in letter
    for block in letters.blocks(last_mail().body):
        for line in block.lines:
            assert line in letter
    assert "src=" not in letter and "url(" not in letter  # nothing is fetched: nobody learns that it was read


def test_a_browser_that_calls_itself_markup_stays_text(bob, charlie, mail_server, last_mail, path_in):
    charlie.post("/accounts/password/reset/", {"email": "bob@example.org"})
    form = charlie.get(path_in(last_mail().body))["Location"]
    new = {"password1": "an even longer secret", "password2": "an even longer secret"}
    charlie.post(form, new, HTTP_USER_AGENT="<a href=https://example.org>Click</a>")
    letter = as_letter(last_mail())
    assert "&lt;a href=https://example.org&gt;Click" in letter
    assert "<li>" in letter
    assert 'class="button"' not in letter  # there is no link to open


def test_a_text_falls_into_its_pieces():
    text = "Hello.\n\nhttps://a.example/x\n\n- one\n- two\n\nSee https://b.example now\nand then.\n\n--\nChatsite"
    assert [(block.kind, block.lines) for block in letters.blocks(text)] == [
        ("text", ("Hello.",)),
        ("link", ("https://a.example/x",)),
        ("list", ("one", "two")),
        ("text", ("See https://b.example now", "and then.")),
        ("signature", ("Chatsite",)),
    ]
