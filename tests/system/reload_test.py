#!/usr/bin/env python3
"""Changes of the files while the daemon serves: taken over whole or not at all, and no query suffers."""
import re
import signal
import threading
import time

import dns_message
from support import SystemTest, UdpClient, main, wait_for

ZONE_FILE, ZONE_YAML = "zones/api.example.com.zone", "zones/api.example.com.yaml"
NEW = "new.api.example.com."
RELOADS = 50


class Reload(SystemTest):
    def setUp(self):
        super().setUp()
        self.dnsd = self.daemon(workers=2)

    def add_record(self, text="one"):
        """As an editor would: the record, and a serial that rose."""
        zone = self.dnsd.read(ZONE_FILE)
        serial = int(re.search(r"(\d+)  ; serial", zone).group(1))
        zone = zone.replace(f"{serial}  ; serial", f"{serial + 1}  ; serial")
        zone = re.sub(r"^new .*\n", "", zone, flags=re.M)
        self.dnsd.write(ZONE_FILE, zone + f'new 60 IN TXT "{text}"\n')

    def answered(self, text="one"):
        return self.dnsd.ask(NEW, "TXT").data("TXT") == [f'"{text}"']

    def soa_serial(self):
        return int(self.dnsd.ask("api.example.com.", "SOA").data("SOA")[0].split()[2])

    def test_by_file_change(self):
        before, serial = self.dnsd.generation(), self.soa_serial()
        self.assertEqual(self.dnsd.ask(NEW, "TXT").rcode, "NXDOMAIN")
        self.add_record()
        wait_for(self.answered, "the new record by itself")
        self.assertEqual(self.soa_serial(), serial + 1)
        self.assertEqual(self.dnsd.generation(), before + 1)

    def test_by_hangup(self):
        before = self.dnsd.generation()
        self.dnsd.signal(signal.SIGHUP)
        wait_for(lambda: self.dnsd.generation() == before + 1, "another generation")
        self.add_record()
        self.dnsd.signal(signal.SIGHUP)
        wait_for(self.answered, "the new record")
        self.assertIn("reload: SIGHUP", self.dnsd.log())

    def test_by_control_socket(self):
        before = self.dnsd.generation()
        self.add_record()
        report = self.dnsd.control("reload")  # the answer comes when all is done
        self.assertEqual((report["ok"], report["errors"]), (True, []))
        self.assertGreater(report["generation"], before)
        self.assertTrue(self.answered())

    def test_what_is_gone_is_gone(self):
        self.dnsd.write(ZONE_FILE, re.sub(r"^www .*\n(\s+300 .*\n)*", "", self.dnsd.read(ZONE_FILE), flags=re.M))
        report = self.dnsd.control("reload")
        self.assertEqual(report["errors"], [])
        self.assertEqual(self.dnsd.ask("www.api.example.com.").rcode, "NXDOMAIN")

    def test_a_zone_comes_and_goes(self):
        self.assertEqual(self.dnsd.ask("example.org.", "SOA").rcode, "REFUSED")
        self.dnsd.write("zones/example.org.zone", "@ 60 SOA ns.example.net. h.example.net. 1 1h 1h 1h 60\n@ NS ns.example.net.\n")
        self.dnsd.write("zones/example.org.yaml", "zone: example.org\nrecords: example.org.zone\n")
        wait_for(lambda: self.dnsd.ask("example.org.", "SOA").rcode == "NOERROR", "the new zone")
        self.dnsd.path("zones/example.org.yaml").unlink()
        wait_for(lambda: self.dnsd.ask("example.org.", "SOA").rcode == "REFUSED", "the end of the zone")

    def test_a_member_leaves_the_pool(self):
        yaml = self.dnsd.read(ZONE_YAML)
        self.dnsd.write(ZONE_YAML, yaml.replace("{address: 198.51.100.1, site: dfw}",
                                                "{address: 198.51.100.1, site: dfw, state: drain}"))
        self.assertEqual(self.dnsd.control("reload")["errors"], [])
        seen = set()
        with UdpClient(self.dnsd.port) as client:
            for _ in range(39):
                addresses = client.ask("us-street.api.example.com.").data("A")
                self.assertEqual(len(set(addresses)), 8)
                seen.update(addresses)
        self.assertEqual(seen, {f"198.51.100.{n}" for n in range(2, 41)})

    def test_a_defect_keeps_the_old_and_names_its_place(self):
        good = self.dnsd.read(ZONE_FILE)
        before = self.dnsd.generation()
        self.dnsd.write(ZONE_FILE, good + "bad 60 IN A 192.0.2.300\nnew 60 IN TXT \"one\"\n")
        report = self.dnsd.control("reload")
        line = good.count("\n") + 1
        self.assertFalse(report["ok"])
        self.assertEqual(report["generation"], before)
        self.assertEqual(len(report["errors"]), 1)
        expected = rf"^zones/api\.example\.com\.zone:{line}:13: error: .+\nbad 60 IN A 192\.0\.2\.300\n {{12}}\^$"
        self.assertRegex(report["errors"][0], expected)
        log = self.dnsd.log()
        self.assertIn(report["errors"][0], log)
        self.assertIn(f"nothing was changed: 1 defect; generation {before} stays in service", log)
        self.assertEqual(self.dnsd.ask("www.api.example.com.").data("A"), ["192.0.2.80"])
        self.assertEqual(self.dnsd.ask(NEW, "TXT").rcode, "NXDOMAIN")

        status = self.dnsd.control("status")
        self.assertEqual(status["generation"], before)
        self.assertEqual(status["last_reload"]["errors"], report["errors"])
        time.sleep(1)
        self.assertLessEqual(self.dnsd.log().count("nothing was changed"), 2)  # asked for, and seen to change: no more
        self.dnsd.write(ZONE_FILE, good + 'new 60 IN TXT "one"\n')  # the fix needs no further command
        wait_for(self.answered, "the fixed file")
        self.assertEqual(self.dnsd.control("status")["last_reload"]["errors"], [])

    def test_all_defects_in_one_run(self):
        self.dnsd.write(ZONE_FILE, self.dnsd.read(ZONE_FILE) + "bad 60 IN A 192.0.2.300\nworse 60 IN AAAA ::g\n")
        self.dnsd.write("pinned_ips/proxy.yaml", self.dnsd.read("pinned_ips/proxy.yaml").replace("14d", "13d"))
        self.dnsd.write("zones/example.net.zone", self.dnsd.read("zones/example.net.zone") + "x BAD 1\n")
        files = [re.match(r"([^:]+):\d+:\d+: error: ", e).group(1) for e in self.dnsd.control("reload")["errors"]]
        self.assertEqual(files, ["pinned_ips/proxy.yaml", ZONE_FILE, ZONE_FILE, "zones/example.net.zone"])

    def test_settings_that_need_a_restart_say_so(self):
        self.dnsd.write("dnsd.yaml", self.dnsd.read("dnsd.yaml").replace("workers: 2", "workers: 3"))
        report = self.dnsd.control("reload")
        self.assertTrue(report["ok"])
        self.assertEqual(len(report["warnings"]), 1)
        self.assertIn("'workers' changed: it takes effect at the next start", report["warnings"][0])

    def test_no_query_is_lost_or_wrong(self):
        """Clients ask without a pause while the zone changes 50 times; an answer is of one generation, whole."""
        stop, failures, asked = threading.Event(), [], [0] * 4
        known = [{"first"}]  # texts that may be answered now; the last set at the time of asking, or a later one

        def client(index):
            rrtype = ("A", "AAAA")[index % 2]
            with UdpClient(self.dnsd.port, patience=3) as sock:
                while not stop.is_set():
                    try:
                        texts_from = len(known) - 1
                        text = sock.ask(NEW, "TXT")
                        allowed = set().union(*known[texts_from:])
                        pool = sock.ask("us-street.api.example.com.", rrtype)
                        nothing = sock.ask("nosuch.api.example.com.")
                    except (OSError, AssertionError, ValueError) as error:
                        failures.append(repr(error))
                        return
                    asked[index] += 3
                    if text.data("TXT")[0].strip('"') not in allowed:
                        failures.append(f"{text.answer}, expected one of {allowed}")
                    if len(set(pool.data(rrtype))) != 8 or pool.flags != dns_message.QR | dns_message.AA:
                        failures.append(f"pool: {pool}")
                    if nothing.rcode != "NXDOMAIN" or len(nothing.authority) != 1:
                        failures.append(f"NXDOMAIN: {nothing}")

        self.add_record("first")
        self.assertTrue(self.dnsd.control("reload")["ok"])
        threads = [threading.Thread(target=client, args=(i,)) for i in range(len(asked))]
        for thread in threads:
            thread.start()
        try:
            for i in range(RELOADS):
                known.append(known[-1] | {f"text {i}"})
                self.add_record(f"text {i}")
                self.assertTrue(self.dnsd.control("reload")["ok"])
                self.assertTrue(self.answered(f"text {i}"))
                known.append({f"text {i}"})
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(failures, [])
        self.assertGreater(min(asked), RELOADS)
        counters = self.dnsd.control("status")["queries"]
        self.assertEqual(counters["udp_overflow"] + counters["udp_send_errors"], 0)
        self.assertEqual(counters["udp_queries"], counters["udp_responses"])


if __name__ == "__main__":
    main()
