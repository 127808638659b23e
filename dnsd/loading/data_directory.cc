#include "dnsd/loading/data_directory.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/atomic_file.h"
#include "dnsd/config/cookie_secrets.h"
#include "dnsd/config/pinned_config.h"
#include "dnsd/config/webhook_secrets.h"
#include "dnsd/loading/cross_check.h"
#include "dnsd/tls/identity.h"

namespace dnsd {

namespace {

constexpr size_t max_pem_octets = size_t{1} << 20;

}  // namespace

std::vector<std::string> yaml_files(const std::string& folder, std::error_code& error) {
  std::vector<std::string> paths;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with('.') && name.ends_with(".yaml")) paths.push_back(it->path().string());
  }
  std::ranges::sort(paths);
  return paths;
}

const LoadedZone* DataDirectory::find_zone(NameView origin) const {
  const auto zone = std::ranges::find_if(zones, [&](const LoadedZone& z) { return z.config.origin.view() == origin; });
  return zone == zones.end() ? nullptr : &*zone;
}

const PinnedSet* DataDirectory::find_set(std::string_view name) const {
  const auto set = std::ranges::find(pinned_sets, name, &PinnedSet::name);
  return set == pinned_sets.end() ? nullptr : &*set;
}

std::optional<DataDirectory> Loader::load(const std::string& config_path, Instant now, Diagnostics& diagnostics) {
  Diagnostics found;
  DataDirectory data;
  inputs_ = {};
  note(config_path);
  std::optional<ServerConfig> config = read_server_config(config_path, found);
  if (config) {
    data.config = std::move(*config);
    load_cookie_secrets(data, found);
    if (tls_files_ == TlsFilesAre::read) {
      data.tls = load_tls(data.config.runtime.tls, config_path, now, found);
      data.http_tls = load_tls(data.config.runtime.http_tls, config_path, now, found);
    }
    if (tls_files_ == TlsFilesAre::read) load_webhooks(data, found);
    load_sets(data, found);
    load_zones(data, found);
    load_promises(data, now, found);
    cross_check(data, now, [this](const std::string& path) { return open(path); }, found);
  }
  std::erase_if(known_, [](const auto& row) { return !row.second.used; });
  for (auto& [key, row] : known_) row.used = false;
  found.sort();
  diagnostics.append(found);
  if (found.has_errors()) return std::nullopt;
  return data;
}

void Loader::load_cookie_secrets(DataDirectory& data, Diagnostics& found) {
  const CookieFile& cookies = data.config.runtime.cookies;
  if (cookies.secrets.empty()) return;
  note(cookies.secrets);
  if (const Result<std::string> text = open(cookies.secrets)) {
    data.cookie_secrets = parse_cookie_secrets(*text, cookies.secrets, found);
  } else {
    found.error(cookies.place, "cookies.secrets: " + text.failure().message);
  }
}

// Defects stand at the key that names the file.
std::shared_ptr<const TlsIdentity> Loader::load_tls(const std::optional<TlsFiles>& files, const std::string& config_path,
                                                    Instant now, Diagnostics& found) {
  if (!files) return nullptr;
  const Result<std::string> text = open(config_path);
  const std::string yaml = text ? *text : std::string();
  const auto at = [&](const Place& place) { return std::string(line_of(yaml, place.line)); };
  const auto error = [&](const Place& place, std::string message) { found.error(place, std::move(message), at(place)); };
  note(files->certificate);
  note(files->key);
  const Result<std::string> certificate = read_file(files->certificate, max_pem_octets);
  const Result<std::string> key = read_file(files->key, max_pem_octets);
  if (!certificate) error(files->certificate_place, "certificate: " + certificate.failure().message);
  if (!key) error(files->key_place, "key: " + key.failure().message);
  if (!certificate || !key) return nullptr;
  std::variant<TlsIdentity, TlsIdentity::Defect> read = TlsIdentity::read(*certificate, *key);
  if (const auto* defect = std::get_if<TlsIdentity::Defect>(&read)) {
    const bool of_key = defect->file == TlsIdentity::File::key;
    error(of_key ? files->key_place : files->certificate_place,
          (of_key ? "key: " + files->key : "certificate: " + files->certificate) + ": " + defect->message);
    return nullptr;
  }
  auto identity = std::make_shared<const TlsIdentity>(std::move(std::get<TlsIdentity>(read)));
  const auto warning = [&](const std::string& message) {
    const Place& place = files->certificate_place;
    found.warning(place, "certificate: " + files->certificate + ": " + message, at(place));
  };
  if (identity->not_after() <= now) warning("the certificate expired at " + to_text(identity->not_after()));
  if (identity->not_before() > now) warning("the certificate is valid only from " + to_text(identity->not_before()));
  return identity;
}

void Loader::load_webhooks(DataDirectory& data, Diagnostics& found) {
  for (const WebhookConfig& webhook : data.config.runtime.webhooks) {
    note(webhook.secret_file);
    data.webhooks.push_back({webhook.name, webhook.url,
                             read_webhook_secrets(webhook.secret_file, webhook.secret_file_place, found)});
  }
}

void Loader::load_sets(DataDirectory& data, Diagnostics& found) {
  for (const std::string& path : list(data.config.runtime.pinned_ips, data.config.place, found)) {
    const std::string* text = overlaid(path);
    std::optional<PinnedSet> set = text ? parse_pinned_set(*text, path, found) : read_pinned_set(path, found);
    if (set) {
      data.pinned_sets.push_back(std::move(*set));
    } else {
      data.pinned_sets_complete = false;
    }
  }
}

std::vector<std::string> Loader::list(const std::string& folder, const Place& place, Diagnostics& diagnostics) {
  std::error_code error;
  std::vector<std::string> paths = yaml_files(folder, error);
  if (error) diagnostics.error(place, "cannot read the folder " + folder + ": " + error.message());
  for (const std::string& path : paths) note(path);
  return inputs_.folders[folder] = std::move(paths);
}

bool Loader::changed() const {
  std::error_code error;
  return inputs_.files.empty() ||
         std::ranges::any_of(inputs_.files, [](const auto& row) { return stamp_of(row.first) != row.second; }) ||
         std::ranges::any_of(inputs_.folders, [&](const auto& row) { return yaml_files(row.first, error) != row.second; });
}

std::vector<std::string> Loader::folders() const {
  std::set<std::string> folders;
  for (const auto& [folder, files] : inputs_.folders) folders.insert(folder);
  for (const auto& [file, stamp] : inputs_.files) {
    const std::string parent = std::filesystem::path(file).parent_path().string();
    folders.insert(parent.empty() ? "." : parent);
  }
  return {folders.begin(), folders.end()};
}

void Loader::set_overlay(std::map<std::string, std::string> overlay) {
  overlay_ = std::move(overlay);
  known_.clear();
}

const std::string* Loader::overlaid(const std::string& path) const {
  const auto text = overlay_.find(path);
  return text == overlay_.end() ? nullptr : &text->second;
}

Result<std::string> Loader::open(const std::string& path) const {
  if (const std::string* text = overlaid(path)) return *text;
  return read_file(path);
}

CookiePolicy cookie_policy(CookieWord word) {
  switch (word) {
    case CookieWord::off: break;
    case CookieWord::answer: return CookiePolicy::answer;
    case CookieWord::require: return CookiePolicy::require;
  }
  return CookiePolicy::off;
}

ClientSubnetSettings client_subnet_settings(const ClientSubnetConfig& config) {
  ClientSubnetSettings settings;
  settings.used = config.policy == ClientSubnetPolicy::use;
  if (!config.resolvers) return settings;
  std::vector<PrefixTable::Row> rows;
  for (const IpPrefix& prefix : *config.resolvers) rows.push_back({prefix, 0});
  settings.resolvers.emplace(std::move(rows));
  return settings;
}

SnapshotInput snapshot_input(const DataDirectory& data) {
  SnapshotInput input;
  for (const LoadedZone& loaded : data.zones)
    input.zones.push_back({loaded.zone, loaded.config.pools, loaded.config.names, loaded.compiled});
  input.pinned_sets = data.pinned_sets;
  input.promised = data.promised.sets;
  const RuntimeConfig& runtime = data.config.runtime;
  input.settings.udp_response_limit = runtime.udp.max_response;
  input.settings.identity = {runtime.identity.id, runtime.identity.version};
  if (!data.cookie_secrets.empty())
    input.settings.cookies = {cookie_policy(runtime.cookies.policy), data.cookie_secrets};
  input.settings.client_subnet = client_subnet_settings(runtime.client_subnet);
  return input;
}

}  // namespace dnsd
