// The files of the feed's keys: reading and making them (feed_keys.h).
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/atomic_file.h"
#include "base/text.h"
#include "pinned_ips/feed/feed_keys.h"

namespace dnsd {
namespace {

constexpr size_t most_octets = 4096;  // of a key file, which has about 260

// "20261125T200000Z"
std::string key_name(Instant created) {
  std::string text = to_text(created);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

std::optional<Instant> created_of(std::string_view name) {
  if (name.size() != 16) return std::nullopt;
  std::string text(name);
  for (const size_t dash : {6u, 4u}) text.insert(dash, "-");
  for (const size_t colon : {15u, 13u}) text.insert(colon, ":");
  const Result<Instant> created = parse_instant(text);
  return created ? std::optional(*created) : std::nullopt;
}

Failure about(const std::string& path, const std::string& what) { return Failure{path + ": " + what}; }

// Whoever read a secret key can sign in our name: a key that others may have read is none any more.
Status check_mode(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return about(path, std::system_category().message(errno));
  if (!S_ISREG(info.st_mode)) return about(path, "not a regular file");
  if ((info.st_mode & 077) == 0) return Done{};
  char mode[8];
  std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(info.st_mode & 07777));
  return about(path, "others may read this secret key (mode " + std::string(mode) +
                         "); chmod 600 it, and make a new one with zone-edit feed key new if somebody did");
}

Result<FeedKey> load_key(const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name;
  const std::optional<Instant> created = created_of(name);
  if (!created)
    return about(path + ".key", "its name is not the instant when it was made, as 20261125T200000Z.key; rename it");
  if (const Status mode = check_mode(path + ".key"); !mode) return mode.failure();
  const Result<std::string> secret = read_file(path + ".key", most_octets);
  if (!secret) return secret.failure();
  const Result<MinisignKey> key = parse_secret_key_file(*secret);
  if (!key) return about(path + ".key", key.failure().message);
  const Result<std::string> shown = read_file(path + ".pub", most_octets);
  if (!shown) return shown.failure();
  const Result<MinisignPublicKey> public_key = parse_public_key_file(*shown);
  if (!public_key) return about(path + ".pub", public_key.failure().message);
  if (*public_key != key->public_key)
    return about(path + ".pub", "not the public key of " + name + ".key, which is " + key_text(key->public_key));
  return FeedKey{*created, *key};
}

}  // namespace

Result<FeedKeys> FeedKeys::load(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error) && !error) return FeedKeys();
  std::vector<std::string> secret, shown;
  std::filesystem::directory_iterator files(folder, error);
  for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
    const std::filesystem::path& path = files->path();
    if (path.extension() == ".key") secret.push_back(path.stem());
    if (path.extension() == ".pub") shown.push_back(path.stem());
  }
  if (error) return about(folder, error.message());
  for (const std::string& name : shown)
    if (std::ranges::find(secret, name) == secret.end())
      return about(folder + "/" + name + ".pub",
                   "there is no " + name + ".key beside it; bring it back or remove this");
  std::vector<FeedKey> keys;
  for (const std::string& name : secret) {
    Result<FeedKey> key = load_key(folder, name);
    if (!key) return key.failure();
    keys.push_back(std::move(*key));
  }
  return FeedKeys(std::move(keys));
}

Result<FeedKey> add_feed_key(const std::string& folder, Instant now, MinisignRandom random) {
  const std::string path = folder + "/" + key_name(now);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return about(folder, error.message());
  if (std::filesystem::exists(path + ".key", error) || error)
    return about(path + ".key", error ? error.message() : "a key of this instant exists; wait a second");
  const Result<MinisignKey> key = make_minisign_key(random);
  if (!key) return key.failure();
  // The public one first: a crash in between leaves a file that load() names, and never a key that nobody can check.
  if (const Status written = replace_file(path + ".pub", public_key_file(key->public_key)); !written)
    return written.failure();
  if (const Status written = replace_file(path + ".key", secret_key_file(*key), 0600); !written)
    return written.failure();
  return FeedKey{now, *key};
}

}  // namespace dnsd
