"""A line chart over logarithmic axes, as SVG for light and dark pages."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 400, 68, 96, 84, 52
COLOURS = (("#3b76af", "#6aa7e0"), ("#d9822b", "#f0a556"), ("#3d9a78", "#5fc7a1"))

STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)  # of the axis


def line_chart(title, subtitle, x_name, xs, lines):
    """`lines`: name -> a value above 1 for each of `xs`, which are powers of ten. Shown is by how much it is above 1."""
    excess = {name: [value - 1 for value in values] for name, values in lines.items()}
    lowest = max(s for s in STEPS if s <= min(min(values) for values in excess.values()))
    highest = min(s for s in STEPS if s >= max(max(values) for values in excess.values()))
    rooms = len(xs) - 1

    def x_at(place):
        return LEFT + (WIDTH - LEFT - RIGHT) * place / rooms

    def y_at(value):
        part = math.log(value / lowest) / math.log(highest / lowest)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part

    parts = [f'<text class="title" x="24" y="34">{escape(title)}</text>', f'<text class="soft" x="24" y="56">{escape(subtitle)}</text>']
    for step in (s for s in STEPS if lowest <= s <= highest):
        y = y_at(step)
        parts.append(f'<line class="{"axis" if step == lowest else "grid"}" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        parts.append(f'<text class="soft" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{step:+.0%}</text>')
    for place, x in enumerate(xs):
        parts.append(f'<text class="soft" x="{x_at(place):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{x:,}</text>')
    parts.append(f'<text class="soft" x="{(LEFT + WIDTH - RIGHT) / 2:.1f}" y="{HEIGHT - 12}" text-anchor="middle">{escape(x_name)}</text>')
    for number, (name, y) in enumerate(label_places(excess, y_at)):
        points = [(x_at(place), y_at(value)) for place, value in enumerate(excess[name])]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        parts.append(f'<polyline class="l{number}" points="{path}"/>')
        for (a, b), x, value in zip(points, xs, lines[name]):
            parts.append(f'<circle class="d{number}" cx="{a:.1f}" cy="{b:.1f}" r="4"><title>{escape(name)}, {x:,} {escape(x_name)}: '
                         f'{value:.3f}</title></circle>')
        parts.append(f'<text class="d{number} name" x="{WIDTH - RIGHT + 12}" y="{y + 4:.1f}">{escape(name)}</text>')
    return document(title, parts)


def label_places(lines, y_at):
    """Where the names of the lines stand, at their ends but not over each other; in the order of `lines`."""
    places, last = {}, None
    for name in sorted(lines, key=lambda n: -lines[n][-1]):
        y = y_at(lines[name][-1])
        last = y if last is None else max(y, last + 18)
        places[name] = last
    over = max(0, last - (HEIGHT - BOTTOM))
    return [(name, places[name] - over) for name in lines]


def document(title, parts):
    def colours(shade):
        return "".join(f".l{i}{{stroke:{c[shade]}}}.d{i}{{fill:{c[shade]}}}" for i, c in enumerate(COLOURS))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
            f"<title>{escape(title)}</title>\n<style>\n"
            "text{font-family:system-ui,'Segoe UI','DejaVu Sans',sans-serif;font-size:12px;fill:#1f2933}\n"
            ".title{font-size:18px;font-weight:600}.name{font-size:13px;font-weight:600}.soft{fill:#5b6772}.page{fill:#ffffff}\n"
            ".grid{stroke:#e1e5ea}.axis{stroke:#9aa5b1}polyline{fill:none;stroke-width:2.5}\n" + colours(0) + "\n"
            "@media (prefers-color-scheme:dark){text{fill:#e4e7eb}.soft{fill:#9aa5b1}.page{fill:#14181d}.grid{stroke:#2b323a}"
            ".axis{stroke:#616e7c}" + colours(1) + "}\n</style>\n"
            '<rect class="page" width="100%" height="100%"/>\n' + "\n".join(parts) + "\n</svg>\n")
