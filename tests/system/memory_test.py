#!/usr/bin/env python3
"""What a zone costs in memory while it is loaded again, and that all of it comes back."""
import pathlib
import random

from support import SystemTest, main, wait_for

RECORDS = 200_000
MEGABYTE = 1 << 20


def zone_text(serial):
    numbers = random.Random(1)
    lines = [f"h{numbers.getrandbits(32):08x}{i:05x} A 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n" for i in range(RECORDS)]
    return f"$TTL 300\n@ SOA ns1 host {serial} 7200 3600 1209600 300\n@ NS ns1\nns1 A 127.0.0.1\n" + "".join(lines)


class Memory(SystemTest):
    def octets(self, what):
        """VmRSS: resident now; VmHWM: the most since forget_peak()."""
        status = pathlib.Path(f"/proc/{self.dnsd.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(what + ":"))

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.dnsd.process.pid}/clear_refs").write_text("5", encoding="ascii")

    def served(self):
        """Octets of the zone as status says them."""
        return self.dnsd.control("status")["zones"][0]["octets"]

    def reload(self, serial):
        self.dnsd.write("zones/big.zone", zone_text(serial))
        report = self.dnsd.control("reload")
        self.assertEqual((report["ok"], report["errors"]), (True, []))
        self.assertEqual(self.dnsd.ask("big.example.", "SOA").data("SOA")[0].split()[2], str(serial))

    def test_a_reload_takes_one_more_zone_and_gives_it_back(self):
        self.dnsd = self.daemon(data=None, http=False, files={
            "zones/big.yaml": "zone: big.example\nrecords: big.zone\n", "zones/big.zone": zone_text(1),
            "pinned_ips/.empty": ""})
        self.reload(2)
        small = self.served()
        wait_for(lambda: self.octets("VmRSS") < self.octets("VmHWM"), "the first load's memory is given back")
        before = self.settled()
        # Two moments want most. When records are sorted there are the text, for messages, and records with their owners
        # twice, as they came and in order; when the zone is compiled there are these once, and the new compiled zone.
        records_and_owners = RECORDS * (24 + 1 + 27 + 4)
        sorting, compiling = len(zone_text(1)) + 2 * records_and_owners, records_and_owners + self.served()
        allowed = before + max(sorting, compiling) + 16 * MEGABYTE
        for serial in range(3, 7):
            self.forget_peak()
            self.reload(serial)
            self.assertLess(self.octets("VmHWM"), allowed, f"the peak of reload {serial}")
        wait_for(lambda: self.octets("VmRSS") < before + 6 * MEGABYTE, "resident memory is what it was", patience=20)
        self.assertEqual(self.served(), small)

    def test_nothing_changed_takes_nothing(self):
        self.dnsd = self.daemon(data=None, http=False, files={
            "zones/big.yaml": "zone: big.example\nrecords: big.zone\n", "zones/big.zone": zone_text(1),
            "pinned_ips/.empty": ""})
        before = self.settled()
        self.forget_peak()
        self.assertTrue(self.dnsd.control("reload")["ok"])
        self.assertLess(self.octets("VmHWM"), before + 2 * MEGABYTE)

    def settled(self):
        """Resident memory once it stays the same for two seconds."""
        last = []

        def steady():
            last.append(self.octets("VmRSS"))
            return len(last) > 20 and max(last[-20:]) - min(last[-20:]) < MEGABYTE // 4 and last[-1]
        return wait_for(steady, "resident memory settles", patience=30, step=0.1)


if __name__ == "__main__":
    main()
