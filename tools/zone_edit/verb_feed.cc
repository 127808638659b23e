// feed: the feed of pinned addresses, octet for octet as the daemon serves it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "dnsd/ledger/ledger_store.h"
#include "pinned_ips/chronicle.h"
#include "pinned_ips/feed/formats.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/verb_feed_key.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

struct Options {
  std::string format = "json";
  std::optional<Instant> at;
};

// The ledger and, after it, what the files ask for beside it.
Result<Chronicle> chronicle_of(const DataDirectory& data, Instant until) {
  Result<std::vector<LedgerRecord>> records = read_records(data.config.startup.state);
  if (!records) return records.failure();
  records->insert(records->end(), data.records.begin(), data.records.end());
  return Chronicle::of(*records, until);
}

int feed(const Session& session, const Options& options) {
  const std::optional<DataDirectory> data = load_or_refuse(session);
  if (!data) return exit_status::refused;
  const Instant at = options.at.value_or(session.now);
  const Result<Chronicle> chronicle = chronicle_of(*data, std::max(at, session.now));
  if (!chronicle) return refuse(session, chronicle.failure().message);
  const FeedFormat* format = find_feed_format(options.format);
  const FeedIssue* issue = options.at ? chronicle->issue_at(at) : chronicle->issue_at_end();
  const std::optional<IssuedFeed> issued_then = issued(*chronicle, issue);
  const std::optional<std::string> document =
      issued_then ? format->render(issued_then->view(data->config.runtime.feed_url)) : std::nullopt;
  if (!document)
    return refuse(session,
                  issued_then
                      ? "there is nothing in this view then, and an empty one would empty firewalls"
                      : "there is no feed then: no pinned set has an entry, and an empty feed would empty firewalls");
  const bool is_first = !data->records.empty() && data->records.front().edit.kind == EditKind::begin;
  if (is_first) {
    session.err << "zone-edit: dnsd has not served a feed yet: this is what it would be, with the first serial\n";
  } else if (!data->records.empty()) {
    session.err << "zone-edit: the files say something else than dnsd serves: this is the feed with "
                << counted(data->records.size(), "record") << " more; zone-edit reload makes it so\n";
  }
  session.out << *document;
  return exit_status::done;
}

std::string no_such_format(const std::string& name) {
  std::vector<std::string_view> names;
  for (const FeedFormat& format : feed_formats()) names.push_back(format.name);
  const std::string_view near = closest(name, names);
  return "there is no format '" + printable(name) + "'" +
         (near.empty() ? "; zone-edit feed --help lists them" : "; did you mean '" + std::string(near) + "'?");
}

}  // namespace

void setup_feed(CLI::App& app, Action& action) {
  const auto options = std::make_shared<Options>();
  app.add_option("--format", options->format, "Which view of it")
      ->check(CLI::Validator(
          [](const std::string& name) { return find_feed_format(name) ? std::string() : no_such_format(name); }, ""))
      ->type_name("FORMAT")
      ->capture_default_str();
  add_instant(app, "--at", options->at, "As it was, or will be if nothing is changed until then, at this moment");
  std::string formats;
  for (const FeedFormat& format : feed_formats())
    formats +=
        "  " + std::string(format.name) + std::string(14 - format.name.size(), ' ') + std::string(format.path) + "\n";
  app.footer(
      "Prints exactly the octets that the daemon serves over HTTP, with the serial that follows from the ledger. Where the\n"
      "files say something else than what is served, a line on the standard error says so.\n"
      "\n"
      "Formats, and where HTTP serves them:\n" +
      formats +
      "\n"
      "Examples:\n"
      "  zone-edit feed\n"
      "  zone-edit feed --at 2026-12-25 | jq -r '.entries[] | select(.state == \"active\").cidr'");
  setup_feed_key(*app.add_subcommand("key", "The keys that sign the feed")->group("Verbs"), action);
  app.callback([&app, &action, options] {
    // CLI11 runs the callback of a sub-verb first, and then this one too.
    if (!app.got_subcommand("key")) action = [options](const Session& session) { return feed(session, *options); };
  });
}

}  // namespace dnsd
