// Fixed records of one zone, signed zones, and queries that get no records at all.
#include "dns_message.h"
#include "signed_zone.h"
#include "workload.h"

namespace dnsd::bench {
namespace {

using testing::QueryWords;

constexpr const char* zone_text = R"($TTL 3600
@        SOA   ns1 host 1 7200 900 1209600 300
@        NS    ns1
@        NS    ns2
ns1      A     192.0.2.1
ns1      AAAA  2001:db8::1
ns2      A     192.0.2.2
static   A     192.0.2.80
static   AAAA  2001:db8::80
mx       MX    10 mail1
mx       MX    20 mail2
mail1    A     192.0.2.25
mail2    A     192.0.2.26
mail2    AAAA  2001:db8::26
alias    CNAME alias2
alias2   CNAME static
*.wild   A     192.0.2.100
child    NS    ns1.child
child    NS    ns2.child
ns1.child A    192.0.2.53
ns1.child AAAA 2001:db8::53
ns2.child A    192.0.2.54
)";

// Has a cookie of 8 octets, as a client sends it that does not know ours yet.
const testing::EdnsOption client_cookie{10, {0x24, 0x64, 0xc4, 0xab, 0xcf, 0x10, 0xc9, 0x57}};

std::shared_ptr<const Snapshot> world() {
  ServerSettings settings;
  settings.identity = {.id = "bench", .version = "bench 1"};
  settings.cookies = {CookiePolicy::answer, {CookieSecret{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}}};
  return make_snapshot({{{make_zone(zone_text, "example.org."), {}, {}}}, {}, settings});
}

std::shared_ptr<const Snapshot> signed_world() {
  return make_snapshot({testing::signed_zones(TEST_DIRECTORY), {}, {}});
}

std::string many_labels() {
  std::string name;
  for (int i = 0; i < 100; ++i) name += static_cast<char>('a' + i % 26) + std::string(".");
  return name + "example.org.";
}

// ---- well-formed questions, a row each -------------------------------------------------------------------------------

struct Row {
  const char* kind;
  QueryWords query;
  std::shared_ptr<const Snapshot> (*world)() = bench::world;
};

std::vector<Row> rows() {
  const auto plain = [](const std::string& name, const std::string& type) {
    return QueryWords{.name = name, .type = type, .edns_payload = 1232};
  };
  const auto wants_dnssec = [&](const std::string& name, const std::string& type) {
    QueryWords words = plain(name, type);
    words.dnssec_ok = true;
    return words;
  };
  return {
      {"static A", plain("static.example.org.", "A")},
      {"static A, upper case", plain("STATIC.EXAMPLE.ORG.", "A")},
      {"static A without EDNS", {.name = "static.example.org."}},
      {"static AAAA", plain("static.example.org.", "AAAA")},
      {"MX with addresses", plain("mx.example.org.", "MX")},
      {"CNAME chain", plain("alias.example.org.", "A")},
      {"NXDOMAIN", plain("nowhere.example.org.", "A")},
      {"NXDOMAIN, 102 labels", plain(many_labels(), "A")},
      {"NODATA", plain("static.example.org.", "TXT")},
      {"wildcard", plain("x.wild.example.org.", "A")},
      {"referral with glue", plain("www.child.example.org.", "A")},
      {"ANY", plain("static.example.org.", "ANY")},
      {"signed A", wants_dnssec("www.nsec.example.", "A"), signed_world},
      {"signed A, not wanted", plain("www.nsec.example.", "A"), signed_world},
      {"signed NXDOMAIN by NSEC", wants_dnssec("nowhere.nsec.example.", "A"), signed_world},
      {"signed NXDOMAIN by NSEC3", wants_dnssec("nowhere.nsec3.example.", "A"), signed_world},
      {"refused: no zone", plain("www.example.net.", "A")},
      {"CH", {.name = "version.bind.", .type = "TXT", .klass = 3, .edns_payload = 1232}},
      {"cookie, a new one", {.name = "static.example.org.", .edns_payload = 1232, .options = {client_cookie}}},
  };
}

Workload ask(const Row& row) { return {row.world(), testing::make_query(row.query)}; }

// ---- what no row says ------------------------------------------------------------------------------------------------

// The client sends back what it was given.
Workload known_cookie() {
  QueryWords words{.name = "static.example.org.", .edns_payload = 1232, .options = {client_cookie}};
  Workload first(world(), testing::make_query(words));
  const testing::Message answer = testing::read_message(first.answer(first.step()));
  if (!answer.option(10)) give_up("no cookie was given");
  words.options = {*answer.option(10)};
  return {world(), testing::make_query(words)};
}

Workload garbage(void (*spoil)(std::vector<uint8_t>& packet)) {
  std::vector<uint8_t> packet = testing::make_query({.name = "static.example.org."});
  spoil(packet);
  return {world(), std::move(packet)};
}

}  // namespace

std::vector<Kind> static_kinds() {
  std::vector<Kind> all;
  for (const Row& row : rows()) all.push_back({row.kind, [row] { return ask(row); }});
  const auto add_garbage = [&](const char* what, void (*spoil)(std::vector<uint8_t>&)) {
    all.push_back({std::string("garbage: ") + what, [spoil] { return garbage(spoil); }});
  };
  all.push_back({"cookie, ours", known_cookie});
  add_garbage("too short", [](std::vector<uint8_t>& packet) { packet.resize(11); });
  add_garbage("a bad label", [](std::vector<uint8_t>& packet) { packet[12] = 0x80; });
  add_garbage("octets behind", [](std::vector<uint8_t>& packet) { packet.insert(packet.end(), 40, 0xff); });
  add_garbage("a response", [](std::vector<uint8_t>& packet) { packet[2] |= 0x80; });
  return all;
}

}  // namespace dnsd::bench
