// The whole data directory, read and checked: the one way from files to what is served, for the daemon and for
// zone-edit alike, so that they cannot disagree.
//
// Thread safety: a DataDirectory is immutable; a Loader belongs to one thread at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "base/diagnostic.h"
#include "base/instant.h"
#include "dnsd/config/server_config.h"
#include "dnsd/config/zone_config.h"
#include "dnsd/loading/file_stamp.h"
#include "dnsd/loading/zone_facts.h"
#include "dnsd/snapshot/compile.h"
#include "dnsd/subscribers/webhook_target.h"
#include "pinned_ips/history.h"
#include "pinned_ips/pinned_set.h"
#include "zones/zone.h"
#include "zones/zone_file.h"

namespace dnsd {

class TlsIdentity;  // dnsd/tls/identity.h

// The *.yaml of a folder, by name; hidden files and leftovers of editors are not among them.
std::vector<std::string> yaml_files(const std::string& folder, std::error_code& error);

// All but `config` are null where the master file has errors; of the last two one is, by what the Loader was made for.
struct LoadedZone {
  ZoneConfig config;
  std::shared_ptr<const ZoneFacts> facts = nullptr;
  std::shared_ptr<const Zone> zone = nullptr;
  std::shared_ptr<const CompiledZone> compiled = nullptr;

  const Zone* at_shaped_names() const { return facts ? facts->at_shaped_names.get() : nullptr; }
};

struct DataDirectory {
  ServerConfig config;
  std::vector<LoadedZone> zones;         // by the name of their YAML file
  std::vector<PinnedSet> pinned_sets;    // by the name of their YAML file
  std::vector<CookieSecret> cookie_secrets;  // of the file; empty where there is none
  std::vector<WebhookTarget> webhooks;       // with their secrets; empty where these files are not read
  bool pinned_sets_complete = true;      // no file of one has errors: a set that is not here does not exist
  std::shared_ptr<const TlsIdentity> tls;  // null without DNS over TLS, and where its files are not read
  std::shared_ptr<const TlsIdentity> http_tls;  // the same of HTTP

  History promised;                    // what was granted, with this load: answers and feed are made of this
  std::vector<LedgerRecord> records;   // of `promised`, what the ledger has not got yet: to be appended before it is used

  const LoadedZone* find_zone(NameView origin) const;  // exactly this apex
  const PinnedSet* find_set(std::string_view name) const;
};

// How far a load has come, in its master files.
struct LoadProgress {
  std::string_view path;       // the master file in hand; empty when the load begins
  size_t zone = 0, zones = 0;  // its number, from 1, of how many
  uint64_t octets = 0, of_octets = 0;
  uint64_t records = 0;        // of this file so far
};

class Loader {
 public:
  // Whether to read the files of TLS. They are the daemon's own: whoever edits zones need not be able to.
  enum class TlsFilesAre : uint8_t { read, left_alone };
  // Zones come as Zone, for whoever wants to see their records.
  explicit Loader(TlsFilesAre tls_files = TlsFilesAre::left_alone) : tls_files_(tls_files) {}
  // Zones come compiled, for who answers from them: each is compiled as soon as it is read, and its records are let go
  // before the next one is read.
  Loader(TlsFilesAre tls_files, const NameHash& compile_with) : tls_files_(tls_files), compile_with_(compile_with) {}

  // Where load() finds what was promised so far; without, in the ledger of the configuration's state folder. Nothing is
  // ever written there by a load.
  void use_history(std::function<const History&()> history) { history_ = std::move(history); }
  // Who is behind the edits of the next load(), for the ledger.
  void set_actor(std::string actor) { actor_ = std::move(actor); }

  // Reads everything that the configuration names. Every defect of every file goes to `diagnostics`; nothing comes
  // back where one of them is an error. A zone of whose files none changed since the last call is not read again, nor
  // compiled, unless shaping answers other names of it.
  std::optional<DataDirectory> load(const std::string& config_path, Instant now, Diagnostics& diagnostics);

  // Called when a load begins, at each zone, and every few thousand records of one; it must not take long.
  void on_progress(std::function<void(const LoadProgress&)> tell) { tell_progress_ = std::move(tell); }

  // From now on the files named here, by the paths that messages show, are taken with this text in place of what is on
  // disk: so an edit can be checked before it is written.
  void set_overlay(std::map<std::string, std::string> overlay);

  // Whether any file that the last load() read or missed, or would read now, is another than then. What the way out of
  // a failure changes is among them; what else is written to the same folders, a log for example, is not.
  bool changed() const;
  // Every folder whose files the last load() came to, for watching.
  std::vector<std::string> folders() const;

 private:
  // What is remembered of a zone that was read without errors.
  struct Known {
    std::shared_ptr<const ZoneFacts> facts;  // null: of none yet
    std::shared_ptr<const Zone> zone;
    std::shared_ptr<const CompiledZone> compiled;
    FileStamps files;  // the master file and all that it includes
    std::vector<uint8_t> shaped_names;  // in wire form, one behind the other
    Diagnostics warnings;
    bool used = true;
  };

  // The files that a load depends on, each as it was before it was read; a folder's row is the list of its files.
  struct Inputs {
    FileStamps files;
    std::map<std::string, std::vector<std::string>> folders;
  };

  const std::optional<FileStamp>& note(const std::string& path) {
    return inputs_.files.try_emplace(path, stamp_of(path)).first->second;
  }
  std::vector<std::string> list(const std::string& folder, const Place& place, Diagnostics& diagnostics);
  void load_cookie_secrets(DataDirectory& data, Diagnostics& found);
  std::shared_ptr<const TlsIdentity> load_tls(const std::optional<TlsFiles>& files, const std::string& config_path,
                                              Instant now, Diagnostics& found);
  void load_webhooks(DataDirectory& data, Diagnostics& found);
  void load_sets(DataDirectory& data, Diagnostics& found);
  void load_zones(DataDirectory& data, Diagnostics& found);
  void load_promises(DataDirectory& data, Instant now, Diagnostics& found);
  const Known& load_zone(const ZoneConfig& config, Diagnostics& diagnostics);
  bool is_unchanged(const Known& known);
  void read_zone(const ZoneConfig& config, Known& known);
  std::optional<Zone> read_master_file(ZoneFileOptions options, Known& known);
  const std::string* overlaid(const std::string& path) const;
  Result<std::string> open(const std::string& path) const;

  const TlsFilesAre tls_files_;
  const std::optional<NameHash> compile_with_;
  std::function<const History&()> history_;
  std::string actor_ = "files";
  std::function<void(const LoadProgress&)> tell_progress_ = [](const LoadProgress&) {};
  LoadProgress progress_;
  Inputs inputs_;
  std::map<std::string, std::string> overlay_;
  std::map<std::string, Known> known_;  // by path of the master file and origin
};

CookiePolicy cookie_policy(CookieWord word);
ClientSubnetSettings client_subnet_settings(const ClientSubnetConfig& config);

// What compile_snapshot() takes. Where no file has cookie secrets, cookies are off.
SnapshotInput snapshot_input(const DataDirectory& data);

}  // namespace dnsd
