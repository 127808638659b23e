#!/usr/bin/env python3
"""The page for people, as golden files of tests/pinned_ips: its markup by a parser, its colours by WCAG's formula, and
its layout on a phone and on a desk by Chromium.
"""
import html
import html.parser
import json
import pathlib
import re
import tempfile
import unittest

import support
from support import TOP, run

GOLDEN = TOP / "tests/pinned_ips/golden"
PAGES = ("page.html", "page_empty.html")
VOID = {"meta", "link", "br", "hr", "img", "input", "line", "rect"}


def text(name):
    return (GOLDEN / name).read_text(encoding="utf-8")


class Element:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children, self.text = tag, attributes, parent, [], ""
        if parent:
            parent.children.append(self)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, *tags):
        return [element for element in self.walk() if element.tag in tags]

    def words(self):
        return self.text + "".join(child.words() for child in self.children)


class Tree(html.parser.HTMLParser):
    """A parser that takes nothing but well-nested elements."""

    def __init__(self, source):
        super().__init__()
        self.root = self.here = Element("", {}, None)
        self.feed(source)
        self.close()
        if self.here is not self.root:
            raise AssertionError(f"<{self.here.tag}> is not closed")

    def handle_starttag(self, tag, attrs):
        if len({name for name, _ in attrs}) != len(attrs):
            raise AssertionError(f"<{tag}> has an attribute twice")
        element = Element(tag, dict(attrs), self.here)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attrs):
        Element(tag, dict(attrs), self.here)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if tag != self.here.tag:
            raise AssertionError(f"</{tag}> closes <{self.here.tag}> in line {self.getpos()[0]}")
        self.here = self.here.parent

    def handle_data(self, data):
        self.here.text += data


class Markup(unittest.TestCase):
    def setUp(self):
        self.trees = {name: Tree(text(name)).root for name in PAGES}

    def each(self):
        for name, root in self.trees.items():
            with self.subTest(name):
                yield root

    def test_nothing_runs_and_nothing_comes_from_elsewhere(self):
        for root in self.each():
            for element in root.walk():
                self.assertNotIn(element.tag, ("script", "img", "iframe", "object", "embed", "base", "form", "audio", "video"))
                for name, value in element.attributes.items():
                    self.assertFalse(name.startswith("on") or name in ("src", "srcset", "style", "xlink:href"), name)
                    if name == "href":
                        self.assertNotRegex(value, r"^([a-z]+:|//)")
            self.assertEqual([link.attributes["rel"] for link in root.all("link")], ["alternate"])
            for style in root.all("style"):
                self.assertNotRegex(style.text, r"@import|url\((?!#)|@font-face")

    def test_landmarks_and_headings(self):
        for root in self.each():
            self.assertEqual(root.all("html")[0].attributes["lang"], "en")
            self.assertTrue(root.all("title")[0].text)
            for tag in ("header", "main", "footer", "nav", "h1"):
                self.assertEqual(len(root.all(tag)), 1, tag)
            self.assertTrue(root.all("nav")[0].attributes["aria-label"])
            level = 0
            for heading in root.all("h1", "h2", "h3", "h4"):
                self.assertLessEqual(int(heading.tag[1]), level + 1, heading.words())
                self.assertTrue(heading.words().strip())
                level = int(heading.tag[1])
            for section in root.all("section"):
                self.assertTrue({"aria-label", "aria-labelledby"} & set(section.attributes))

    def test_references_within_the_page_lead_somewhere(self):
        for root in self.each():
            ids = [element.attributes["id"] for element in root.walk() if "id" in element.attributes]
            self.assertEqual(len(ids), len(set(ids)))
            wanted = [a.attributes["href"][1:] for a in root.all("a") if a.attributes["href"].startswith("#")]
            wanted += [e.attributes["aria-labelledby"] for e in root.walk() if "aria-labelledby" in e.attributes]
            self.assertLessEqual(set(wanted), set(ids))
            first = next(e for e in root.all("body")[0].walk() if e.tag == "a")
            self.assertEqual((first.attributes["class"], first.attributes["href"]), ("skip", "#content"))

    def test_tables_can_be_heard(self):
        for root in self.each():
            self.assertTrue(root.all("table"))
            for table in root.all("table"):
                self.assertEqual(table.children[0].tag, "caption")
                self.assertTrue(table.children[0].words().strip())
                columns = [th.words() for th in table.all("thead")[0].all("th")]
                for row in table.all("tbody")[0].all("tr"):
                    self.assertEqual((row.children[0].tag, row.children[0].attributes["scope"]), ("th", "row"))
                    self.assertEqual([td.attributes["data-label"] for td in row.all("td")], columns[1:])
                # On a phone rows become blocks: what they are has to be said.
                for tag, role in (("table", "table"), ("tr", "row"), ("td", "cell"), ("thead", "rowgroup")):
                    self.assertTrue(all(e.attributes.get("role") == role for e in table.all(tag)), tag)

    def test_what_scrolls_can_be_scrolled_by_keyboard_and_what_is_drawn_is_said_in_words(self):
        for root in self.each():
            self.assertTrue(all(pre.attributes.get("tabindex") == "0" for pre in root.all("pre")))
            for drawing in root.all("svg"):
                above = drawing
                while above and above.attributes.get("aria-hidden") != "true":
                    above = above.parent
                self.assertTrue(above, "a drawing that a screen reader would stumble over")

    def test_instants_are_for_machines_too(self):
        times = self.trees["page.html"].all("time")
        self.assertGreater(len(times), 20)
        for time in times:
            day, clock = re.fullmatch(r"(\S+) (\S+) UTC", time.words()).groups()
            self.assertTrue(time.attributes["datetime"].startswith(f"{day}T{clock}"))


class Colours(unittest.TestCase):
    """WCAG 2.1 1.4.3 and 1.4.11, for both grounds of both schemes."""

    @staticmethod
    def luminance(colour):
        def linear(part):
            value = int(part, 16) / 255
            return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

        red, green, blue = (linear(colour[i:i + 2]) for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(self, one, other):
        high, low = sorted((self.luminance(one), self.luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    def test_contrast(self):
        schemes = re.findall(r":root \{([^}]*)\}", text("page.html"))
        self.assertEqual(len(schemes), 2)
        for scheme in schemes:
            colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", scheme))
            for name in ("text", "soft", "link", "good", "wait", "bad"):
                for ground in ("ground", "raised"):
                    self.assertGreaterEqual(self.contrast(colours[name], colours[ground]), 4.5, f"{name} on {ground}")


class Layout(unittest.TestCase):
    """In Chromium: the page in frames of a given width, measured from outside by a script that only this test adds."""

    MEASURE = """<script>
window.onload = () => {
  const measured = Array.from(document.querySelectorAll("iframe"), frame => {
    const page = frame.contentDocument, view = frame.contentWindow;
    page.querySelectorAll("details").forEach(d => { d.open = true; });
    const all = selector => Array.from(page.querySelectorAll(selector));
    return {width: view.innerWidth, scroll: page.documentElement.scrollWidth,
      wide: all("body *").filter(e => !e.closest("pre, thead, .skip, svg")
        && e.getBoundingClientRect().right > view.innerWidth + 1).map(e => e.outerHTML.slice(0, 80)),
      row: view.getComputedStyle(page.querySelector("tbody tr")).display,
      bars: all(".lines li:not(.axis) svg").map(e => e.getBoundingClientRect().width),
      size: parseFloat(view.getComputedStyle(page.body).fontSize)};
  });
  document.title = JSON.stringify(measured);
};
</script>"""

    @classmethod
    def setUpClass(cls):
        inner = html.escape(text("page.html"))
        frames = "".join(f'<iframe srcdoc="{inner}" style="border: 0; height: 900px; width: {width}px"></iframe>'
                         for width in (360, 1280))
        with tempfile.TemporaryDirectory(prefix="dnsd-page-") as folder:
            page = pathlib.Path(folder, "frames.html")
            page.write_text(f"<!DOCTYPE html><html><head><title></title></head><body>{frames}{cls.MEASURE}</body></html>",
                            encoding="utf-8")
            dom = run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                      f"--user-data-dir={folder}/profile", "--dump-dom", page.as_uri(), timeout=150)
        cls.phone, cls.desk = json.loads(html.unescape(re.search(r"<title>(.*?)</title>", dom).group(1)))

    def test_a_phone_needs_no_sideways_scrolling(self):
        seen = self.phone
        self.assertEqual((seen["width"], seen["scroll"], seen["wide"]), (360, 360, []))
        self.assertEqual(seen["row"], "block")
        self.assertEqual(len(seen["bars"]), 6)
        self.assertTrue(all(bar > 300 for bar in seen["bars"]), seen["bars"])
        self.assertGreaterEqual(seen["size"], 16)

    def test_a_desk_has_tables(self):
        seen = self.desk
        self.assertEqual((seen["width"], seen["scroll"], seen["wide"]), (1280, 1280, []))
        self.assertEqual(seen["row"], "table-row")
        self.assertTrue(all(bar > 600 for bar in seen["bars"]), seen["bars"])


if __name__ == "__main__":
    support.main()
