// The one way in which zone-edit changes files:
//
//   lock -> read -> plan -> check everything as it would be -> compare with the disk -> write -> tell the daemon
//
// Nothing is written before everything was found good, each file is replaced whole, and where the daemon refuses what
// it is told the files become what they were: an edit is done or it is not.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "dnsd/config/server_config.h"
#include "dnsd/config/zone_config.h"
#include "tools/zone_edit/session.h"

namespace dnsd {

struct FileChange {
  std::string path;  // as the configuration leads to it
  std::string before;
  std::string after;
};

struct EditPlan {
  std::string done;               // for people: "198.51.100.7 added to the pool us-street"
  std::vector<FileChange> files;  // none: everything is as asked for already
};

// What there is to edit, read under the lock. A zone whose YAML has defects is not among `zones`; the defects are
// told where the plan fails.
struct Editable {
  ServerConfig config;
  std::vector<ZoneConfig> zones;
  Diagnostics defects;
};

struct EditOptions {
  bool dry_run = false;      // show the change, write nothing, tell nobody
  std::string actor = "zone-edit";  // who edits, for the ledger
};

// Returns the exit status.
int run_edit(const Session& session, const EditOptions& options,
             const std::function<Result<EditPlan>(const Editable&)>& plan);

}  // namespace dnsd
