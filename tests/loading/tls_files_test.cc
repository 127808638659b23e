// The files of DNS and HTTP over TLS, as part of what the daemon loads.
#include <gtest/gtest.h>

#include "dnsd/loading/data_directory.h"
#include "dnsd/tls/identity.h"
#include "temporary_folder.h"
#include "test_certificate.h"

namespace dnsd {
namespace {

using testing::make_certificate;
using testing::TestCertificate;

constexpr long day = 86400;

class TlsFilesLoading : public ::testing::Test {
 protected:
  TlsFilesLoading() {
    testing::write_data_directory(folder);
    folder.write("dnsd.yaml",
                 "listen: [127.0.0.1:5300]\ntls:\n  listen: [127.0.0.1:8853]\n  certificate: tls.crt\n  key: tls.key\n");
    put(make_certificate("ns.example"));
  }
  void put(const TestCertificate& made) {
    folder.write("tls.crt", made.certificate);
    folder.write("tls.key", made.key);
  }
  std::string said() {
    Diagnostics diagnostics;
    data = loader.load(folder / "dnsd.yaml", now, diagnostics);
    std::string text = to_text(diagnostics);
    for (size_t at; (at = text.find(folder.path() + "/")) != std::string::npos;)
      text.erase(at, folder.path().size() + 1);
    return text;
  }

  const Instant now{std::time(nullptr)};
  testing::TemporaryFolder folder;
  Loader loader{Loader::TlsFilesAre::read};
  std::optional<DataDirectory> data;
};

TEST_F(TlsFilesLoading, GoodFilesAreSilent) {
  EXPECT_EQ(said(), "");
  ASSERT_TRUE(data && data->tls);
}

TEST_F(TlsFilesLoading, DefectsStandAtTheKeyThatNamesTheFile) {
  std::filesystem::remove(folder / "tls.crt");
  EXPECT_EQ(said(),
            "dnsd.yaml:4:16: error: certificate: cannot open tls.crt: No such file or directory\n"
            "  certificate: tls.crt\n"
            "               ^\n");
  std::filesystem::remove(folder / "tls.key");
  EXPECT_NE(said().find("dnsd.yaml:5:8: error: key: cannot open tls.key: No such file or directory\n"), std::string::npos);
  EXPECT_FALSE(data);
}

TEST_F(TlsFilesLoading, WhatIsInThemIsChecked) {
  folder.write("tls.key", make_certificate("ns.example").key);
  EXPECT_EQ(said(),
            "dnsd.yaml:5:8: error: key: tls.key: the key does not belong to the certificate\n"
            "  key: tls.key\n"
            "       ^\n");
  folder.write("tls.crt", "nothing");
  EXPECT_EQ(said().substr(0, 73), "dnsd.yaml:4:16: error: certificate: tls.crt: there is no certificate in i");
}

TEST_F(TlsFilesLoading, OneOutOfDateIsServedWithAWarning) {
  put(make_certificate("ns.example", -2 * day, -day));
  EXPECT_EQ(said().substr(0, 72), "dnsd.yaml:4:16: warning: certificate: tls.crt: the certificate expired a");
  EXPECT_TRUE(data && data->tls);
  put(make_certificate("ns.example", day, 2 * day));
  EXPECT_EQ(said().substr(0, 76), "dnsd.yaml:4:16: warning: certificate: tls.crt: the certificate is valid only");
  EXPECT_TRUE(data && data->tls);
}

TEST_F(TlsFilesLoading, AChangeOfEitherFileIsAChange) {
  said();
  EXPECT_FALSE(loader.changed());
  const std::string first = data->tls->fingerprint();
  const TestCertificate next = make_certificate("ns.example");
  folder.write("tls.crt", next.certificate);
  EXPECT_TRUE(loader.changed());
  EXPECT_NE(said(), "");  // until the key follows
  EXPECT_FALSE(loader.changed());
  folder.write("tls.key", next.key);
  EXPECT_TRUE(loader.changed());
  EXPECT_EQ(said(), "");
  EXPECT_NE(data->tls->fingerprint(), first);
}

TEST_F(TlsFilesLoading, ThoseOfHttpAreReadTheSameWay) {
  folder.write("dnsd.yaml",
               "listen: [127.0.0.1:5300]\nhttp:\n  listen: 127.0.0.1:8053\n  tls: {certificate: tls.crt, key: tls.key}\n");
  EXPECT_EQ(said(), "");
  ASSERT_TRUE(data && data->http_tls);
  EXPECT_FALSE(data->tls);
  folder.write("tls.key", make_certificate("ns.example").key);
  EXPECT_TRUE(loader.changed());
  EXPECT_EQ(said().substr(0, 83), "dnsd.yaml:4:36: error: key: tls.key: the key does not belong to the certificate\n  t");
}

TEST_F(TlsFilesLoading, ZoneEditLeavesThemAlone) {
  std::filesystem::remove(folder / "tls.key");
  Diagnostics diagnostics;
  const auto read = Loader().load(folder / "dnsd.yaml", now, diagnostics);
  EXPECT_TRUE(read) << to_text(diagnostics);
  EXPECT_FALSE(read->tls);
}

}  // namespace
}  // namespace dnsd
