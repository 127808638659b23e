// pool: members of a pool.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/atomic_file.h"
#include "dnsd/config/yaml_edit.h"
#include "tools/zone_edit/edit.h"
#include "tools/zone_edit/find.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/pool_list.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

struct Options {
  std::string pool;
  std::string zone;
  std::optional<IpAddress> address;
  std::optional<uint32_t> weight;
  std::optional<std::string> site;
  EditOptions edit;
};

// What an edit of a member makes of the text of a zone's YAML.
struct Change {
  std::string text;
  std::string done;  // "198.51.100.7 added to"
};
using Operation = Result<Change> (*)(std::string_view text, const PoolDefinition& pool, const Options& options);

const PoolMember* find_member(const PoolDefinition& pool, const IpAddress& address) {
  const auto member = std::ranges::find(pool.members, address, &PoolMember::address);
  return member == pool.members.end() ? nullptr : &*member;
}

Failure no_such_member(const PoolDefinition& pool, const IpAddress& address) {
  return Failure{to_text(address) + " is not in the pool '" + pool.name + "'; zone-edit pool list " + pool.name +
                 " shows what is"};
}

Result<Change> changed(Result<std::string> text, std::string done) {
  if (!text) return text.failure();
  return Change{std::move(*text), std::move(done)};
}

Result<Change> add(std::string_view text, const PoolDefinition& pool, const Options& options) {
  if (const PoolMember* member = find_member(pool, *options.address))
    return Failure{to_text(member->address) + " is in the pool '" + pool.name + "' already, in " +
                   member->place.file + ":" + std::to_string(member->place.line)};
  PoolMember member;
  member.address = *options.address;
  member.weight = options.weight.value_or(member.weight);
  member.site = options.site.value_or("");
  return changed(add_member(text, pool.name, member), to_text(member.address) + " added to");
}

Result<Change> remove(std::string_view text, const PoolDefinition& pool, const Options& options) {
  if (!find_member(pool, *options.address)) return no_such_member(pool, *options.address);
  return changed(remove_member(text, pool.name, *options.address), to_text(*options.address) + " removed from");
}

Result<Change> set_state(std::string_view text, const PoolDefinition& pool, const IpAddress& address,
                         MemberState state, const char* done) {
  const PoolMember* member = find_member(pool, address);
  if (!member) return no_such_member(pool, address);
  const std::string what = to_text(address) + " " + done;
  if (member->state == state) return Change{std::string(text), what};
  return changed(set_member_state(text, pool.name, address, state), what);
}

Result<Change> drain(std::string_view text, const PoolDefinition& pool, const Options& options) {
  return set_state(text, pool, *options.address, MemberState::drain, "drained in");
}

Result<Change> enable(std::string_view text, const PoolDefinition& pool, const Options& options) {
  return set_state(text, pool, *options.address, MemberState::in, "enabled in");
}

Result<EditPlan> plan(const Editable& editable, const Options& options, Operation operation) {
  const Result<FoundPool> found = find_pool(zone_configs(editable.zones), options.pool, options.zone);
  if (!found) return found.failure();
  const std::string& path = found->zone->file;
  const Result<std::string> text = read_file(path);
  if (!text) return text.failure();
  Result<Change> change = operation(*text, *found->pool, options);
  if (!change) return change.failure();
  EditPlan result{change->done + " the pool " + found->pool->name, {}};
  if (change->text != *text) result.files.push_back({path, *text, std::move(change->text)});
  return result;
}

// A sub-verb that edits one member.
CLI::App* add_edit(CLI::App& app, Action& action, const std::shared_ptr<Options>& options, const std::string& name,
                   const std::string& summary, Operation operation) {
  CLI::App* sub = add_sub_verb(app, name, summary);
  sub->add_option("POOL", options->pool, "The pool's name")->type_name("")->required();
  add_address(*sub, "ADDRESS", options->address, "The member's address")->type_name("")->required();
  sub->add_option("--zone", options->zone, "The pool's zone, where several have a pool of this name")
      ->type_name("ZONE");
  sub->add_flag("--dry-run", options->edit.dry_run, "Show the change and write nothing");
  sub->callback([&action, options, operation] {
    action = [options, operation](const Session& session) {
      return run_edit(session, options->edit,
                      [&](const Editable& editable) { return plan(editable, *options, operation); });
    };
  });
  return sub;
}

void setup_add(CLI::App& app, Action& action) {
  const auto options = std::make_shared<Options>();
  CLI::App* sub = add_edit(app, action, options, "add", "One member more", add);
  sub->add_option("--weight", options->weight, "Its share against the others, 0 to 1000")
      ->check(CLI::Range(0, 1000))
      ->type_name("N");
  sub->add_option("--site", options->site, "Where it is")->type_name("TEXT");
  sub->footer(
      "The member is written behind the others, in the way these are written. Refused where the address is in "
      "another\n"
      "pool or promised to the clients of a pinned set: one address silently serving two services is how outages "
      "start.\n"
      "\n"
      "Examples:\n"
      "  zone-edit pool add us-street 198.51.100.41 --site dfw\n"
      "  zone-edit pool add us-street 2001:db8:100::41 --weight 2 --dry-run");
}

void setup_others(CLI::App& app, Action& action) {
  add_edit(app, action, std::make_shared<Options>(), "remove", "One member less", remove)
      ->footer(
          "A pool must keep one member. Where clients may still hold the address, drain it first and wait for the "
          "TTL.\n"
          "\n"
          "Example:\n"
          "  zone-edit pool remove us-street 198.51.100.40");
  add_edit(app, action, std::make_shared<Options>(), "drain", "No longer hand a member out", drain)
      ->footer(
          "New answers leave it out, unless nothing else of its family is in service. Clients that hold it go on "
          "using it\n"
          "until the TTL has passed. The file says so: state: drain.\n"
          "\n"
          "Examples:\n"
          "  zone-edit pool drain us-street 198.51.100.7\n"
          "  zone-edit pool drain us-street 198.51.100.7 --json");
  add_edit(app, action, std::make_shared<Options>(), "enable", "Hand a member out again", enable)
      ->footer(
          "Takes back drain, and state: out.\n"
          "\n"
          "Example:\n"
          "  zone-edit pool enable us-street 198.51.100.7");
}

void setup_list(CLI::App& app, Action& action) {
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
  sub->callback(
      [&action, filter] { action = [filter](const Session& session) { return list_pools(session, *filter); }; });
}

}  // namespace

void setup_pool(CLI::App& app, Action& action) {
  app.footer("Example: zone-edit pool add --help");
  setup_list(app, action);
  setup_add(app, action);
  setup_others(app, action);
}

}  // namespace dnsd
