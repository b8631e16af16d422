"""Files: stored bytes, safe pictures, uploads in parts, the page that shows them, and their doors."""
