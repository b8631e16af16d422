"""The totals of an account around a call: each move is one statement, which is its lock, and tells every tab."""

from django.utils import timezone

from billing.actions import ledger, statements
from billing.models import Account

_RESERVE = """
    UPDATE billing_account SET held = held + %s WHERE id = %s AND balance - held >= %s
    RETURNING user_id, balance, held, used, expired
"""
_CLOSE = """
    UPDATE billing_account SET balance = balance - %s, held = held - %s,
        used = used + CASE WHEN balance >= %s THEN %s WHEN balance > 0 THEN balance ELSE 0 END
    WHERE id = %s RETURNING user_id, balance, held, used, expired, due_at <= %s
"""
_LOOK = "SELECT user_id, balance, held, used, expired FROM billing_account WHERE id = %s"


def reserve(account_id: int, amount: int) -> bool:
    """Hold `amount` if it is available, asked and done at once; False: it is not."""
    found = statements.row(_RESERVE, [amount, account_id, amount])
    if found is None:
        return False
    _announce(*found)
    return True


def close(account_id: int, *, held: int, cost: int = 0) -> None:
    """Give back what was held for a call, and take what it cost: from the balance, and from the grants."""
    found = statements.row(_CLOSE, [cost, held, cost, cost, account_id, timezone.now()])
    assert found is not None, "accounts outlive everything"
    *after, due = found
    _announce(*after)
    if cost:
        ledger.take(account_id, cost)
    if due:  # a grant that had ended may have been kept for this call alone
        ledger.due(ledger.locked_by_id(account_id))


def recorded(account_id: int) -> None:
    """Nothing moved, and yet a call was recorded."""
    found = statements.row(_LOOK, [account_id])
    assert found is not None, "accounts outlive everything"
    _announce(*found)


def _announce(user_id: int | None, balance: int, held: int, used: int, expired: int) -> None:
    ledger.announce(Account(user_id=user_id, balance=balance, held=held, used=used, expired=expired))
