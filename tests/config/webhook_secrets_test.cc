#include "dnsd/config/webhook_secrets.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "temporary_folder.h"

namespace dnsd {
namespace {

const std::string one = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", two = "whsec_" + std::string(32, 'A');

std::string defects(std::string_view text) {
  Diagnostics diagnostics;
  EXPECT_TRUE(parse_webhook_secrets(text, "secrets", diagnostics).empty());
  return to_text(diagnostics);
}

TEST(WebhookSecrets, OneALineTheNewestFirst) {
  Diagnostics diagnostics;
  const auto secrets = parse_webhook_secrets("# ours\n\n  " + two + "  # new\r\n" + one, "secrets", diagnostics);
  EXPECT_EQ(to_text(diagnostics), "");
  EXPECT_EQ(secrets, (std::vector<std::string>{two, one}));
}

TEST(WebhookSecrets, DefectsAreToldWithoutTheSecret) {
  EXPECT_EQ(
      defects(one + "\nwhsec_secret\n"),
      "secrets:2: error: not a webhook secret: whsec_ and 24 to 64 octets in base64 (`echo whsec_$(openssl rand "
      "-base64 24)`)\n");
  EXPECT_EQ(defects("# none\n"), "secrets: error: 0 webhook secrets; there must be 1 to 4, a line each\n");
  EXPECT_EQ(defects(one + "\n" + two + "\n" + one + "\n"), "secrets:3: error: the same secret twice\n");
}

TEST(WebhookSecrets, AreNotForEverybody) {
  const testing::TemporaryFolder folder;
  folder.write("secrets", one + "\n");
  const std::string path = folder / "secrets";
  const Place place{"dnsd.yaml", 3, 14};
  for (const mode_t mode : {0644U, 0602U, 0601U}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    Diagnostics diagnostics;
    EXPECT_TRUE(read_webhook_secrets(path, place, diagnostics).empty());
    EXPECT_EQ(to_text(diagnostics),
              "dnsd.yaml:3:14: error: secret_file: everybody on this machine may read or write " + path +
                  "; take that away: chmod o= " + path + "\n");
  }
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  Diagnostics diagnostics;
  EXPECT_EQ(read_webhook_secrets(path, place, diagnostics), std::vector<std::string>{one});
  EXPECT_TRUE(diagnostics.empty());
}

TEST(WebhookSecrets, AMissingFileIsNamedWhereItIsConfigured) {
  Diagnostics diagnostics;
  EXPECT_TRUE(read_webhook_secrets("no/secrets", {"dnsd.yaml", 3, 14}, diagnostics).empty());
  EXPECT_EQ(to_text(diagnostics),
            "dnsd.yaml:3:14: error: secret_file: cannot open no/secrets: No such file or directory\n");
}

}  // namespace
}  // namespace dnsd
