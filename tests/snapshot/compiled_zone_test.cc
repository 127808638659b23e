#include "dnsd/snapshot/compiled_zone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "signed_zone.h"
#include "dnsd/snapshot/stored_record.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"
#include "zones/zone_file.h"

namespace dnsd {
namespace {

const NameHash hash_of(0x1234, 0x5678);

Name name(const char* text) { return *Name::parse(text, *Name::parse("example.org.")); }

std::shared_ptr<const CompiledZone> compile(const std::string& records, std::vector<ShapedName> shaped = {}) {
  const std::string text = "$TTL 3600\n@ SOA ns host 1 7200 900 1209600 300\n@ NS ns\nns A 192.0.2.1\n" + records;
  Diagnostics diagnostics;
  ZoneFileOptions options{.path = "test.zone", .shown_path = {}, .origin = name("@"), .names_elsewhere = {}};
  const auto zone = read_zone_text(text, options, [](const std::string&) { return Failure{"none"}; }, diagnostics);
  EXPECT_TRUE(zone) << to_text(diagnostics);
  return *CompiledZone::compile(*zone, shaped, hash_of);
}

NodeId find(const CompiledZone& zone, const char* text) {
  Name lower = name(text);
  lower.lowercase();
  return zone.find(lower.view().wire(), hash_of(lower.view().wire()));
}

TEST(CompiledZone, FindsEveryOwnerAndNothingElse) {
  const auto zone = compile("www A 192.0.2.2\nMiXed A 192.0.2.3\n");
  EXPECT_NE(find(*zone, "@"), no_node);
  EXPECT_NE(find(*zone, "www"), no_node);
  EXPECT_NE(find(*zone, "MIXED"), no_node);
  EXPECT_EQ(find(*zone, "ww"), no_node);
  EXPECT_EQ(find(*zone, "org."), no_node);
}

TEST(CompiledZone, MakesEmptyNonTerminals) {
  const auto zone = compile("a.b.c A 192.0.2.2\nx.b.c A 192.0.2.2\n");
  for (const char* ent : {"b.c", "c"}) {
    ASSERT_NE(find(*zone, ent), no_node) << ent;
    EXPECT_EQ(zone->node(find(*zone, ent)).rrsets().size(), 0u) << ent;
  }
  EXPECT_EQ(zone->node_count(), 6u);  // @, ns, c, b.c, a.b.c, x.b.c
  EXPECT_EQ(zone->deepest_labels(), 5u);
}

TEST(CompiledZone, MarksCutsAndWhatIsBelow) {
  const auto zone = compile("sub NS ns.sub\nns.sub A 192.0.2.2\n");
  const Node cut = zone->node(find(*zone, "sub")), glue = zone->node(find(*zone, "ns.sub"));
  EXPECT_EQ(cut.flags(), Node::at_cut);
  EXPECT_EQ(glue.flags(), Node::below_cut | Node::has_links);
  EXPECT_EQ(glue.above(), find(*zone, "sub"));
  EXPECT_EQ(zone->node(find(*zone, "@")).flags(), 0);  // the apex' NS records are no cut
  const RRset ns = cut.find(rr_type::NS);
  ASSERT_EQ(zone->targets(ns).size(), 1u);
  EXPECT_EQ(zone->rrset(zone->targets(ns)[0]), zone->node(find(*zone, "ns.sub")).find(rr_type::A));
}

TEST(CompiledZone, LinksWildcardsToTheirParent) {
  const auto zone = compile("*.w A 192.0.2.2\nm MX 1 x.w\n");
  EXPECT_EQ(zone->node(find(*zone, "w")).wildcard(), find(*zone, "*.w"));
  const RRset mx = zone->node(find(*zone, "m")).find(rr_type::MX);
  ASSERT_EQ(zone->targets(mx).size(), 1u);
  EXPECT_EQ(zone->rrset(zone->targets(mx)[0]), zone->node(find(*zone, "*.w")).find(rr_type::A));
  EXPECT_EQ(zone->name_at(zone->targets(mx)[0].name), name("x.w").view());
}

// The targets of an RRset as text, in their order.
std::string targets(const CompiledZone& zone, std::string_view owner, uint16_t type) {
  const RRset rrset = zone.node(find(zone, std::string(owner).c_str())).find(type);
  std::string text;
  for (const Target& target : zone.targets(rrset)) {
    const std::string at = target.name == Target::the_owner ? "itself" : to_text(zone.name_at(target.name));
    text += at.substr(0, at.find(".example.org.")) + " " + type_text(zone.rrset(target).type()) + "\n";
  }
  return text;
}

TEST(CompiledZone, EachTargetStandsOnce) {
  const auto zone = compile("m MX 1 h\nm MX 2 H\nm MX 3 m\nm A 192.0.2.3\nh A 192.0.2.2\nh AAAA 2001:db8::2\n");
  EXPECT_EQ(targets(*zone, "m", rr_type::MX), "h A\nh AAAA\nm A\n");
}

// RFC 9460 4.1.
TEST(CompiledZone, ServicesLeadToTheirAddresses) {
  const auto zone = compile(
      "own HTTPS 1 .\nown HTTPS 2 own\nown HTTPS 3 h\nown A 192.0.2.3\nh HTTPS 1 .\nh A 192.0.2.2\n"
      "al HTTPS 0 own\nnone HTTPS 0 .\nnone A 192.0.2.4\n");
  EXPECT_EQ(targets(*zone, "own", rr_type::HTTPS), "itself A\nh A\n");
  EXPECT_EQ(targets(*zone, "al", rr_type::HTTPS), "own HTTPS\nown A\nh A\n");
  EXPECT_EQ(targets(*zone, "none", rr_type::HTTPS), "");  // 2.5.1: there is no service
}

TEST(CompiledZone, ServiceAliasesAreFollowed) {
  const auto zone = compile(
      "a SVCB 0 b\nb SVCB 0 c\nc CNAME d\nd SVCB 1 .\nd SVCB 2 c port=1\nd A 192.0.2.2\nd HTTPS 1 .\n"
      "loop SVCB 0 loop2\nloop2 SVCB 0 loop\nself SVCB 0 self\nself A 192.0.2.3\n"
      "*.w SVCB 0 x.w\n*.w A 192.0.2.4\nout SVCB 0 www.example.net.\ncname SVCB 1 c1\nc1 CNAME c2\nc2 CNAME c1\n");
  EXPECT_EQ(targets(*zone, "a", rr_type::SVCB), "b SVCB\nc CNAME\nd SVCB\nd A\n");
  EXPECT_EQ(targets(*zone, "loop", rr_type::SVCB), "loop2 SVCB\n");
  EXPECT_EQ(targets(*zone, "self", rr_type::SVCB), "itself A\n");
  EXPECT_EQ(targets(*zone, "*.w", rr_type::SVCB), "x.w SVCB\nx.w A\n");
  EXPECT_EQ(targets(*zone, "out", rr_type::SVCB), "");
  EXPECT_EQ(targets(*zone, "cname", rr_type::SVCB), "c1 CNAME\nc2 CNAME\n");
}

TEST(CompiledZone, ServiceAliasesAreFollowedSoFar) {
  std::string chain = "s0 SVCB 0 s1\n", expected;
  for (int i = 1; i < 20; ++i) {
    chain += "s" + std::to_string(i) + " SVCB 0 s" + std::to_string(i + 1) + "\n";
    if (i <= 8) expected += "s" + std::to_string(i) + " SVCB\n";
  }
  EXPECT_EQ(targets(*compile(chain), "s0", rr_type::SVCB), expected);
}

TEST(CompiledZone, ShapedNamesAreNodes) {
  const auto zone = compile("street TXT \"x\"\n", {{name("street"), 0}, {name("a.deep.one"), 1}, {name("zzz"), 2}});
  EXPECT_EQ(zone->node(find(*zone, "street")).shape(), 0u);
  EXPECT_EQ(zone->node(find(*zone, "street")).rrsets().size(), 1u);
  EXPECT_EQ(zone->node(find(*zone, "a.deep.one")).shape(), 1u);
  EXPECT_EQ(zone->node(find(*zone, "zzz")).shape(), 2u);
  EXPECT_EQ(zone->node(find(*zone, "deep.one")).shape(), no_shape);
  EXPECT_EQ(zone->node(find(*zone, "one")).rrsets().size(), 0u);
}

TEST(CompiledZone, RecordsAreReadyForOctetTwelve) {
  const auto zone = compile("www 60 A 192.0.2.2\nwww 60 A 192.0.2.3\n");
  const RRset a = zone->node(find(*zone, "www")).find(rr_type::A);
  EXPECT_EQ(a.count(), 2);
  const std::vector<uint8_t> want = {0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 2,
                                     0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 3};
  EXPECT_EQ(std::vector<uint8_t>(a.records().begin(), a.records().end()), want);
}

TEST(CompiledZone, NegativeTtlIsTheLesser) {
  const auto zone = compile("");
  EXPECT_EQ(load32(&zone->negative_soa().records()[6]), 300u);
  EXPECT_EQ(load32(&zone->node(find(*zone, "@")).find(rr_type::SOA).records()[6]), 3600u);
}

TEST(CompiledZone, ManyNamesAreAllFound) {
  std::string records;
  for (int i = 0; i < 5000; ++i) records += "h" + std::to_string(i) + " A 192.0.2.2\n";
  const auto zone = compile(records);
  for (int i = 0; i < 5000; ++i) ASSERT_NE(find(*zone, ("h" + std::to_string(i)).c_str()), no_node);
  for (int i = 5000; i < 6000; ++i) ASSERT_EQ(find(*zone, ("h" + std::to_string(i)).c_str()), no_node);
}

TEST(CompiledZone, SignaturesStandBehindWhatTheySign) {
  const auto zone = compile("www 60 A 192.0.2.2\nwww 60 A 192.0.2.3\nwww 60 TXT \"x\"\n" +
                            testing::signature_of("www", "A") + testing::signature_of("www", "MX"));
  EXPECT_TRUE(zone->is_signed());
  const Node www = zone->node(find(*zone, "www"));
  const RRset a = www.find(rr_type::A);
  EXPECT_EQ(a.count(), 2);
  EXPECT_EQ(a.signature_count(), 1);
  EXPECT_EQ(a.records_with_signatures().size(), a.records().size() + a.signatures().size());
  EXPECT_EQ(load16(&a.signatures()[2]), rr_type::RRSIG);
  EXPECT_EQ(load16(&a.signatures()[12]), rr_type::A);
  EXPECT_EQ(load32(&a.signatures()[6]), 60u);  // the file says 3600
  EXPECT_EQ(www.find(rr_type::TXT).signature_count(), 0);
  EXPECT_EQ(www.find(rr_type::RRSIG).count(), 1);  // that of MX, which is not there
}

TEST(CompiledZone, TheSignatureOfANegativeSoaHasItsTtl) {
  const auto zone = compile(testing::signature_of("@", "SOA"));
  ASSERT_EQ(zone->negative_soa().signature_count(), 1);
  EXPECT_EQ(load32(&zone->negative_soa().signatures()[6]), 300u);
}

TEST(CompiledZone, UnsignedZonesHaveNothingOfDnssec) {
  const auto zone = compile("www A 192.0.2.2\n");
  EXPECT_FALSE(zone->is_signed());
  EXPECT_TRUE(zone->nsec_owners().empty());
  EXPECT_TRUE(zone->nsec3().empty());
}

TEST(CompiledZone, NsecOwnersAreThoseOfTheZoneInOrder) {
  const auto zone = compile("@ NSEC ns NS SOA\nns NSEC sub A\nsub NS ns.sub\nsub NSEC @ NS\n"
                            "ns.sub A 192.0.2.3\nns.sub NSEC @ A\n");
  EXPECT_EQ(std::vector<NodeId>(zone->nsec_owners().begin(), zone->nsec_owners().end()),
            (std::vector<NodeId>{find(*zone, "@"), find(*zone, "ns"), find(*zone, "sub")}));
  EXPECT_TRUE(compile("ns NSEC @ A\n")->nsec_owners().empty());  // none at the apex: no chain
}

// Of example.org. and ns.example.org. without salt and iterations (RFC 5155 5).
std::string hashed(const char* owner) {
  const Sha1 hash = Nsec3Parameters{0, {}}.hash(name(owner).view().wire());
  std::string text;
  for (size_t bit = 0; bit < 160; bit += 5) {
    unsigned digit = 0;
    for (size_t i = bit; i < bit + 5; ++i) digit = digit * 2 + ((hash[i / 8] >> (7 - i % 8)) & 1);
    text += "0123456789abcdefghijklmnopqrstuv"[digit];
  }
  return text;
}

TEST(CompiledZone, HashesAreNoNames) {
  const std::string apex = hashed("@"), ns = hashed("ns");
  const auto zone = compile("@ NSEC3PARAM 1 0 0 -\n" + apex + " NSEC3 1 0 0 - " + ns + " NS SOA\n" + ns +
                            " NSEC3 1 0 0 - " + apex + " A\n" + testing::signature_of(ns, "NSEC3") + ns + " TXT \"x\"\n");
  EXPECT_EQ(find(*zone, apex.c_str()), no_node);
  const NodeId named_like_a_hash = find(*zone, ns.c_str());  // it has a TXT besides
  ASSERT_NE(named_like_a_hash, no_node);
  EXPECT_EQ(zone->node(named_like_a_hash).rrsets().size(), 1u);
  const Nsec3Chain::Place place = Nsec3Chain::unpack(zone->node(find(*zone, "ns")).nsec3());
  EXPECT_TRUE(place.matches);
  const auto& record = zone->nsec3()[place.record];
  EXPECT_EQ(zone->name_at(record.owner), name(ns.c_str()).view());
  EXPECT_EQ(zone->rrset(record).type(), rr_type::NSEC3);
  EXPECT_EQ(zone->rrset(record).signature_count(), 1);
}

TEST(CompiledZone, AChainWithoutTheApexIsNone) {
  const std::string ns = hashed("ns");
  EXPECT_TRUE(compile("@ NSEC3PARAM 1 0 0 -\n" + ns + " NSEC3 1 0 0 - " + ns + " A\n")->nsec3().empty());
  const std::string apex = hashed("@");
  EXPECT_TRUE(compile("@ NSEC3PARAM 1 0 1 -\n" + apex + " NSEC3 1 0 0 - " + apex + " A\n")->nsec3().empty());
  EXPECT_FALSE(compile("@ NSEC3PARAM 1 0 1 -\n@ NSEC3PARAM 1 0 0 -\n" + apex + " NSEC3 1 0 0 - " + apex + " A\n")
                   ->nsec3()
                   .empty());  // the second one's
}

// An RRset that no answer could hold is told, not cut off at what its counter holds.
TEST(CompiledZone, TooManyRecordsAtAName) {
  std::string records;
  for (int i = 0; i < 65536; ++i) records += "many A 10.1." + std::to_string(i / 256) + "." + std::to_string(i % 256) + "\n";
  const std::string text = "$TTL 3600\n@ SOA ns host 1 7200 900 1209600 300\n@ NS ns\nns A 192.0.2.1\n" + records;
  Diagnostics diagnostics;
  ZoneFileOptions options{.path = "test.zone", .shown_path = {}, .origin = name("@"), .names_elsewhere = {}};
  const auto zone = read_zone_text(text, options, [](const std::string&) { return Failure{"none"}; }, diagnostics);
  ASSERT_TRUE(zone);
  const auto compiled = CompiledZone::compile(*zone, {}, hash_of);
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.failure().message,
            "more records of type A at one name than any answer can hold: 65536, 1048576 octets");
}

TEST(ReadySoa, PointsIntoTheZonesNameAndIntoItself) {
  const Name origin = name("@");
  const auto written = [&](const std::string& names) {
    const auto rdata = rdata_from_text(rr_type::SOA, names + " 1 2 3 4 5", origin);
    const auto head = stored_record::head(rr_type::SOA, 60, rdata->size());
    std::vector<uint8_t> record(head.begin(), head.end());
    record.insert(record.end(), rdata->begin(), rdata->end());
    const ReadySoa soa = make_ready_soa(record, origin);
    std::vector<uint8_t> message(100 + soa.size());
    soa.write(message.data(), 100, 20);
    return std::vector<uint8_t>(message.begin() + 100, message.end() - 20);
  };
  const std::vector<uint8_t> head = {0xc0, 20, 0, 6, 0, 1, 0, 0, 0, 60, 0};
  const auto with = [&](std::vector<uint8_t> names) {
    std::vector<uint8_t> all = head;
    all.push_back(static_cast<uint8_t>(names.size() + 20));
    all.insert(all.end(), names.begin(), names.end());
    return all;
  };
  EXPECT_EQ(written("ns host"), with({2, 'n', 's', 0xc0, 20, 4, 'h', 'o', 's', 't', 0xc0, 20}));
  EXPECT_EQ(written("@ a.ORG."), with({0xc0, 20, 1, 'a', 0xc0, 28}));  // org. is eight octets into example.org.
  EXPECT_EQ(written("a.net. b.a.NET."), with({1, 'a', 3, 'n', 'e', 't', 0, 1, 'b', 0xc0, 112}));
  EXPECT_EQ(written("a.net. b.net."), with({1, 'a', 3, 'n', 'e', 't', 0, 1, 'b', 0xc0, 114}));
  EXPECT_EQ(written(". ."), with({0, 0}));
}

TEST(NameHash, EveryOctetAndTheLengthCount) {
  for (size_t size = 1; size <= 40; ++size) {
    std::vector<uint8_t> octets(size, 7);
    const uint64_t hash = hash_of(octets);
    for (size_t i = 0; i < size; ++i) {
      octets[i] ^= 0x40;
      EXPECT_NE(hash_of(octets), hash) << size << " " << i;
      EXPECT_FALSE(same_octets(octets.data(), std::vector<uint8_t>(size, 7).data(), size)) << size << " " << i;
      octets[i] ^= 0x40;
    }
    EXPECT_TRUE(same_octets(octets.data(), std::vector<uint8_t>(size, 7).data(), size));
    EXPECT_NE(hash_of(std::vector<uint8_t>(size + 1, 7)), hash);
  }
}

// Whoever chooses names that fall into one place under the key he guesses has chosen nothing under ours.
TEST(NameHash, NamesThatCollideUnderOneKeyDoNotUnderAnother) {
  const NameHash guessed(0x0123456789abcdef, 0xfedcba9876543210), ours(0x6c62272e07bb0142, 0x9e3779b97f4a7c15);
  std::map<uint64_t, std::vector<Name>> places;
  for (int i = 0; i < 100000; ++i) {
    const Name chosen = name(("h" + std::to_string(i)).c_str());
    places[guessed(chosen.view().wire()) >> 54].push_back(chosen);
  }
  const auto& [place, chosen] = *std::ranges::max_element(places, {}, [](const auto& row) { return row.second.size(); });
  ASSERT_GT(chosen.size(), 100u);
  std::map<uint64_t, size_t> under_ours;
  for (const Name& n : chosen) ++under_ours[ours(n.view().wire()) >> 54];
  EXPECT_GT(under_ours.size(), chosen.size() * 3 / 4);
  for (const auto& [other, count] : under_ours) EXPECT_LT(count, 6u) << other;
}

TEST(NameHash, LowercasesEveryOctetRight) {
  for (unsigned c = 0; c < 256; ++c) {
    for (size_t size = 1; size <= 33; ++size) {
      std::vector<uint8_t> in(size, static_cast<uint8_t>(c)), out(size + 16);
      lowercase_copy(out.data(), in, size);
      const uint8_t want = c >= 'A' && c <= 'Z' ? static_cast<uint8_t>(c + 32) : static_cast<uint8_t>(c);
      out.resize(size);
      ASSERT_EQ(out, std::vector<uint8_t>(size, want)) << c << " " << size;
    }
  }
}

}  // namespace
}  // namespace dnsd
