#include "dnsd/http/http_content.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace dnsd {
namespace {

const DocumentTraits traits{"/ip-ranges.json", "application/json", Instant{0}, Duration{300}, std::nullopt};

std::string unpacked(const std::string& packed) {
  std::string text(1 << 20, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

TEST(HttpContent, TagIsStrongQuotedAndOfTheBytes) {
  const HttpDocument a = *make_document(traits, "a\n"), b = *make_document(traits, "b\n");
  EXPECT_THAT(a.plain.etag, testing::MatchesRegex("\"[0-9a-f]{32}\""));
  EXPECT_NE(a.plain.etag, b.plain.etag);
  EXPECT_EQ(make_document(traits, "a\n")->plain.etag, a.plain.etag);
}

// RFC 9530 appendix A: the digest of {"hello": "world"} and a newline.
TEST(HttpContent, ReprDigest) {
  EXPECT_EQ(make_document(traits, "{\"hello\": \"world\"}\n")->plain.repr_digest,
            "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
}

TEST(HttpContent, GzipHasATagOfItsOwnAndUnpacksToTheBody) {
  const std::string body(5000, 'x');
  const HttpDocument document = *make_document(traits, body);
  ASSERT_TRUE(document.gzip);
  EXPECT_LT(document.gzip->body.size(), body.size());
  EXPECT_NE(document.gzip->etag, document.plain.etag);
  EXPECT_EQ(unpacked(document.gzip->body), body);
  EXPECT_EQ(make_document(traits, body)->gzip->body, document.gzip->body);
}

TEST(HttpContent, SmallBodiesStayAsTheyAre) { EXPECT_FALSE(make_document(traits, "short")->gzip); }

TEST(HttpContent, FindsByPath) {
  HttpContent content;
  content.documents.push_back(*make_document(traits, "a"));
  EXPECT_EQ(content.find("/ip-ranges.json"), &content.documents[0]);
  EXPECT_EQ(content.find("/ip-ranges.jso"), nullptr);
  EXPECT_EQ(content.find(""), nullptr);
}

}  // namespace
}  // namespace dnsd
