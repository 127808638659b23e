#include "dnsd/http/made_documents.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

constexpr Instant now{1000};

std::shared_ptr<const HttpDocument> document(const std::string& body, std::optional<Instant> next_change = std::nullopt) {
  return std::make_shared<const HttpDocument>(
      *make_document({"/made", "text/plain", Instant{0}, Duration{300}, next_change}, body));
}

std::string found(MadeDocuments& made, const std::string& key, Instant when = now) {
  const auto kept = made.find(key, when);
  return kept ? kept->plain.body : "";
}

TEST(MadeDocuments, KeepsWhatItIsGiven) {
  MadeDocuments made;
  EXPECT_EQ(found(made, "a"), "");
  made.keep("a", document("1"));
  made.keep("b", document("2"));
  EXPECT_EQ(found(made, "a"), "1");
  EXPECT_EQ(found(made, "b"), "2");
  made.keep("a", document("3"));
  EXPECT_EQ(found(made, "a"), "3");
}

TEST(MadeDocuments, PathAndArgumentMakeTheKey) {
  EXPECT_EQ(MadeDocuments::key("/a", std::nullopt), MadeDocuments::key("/a", std::nullopt));
  EXPECT_NE(MadeDocuments::key("/a", std::nullopt), MadeDocuments::key("/a", ""));
  EXPECT_NE(MadeDocuments::key("/a", "1"), MadeDocuments::key("/a1", std::nullopt));
  EXPECT_NE(MadeDocuments::key("/a?", "1"), MadeDocuments::key("/a", "?1"));
}

TEST(MadeDocuments, ForgetsWhatWasNotAskedForTheLongest) {
  MadeDocuments made(MadeDocuments::Bounds{2, 1000});
  made.keep("a", document("1"));
  made.keep("b", document("2"));
  EXPECT_EQ(found(made, "a"), "1");
  made.keep("c", document("3"));
  EXPECT_EQ(found(made, "b"), "");
  EXPECT_EQ(found(made, "a"), "1");
  EXPECT_EQ(found(made, "c"), "3");
}

TEST(MadeDocuments, OctetsAreBounded) {
  MadeDocuments made(MadeDocuments::Bounds{100, 100});
  made.keep("a", document(std::string(60, 'a')));
  made.keep("b", document(std::string(40, 'b')));
  EXPECT_NE(found(made, "a"), "");
  made.keep("c", document(std::string(41, 'c')));
  EXPECT_NE(found(made, "c"), "");
  EXPECT_EQ(found(made, "a"), "");
  EXPECT_EQ(found(made, "b"), "");
  made.keep("d", document(std::string(101, 'd')));
  EXPECT_EQ(found(made, "d"), "");
  EXPECT_NE(found(made, "c"), "");
}

TEST(MadeDocuments, AtItsNextChangeADocumentIsMadeAnew) {
  MadeDocuments made;
  made.keep("a", document("1", now + Duration{10}));
  EXPECT_EQ(found(made, "a", now + Duration{9}), "1");
  EXPECT_EQ(found(made, "a", now + Duration{10}), "");
  EXPECT_EQ(found(made, "a", now), "");
}

}  // namespace
}  // namespace dnsd
