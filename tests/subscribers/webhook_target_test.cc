#include "dnsd/subscribers/webhook_target.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

std::string refusal(std::string_view url) {
  const Result<std::string> value = webhook_url_value(url);
  return value ? "" : value.failure().message;
}

TEST(WebhookUrl, HttpsToAnyHostAndHttpToThisMachine) {
  for (const char* url :
       {"https://hooks.example.com/dnsd?key=a%20b", "https://hooks.example.com", "https://192.0.2.1:8443/",
        "https://[2001:db8::1]/x", "http://127.0.0.1:8080/hook", "http://127.1.2.3/", "http://[::1]:80/?x"}) {
    const Result<std::string> value = webhook_url_value(url);
    ASSERT_TRUE(value) << value.failure().message;
    EXPECT_EQ(*value, url);
  }
}

TEST(WebhookUrl, PlainHttpElsewhereIsRefused) {
  for (const char* host : {"hooks.example.com", "192.0.2.1", "10.0.0.1", "localhost", "127.0.0.1.example.com",
                           "[2001:db8::1]", "0.0.0.0", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"}) {
    const std::string message = refusal("http://" + std::string(host) + "/");
    EXPECT_TRUE(message.starts_with("plain http goes to an address of this machine alone"))
        << host << ": " << message;
  }
}

TEST(WebhookUrl, WhatProgramsReadInTwoWaysIsRefused) {
  for (const char* url : {"http://127.0.0.1@evil.example/",
                          "https://user:password@hooks.example.com/",
                          "http://127.0.0.1\\@evil.example/",
                          "http://127.0.0.1:80#@evil.example/",
                          "http:///127.0.0.1/",
                          "https://",
                          "https:///x",
                          "https://host:0/",
                          "https://host:65536/",
                          "https://host:80x/",
                          "https://[::1/",
                          "https://[127.0.0.1]/",
                          "https://ho st/",
                          "https://host/\x01",
                          "https://host/\xc3\xa4",
                          "https://a_b/",
                          "HTTPS://host/",
                          "ftp://host/",
                          "file:///etc/passwd",
                          "//host/",
                          "",
                          "https://host/#part"}) {
    EXPECT_NE(refusal(url), "") << url;
  }
  EXPECT_NE(refusal("https://host/" + std::string(2000, 'x')), "");
}

TEST(WebhookUrl, TheFailureSaysWhere) {
  EXPECT_EQ(webhook_url_value("https://host/a b").failure().offset, 14u);
  EXPECT_EQ(webhook_url_value("https://a@host/").failure().offset, 8u);
}

TEST(WebhookKey, IsTheOctetsBehindThePrefix) {
  // From the examples of the specification.
  const Result<std::string> key = webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->size(), 24u);
  EXPECT_EQ((*key)[0], '\x31');
}

TEST(WebhookKey, OthersAreRefusedWithoutBeingRepeated) {
  for (const std::string secret :
       {"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_c2hvcnQ=", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa w"}) {
    const Result<std::string> key = webhook_key(secret);
    ASSERT_FALSE(key) << secret;
    EXPECT_EQ(key.failure().message.find("MfKQ"), std::string::npos);
  }
  EXPECT_FALSE(webhook_key("whsec_" + std::string(88, 'A'))) << "66 octets";
}

}  // namespace
}  // namespace dnsd
