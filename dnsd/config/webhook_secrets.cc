#include "dnsd/config/webhook_secrets.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/atomic_file.h"
#include "dnsd/config/secret_lines.h"
#include "dnsd/subscribers/webhook_target.h"

namespace dnsd {
namespace {

constexpr size_t most_octets = 65536;

}  // namespace

std::vector<std::string> parse_webhook_secrets(std::string_view text, const std::string& shown_path,
                                               Diagnostics& diagnostics) {
  std::vector<std::string> secrets;
  bool good = true;
  const auto error = [&](uint32_t line, std::string message) {
    good = false;
    diagnostics.error({shown_path, line, 0}, std::move(message));
  };
  for_each_secret_line(text, [&](uint32_t number, std::string_view word) {
    if (const Result<std::string> key = webhook_key(word); !key) error(number, key.failure().message);
    if (std::find(secrets.begin(), secrets.end(), word) != secrets.end()) error(number, "the same secret twice");
    secrets.emplace_back(word);
  });
  if (secrets.empty() || secrets.size() > most_webhook_secrets) {
    error(0, std::to_string(secrets.size()) + " webhook secrets; there must be 1 to " +
                 std::to_string(most_webhook_secrets) + ", a line each");
  }
  if (!good) secrets.clear();
  return secrets;
}

std::vector<std::string> read_webhook_secrets(const std::string& path, const Place& place, Diagnostics& diagnostics) {
  const Result<std::string> text = read_file(path, most_octets);
  if (!text) {
    diagnostics.error(place, "secret_file: " + text.failure().message);
    return {};
  }
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && (info.st_mode & 07) != 0) {
    diagnostics.error(place, "secret_file: everybody on this machine may read or write " + path +
                                 "; take that away: chmod o= " + path);
    return {};
  }
  return parse_webhook_secrets(*text, path, diagnostics);
}

}  // namespace dnsd
