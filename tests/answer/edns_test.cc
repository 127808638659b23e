// The OPT record of queries and responses, through respond().
#include "dnsd/answer/edns.h"

#include <gtest/gtest.h>

#include "dns_message.h"
#include "dnsd/pools/rotation.h"
#include "test_snapshot.h"

namespace dnsd {
namespace {

using testing::EdnsOption;
using testing::Message;
using testing::QueryWords;
using Octets = std::vector<uint8_t>;

constexpr uint16_t nsid = 3, subnet = 8, expire = 9, cookie = 10, keepalive = 11, padding = 12, error = 15;
const Octets client_cookie = {1, 2, 3, 4, 5, 6, 7, 8};

class EdnsAnswer : public ::testing::Test {
 protected:
  EdnsAnswer() : snapshot(testing::make_test_snapshot()) {
    state.fit(snapshot->rotation_slots);
    snapshot->settings.identity = {"here", "1.0"};
    snapshot->settings.cookies = {CookiePolicy::answer, {CookieSecret{1}}};
  }

  Message ask(QueryWords words, const Client& client = {}) {
    Octets out(max_tcp_response);
    out.resize(respond(*snapshot, state, testing::make_query(words), client, testing::test_now, out));
    Message message = testing::read_message(out);
    EXPECT_TRUE(message.well_formed);
    return message;
  }
  Message with(std::vector<EdnsOption> options, const Client& client = {}, std::string type = "A") {
    return ask({.name = "example.org.", .type = std::move(type), .edns_payload = 1232, .options = std::move(options)},
               client);
  }
  std::string data(const Message& message, uint16_t code) {
    const EdnsOption* option = message.option(code);
    return option ? std::string(option->data.begin(), option->data.end()) : "none";
  }
  Client over(Transport transport) {
    return {IpAddress::v4({192, 0, 2, 200}), transport, 100};
  }

  std::unique_ptr<Snapshot> snapshot;
  RotationState state{1};
};

TEST_F(EdnsAnswer, HasNoOptionThatWasNotAskedFor) {
  EXPECT_TRUE(with({}).options.empty());
  EXPECT_TRUE(with({}, over(Transport::tls)).options.empty());
}

TEST_F(EdnsAnswer, NsidIsTheIdentity) {
  EXPECT_EQ(data(with({{nsid, {}}}), nsid), "here");
  snapshot->settings.identity.id.clear();
  EXPECT_EQ(data(with({{nsid, {}}}), nsid), "none");
}

TEST_F(EdnsAnswer, ExpireIsToldWithTheSoaOnly) {
  EXPECT_EQ(data(with({{expire, {}}}, {}, "SOA"), expire), std::string("\0\x12\x75\0", 4));  // 1209600
  EXPECT_EQ(data(with({{expire, {}}}, {}, "MX"), expire), "none");
  EXPECT_EQ(data(with({}, {}, "SOA"), expire), "none");
}

TEST_F(EdnsAnswer, KeepaliveIsToldOnConnectionsOnly) {
  EXPECT_EQ(data(with({{keepalive, {}}}), keepalive), "none");
  for (const Transport transport : {Transport::tcp, Transport::tls})
    EXPECT_EQ(data(with({{keepalive, {}}}, over(transport)), keepalive), std::string("\0\x64", 2));
}

TEST_F(EdnsAnswer, PaddingIsForEncryptedConnectionsOnly) {
  for (const Transport transport : {Transport::udp, Transport::tcp})
    EXPECT_EQ(data(with({{padding, {}}}, over(transport)), padding), "none");
  EXPECT_EQ(with({{padding, Octets(7)}}, over(Transport::tls)).size, 468u);
  EXPECT_EQ(with({{padding, {}}, {nsid, {}}, {cookie, client_cookie}}, over(Transport::tls)).size, 468u);
  EXPECT_EQ(ask({.name = "big.example.org.", .type = "TXT", .edns_payload = 512, .options = {{padding, {}}}},
                over(Transport::tls)).size, 2 * 468u);
  EXPECT_NE(with({}, over(Transport::tls)).size, 468u);
}

TEST_F(EdnsAnswer, ClientSubnetComesBackWithScopeZero) {
  const Octets v4 = {0, 1, 24, 0, 198, 18, 5}, v6 = {0, 2, 12, 0, 0x20, 0x10}, none = {0, 1, 0, 0}, nobody = {0, 0, 0, 0};
  for (const Octets& sent : {v4, v6, none, nobody}) {
    const Message message = with({{subnet, sent}});
    ASSERT_TRUE(message.option(subnet));
    EXPECT_EQ(message.option(subnet)->data, sent);
  }
}

TEST_F(EdnsAnswer, ClientSubnetsThatAreNoneAreFormatErrors) {
  const Octets bad[] = {
      {}, {0, 1, 0},                 // cut off
      {0, 1, 24, 0, 198, 18},        // an octet too few
      {0, 1, 24, 0, 198, 18, 5, 0},  // one too many
      {0, 1, 20, 0, 198, 18, 5},     // bits beyond the prefix
      {0, 1, 24, 24, 198, 18, 5},    // SCOPE in a query
      {0, 1, 33, 0, 198, 18, 5, 1, 0},
      {0, 3, 8, 0, 198},             // no such family
      {0, 0, 8, 0, 198},
  };
  for (const Octets& sent : bad) EXPECT_EQ(with({{subnet, sent}}).rcode, 1u) << sent.size();
  Octets long_v6 = {0, 2, 129, 0};
  long_v6.resize(4 + 17);
  EXPECT_EQ(with({{subnet, long_v6}}).rcode, 1u);
}

TEST_F(EdnsAnswer, ACookieIsLearnedAndThenValid) {
  const Message first = with({{cookie, client_cookie}});
  ASSERT_TRUE(first.option(cookie));
  ASSERT_EQ(first.option(cookie)->data.size(), 24u);
  EXPECT_TRUE(std::equal(client_cookie.begin(), client_cookie.end(), first.option(cookie)->data.begin()));
  const Message second = with({*first.option(cookie)});
  EXPECT_EQ(second.rcode, 0u);
  EXPECT_EQ(second.option(cookie)->data, first.option(cookie)->data);
}

TEST_F(EdnsAnswer, CookiesOfWrongSizeAreFormatErrors) {
  for (const size_t size : {0u, 7u, 9u, 15u, 41u}) EXPECT_EQ(with({{cookie, Octets(size)}}).rcode, 1u) << size;
}

TEST_F(EdnsAnswer, AWrongCookieIsAnsweredUnlessCookiesAreRequired) {
  EXPECT_EQ(with({{cookie, Octets(24)}}).rcode, 0u);
  snapshot->settings.cookies.policy = CookiePolicy::require;
  for (const Octets& wrong : {Octets(24), client_cookie}) {
    const Message refused = with({{cookie, wrong}}, {}, "MX");
    EXPECT_EQ(refused.rcode, 23u);
    EXPECT_TRUE(refused.answer.empty());
    ASSERT_TRUE(refused.option(cookie));
    EXPECT_EQ(with({*refused.option(cookie)}).rcode, 0u);
  }
  EXPECT_EQ(with({}).rcode, 0u);                                            // knows no cookies
  EXPECT_EQ(with({{cookie, client_cookie}}, over(Transport::tcp)).rcode, 0u);  // has shown where it is
}

TEST_F(EdnsAnswer, CookiesMayBeOff) {
  snapshot->settings.cookies = {};
  EXPECT_TRUE(with({{cookie, client_cookie}}).options.empty());
}

TEST_F(EdnsAnswer, ACookieMayBeAskedForWithoutAQuestion) {
  const auto ask_without_question = [&](const Octets& sent) {
    Octets query = testing::make_query({.name = ".", .edns_payload = 1232, .options = {{cookie, sent}}});
    query.erase(query.begin() + 12, query.begin() + 17);
    query[5] = 0;
    Octets out(max_tcp_response);
    out.resize(respond(*snapshot, state, query, {}, testing::test_now, out));
    return testing::read_message(out);
  };
  const Message learned = ask_without_question(client_cookie);
  EXPECT_EQ(learned.rcode, 0u);
  EXPECT_FALSE(learned.aa);
  EXPECT_TRUE(learned.question.empty());
  ASSERT_TRUE(learned.option(cookie));
  EXPECT_EQ(ask_without_question(learned.option(cookie)->data).rcode, 0u);
  EXPECT_EQ(ask_without_question(Octets(24)).rcode, 23u);
  snapshot->settings.cookies = {};
  EXPECT_EQ(ask_without_question(client_cookie).rcode, 1u);
}

TEST_F(EdnsAnswer, OptionsOfAnotherVersionAreNotLookedAt) {
  const Message message = ask({.name = "example.org.", .edns_payload = 1232, .edns_version = 1,
                               .options = {{cookie, Octets(3)}, {nsid, {}}}});
  EXPECT_EQ(message.rcode, 16u);
  EXPECT_TRUE(message.options.empty());
}

TEST_F(EdnsAnswer, RefusalsSayWhy) {
  const auto why = [&](QueryWords words) {
    words.edns_payload = 1232;
    const Message message = ask(words);
    const EdnsOption* option = message.option(error);
    return option ? load16(option->data.data()) : uint16_t{999};
  };
  EXPECT_EQ(why({.name = "example.net."}), 20);
  EXPECT_EQ(why({.name = "example.org.", .type = "AXFR"}), 18);
  EXPECT_EQ(why({.name = "example.org.", .type = "MAILA"}), 21);
  EXPECT_EQ(why({.name = "example.org.", .klass = 4}), 21);
  EXPECT_EQ(why({.name = "nothing.bind.", .type = "TXT", .klass = 3}), 21);
  EXPECT_EQ(why({.name = "example.org.", .flags = 4 << 11}), 21);
  EXPECT_EQ(why({.name = "example.org.", .options = {{cookie, Octets(3)}}}), 0);
  EXPECT_EQ(why({.name = "example.org."}), 999);
}

TEST_F(EdnsAnswer, OptIsNeverCrowdedOut) {
  // The longest question, every option, the smallest room.
  std::string name;
  for (int i = 0; i < 3; ++i) name += std::string(63, 'x') + ".";
  name += std::string(49, 'x') + ".example.org.";
  snapshot->settings.identity.id = std::string(64, 'i');
  Octets address = {0, 2, 128, 0};
  address.resize(4 + 16);
  const Message message = ask({.name = name, .type = "SOA", .edns_payload = 512,
                               .options = {{nsid, {}}, {expire, {}}, {cookie, client_cookie}, {subnet, address}}});
  EXPECT_LE(message.size, 512u);
  EXPECT_EQ(message.options.size(), 3u);
}

TEST_F(EdnsAnswer, ChaosNamesTellWhatIsConfigured) {
  const auto text = [&](std::string name, std::string type = "TXT") {
    const Message message = ask({.name = std::move(name), .type = std::move(type), .klass = 3});
    return message.rcode == 5 ? "REFUSED" : message.answer.at(0);
  };
  EXPECT_EQ(text("id.server."), "id.server. 0 CH TXT \"here\"");
  EXPECT_EQ(text("HOSTNAME.bind."), "HOSTNAME.bind. 0 CH TXT \"here\"");
  EXPECT_EQ(text("version.bind."), "version.bind. 0 CH TXT \"1.0\"");
  EXPECT_EQ(text("version.server.", "ANY"), "version.server. 0 CH TXT \"1.0\"");
  EXPECT_EQ(text("version.bind.", "A"), "REFUSED");
  EXPECT_EQ(text("authors.bind."), "REFUSED");
  snapshot->settings.identity = {};
  EXPECT_EQ(text("id.server."), "REFUSED");
  EXPECT_EQ(text("version.bind."), "REFUSED");
}

}  // namespace
}  // namespace dnsd
