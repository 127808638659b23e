#include "dnsd/ledger/witness.h"

#include <sys/stat.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"

namespace dnsd {
namespace {

constexpr size_t most_octets = 4096;
constexpr size_t digits_of_hash = 64;

std::optional<Witness> parse(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || json.size() != 2 || !json.contains("seq") || !json.contains("hash")) return std::nullopt;
  if (!json["seq"].is_number_unsigned() || !json["hash"].is_string()) return std::nullopt;
  Witness witness{json["seq"].get<uint64_t>(), json["hash"].get<std::string>()};
  if (witness.hash.size() != digits_of_hash) return std::nullopt;
  return witness;
}

}  // namespace

std::string witness_path(const std::string& ledger_path) {
  const std::string ending = ".db";
  const bool has_ending = ledger_path.size() > ending.size() && ledger_path.ends_with(ending);
  return (has_ending ? ledger_path.substr(0, ledger_path.size() - ending.size()) : ledger_path) + ".head";
}

Result<std::optional<Witness>> read_witness(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR)) return std::optional<Witness>();
  const Result<std::string> text = read_file(path, most_octets);
  if (!text)
    return Failure{text.failure().message + "; make it readable for the user of this program (chown, chmod)"};
  const std::optional<Witness> witness = parse(*text);
  if (!witness) {
    return Failure{path +
                   ": damaged: it is no {\"seq\":N,\"hash\":\"64 digits\"}; put a copy of it back together with the "
                   "ledger of the same time, or make both anew with `zone-edit ledger rebuild FILE…` from published "
                   "snapshots"};
  }
  return witness;
}

Status write_witness(const std::string& path, const Witness& witness) {
  const Status written =
      replace_file(path, "{\"seq\":" + std::to_string(witness.seq) + ",\"hash\":\"" + witness.hash + "\"}\n");
  if (written) return Done{};
  return Failure{written.failure().message + "; make room on its disk, and its folder writable (chown, chmod)"};
}

}  // namespace dnsd
