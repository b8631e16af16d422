"""The HTTP addresses of money (docs/protocol.md)."""

from django.urls import path

from billing.views import balance, owner, prices
from live.replies import methods

urlpatterns = [
    path("balance/", methods(GET=balance.page), name="balance"),
    path("balance/show/", methods(POST=balance.show_money), name="show_money"),
    path("balance/price/", methods(GET=balance.price), name="price"),
    path("balance/entries.csv", methods(GET=balance.entries_csv), name="entries_csv"),
    path("balance/usage.csv", methods(GET=balance.usage_csv), name="usage_csv"),
    path("settings/money/", methods(GET=owner.money), name="money"),
    path("settings/money/rules/", methods(POST=owner.set_policy), name="set_policy"),
    path("settings/money/grants/", methods(POST=owner.give_grant), name="give_grant"),
    path("settings/money/corrections/", methods(POST=owner.correct_balance), name="correct_balance"),
    path("settings/prices/", methods(GET=prices.page), name="prices"),
    path("settings/prices/set/", methods(POST=prices.set_price), name="set_price"),
    path("settings/prices/import/", methods(POST=prices.import_prices), name="import_prices"),
    path("settings/prices/prices.csv", methods(GET=prices.prices_csv), name="prices_csv"),
]
