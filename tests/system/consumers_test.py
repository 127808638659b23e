#!/usr/bin/env python3
"""The views of the feed, read by those they are for: real programs and libraries of other people, or the rules that
these apply. The documents are the golden files of tests/pinned_ips, which the unit tests hold the daemon's code to.

nft and ipset load them into the kernel of a network of the test's own.
"""
import datetime
import io
import ipaddress
import json
import pathlib
import re
import subprocess
import sys
import unittest
import uuid
import xml.etree.ElementTree as ElementTree

import feedparser
import icalendar
import jsonschema

import own_network
import support
from support import TOP, run, tool

GOLDEN = TOP / "tests/pinned_ips/golden"
LISTS = sorted(path.name for path in GOLDEN.glob("*.txt") if re.match(r"(allow|current|next|removable)", path.name))
ATOM = "{http://www.w3.org/2005/Atom}"


def octets(name):
    return (GOLDEN / name).read_bytes()


def document(name):
    return json.loads(octets(name))


def networks(prefixes):
    return [ipaddress.ip_network(prefix) for prefix in prefixes]


def allowed(of_set=None):
    """What the native document says is to be allowed: the rows that are not over, without those inside another."""
    live = [ipaddress.ip_network(e["cidr"]) for e in document("ip-ranges.json")["entries"]
            if e["state"] in ("announced", "standby", "active", "draining") and of_set in (None, e["set"])]
    return {n for n in live if not any(n != o and n.version == o.version and n.subnet_of(o) for o in live)}


class Native(unittest.TestCase):
    """ip-ranges.json by its JSON Schema (python3-jsonschema)."""

    def setUp(self):
        schema = document("ip-ranges.schema.json")
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

    def test_documents_follow_the_schema(self):
        for name in ("ip-ranges.json", "ip-ranges_unchanging.json"):
            self.assertEqual([e.message for e in self.validator.iter_errors(document(name))], [])

    def test_the_schema_refuses_what_is_wrong(self):
        def broken(change):
            copy = document("ip-ranges.json")
            change(copy)
            return copy

        changes = (lambda d: d.pop("serial"), lambda d: d.update(serial=0), lambda d: d.update(serial="42"),
                   lambda d: d.update(entries=[]), lambda d: d["entries"][0].update(state="gone"),
                   lambda d: d["entries"][0].update(enabled="2026-13-01"), lambda d: d["entries"][0].pop("id"),
                   lambda d: d["entries"][0].update(enabled_at="2026-01-01"), lambda d: d["policy"].pop("max_entries"),
                   lambda d: d["changes"][0].pop("effective_at"), lambda d: d.update(createDate="2026-11-21"))
        for number, change in enumerate(changes):
            with self.subTest(number):
                self.assertFalse(self.validator.is_valid(broken(change)))

    def test_a_reader_of_the_seeds_format_finds_all_it_knows(self):
        for entry in document("ip-ranges.json")["entries"]:
            self.assertEqual(list(entry)[:6], ["cidr", "class", "published", "enabled", "retired", "facility"])
            network = ipaddress.ip_network(entry["cidr"])
            self.assertEqual(entry["class"], f"ipv{network.version}")
            self.assertLessEqual(entry["published"], entry["enabled"])
            today = "2026-11-22"
            if entry["state"] in ("cancelled", "revoked", "retired", "quarantined"):
                self.assertLessEqual(entry["retired"], today)

    def test_sync_token_is_the_epoch_of_create_date(self):
        for name in ("ip-ranges.json", "aws.json"):
            made = datetime.datetime.strptime(document(name)["createDate"], "%Y-%m-%d-%H-%M-%S")
            epoch = int(made.replace(tzinfo=datetime.timezone.utc).timestamp())
            self.assertEqual(document(name)["syncToken"], str(epoch))


class Lists(unittest.TestCase):
    """allow.txt and its kind, by the strictest reader there is: one canonical CIDR a line and nothing else."""

    def test_every_line_is_a_canonical_prefix_in_order_and_apart(self):
        self.assertEqual(len(LISTS), 11)  # removable-v6.txt is empty in the sample, hence not served
        for name in LISTS:
            with self.subTest(name):
                text = octets(name).decode("ascii")
                self.assertRegex(text, r"\A([0-9a-f.:]+/[0-9]+\n)+\Z")
                here = networks(text.splitlines())
                self.assertEqual([str(n) for n in here], text.splitlines())
                self.assertEqual(here, sorted(here, key=lambda n: (n.version, n)))
                for a, b in zip(here, here[1:]):
                    self.assertFalse(a.version == b.version and a.overlaps(b), f"{a} and {b}")

    def test_allow_is_what_the_document_says(self):
        self.assertEqual(set(networks(octets("allow.txt").decode().split())), allowed())

    def test_families_are_apart(self):
        for kind in ("allow", "current", "next"):
            parts = octets(f"{kind}-v4.txt") + octets(f"{kind}-v6.txt")
            self.assertEqual(parts, octets(f"{kind}.txt"))
            self.assertTrue(all(n.version == 4 for n in networks(octets(f"{kind}-v4.txt").decode().split())))

    def test_nothing_is_both_allowed_and_removable(self):
        for gone in networks(octets("removable.txt").decode().split()):
            self.assertFalse(any(gone.version == n.version and gone.overlaps(n) for n in allowed()))

    def test_what_is_answered_is_allowed(self):
        for name in ("current.txt", "next.txt"):
            for network in networks(octets(name).decode().split()):
                self.assertTrue(any(network.version == n.version and network.subnet_of(n) for n in allowed()), network)


class Aws(unittest.TestCase):
    """aws.json, by what its readers do with it."""

    def terraform(self, services, regions=()):
        """aws_ip_ranges: services and regions are compared in lower case; no result at all is an error."""
        data = document("aws.json")
        self.assertIsInstance(data["syncToken"], str)
        int(data["syncToken"])  # strconv.Atoi
        self.assertIsInstance(data["createDate"], str)
        services, regions = {s.lower() for s in services}, {r.lower() for r in regions}

        def wanted(prefix):
            for key in ("region", "service"):  # Go's decoder wants strings
                self.assertIsInstance(prefix[key], str)
            return prefix["service"].lower() in services and (not regions or prefix["region"].lower() in regions)

        v4 = sorted(p["ip_prefix"] for p in data["prefixes"] if wanted(p))
        v6 = sorted(p["ipv6_prefix"] for p in data["ipv6_prefixes"] if wanted(p))
        self.assertTrue(v4 or v6, "no IP ranges result from filters")
        return v4, v6

    def ansible(self, ipv6=False, **filters):
        """aws_service_ip_ranges: the service is upper-cased by the lookup and then compared as it is."""
        rows = document("aws.json")["ipv6_prefixes" if ipv6 else "prefixes"]
        if "region" in filters:
            rows = [row for row in rows if row["region"] == filters["region"]]
        if "service" in filters:
            rows = [row for row in rows if row["service"] == filters["service"].upper()]
        return [row["ipv6_prefix" if ipv6 else "ip_prefix"] for row in rows]

    def test_terraform_reads_it(self):
        v4, v6 = self.terraform(["proxy"])
        self.assertEqual(set(networks(v4 + v6)), allowed("proxy"))
        self.assertEqual(self.terraform(["PROXY"], ["EWR-1"])[0], ["192.0.2.77/32", "203.0.113.7/32"])

    def test_ansible_reads_it(self):
        self.assertEqual(set(networks(self.ansible(service="proxy") + self.ansible(True, service="proxy"))), allowed("proxy"))
        self.assertEqual(self.ansible(service="mail.out"), ["198.51.100.25/32"])

    def test_the_form_is_that_of_aws(self):
        data = document("aws.json")
        self.assertEqual(list(data), ["syncToken", "createDate", "prefixes", "ipv6_prefixes"])
        seen = set()
        for rows, key, version in ((data["prefixes"], "ip_prefix", 4), (data["ipv6_prefixes"], "ipv6_prefix", 6)):
            for row in rows:
                self.assertEqual(list(row), [key, "region", "service", "network_border_group"])
                self.assertEqual(row["service"], row["service"].upper())
                self.assertTrue(all(row.values()))
                self.assertEqual(ipaddress.ip_network(row[key]).version, version)
                self.assertNotIn(row[key], seen)  # one service a prefix: a security group takes none twice
                seen.add(row[key])


class CheckPoint(unittest.TestCase):
    """checkpoint.json, by the rules of a Generic Data Center (sk167210)."""

    def test_objects(self):
        data = document("checkpoint.json")
        self.assertEqual(data["version"], "1.0")
        self.assertIsInstance(data["description"], str)
        for key in ("name", "id"):
            values = [o[key] for o in data["objects"]]
            self.assertEqual(len(values), len(set(values)))
        for one in data["objects"]:
            self.assertEqual(set(one), {"name", "id", "description", "ranges"})
            self.assertEqual(str(uuid.UUID(one["id"])), one["id"])
            self.assertEqual(one["id"], str(uuid.uuid5(uuid.NAMESPACE_URL, "urn:ip-ranges:set:" + one["name"])))
            self.assertTrue(one["ranges"])
            self.assertEqual(set(networks(one["ranges"])), allowed(one["name"]))


class Kernel(unittest.TestCase):
    """nftables.nft and ipset.txt, loaded by nft and ipset into the kernel of this network."""

    def setUp(self):
        links = run("ip", "-oneline", "link").splitlines()
        self.assertEqual([link.split(": ")[1] for link in links], ["lo"], "not a network of the test's own")
        run("nft", "flush", "ruleset")

    def filter_sets(self):
        listing = json.loads(run("nft", "-j", "list", "ruleset"))["nftables"]

        def network(element):
            if isinstance(element, dict):
                return ipaddress.ip_network(f"{element['prefix']['addr']}/{element['prefix']['len']}")
            return ipaddress.ip_network(element)

        return {s["set"]["name"]: {network(e) for e in s["set"].get("elem", [])} for s in listing if "set" in s}

    def expect_all(self, sets, name_of):
        for name, by_family in {n: {v: {x for x in allowed(n) if x.version == v} for v in (4, 6)} for n in
                                {e["set"] for e in document("ip-ranges.json")["entries"]}}.items():
            for version, expected in by_family.items():
                self.assertEqual(sets[name_of(name, version)], expected, name)

    @staticmethod
    def nft_name(name, version):
        return ("" if name[0].isalpha() else "_") + f"{name}_v{version}"

    def test_nft_checks_and_loads_it_again_and_again(self):
        file = str(GOLDEN / "nftables.nft")
        run("nft", "-c", "-f", file)
        self.assertEqual(self.filter_sets(), {})  # only checked
        for _ in range(2):
            run("nft", "-f", file)
            self.expect_all(self.filter_sets(), self.nft_name)
        # What stood in a set and is no longer allowed goes; the rules of others stay.
        run("nft", "add element inet ip_ranges proxy_v4 { 10.1.2.3 }")
        run("nft", "add chain inet ip_ranges out { type filter hook output priority 0; }")
        run("nft", "add rule inet ip_ranges out ip daddr @proxy_v4 tcp dport 443 accept")
        run("nft", "-f", file)
        self.expect_all(self.filter_sets(), self.nft_name)
        self.assertIn("ip daddr @proxy_v4 tcp dport 443 accept", run("nft", "list", "ruleset"))

    def test_nft_takes_it_into_a_table_of_the_customers_own(self):
        """As the page says: rules can name sets of their own table alone."""
        run("nft", "add table inet filter")
        run("nft", "add chain inet filter output { type filter hook output priority 0; }")
        script = octets("nftables.nft").decode().replace("inet ip_ranges", "inet filter")
        for _ in range(2):
            subprocess.run([tool("nft"), "-f", "-"], input=script, text=True, timeout=60, check=True)
            self.expect_all(self.filter_sets(), self.nft_name)
        run("nft", "add rule inet filter output ip6 daddr @proxy_v6 tcp dport 443 accept")
        self.assertIn("@proxy_v6", run("nft", "list", "chain", "inet", "filter", "output"))

    def test_ipset_restores_it_again_and_again(self):
        def sets():
            listed = ElementTree.fromstring(run("ipset", "list", "-output", "xml"))
            return {s.get("name"): {ipaddress.ip_network(e.text) for e in s.iter("elem")} for s in listed.iter("ipset")}

        def restore():
            done = subprocess.run([tool("ipset"), "restore"], input=octets("ipset.txt"), capture_output=True, timeout=60,
                                  check=False)
            self.assertEqual((done.returncode, done.stderr), (0, b""))

        for _ in range(2):
            restore()
            self.assertEqual(sets()["proxy-v4"], {n for n in allowed("proxy") if n.version == 4})
            self.assertEqual(sets()["proxy-v6"], {n for n in allowed("proxy") if n.version == 6})
        run("ipset", "add", "proxy-v4", "10.1.2.3")
        restore()
        self.assertNotIn(ipaddress.ip_network("10.1.2.3"), sets()["proxy-v4"])
        self.assertFalse([name for name in sets() if name.endswith(".new")])
        self.assertTrue(all(len(name) <= 31 for name in sets()))


class Calendar(unittest.TestCase):
    """schedule.ics by python3-icalendar, and the rules of RFC 5545 that it does not ask for."""

    def test_lines(self):
        text = octets("schedule.ics")
        self.assertTrue(text.endswith(b"\r\n"))
        self.assertEqual(text.count(b"\n"), text.count(b"\r\n"))
        for line in text[:-2].split(b"\r\n"):
            self.assertLessEqual(len(line), 75)
            line.decode("utf-8")

    def test_events(self):
        calendar = icalendar.Calendar.from_ical(octets("schedule.ics"))
        self.assertEqual([str(calendar[key]) for key in ("VERSION", "METHOD")], ["2.0", "PUBLISH"])
        self.assertIn("PRODID", calendar)
        events = calendar.walk("VEVENT")
        self.assertFalse(calendar.errors + [error for event in events for error in event.errors])
        self.assertEqual(len({str(e["UID"]) for e in events}), len(events))
        for event in events:
            for key in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"):
                self.assertIn(key, event)
            self.assertEqual(event.decoded("DTSTART").utcoffset(), datetime.timedelta(0))
            self.assertIn(str(event["STATUS"]), ("CONFIRMED", "CANCELLED"))

    def test_tells_what_the_document_tells(self):
        expected = set()
        for e in document("ip-ranges.json")["entries"]:
            if not e["genesis"]:
                expected.add((e["enabled_at"], e["cidr"], "CANCELLED" if e["state"] == "cancelled" else "CONFIRMED"))
        events = icalendar.Calendar.from_ical(octets("schedule.ics")).walk("VEVENT")
        told = {(e.decoded("DTSTART").strftime("%Y-%m-%dT%H:%M:%SZ"), str(e["SUMMARY"]).split()[0], str(e["STATUS"]))
                for e in events if "may be answered" in str(e["SUMMARY"])}
        self.assertEqual(told, expected)

    def test_texts_come_back_as_they_were_written(self):
        events = icalendar.Calendar.from_ical(octets("schedule.ics")).walk("VEVENT")
        reasons = [str(e["DESCRIPTION"]) for e in events if "Reason: more room" in str(e["DESCRIPTION"])]
        self.assertEqual(len(reasons), 1)
        self.assertTrue(reasons[0].endswith('more room, "fast"; see <notes>, A\\B & Zürich – said so that a line of a '
                                            'calendar must be folded'))


class Atom(unittest.TestCase):
    """changes.atom by python3-feedparser, and by the rules of RFC 4287 4.1."""

    def test_a_feed_reader_reads_it(self):
        feed = feedparser.parse(io.BytesIO(octets("changes.atom")))
        self.assertFalse(feed.bozo, feed.get("bozo_exception"))
        self.assertEqual(feed.version, "atom10")
        self.assertEqual(feed.feed.updated, document("ip-ranges.json")["generated_at"])
        titles = [entry.title for entry in feed.entries]
        self.assertIn("198.51.100.9/32 (proxy) is cancelled", titles)
        self.assertIn("203.0.113.7/32 (proxy) is announced: may be answered from 2026-12-24T12:00:00Z", titles)
        updated = [entry.updated for entry in feed.entries]
        self.assertEqual(updated, sorted(updated, reverse=True))
        self.assertLessEqual(updated[0], feed.feed.updated)

    def test_elements_are_those_of_the_grammar(self):
        root = ElementTree.fromstring(octets("changes.atom"))
        self.assertEqual(root.tag, ATOM + "feed")
        ids = [e.text for e in root.iter(ATOM + "id")]
        self.assertEqual(len(ids), len(set(ids)))
        for one in ids:
            self.assertRegex(one, r"\Aurn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
        self.assertEqual([e.text for e in root.find(ATOM + "author")], ["feed.example.com"])
        may = {"feed": {"id", "title", "updated", "author", "link", "entry"},
               "entry": {"id", "title", "updated", "category", "link", "summary"}}
        for element in [root, *root.findall(ATOM + "entry")]:
            names = [child.tag.removeprefix(ATOM) for child in element]
            self.assertLessEqual(set(names), may[element.tag.removeprefix(ATOM)])
            for name in ("id", "title", "updated"):
                self.assertEqual(names.count(name), 1)
            datetime.datetime.strptime(element.find(ATOM + "updated").text, "%Y-%m-%dT%H:%M:%SZ")
        self.assertEqual([link.get("rel") for link in root.findall(ATOM + "link")], ["self"])
        for entry in root.findall(ATOM + "entry"):
            # An entry without content has to have an alternate link; a category has a term.
            self.assertEqual([link.get("rel") for link in entry.findall(ATOM + "link")], ["alternate"])
            self.assertTrue(entry.find(ATOM + "category").get("term"))


class Geofeed(unittest.TestCase):
    """geofeed.csv by the grammar of RFC 8805 2.1."""

    def test_rows(self):
        rows = []
        for line in octets("geofeed.csv").decode("utf-8").splitlines():
            if line.startswith("#"):
                continue
            fields = line.split(",")
            self.assertEqual(len(fields), 5)
            prefix, country, region, city, postal = fields
            self.assertRegex(country, r"\A([A-Z]{2})?\Z")
            self.assertRegex(region, r"\A([A-Z]{2}-[A-Z0-9]{1,3})?\Z")
            self.assertEqual((city, postal), ("", ""))
            rows.append(ipaddress.ip_network(prefix))
        self.assertEqual(len(rows), len(set(rows)))
        self.assertEqual(set(rows), allowed())


class Changes(unittest.TestCase):
    def test_serials_rise_without_holes(self):
        data = document("changes.json")
        self.assertEqual(list(data), ["since", "serial", "complete", "changes"])
        self.assertIs(data["complete"], True)
        serials = [change["serial"] for change in data["changes"]]
        self.assertEqual(serials, sorted(serials))
        self.assertTrue(all(data["since"] < serial <= data["serial"] for serial in serials))


if __name__ == "__main__":
    if "--inside" in sys.argv:
        sys.argv.remove("--inside")
        support.main()
    else:
        own_network.enter(pathlib.Path(__file__), "--inside", *sys.argv[1:])
