// pin client: whose networks get a pinned set where a name has a pool as well.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "dnsd/config/pinned_edit.h"
#include "tools/zone_edit/daemon.h"
#include "tools/zone_edit/entry_text.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/pin_target.h"
#include "tools/zone_edit/table.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

struct Options {
  std::string set, name;
  std::vector<std::string> prefixes;
  EditOptions edit;
};

using Operation = Result<std::string> (*)(std::string_view text, const std::string& client,
                                          std::span<const IpPrefix> sources);

Result<EditPlan> plan(const Editable& editable, const Options& options, Operation operation, const std::string& done) {
  const Result<PinTarget> target = find_pin_target(editable, options.set);
  if (!target) return target.failure();
  std::vector<IpPrefix> sources;
  for (const std::string& text : options.prefixes) sources.push_back(*IpPrefix::parse(text));
  Result<std::string> text = operation(target->text, options.name, sources);
  if (!text) return text.failure();
  return EditPlan{"client '" + options.name + "' of the pinned set '" + options.set + "' " + done,
                  {{target->path, target->text, std::move(*text)}}};
}

int list(const Session& session, const std::string& only) {
  const std::optional<DataDirectory> data = load_or_refuse(session);
  if (!data) return exit_status::refused;
  if (!only.empty() && !data->find_set(only)) return refuse(session, "there is no pinned set '" + only + "'");
  Table table({"SET", "CLIENT", "NETWORKS"});
  Json json = Json::array();
  for (const PinnedSet& set : data->pinned_sets) {
    if (!only.empty() && set.name != only) continue;
    for (const PinnedClient& client : set.clients) {
      std::vector<std::string> sources;
      for (const PinnedClient::Source& source : client.sources) sources.push_back(to_text(source.prefix));
      table.add({set.name, client.name, joined(sources)});
      json.push_back({{"set", set.name}, {"client", client.name}, {"sources", sources}});
    }
  }
  if (session.json) {
    print_json(session, {{"clients", json}});
  } else {
    session.out << table.to_text();
  }
  return exit_status::done;
}

void add_edit(CLI::App& app, Action& action, const std::string& verb, const std::string& summary, Operation operation,
              const std::string& done, bool needs_prefix, const std::string& footer) {
  const auto options = std::make_shared<Options>();
  CLI::App* sub = add_sub_verb(app, verb, summary);
  sub->add_option("SET", options->set, "The pinned set")->type_name("")->required();
  sub->add_option("NAME", options->name, "The client's name")->type_name("")->required();
  CLI::Option* prefixes = sub->add_option("PREFIX", options->prefixes, "Networks of the client")->type_name("");
  prefixes->check(CLI::Validator(
      [](const std::string& text) {
        const Result<IpPrefix> prefix = IpPrefix::parse(text);
        return prefix ? std::string() : prefix.failure().message;
      },
      ""));
  if (needs_prefix) prefixes->required();
  sub->add_flag("--dry-run", options->edit.dry_run, "Show the change and write nothing");
  sub->footer(footer);
  sub->callback([&action, options, operation, done, verb] {
    options->edit.actor = actor_text("pin client " + verb);
    action = [options, operation, done](const Session& session) {
      return run_edit(session, options->edit,
                      [&](const Editable& editable) { return plan(editable, *options, operation, done); });
    };
  });
}

}  // namespace

void setup_pin_client(CLI::App& app, Action& action) {
  CLI::App* client = add_sub_verb(app, "client", "Whose networks get a set where a name has a pool, too");
  client->footer("Example: zone-edit pin client add --help");
  const auto only = std::make_shared<std::string>();
  CLI::App* sub = add_sub_verb(*client, "list", "Clients with their networks");
  sub->add_option("SET", *only, "Only of this set")->type_name("");
  sub->footer("Example:\n  zone-edit pin client list proxy");
  sub->callback([&action, only] { action = [only](const Session& session) { return list(session, *only); }; });
  add_edit(*client, action, "add", "A client, or more networks of one", add_client_sources, "has these networks", true,
           "They get the set from the next answer on.\n"
           "\n"
           "Example:\n"
           "  zone-edit pin client add proxy acme-bank 198.18.6.0/24 --dry-run");
  add_edit(*client, action, "remove", "Networks of a client less, or the client", remove_client_sources,
           "no longer has these networks", false,
           "Without PREFIX the client goes. Its networks get the pool from the next answer on.\n"
           "\n"
           "Example:\n"
           "  zone-edit pin client remove proxy acme-bank 198.18.5.0/24 --dry-run");
}

}  // namespace dnsd
