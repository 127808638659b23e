// pool: members of a pool.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "base/atomic_file.h"
#include "base/text.h"
#include "dnsd/config/yaml_edit.h"
#include "tools/zone_edit/address_list.h"
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
  std::vector<std::string> words;  // ADDRESS…
  std::optional<uint32_t> weight;
  std::optional<std::string> site;
  EditOptions edit;
};

// What an edit of members makes of the text of a zone's YAML.
struct Change {
  std::string text;
  std::string done;  // "198.51.100.7 added to"
};

// An edit before it is one: the file as it is, the pool, and whom it is about.
struct Request {
  std::string_view text;
  const PoolDefinition& pool;
  const Options& options;
  const std::vector<GivenAddress>& given;
};
using Operation = Result<Change> (*)(const Request& request);

using MembersByAddress = std::map<IpAddress, const PoolMember*>;

MembersByAddress by_address(const PoolDefinition& pool) {
  MembersByAddress members;
  for (const PoolMember& member : pool.members) members.emplace(member.address, &member);
  return members;
}

// "198.51.100.7", "3 addresses"
std::string subject(const Request& request) {
  if (request.given.size() == 1) return to_text(request.given.front().address);
  return std::to_string(request.given.size()) + " addresses";
}

std::vector<IpAddress> addresses(const Request& request) {
  std::vector<IpAddress> all;
  for (const GivenAddress& one : request.given) all.push_back(one.address);
  return all;
}

// " (and 3 more of those given)": the first is told, the others counted.
std::string and_more(size_t more) {
  return more == 0 ? "" : " (and " + std::to_string(more) + " more of those given)";
}

// A Failure where one of the addresses is no member.
Status all_are_members(const Request& request) {
  const MembersByAddress members = by_address(request.pool);
  const auto absent = [&](const GivenAddress& one) { return !members.contains(one.address); };
  const auto first = std::ranges::find_if(request.given, absent);
  if (first == request.given.end()) return Done{};
  const auto more = static_cast<size_t>(std::ranges::count_if(request.given, absent)) - 1;
  return Failure{origin_text(*first) + to_text(first->address) + " is not in the pool '" + request.pool.name + "'" +
                 and_more(more) + "; zone-edit pool list " + request.pool.name + " shows what is"};
}

Status none_is_member(const Request& request) {
  const MembersByAddress members = by_address(request.pool);
  const auto present = [&](const GivenAddress& one) { return members.contains(one.address); };
  const auto first = std::ranges::find_if(request.given, present);
  if (first == request.given.end()) return Done{};
  const auto more = static_cast<size_t>(std::ranges::count_if(request.given, present)) - 1;
  const Place& place = members.at(first->address)->place;
  return Failure{origin_text(*first) + to_text(first->address) + " is in the pool '" + request.pool.name +
                 "' already, in " + place.file + ":" + std::to_string(place.line) + and_more(more)};
}

Result<Change> changed(Result<std::string> text, std::string done) {
  if (!text) return text.failure();
  return Change{std::move(*text), std::move(done)};
}

Result<Change> add(const Request& request) {
  if (const Status good = none_is_member(request); !good) return good.failure();
  std::vector<PoolMember> members;
  for (const GivenAddress& one : request.given) {
    PoolMember& member = members.emplace_back();
    member.address = one.address;
    member.weight = request.options.weight.value_or(member.weight);
    member.site = request.options.site.value_or("");
  }
  return changed(add_members(request.text, request.pool.name, members), subject(request) + " added to");
}

Result<Change> remove(const Request& request) {
  if (const Status good = all_are_members(request); !good) return good.failure();
  return changed(remove_members(request.text, request.pool.name, addresses(request)), subject(request) + " removed from");
}

Result<Change> change(const Request& request, const MemberChange& to, const std::string& done) {
  if (const Status good = all_are_members(request); !good) return good.failure();
  return changed(change_members(request.text, request.pool.name, addresses(request), to), subject(request) + " " + done);
}

Result<Change> drain(const Request& request) {
  return change(request, {.state = MemberState::drain, .weight = {}, .site = {}}, "drained in");
}

Result<Change> enable(const Request& request) {
  return change(request, {.state = MemberState::in, .weight = {}, .site = {}}, "enabled in");
}

// "weight 3, site dfw"
Result<Change> set(const Request& request) {
  const Options& options = request.options;
  std::string done = "set to ";
  if (options.weight) done += "weight " + std::to_string(*options.weight);
  if (options.site) done += (options.weight ? ", site " : "site ") + printable(*options.site);
  return change(request, {.state = {}, .weight = options.weight, .site = options.site}, done + " in");
}

Result<EditPlan> plan(const Editable& editable, const Options& options, const std::vector<GivenAddress>& given,
                      Operation operation) {
  const Result<FoundPool> found = find_pool(zone_configs(editable.zones), options.pool, options.zone);
  if (!found) return found.failure();
  const std::string& path = found->zone->file;
  const Result<std::string> text = read_file(path);
  if (!text) return text.failure();
  Result<Change> result = operation({*text, *found->pool, options, given});
  if (!result) return result.failure();
  EditPlan edit{result->done + " the pool " + found->pool->name, {}};
  if (result->text != *text) edit.files.push_back({path, *text, std::move(result->text)});
  return edit;
}

// The standard input is read before the lock is taken: it may take its time.
int run(const Session& session, const Options& options, Operation operation) {
  const auto given = read_addresses(session, options.words);
  if (!given) return exit_status::refused;
  return run_edit(session, options.edit,
                  [&](const Editable& editable) { return plan(editable, options, *given, operation); });
}

// A sub-verb that edits members. `check` throws a usage error where the options together make no sense.
CLI::App* add_edit(CLI::App& app, Action& action, const std::shared_ptr<Options>& options, const std::string& name,
                   const std::string& summary, Operation operation, void (*check)(const Options&) = nullptr) {
  CLI::App* sub = add_sub_verb(app, name, summary);
  sub->add_option("POOL", options->pool, "The pool's name")->type_name("")->required();
  const CLI::Option* list = add_addresses(*sub, "ADDRESS", options->words,
                                          "Members' addresses; - reads them from the standard input, one a line")
                                ->required();
  sub->add_option("--zone", options->zone, "The pool's zone, where several have a pool of this name")
      ->type_name("ZONE");
  sub->add_flag("--dry-run", options->edit.dry_run, "Show the change and write nothing");
  sub->callback([&action, options, operation, list, check] {
    check_dash_is_alone(*list, options->words);
    if (check) check(*options);
    action = [options, operation](const Session& session) { return run(session, *options, operation); };
  });
  return sub;
}

void add_weight_and_site(CLI::App& sub, Options& options) {
  sub.add_option("--weight", options.weight, "Share against the others, 0 to 1000")
      ->check(CLI::Range(0, 1000))
      ->type_name("N");
  sub.add_option("--site", options.site, "Where it is")->type_name("TEXT");
}

void setup_add(CLI::App& app, Action& action) {
  const auto options = std::make_shared<Options>();
  CLI::App* sub = add_edit(app, action, options, "add", "More members", add);
  add_weight_and_site(*sub, *options);
  sub->footer(
      "Members are written behind the others, in the way these are written; all of them get the weight and the site.\n"
      "Refused where an address is in another pool or promised to the clients of a pinned set: one address silently\n"
      "serving two services is how outages start. All of them are added, or none.\n"
      "\n"
      "Examples:\n"
      "  zone-edit pool add us-street 198.51.100.41 198.51.100.42 --site dfw\n"
      "  zone-edit pool add us-street 2001:db8:100::41 --weight 2 --dry-run\n"
      "  seq -f 10.0.0.%g 1 200 | zone-edit pool add us-street - --site ewr");
}

void one_of_weight_and_site(const Options& options) {
  if (!options.weight && !options.site) throw CLI::RequiredError("--weight or --site");
}

void setup_set(CLI::App& app, Action& action) {
  const auto options = std::make_shared<Options>();
  CLI::App* sub = add_edit(app, action, options, "set", "Another weight or site", set, one_of_weight_and_site);
  add_weight_and_site(*sub, *options);
  sub->footer(
      "What is not given stays as it is. Weight 0 hands a member out only where nothing else of its family is in "
      "service.\n"
      "\n"
      "Examples:\n"
      "  zone-edit pool set us-street 198.51.100.7 --weight 3\n"
      "  zone-edit pool set us-street 198.51.100.7 198.51.100.8 --site sfo --dry-run");
}

void setup_others(CLI::App& app, Action& action) {
  add_edit(app, action, std::make_shared<Options>(), "remove", "Members less", remove)
      ->footer(
          "A pool must keep one member. Where clients may still hold an address, drain it first and wait for the "
          "TTL.\n"
          "\n"
          "Examples:\n"
          "  zone-edit pool remove us-street 198.51.100.40\n"
          "  zone-edit pool remove us-street - < gone.txt");
  add_edit(app, action, std::make_shared<Options>(), "drain", "No longer hand members out", drain)
      ->footer(
          "New answers leave them out, unless nothing else of their family is in service. Clients that hold them go on "
          "using\n"
          "them until the TTL has passed. The file says so: state: drain.\n"
          "\n"
          "Examples:\n"
          "  zone-edit pool drain us-street 198.51.100.7\n"
          "  zone-edit pool drain us-street 198.51.100.7 198.51.100.8 --json");
  add_edit(app, action, std::make_shared<Options>(), "enable", "Hand members out again", enable)
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
  setup_set(app, action);
  setup_others(app, action);
}

}  // namespace dnsd
