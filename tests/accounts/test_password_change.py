"""Changing the password while signed in."""

NEW = "an even longer secret"


def change(browser, **changes):
    form = {"oldpassword": browser.password, "password1": NEW, "password2": NEW} | changes
    return browser.post("/accounts/password/change/", form)


def test_the_new_password_works_from_now_on(bob, browser):
    assert change(bob)["Location"] == "/settings/"
    other = browser()
    other.sign_in("bob@example.org", NEW)
    assert other.is_signed_in()


def test_this_session_stays_and_every_other_ends(bob, browser):
    other = browser()
    other.sign_in("bob@example.org")
    change(bob)
    assert bob.is_signed_in()
    assert not other.is_signed_in()


def test_the_next_page_confirms_it(bob):
    change(bob)
    assert "Every other session has ended." in bob.get("/settings/").text


def test_with_a_mail_server_the_address_is_told(bob, mail_server, last_mail):
    change(bob)
    assert last_mail().to == ["bob@example.org"]
    assert last_mail().subject == "[Chatsite] Your password was changed"
    assert "127.0.0.1" in last_mail().body


def test_a_wrong_current_password_is_refused(bob):
    assert "This is not your current password." in change(bob, oldpassword="a guess").text


def test_two_different_new_ones_are_refused(bob):
    assert "same password" in change(bob, password2=NEW + "!").text


def test_a_short_one_is_refused(bob):
    assert "at least 8 characters" in change(bob, password1="short", password2="short").text


def test_after_five_attempts_in_a_minute_the_next_has_to_wait(bob):
    codes = [change(bob, oldpassword="a guess").status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(db, charlie):
    assert change(charlie)["Location"].startswith("/accounts/login/")
