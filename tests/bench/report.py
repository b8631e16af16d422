"""The benchmark's findings as one table."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
_COLUMNS = (
    ("completed", "completed", lambda f: f"{f['completed']}/{f['conversations']}"),
    ("stored", "stored", lambda f: str(f.get("stored", ""))),
    ("lost", "lost", lambda f: str(f["lost"])),
    ("doubled", "doubled", lambda f: str(f["doubled"])),
    ("first", "first token p50/p99 ms", lambda f: _pair(f["first_p50"], f["first_p99"])),
    ("delay", "token delay p50/p99 ms", lambda f: _pair(f["delay_p50"], f["delay_p99"])),
    ("rate", "tokens/s", lambda f: f"{f['words_per_second']:,.0f}"),
    ("cpu", "CPU s/1,000", lambda f: f"{f['cpu_per_1000']:.3f}" if "cpu_per_1000" in f else ""),
    ("peak", "peak MB", lambda f: f"{f['peak_mb']:.0f}" if "peak_mb" in f else ""),
    ("frames", "frames/token", lambda f: f"{f['frames_per_word']:.2f}"),
)


def _pair(middle: float, late: float) -> str:
    return f"{middle * 1000:,.1f} / {late * 1000:,.1f}"


def table(rows: dict[str, Json]) -> str:
    """Each load with the same straight from the upstream below it, then start and idle sockets."""
    lines = [["row", *(title for _, title, _ in _COLUMNS)]]
    for name, found in rows.items():
        if "straight" in found:
            lines.append([name, *(show(found) for _, _, show in _COLUMNS)])
            lines.append(["  straight", *(show(found["straight"]) for _, _, show in _COLUMNS)])
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    text = [
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]
    return "\n".join([*(text if len(lines) > 1 else []), *_sentences(rows)])


def _sentences(rows: dict[str, Json]) -> list[str]:
    found = []
    if start := rows.get("start"):
        times = ", ".join(f"{seconds:.2f}" for seconds in start["seconds_to_ready"])
        found.append(f"start to /readyz: {times} s; at rest {start['rss_mb']:.0f} MB")
    if idle := rows.get("idle"):
        found.append(
            f"{idle['sockets']:,} idle sockets: {idle['kib_per_socket']:.1f} KiB and "
            f"{idle['cpu_per_socket'] * 1000:.1f} ms of CPU each, {idle['alive']:,} alive at the end"
        )
    if search := rows.get("search"):
        found.append(
            f"searching {search['messages']:,} messages: {search['search_p50'] * 1000:.1f} ms, 95 of 100 within "
            f"{search['search_p95'] * 1000:.1f} ms, all within {search['search_most'] * 1000:.1f} ms; by LIKE "
            f"{search['like_p50'] * 1000:.1f} and {search['like_p95'] * 1000:.1f} ms; "
            f"indexed in {search['index_cpu']:.0f} s of CPU"
        )
    return found
