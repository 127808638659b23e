"""Answers in one form, and the part of it on which correct servers may not differ. Needs python3-dnspython.

A canonical answer is a dict: status ("ok", "timeout", "unparsable"), rcode, flags, question, edns, and answer, authority
and additional, each a sorted list of "owner ttl class type rdata" with names in lower case. tests/conformance/lenient.h
says the same in C++, for respond().
"""
import struct

import dns.exception
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype

FLAG_BITS = (("AA", 0x0400), ("TC", 0x0200), ("RD", 0x0100), ("RA", 0x0080), ("Z", 0x0040), ("AD", 0x0020), ("CD", 0x0010))
NAME_TYPES = {"NS", "CNAME", "DNAME", "SOA", "PTR", "MX", "SRV", "RP", "AFSDB", "NAPTR", "KX", "SVCB", "HTTPS", "RT", "PX",
              "MB", "MG", "MR", "MINFO", "NXT", "LP", "HIP", "IPSECKEY"}
SECTIONS = ("answer", "authority", "additional")


def canonical_rdata(rrtype, text):
    """Presentation form with the names in it in lower case."""
    if rrtype == "NSEC":
        following, _, types = text.partition(" ")
        return f"{following.lower()} {types}".rstrip()
    if rrtype == "RRSIG":
        fields = text.split(" ")
        fields[7] = fields[7].lower()
        return " ".join(fields)
    return text.lower() if rrtype in NAME_TYPES else text


def canonical_records(rrsets):
    lines = []
    for rrset in rrsets:
        rrtype = dns.rdatatype.to_text(rrset.rdtype)
        head = f"{rrset.name.to_text().lower()} {rrset.ttl} {dns.rdataclass.to_text(rrset.rdclass)} {rrtype}"
        lines += [f"{head} {canonical_rdata(rrtype, rdata.to_text())}" for rdata in rrset]
    return sorted(lines)


def canonical(wire):
    """The canonical form of an answer's octets; None stands for an answer that never came."""
    if wire is None:
        return {"status": "timeout"}
    try:
        message = dns.message.from_wire(wire, one_rr_per_rrset=True, ignore_trailing=False)
    except (dns.exception.DNSException, ValueError, struct.error) as error:
        return {"status": "unparsable", "why": type(error).__name__}
    bits = struct.unpack_from("!H", wire, 2)[0]
    form = {"status": "ok", "rcode": dns.rcode.to_text(message.rcode()),
            "flags": [name for name, bit in FLAG_BITS if bits & bit],
            "question": sorted(f"{q.name.to_text().lower()} {dns.rdataclass.to_text(q.rdclass)} "
                               f"{dns.rdatatype.to_text(q.rdtype)}" for q in message.question),
            "edns": message.edns >= 0, "size": len(wire)}
    for section in SECTIONS:
        form[section] = canonical_records(getattr(message, section))
    return form


def owner(line):
    return line.split(" ", 1)[0]


def rrtype_of(line):
    return line.split(" ", 4)[3]


def covered(line):
    """The type of a record, or of what it signs."""
    return line.split(" ", 5)[4].upper() if rrtype_of(line) == "RRSIG" else rrtype_of(line)


def mask_signatures(lines):
    """Of an RRSIG what it covers, its label count and its signer; duplicates once."""
    out = set()
    for line in lines:
        words = line.split(" ")
        out.add(" ".join(words[:5] + [words[6], words[11]]) if words[3] == "RRSIG" and len(words) >= 12 else line)
    return sorted(out)


def at_or_below(name, ancestor):
    return name == ancestor or ancestor == "." or name.endswith("." + ancestor)


def lenient(form, origins=()):
    """The part of a canonical answer on which correct servers may not differ.

    Left out: the optional NS set of the zone apex (and its RRSIG) in the authority section of an authoritative answer
    that has data; the additional section, but for the addresses of a referral's name servers at or below the delegated
    name (RFC 9471); RA; EDNS details beyond presence; duplicate records; what RRSIGs hold besides what they cover, the
    label count and the signer; all sections of a truncated answer, which may hold any part of the data.
    """
    if form.get("status") != "ok":
        return {"status": form.get("status")}
    out = {key: form[key] for key in ("status", "rcode", "question", "edns")}
    out["flags"] = sorted(flag for flag in form["flags"] if flag in ("AA", "TC", "RD", "AD"))
    if "TC" in out["flags"]:
        return out | {section: "truncated" for section in SECTIONS}
    out["answer"] = mask_signatures(form["answer"])
    authority = set(form["authority"])
    referral = "AA" not in out["flags"] and not form["answer"] and any(rrtype_of(r) == "NS" for r in authority)
    if form["answer"] and form["rcode"] == "NOERROR" and "AA" in out["flags"] \
            and not any(rrtype_of(r) == "SOA" for r in authority):
        authority = {r for r in authority if covered(r) != "NS" or (origins and owner(r) not in origins)}
    out["authority"] = mask_signatures(authority)
    cuts = {owner(r) for r in authority if rrtype_of(r) == "NS"} if referral else ()
    out["additional"] = sorted({r for r in form["additional"] if rrtype_of(r) in ("A", "AAAA")
                                and any(at_or_below(owner(r), cut) for cut in cuts)})
    return out


def differing(one, other):
    """The names of the parts in which two lenient forms differ."""
    return sorted(key for key in set(one) | set(other) if one.get(key) != other.get(key))


def unmet(expected, form, origins=()):
    """The parts in which an answer is not as a case expects; what an expectation leaves open is not compared."""
    if form.get("status") != "ok":
        return ["status"]
    if expected.get("no_answer"):
        return ["answer"] if form["answer"] else []
    wanted = dict(form)
    wanted.update({key: expected[key] for key in ("rcode", *SECTIONS) if expected.get(key) is not None})
    if expected.get("flags") is not None:
        wanted["flags"] = [flag for flag in form["flags"] if flag not in ("AA", "TC")] \
            + [flag for flag in expected["flags"] if flag in ("AA", "TC")]
    return differing(lenient(form, origins), lenient(wanted, origins))
