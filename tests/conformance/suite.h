// A suite of tests/conformance/suites: zones, and cases with the answer that most of the reference servers give.
//
// Thread safety: no shared state.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "dns_message.h"
#include "dnsd/snapshot/snapshot.h"
#include "lenient.h"

namespace dnsd::testing {

struct SuiteCase {
  std::string id;
  QueryWords words;
  std::vector<Expectation> expect;  // any of them
};

struct SuiteZone {
  std::string origin, text;
};

struct Suite {
  std::string name;
  bool may_refuse = false;  // its zones may be ill-formed: one that does not load is not served, and that is right
  std::vector<SuiteZone> zones;
  std::vector<SuiteCase> cases;
  std::set<std::string> origins;  // in lower case
};

// Fails where a file has something that is not understood, so that no case is read as less than it says.
Result<Suite> read_suite(const std::string& folder);

// The apex, in lower case, of the suite's zone closest to a name; empty where it is in none.
std::string zone_of(const Suite& suite, const std::string& name);

struct LoadedSuite {
  std::unique_ptr<Snapshot> snapshot;
  std::set<std::string> refused;  // origins of the zones that were not loaded
};

// Each zone by itself through the reader of master files and its checks, and those that pass compiled, as the daemon
// does. Fails where a zone is refused that may not be.
Result<LoadedSuite> load_suite(const Suite& suite);

// Which cases are decided otherwise than by most references: the clause of BEHAVIOUR.md by the case's id. `path` is that
// of explained.txt.
Result<std::map<std::string, std::string>> read_explained(const std::string& path);

}  // namespace dnsd::testing
