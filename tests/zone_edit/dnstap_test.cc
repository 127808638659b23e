#include "tools/zone_edit/dnstap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "tools/zone_edit/message.h"
#include "zones/name.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

using testing::ElementsAre;
using Octets = std::vector<uint8_t>;

enum : uint64_t { auth_query = 1, auth_response = 2, resolver_query = 3, client_query = 5 };

Octets operator+(Octets a, const Octets& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Octets text(std::string_view s) { return Octets(s.begin(), s.end()); }

Octets be32(size_t n) {
  Octets out(4);
  store32(out.data(), static_cast<uint32_t>(n));
  return out;
}

Octets varint(uint64_t n) {
  Octets out;
  for (; n >= 0x80; n >>= 7) out.push_back(static_cast<uint8_t>(n | 0x80));
  out.push_back(static_cast<uint8_t>(n));
  return out;
}

Octets number(uint32_t field, uint64_t value) { return varint(field << 3) + varint(value); }
Octets octets(uint32_t field, const Octets& value) { return varint(field << 3 | 2) + varint(value.size()) + value; }
Octets fixed32(uint32_t field) { return varint(field << 3 | 5) + Octets(4, 7); }

Octets frame(const Octets& payload) { return be32(payload.size()) + payload; }
Octets control(uint32_t type, const Octets& fields = {}) { return be32(0) + frame(be32(type) + fields); }
Octets start(std::string_view type = "protobuf:dnstap.Dnstap") { return control(2, be32(1) + frame(text(type))); }
const Octets stop = control(3);

Octets query(const char* name) { return make_query(*Name::parse(name), rr_type::A); }

// With fields that nobody reads among them, as real ones have.
Octets dnstap(uint64_t type, const Octets& address, const Octets& message, uint64_t time = 1795168800) {
  const Octets inner = number(1, type) + number(2, address.size() == 4 ? 1 : 2) + number(3, 1) + octets(4, address) +
                       number(6, 40000) + number(8, time) + fixed32(9) + octets(10, message);
  return frame(octets(1, text("ns1")) + octets(2, text("software 1.0")) + octets(14, inner) + number(15, 1));
}

struct Read {
  std::vector<std::string> queries;
  QueryLogSummary summary;
};

Read read(const Octets& stream) {
  Read read;
  read.summary =
      read_query_log({reinterpret_cast<const char*>(stream.data()), stream.size()}, "tap", [&](const LoggedQuery& q) {
        read.queries.push_back(to_text(q.at) + " " + to_text(q.source) + " " + to_text(NameView(q.name)) + " " +
                               type_text(q.type) +
                               (q.client_subnet.empty() ? "" : " subnet " + std::to_string(q.client_subnet[2])));
      });
  return read;
}

TEST(Dnstap, Queries) {
  const Octets v6 = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};
  const Read found = read(start() + dnstap(auth_query, {192, 0, 2, 1}, query("www.example.")) +
                          dnstap(client_query, v6, query("a.example."), 1795168801) + stop);
  EXPECT_THAT(found.queries, ElementsAre("2026-11-20T10:00:00Z 192.0.2.1 www.example. A",
                                         "2026-11-20T10:00:01Z 2001:db8::9 a.example. A"));
  EXPECT_EQ(found.summary.queries, 2u);
  EXPECT_EQ(found.summary.defects + found.summary.other_messages, 0u);
}

TEST(Dnstap, ClientSubnet) {
  Octets message = query("www.example.");
  const Octets option = {0, 8, 0, 7, 0, 1, 24, 0, 198, 51, 100};
  message.back() = static_cast<uint8_t>(option.size());  // RDLENGTH of the OPT record, which is the last
  EXPECT_THAT(read(start() + dnstap(auth_query, {192, 0, 2, 1}, message + option) + stop).queries,
              ElementsAre("2026-11-20T10:00:00Z 192.0.2.1 www.example. A subnet 24"));
}

TEST(Dnstap, ResponsesCountOnlyWhereThereAreNoQueries) {
  const Octets q = dnstap(auth_query, {192, 0, 2, 1}, query("www.example."));
  const Octets r = dnstap(auth_response, {192, 0, 2, 2}, query("www.example."));
  const Octets other = dnstap(resolver_query, {192, 0, 2, 3}, query("www.example."));
  const Read both = read(start() + r + q + other + stop);
  EXPECT_THAT(both.queries, ElementsAre("2026-11-20T10:00:00Z 192.0.2.1 www.example. A"));
  EXPECT_EQ(both.summary.other_messages, 2u);
  EXPECT_THAT(read(start() + r + other + stop).queries, ElementsAre("2026-11-20T10:00:00Z 192.0.2.2 www.example. A"));
}

TEST(Dnstap, DefectsOfMessagesAreToldAndTheRestIsRead) {
  const Octets good = dnstap(auth_query, {192, 0, 2, 1}, query("www.example."));
  const Read found =
      read(start() + dnstap(auth_query, {192, 0, 2}, query("a.")) + frame({0xff, 0xff}) +
           dnstap(auth_query, {192, 0, 2, 1}, {}) + good + dnstap(auth_query, {192, 0, 2, 1}, {1, 2, 3}) +
           dnstap(auth_query, {192, 0, 2, 1}, query("a."), UINT64_MAX) + stop);
  EXPECT_EQ(found.summary.queries, 1u);
  EXPECT_EQ(found.summary.defects, 5u);
  EXPECT_THAT(found.summary.first_defects,
              ElementsAre("tap:1: a message without the query's address",
                          "tap:2: a frame that is not a dnstap message", "tap:3: a message without the query",
                          "tap:5: a query that is malformed", "tap:6: a time beyond the year 9999"));
}

TEST(Dnstap, AStreamThatIsCutOffIsReadAsFarAsItGoes) {
  const Octets whole = start() + dnstap(auth_query, {192, 0, 2, 1}, query("www.example.")) + stop;
  for (size_t size = 12; size < whole.size(); ++size) {
    const Read found = read({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)});
    EXPECT_EQ(found.queries.size(), size >= whole.size() - stop.size() ? 1u : 0u) << size;
    EXPECT_EQ(found.summary.defects, 1u) << size;
  }
}

TEST(Dnstap, OtherStreams) {
  EXPECT_THAT(read(start("protobuf:other") + stop).summary.first_defects,
              ElementsAre("tap:1: it is not a stream of dnstap messages"));
  EXPECT_FALSE(is_frame_stream({}));
  EXPECT_FALSE(is_frame_stream(text("1795168800 192.0.2.1 a. A")));
  EXPECT_TRUE(is_frame_stream(start()));
}

// BIND 9.18 wrote it: each query as AUTH_QUERY and as CLIENT_RESPONSE.
TEST(Dnstap, OfARealServer) {
  const std::string tap = *read_file(TEST_DIRECTORY "/fuzz/seeds/dnstap/named.bin");
  const Read found = read({tap.begin(), tap.end()});
  std::vector<std::string> asked;
  for (const std::string& query : found.queries) asked.push_back(query.substr(query.find(' ') + 1));
  EXPECT_THAT(asked, ElementsAre("127.0.0.1 www.api.example.com. A", "127.0.0.1 us-street.api.example.com. A",
                                 "127.0.0.1 us-street.api.example.com. AAAA subnet 24"));
  EXPECT_EQ(found.summary.other_messages, 3u);
  EXPECT_EQ(found.summary.defects, 0u);
}

TEST(Dnstap, FieldsThatRunOver) {
  for (const Octets& bad :
       {Octets{0x72}, Octets{0x72, 5, 0}, Octets{0x72, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1},
        Octets{0x73}, Octets{0x00, 0x00}, Octets{}, number(15, 1)})
    EXPECT_FALSE(read_dnstap_message(bad)) << bad.size();
  EXPECT_TRUE(read_dnstap_message(octets(14, {})));
}

}  // namespace
}  // namespace dnsd
