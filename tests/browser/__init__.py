"""The pages as people use them: the real site, the real browser, a real upstream."""
