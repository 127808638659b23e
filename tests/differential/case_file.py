"""Case files: zones, a question, and what the servers answer.

    # what it is about, and what settled it
    zone a.world.
    a.world. 60 SOA …
    query www.a.world. A edns=1232
    dnsd:
      NOERROR aa
      …
    nsd: …

tests/differential/differential_test.cc asks respond() the same and compares with the block of dnsd.
"""
import pathlib
import re

import dns.exception
import dns.flags
import dns.message
import dns.rcode

from world import WORLD, Query, World, Zone, zone_text, text


def answer_text(octets, label):
    """As tests/support/dns_message.h writes it, but for the RDATA, which is dnspython's."""
    if octets is None:
        return "no answer"
    try:
        message = dns.message.from_wire(octets, one_rr_per_rrset=True)
    except (dns.exception.DNSException, ValueError) as error:
        return f"{type(error).__name__}: {octets.hex()}"
    words = [dns.rcode.to_text(message.rcode())]
    words += [flag for flag, bit in (("aa", dns.flags.AA), ("tc", dns.flags.TC)) if message.flags & bit]
    words += [f"edns={message.payload}"] if message.edns >= 0 else []
    words += ["do"] if message.ednsflags & dns.flags.DO else []
    lines = [" ".join(words)]
    for title in ("answer", "authority", "additional"):
        records = [str(record) for rrset in getattr(message, title) for record in rrset.to_text().splitlines()]
        lines += [f"{title}:"] * bool(records) + [f"  {record}" for record in records]
    return "\n".join(lines).replace(label, WORLD.lower())


def write(path, about, world, label, answers):
    blocks = [f"# {about}"]
    for zone in world.zones:
        blocks.append(f"zone {text(zone.origin)}\n{zone_text(zone).rstrip()}")
    blocks.append(world.queries[0].words())
    for server, octets in answers.items():
        blocks.append(f"{server}:\n" + "\n".join("  " + line for line in answer_text(octets, label).splitlines()))
    path.write_text("\n".join(blocks) + "\n", encoding="utf-8")


def name_of(presentation):
    """A tuple of labels; the world's own becomes WORLD."""
    labels = re.findall(r"((?:\\\d{3}|\\.|[^.\\])+)\.", presentation)
    return tuple(WORLD if n == len(labels) - 1 and label == WORLD.lower() else label for n, label in enumerate(labels))


def read(path):
    """A World of which the records are lines of text."""
    zones, query = [], None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("zone "):
            zones.append((name_of(line[5:]), []))
        elif line.startswith("query "):
            query = read_query(line)
        elif query is None and not line.startswith("#"):
            zones[-1][1].append(line)
    return World(0, [Zone(origin, records) for origin, records in zones], [query])


def read_query(line):
    _, name, rrtype, *words = line.split()
    options = dict(word.partition("=")[::2] for word in words)
    return Query(name_of(name), rrtype, int(options.get("class", 1)), "rd" in options, "cd" in options, "ad" in options,
                 int(options["edns"]) if "edns" in options else None, "do" in options)


def show(paths, farm, ask, servers):
    """What the servers answer to case files now."""
    for path in map(pathlib.Path, paths):
        world = read(path)
        with farm([(WORLD.lower(), world)]) as running:
            print(f"== {path}")
            for server in servers:
                octets = ask(running.ports[server], [world.queries[0].wire(WORLD.lower(), 0)])[0]
                print(f"{server}:\n" + "\n".join("  " + line for line in answer_text(octets, WORLD.lower()).splitlines()))
