"""Figures as files: CSV, tables of Markdown, bar and line charts as SVG for light and dark pages."""
import contextlib
import csv
import math
import statistics
from xml.sax.saxutils import escape

WIDTH = 860
COLOURS = (("#3b76af", "#6aa7e0"), ("#d9822b", "#f0a556"), ("#3d9a78", "#5fc7a1"), ("#a4508b", "#d583bd"), ("#7a7a3a", "#b9b95f"))


def write_text(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path}")


def write_csv(path, columns, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"wrote {path}")


def number(text):
    """What a cell of a CSV file was."""
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(text)
    return text


def with_others(path, rows, key, order):
    """The rows, and those that are in the file already about something else; in the order of `order`."""
    found = []
    if path.exists():
        with open(path, encoding="utf-8", newline="") as file:
            found = [{column: number(text) for column, text in row.items()} for row in csv.DictReader(file)]
    measured = {row[key] for row in rows}
    return sorted([row for row in found if row[key] in order and row[key] not in measured] + rows,
                  key=lambda row: order.index(row[key]))


def table(columns, rows):
    lines = [columns, ["---"] + ["---:"] * (len(columns) - 1), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


# ---- bars ------------------------------------------------------------------------------------------------------------

BAR, GAP, LEFT, RIGHT = 16, 6, 250, 190
OUTLIER = 8  # times the median: a bar that long is cut, so that the others can be compared


def added_up(values, unit):
    return " + ".join(f"{value:,.0f}" for value in values) + f" {unit}"


def bar_chart(title, subtitle, unit, groups, tell=added_up):
    """`groups`: [(heading, [(label, {part: value})])]. Each group has a scale of its own; a bar is its parts in a row.
    `tell` says at its end what they are."""
    parts = heading(title, subtitle)
    names = list(dict.fromkeys(name for _, bars in groups for _, values in bars for name in values))
    for i, name in enumerate(names):
        parts.append(f'<rect class="d{i}" x="{WIDTH - 220 + 100 * i}" y="44" width="12" height="12"/>'
                     f'<text class="soft" x="{WIDTH - 202 + 100 * i}" y="55">{escape(name)}</text>')
    y = 84
    for head, bars in groups:
        parts.append(f'<text class="name" x="24" y="{y + 12}">{escape(head)}</text>')
        y += 24
        sums = [sum(values.values()) for _, values in bars]
        longest = max((s for s in sums if s <= OUTLIER * statistics.median(sums)), default=1) or 1
        for label, values in bars:
            parts += one_bar(y, label, [(names.index(name), value) for name, value in values.items()], longest,
                             tell(values.values(), unit))
            y += BAR + GAP
        y += 18
    return document(title, parts, y)


def one_bar(y, label, values, longest, told):
    """`longest` fills the room that there is; one that is longer fills it too, and shows that it is cut."""
    room = WIDTH - LEFT - RIGHT
    total = sum(value for _, value in values)
    scale = room / max(longest, total)
    parts = [f'<text x="{LEFT - 10}" y="{y + 12}" text-anchor="end">{escape(label)}</text>']
    x = float(LEFT)
    for colour, value in values:
        parts.append(f'<rect class="d{colour}" x="{x:.1f}" y="{y}" width="{value * scale:.1f}" height="{BAR}"/>')
        x += value * scale
    if total > longest:
        cut = f"{y + BAR + 2} l8,-{BAR + 4} h5 l-8,{BAR + 4} z"
        parts += [f'<path class="page" d="M{LEFT + room - 40 + shift},{cut}"/>' for shift in (0, 10)]
    return [*parts, f'<text class="soft" x="{x + 8:.1f}" y="{y + 12}">{escape(told)}</text>']


# ---- lines -----------------------------------------------------------------------------------------------------------

PANEL, PANEL_LEFT, PANEL_RIGHT = 260, 80, 190


def line_charts(title, subtitle, panels):
    """`panels`: [(heading, name of x, unit of y, {line: [(x, y)]})], one below the other. x is logarithmic (its 0 stands
    before the first power), y begins at 0."""
    parts, top = heading(title, subtitle), 84
    for head, x_name, unit, lines in panels:
        parts.append(f'<text class="name" x="24" y="{top + 12}">{escape(head)} ({escape(unit)})</text>')
        parts += panel(top + 28, x_name, unit, lines)
        top += PANEL + 70
    return document(title, parts, top)


def panel(top, x_name, unit, lines):
    xs = sorted({x for points in lines.values() for x, _ in points})
    highest = step_up(max(y for points in lines.values() for _, y in points))
    bottom, right = top + PANEL - 40, WIDTH - PANEL_RIGHT

    def x_at(x):
        """A place of its own to each decade; 0 a decade below the least of the others."""
        least = min((v for v in xs if v > 0), default=1)
        low, high = math.log10(least) - (1 if 0 in xs else 0), math.log10(max(xs[-1], least * 10))
        return PANEL_LEFT + (right - PANEL_LEFT) * ((math.log10(x) if x > 0 else low) - low) / (high - low)

    def y_at(y):
        return bottom - (bottom - top) * y / highest

    parts = []
    for i in range(6):
        y = highest * i / 5
        parts.append(f'<line class="{"grid" if i else "axis"}" x1="{PANEL_LEFT}" y1="{y_at(y):.1f}" x2="{right}" y2="{y_at(y):.1f}"/>'
                     f'<text class="soft" x="{PANEL_LEFT - 8}" y="{y_at(y) + 4:.1f}" text-anchor="end">{y:,.6g}</text>')
    parts += [f'<text class="soft" x="{x_at(x):.1f}" y="{bottom + 18}" text-anchor="middle">{x:,}</text>' for x in xs
              if x == 0 or math.log10(x) == int(math.log10(x))]
    parts.append(f'<text class="soft" x="{(PANEL_LEFT + right) / 2:.1f}" y="{bottom + 36}" text-anchor="middle">{escape(x_name)}</text>')
    ends = spread([y_at(points[-1][1]) for points in lines.values()])
    for number, ((name, points), end) in enumerate(zip(lines.items(), ends)):
        path = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y in points)
        parts.append(f'<polyline class="l{number}" points="{path}"/>')
        parts += [f'<circle class="d{number}" cx="{x_at(x):.1f}" cy="{y_at(y):.1f}" r="3.5"><title>{escape(name)}, {x:,}: '
                  f'{y:,.5g} {escape(unit)}</title></circle>' for x, y in points]
        parts.append(f'<text class="d{number} name" x="{right + 12}" y="{end + 4:.1f}">{escape(name)}</text>')
    return parts


def spread(places, least=17):
    """The places, moved so that names there do not stand over each other."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved, last = list(places), None
    for i in order:
        moved[i] = places[i] if last is None else max(places[i], last + least)
        last = moved[i]
    return moved


def step_up(value):
    """The next round number above."""
    if value <= 0:
        return 1
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= value)


# ---- pages -----------------------------------------------------------------------------------------------------------

def heading(title, subtitle):
    return [f'<text class="title" x="24" y="34">{escape(title)}</text>', f'<text class="soft" x="24" y="56">{escape(subtitle)}</text>']


def document(title, parts, height):
    def colours(shade):
        return "".join(f".l{i}{{stroke:{c[shade]}}}.d{i}{{fill:{c[shade]}}}" for i, c in enumerate(COLOURS))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img">\n'
            f"<title>{escape(title)}</title>\n<style>\n"
            "text{font-family:system-ui,'Segoe UI','DejaVu Sans',sans-serif;font-size:12px;fill:#1f2933}\n"
            ".title{font-size:18px;font-weight:600}.name{font-size:13px;font-weight:600}.soft{fill:#5b6772}.page{fill:#ffffff}\n"
            ".grid{stroke:#e1e5ea}.axis{stroke:#9aa5b1}polyline{fill:none;stroke-width:2.5}\n" + colours(0) + "\n"
            "@media (prefers-color-scheme:dark){text{fill:#e4e7eb}.soft{fill:#9aa5b1}.page{fill:#14181d}.grid{stroke:#2b323a}"
            ".axis{stroke:#616e7c}" + colours(1) + "}\n</style>\n"
            '<rect class="page" width="100%" height="100%"/>\n' + "\n".join(parts) + "\n</svg>\n")
