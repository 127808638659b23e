#include "zones/zone_edit.h"

#include <gtest/gtest.h>

#include "zone_text.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr std::string_view master =
    "; the zone\n"
    "$TTL 1h\n"
    "@       IN SOA  ns1 hostmaster (\n"
    "                2026112001 ; serial\n"
    "                7200 3600 1209600 300 )\n"
    "        IN NS   ns1        ; first\n"
    "        IN NS   ns2\n"
    "ns1     IN A    192.0.2.1  ; one\n"
    "        IN AAAA 2001:db8::1\n"
    "        IN TXT  \"keep\"\n"
    "ns2     IN A    192.0.2.2\n"
    "$INCLUDE more\n"
    "$ORIGIN sub\n"
    "www     300 IN A 192.0.2.3   ; comment\n"
    "        300 IN A 192.0.2.4\n"
    "big     IN TXT ( \"a\"   ; x\n"
    "                 \"b\" )\n"
    "$GENERATE 1-3 g$ A 10.0.0.$\n";

const Files files = {{"more", "inc 60 A 192.0.2.9\n"}};
const ZoneFileOptions options = options_for();
const OpenFile open = open_from(files);

MasterFile file(std::string_view text) { return {text, options, open}; }
Name in_zone(std::string_view text) { return *Name::parse(text, options.origin); }

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// The lines that went and came, "-" and "+", between what is the same at both ends.
std::string changes(std::string_view before, const Result<std::string>& edited) {
  if (!edited) return "refused: " + edited.failure().message;
  const auto a = lines_of(before), b = lines_of(*edited);
  size_t head = 0, tail = 0;
  while (head < std::min(a.size(), b.size()) && a[head] == b[head]) ++head;
  while (tail < std::min(a.size(), b.size()) - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  std::string out;
  for (size_t i = head; i < a.size() - tail; ++i) out += "-" + a[i] + "\n";
  for (size_t i = head; i < b.size() - tail; ++i) out += "+" + b[i] + "\n";
  return out;
}

std::string add(std::string_view owner, std::optional<uint32_t> ttl, uint16_t type, std::string_view rdata,
                std::string_view text = master) {
  return changes(text, add_record(file(text), in_zone(owner), ttl, type, rdata));
}
std::string set(std::string_view owner, std::optional<uint32_t> ttl, uint16_t type, std::vector<std::string> rdata,
                std::string_view text = master) {
  return changes(text, set_records(file(text), in_zone(owner), ttl, type, rdata));
}
std::string remove(std::string_view owner, uint16_t type, std::optional<std::string_view> rdata = std::nullopt,
                   std::string_view text = master) {
  return changes(text, remove_records(file(text), in_zone(owner), type, rdata));
}

constexpr auto A = rr_type::A, TXT = rr_type::TXT, NS = rr_type::NS, MX = rr_type::MX;

TEST(ZoneEdit, ANewRecordGoesBehindThoseOfItsTypeInTheirColumns) {
  EXPECT_EQ(add("ns1", {}, A, "192.0.2.8"), "+ns1     IN A    192.0.2.8\n");
  EXPECT_EQ(add("@", {}, NS, "ns3.example.net."), "+        IN NS   ns3.example.net.\n");
  EXPECT_EQ(add("www.sub", {}, A, "192.0.2.5"), "+        300 IN A 192.0.2.5\n");
  EXPECT_EQ(add("www.sub", 300, A, "192.0.2.5"), "+        300 IN A 192.0.2.5\n");
}

TEST(ZoneEdit, ANewTypeGoesBehindItsOwner) {
  EXPECT_EQ(add("@", {}, MX, "10 ns1"), "+        IN MX   10 ns1\n");
  EXPECT_EQ(add("ns2", 60, TXT, "\"x y\""), "+ns2 60  IN TXT  \"x y\"\n");
}

TEST(ZoneEdit, ANewOwnerGoesToTheEndUnderTheOriginThere) {
  EXPECT_EQ(add("new", {}, A, "192.0.2.8"), "+new.example.com. IN A 192.0.2.8\n");
  EXPECT_EQ(add("new.sub", 60, A, "192.0.2.8"), "+new 60  IN A 192.0.2.8\n");
  EXPECT_EQ(add("sub", {}, A, "192.0.2.8"), "+@       IN A 192.0.2.8\n");
}

TEST(ZoneEdit, RelativeNamesBelongToTheZoneWhateverTheOriginThere) {
  EXPECT_EQ(add("www.sub", 60, MX, "10 ns1"), "+        60  IN MX 10 ns1.example.com.\n");
  EXPECT_EQ(add("ns2", {}, MX, "10 ns1"), "+ns2     IN MX   10 ns1\n");
}

TEST(ZoneEdit, AFileWithoutFinalNewlineGetsOne) {
  const std::string text = apex + "a 60 A 192.0.2.2";
  const auto edited = add_record(file(text), in_zone("b"), 60, A, "192.0.2.3");
  ASSERT_TRUE(edited) << edited.failure().message;
  EXPECT_EQ(*edited, apex + "a 60 A 192.0.2.2\nb    A 192.0.2.3\n");
}

TEST(ZoneEdit, LineEndsOfDosAndTabsStay) {
  const std::string text = "$TTL 60\r\n@\tIN\tSOA\tns1 h 1 2 1 9 1\r\n@\tIN\tNS\tns1\r\nns1\tIN\tA\t192.0.2.1\r\n";
  const auto edited = add_record(file(text), in_zone("ns1"), {}, A, "192.0.2.2");
  ASSERT_TRUE(edited) << edited.failure().message;
  EXPECT_EQ(*edited, text + "ns1\tIN\tA\t192.0.2.2\r\n");
}

TEST(ZoneEdit, AddRefusesWhatIsThereAndOtherTtls) {
  EXPECT_EQ(add("ns1", {}, A, "192.0.2.1"), "refused: the A of ns1.example.com. is there already, in test.zone:8");
  EXPECT_EQ(add("inc", {}, A, "192.0.2.9"), "refused: the A of inc.example.com. is there already, in more:1");
  EXPECT_EQ(add("ns1", 60, A, "192.0.2.8"),
            "refused: the A of ns1.example.com. in test.zone:8 has the TTL 3600; all records of an RRset have one "
            "(RFC 2181 5.2)");
}

TEST(ZoneEdit, RefusesWhatIsNoRecord) {
  EXPECT_EQ(add("ns1", {}, A, "192.0.2"), "refused: A: the address '192.0.2' is not an IPv4 address");
  EXPECT_EQ(add("ns1", {}, A, "192.0.2.8\nevil A 192.0.2.8"), "refused: more than one line");
  EXPECT_EQ(add("www.example.org.", {}, A, "192.0.2.8"), "refused: www.example.org. is not in the zone example.com.");
  EXPECT_EQ(add("ns1", 2147483648u, A, "192.0.2.8"), "refused: a TTL above 2147483647 (RFC 2181 section 8)");
}

TEST(ZoneEdit, RefusesFilesItCannotRead) {
  EXPECT_EQ(add("a", {}, A, "192.0.2.8", "a 60 A x\n"),
            "refused: the master file has a defect: test.zone:1:8: error: A: the address 'x' is not an IPv4 address");
}

TEST(ZoneEdit, RemovesOneRecordOrAllOfAType) {
  EXPECT_EQ(remove("ns1", TXT), "-        IN TXT  \"keep\"\n");
  EXPECT_EQ(remove("@", NS, "ns2"), "-        IN NS   ns2\n");
  EXPECT_EQ(remove("@", NS), "-        IN NS   ns1        ; first\n-        IN NS   ns2\n");
  EXPECT_EQ(remove("www.sub", A), "-www     300 IN A 192.0.2.3   ; comment\n-        300 IN A 192.0.2.4\n");
  EXPECT_EQ(remove("big.sub", TXT), "-big     IN TXT ( \"a\"   ; x\n-                 \"b\" )\n");
}

TEST(ZoneEdit, TheLineBelowInheritsTheOwnerInWriting) {
  EXPECT_EQ(remove("ns1", A),
            "-ns1     IN A    192.0.2.1  ; one\n-        IN AAAA 2001:db8::1\n+ns1     IN AAAA 2001:db8::1\n");
  EXPECT_EQ(remove("www.sub", A, "192.0.2.3"),
            "-www     300 IN A 192.0.2.3   ; comment\n-        300 IN A 192.0.2.4\n+www     300 IN A 192.0.2.4\n");
  EXPECT_EQ(remove("@", rr_type::SOA),
            "-@       IN SOA  ns1 hostmaster (\n-                2026112001 ; serial\n"
            "-                7200 3600 1209600 300 )\n-        IN NS   ns1        ; first\n+@       IN NS   ns1     "
            "   ; first\n");
}

TEST(ZoneEdit, TheInheritingLineMayBeNarrowOrBehindADirective) {
  const std::string narrow = apex + "longname 60 A 192.0.2.2\n 60 A 192.0.2.3\n";
  EXPECT_EQ(remove("longname", A, "192.0.2.2", narrow),
            "-longname 60 A 192.0.2.2\n- 60 A 192.0.2.3\n+longname 60 A 192.0.2.3\n");
  const std::string directive = apex + "a 60 A 192.0.2.2\n$ORIGIN sub\n  60 A 192.0.2.3\n";
  EXPECT_EQ(remove("a", A, "192.0.2.2", directive),
            "-a 60 A 192.0.2.2\n-$ORIGIN sub\n-  60 A 192.0.2.3\n+$ORIGIN sub\n+a.example.com.  60 A 192.0.2.3\n");
}

TEST(ZoneEdit, ARecordThatStandsTwiceIsRemovedTwice) {
  const std::string text = apex + "a 60 A 192.0.2.2\nA 60 A 192.0.2.2\n";
  EXPECT_EQ(remove("a", A, "192.0.2.2", text), "-a 60 A 192.0.2.2\n-A 60 A 192.0.2.2\n");
}

TEST(ZoneEdit, RemoveRefusesWhatIsNotThereOrNotHere) {
  EXPECT_EQ(remove("nope", A), "refused: nope.example.com. has no A");
  EXPECT_EQ(remove("ns1", A, "192.0.2.8"), "refused: ns1.example.com. has no A 192.0.2.8");
  EXPECT_EQ(remove("inc", A),
            "refused: the A of inc.example.com. comes by $INCLUDE from more:1; edit that file by hand");
  EXPECT_EQ(remove("g2.sub", A),
            "refused: the A of g2.sub.example.com. is made by $GENERATE in test.zone:18; edit that line by hand");
}

TEST(ZoneEdit, WithoutTtlDirectiveOthersMayInheritTheTtl) {
  const std::string text = apex + "a 60 A 192.0.2.2\nb A 192.0.2.3\n";
  EXPECT_EQ(
      remove("a", A, std::nullopt, text),
      "refused: the edit would change other records too, such as those that inherit a TTL from it; write $TTL at the "
      "head of the master file, or edit it by hand");
}

TEST(ZoneEdit, SetChangesTheRdataInItsPlace) {
  EXPECT_EQ(set("ns1", {}, A, {"192.0.2.7"}),
            "-ns1     IN A    192.0.2.1  ; one\n+ns1     IN A    192.0.2.7  ; one\n");
  EXPECT_EQ(set("ns1", {}, A, {"192.0.2.1"}), "");
  EXPECT_EQ(set("ns1", {}, A, {"192.0.2.1", "192.0.2.7", "192.0.2.7"}), "+ns1     IN A    192.0.2.7\n");
  EXPECT_EQ(set("www.sub", {}, A, {"192.0.2.4"}),
            "-www     300 IN A 192.0.2.3   ; comment\n-        300 IN A 192.0.2.4\n+www     300 IN A 192.0.2.4\n");
  EXPECT_EQ(set("new.sub", 60, A, {"192.0.2.4", "192.0.2.5"}), "+new 60  IN A 192.0.2.4\n+new 60  IN A 192.0.2.5\n");
}

TEST(ZoneEdit, SetChangesTheTtl) {
  EXPECT_EQ(set("www.sub", 600, A, {"192.0.2.4", "192.0.2.3"}),
            "-www     300 IN A 192.0.2.3   ; comment\n-        300 IN A 192.0.2.4\n"
            "+www     600 IN A 192.0.2.3   ; comment\n+        600 IN A 192.0.2.4\n");
  EXPECT_EQ(set("ns2", 60, A, {"192.0.2.7"}), "-ns2     IN A    192.0.2.2\n+ns2     60 IN A    192.0.2.7\n");
  EXPECT_EQ(set("ns2", 3600, A, {"192.0.2.2"}), "");
}

TEST(ZoneEdit, SetPutsARecordWithParenthesesOnOneLine) {
  EXPECT_EQ(set("big.sub", {}, TXT, {"\"c\" \"d\""}),
            "-big     IN TXT ( \"a\"   ; x\n-                 \"b\" )\n+big     IN TXT \"c\" \"d\"\n");
}

TEST(ZoneEdit, SetRefusesWhatIsNotHere) {
  EXPECT_EQ(set("inc", {}, A, {"192.0.2.4"}),
            "refused: the A of inc.example.com. comes by $INCLUDE from more:1; edit that file by hand");
  EXPECT_EQ(set("ns1", {}, A, {}), "refused: no RDATA; to remove a record is another edit");
}

TEST(ZoneEdit, AddAndRemoveUndoEachOther) {
  for (const char* owner : {"ns1", "www.sub", "new", "new.sub", "@", "ns2"}) {
    const auto added = add_record(file(master), in_zone(owner), {}, MX, "10 mail.example.net.");
    ASSERT_TRUE(added) << owner;
    const auto removed = remove_records(file(*added), in_zone(owner), MX);
    ASSERT_TRUE(removed) << owner;
    EXPECT_EQ(*removed, master) << owner;
  }
}

TEST(ZoneEdit, TheSerialIsRaisedInItsDigitsOnly) {
  EXPECT_EQ(changes(master, raise_serial(file(master), *parse_instant("2026-11-21T09:00:00Z"))),
            "-                2026112001 ; serial\n+                2026112100 ; serial\n");
  EXPECT_EQ(changes(master, raise_serial(file(master), *parse_instant("2026-11-20T09:00:00Z"))),
            "-                2026112001 ; serial\n+                2026112002 ; serial\n");
  EXPECT_EQ(changes(apex, raise_serial(file(apex), *parse_instant("2026-11-20T09:00:00Z"))),
            "-@ 300 SOA ns1 hostmaster 1 7200 3600 1209600 300\n+@ 300 SOA ns1 hostmaster 2 7200 3600 1209600 300\n");
}

TEST(ZoneEdit, SerialsFollowRfc1982) {
  const Instant today = *parse_instant("2026-11-21T00:00:00Z");
  EXPECT_EQ(next_serial(0, today), 1u);
  EXPECT_EQ(next_serial(41, today), 42u);
  EXPECT_EQ(next_serial(2026112099, today), 2026112100u);
  EXPECT_EQ(next_serial(2026112100, today), 2026112101u);
  EXPECT_EQ(next_serial(2026112199, today), 2026112200u);
  EXPECT_EQ(next_serial(2027010100, today), 2027010101u);
  EXPECT_EQ(next_serial(2026139900, today), 2026139901u);
  EXPECT_EQ(next_serial(4294967295u, today), 1u);
}

TEST(ZoneEdit, ASerialThatCannotBeFoundIsRefused) {
  const std::string none = "a 60 A 192.0.2.1\n";
  EXPECT_EQ(changes(none, raise_serial(file(none), {})), "refused: the zone has 0 SOA records instead of one");
  const std::string included = "$INCLUDE soa\n";
  const Files soa = {{"soa", apex}};
  const OpenFile open_soa = open_from(soa);
  EXPECT_EQ(changes(included, raise_serial({included, options, open_soa}, {})),
            "refused: the SOA of example.com. comes by $INCLUDE from soa:1; edit that file by hand");
}

}  // namespace
}  // namespace dnsd
