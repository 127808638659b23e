// pool: members of a pool.
#include <CLI/CLI.hpp>
#include <memory>

#include "tools/zone_edit/options.h"
#include "tools/zone_edit/pool_list.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

void add_list(CLI::App& app, Action& action) {
  const auto filter = std::make_shared<PoolFilter>();
  CLI::App* sub = add_sub_verb(app, "list", "Pools with their members");
  sub->add_option("POOL", filter->pool, "Only this pool")->type_name("");
  sub->add_option("--zone", filter->zone, "Only pools of this zone")->type_name("ZONE");
  sub->footer(
      "State of a member: in (handed out), drain (no longer handed out, unless nothing else is in service), out.\n"
      "\n"
      "Examples:\n"
      "  zone-edit pool list\n"
      "  zone-edit pool list us-street --json | jq '.pools[0].members | length'");
  sub->callback([&action, filter] { action = [filter](const Session& session) { return list_pools(session, *filter); }; });
}

}  // namespace

void setup_pool(CLI::App& app, Action& action) {
  add_list(app, action);
}

}  // namespace dnsd
