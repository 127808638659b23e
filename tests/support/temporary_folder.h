// A folder of its own for a test, gone afterwards.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace dnsd::testing {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "dnsd-test-XXXXXX").string();
    if (mkdtemp(pattern.data())) path_ = pattern;
    EXPECT_FALSE(path_.empty());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    if (!path_.empty()) std::filesystem::remove_all(path_);
  }

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  // Makes the folders that lead there, too.
  void write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(std::filesystem::path(*this / name).parent_path());
    std::ofstream(*this / name, std::ios::binary) << content;
  }

 private:
  std::string path_;
};

// A data directory that is served without a warning; tests change a file of it and see what happens.
inline void write_data_directory(const TemporaryFolder& folder) {
  folder.write("dnsd.yaml", "listen: [127.0.0.1:5300]\n");
  folder.write("zones/a.yaml",
               "zone: a.example\n"
               "records: a.zone\n"
               "pools:\n"
               "  street:\n"
               "    cap: 2\n"
               "    members:\n"
               "      - {address: 198.51.100.1}\n"
               "      - {address: 198.51.100.2}\n"
               "      - {address: 198.51.100.3}\n"
               "names:\n"
               "  street: {pool: street, pinned: proxy}\n"
               "  proxy: {pinned: proxy}\n");
  folder.write("zones/a.zone",
               "$TTL 300\n"
               "@ SOA ns1 host 1 7200 900 1209600 60\n"
               "@ NS ns1\n"
               "ns1 A 192.0.2.1\n"
               "www A 192.0.2.2\n");
  folder.write("pinned_ips/proxy.yaml",
               "set: proxy\n"
               "entries:\n"
               "  - {cidr: 192.0.2.9/32, facility: dfw-1, enabled: 2026-01-01}\n"
               "clients:\n"
               "  - {name: bank, sources: [198.18.5.0/24]}\n");
}

}  // namespace dnsd::testing
