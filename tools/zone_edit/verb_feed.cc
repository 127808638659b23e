// feed: the feed of pinned addresses, octet for octet as the daemon serves it.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
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

// The stamp that the daemon keeps; none where it has not served a feed yet.
Result<std::optional<FeedStamp>> kept_stamp(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) return std::optional<FeedStamp>();
  const Result<std::string> text = read_file(path);
  if (!text) return text.failure();
  const Result<FeedStamp> stamp = parse_feed_stamp(*text);
  if (!stamp) return Failure{path + ": " + stamp.failure().message};
  return std::optional<FeedStamp>(*stamp);
}

// Why the document is not the one that is served now; empty where it is.
std::string difference(const std::optional<FeedStamp>& kept, const FeedStamp& shown, bool is_now) {
  const std::string serial = std::to_string(shown.serial);
  if (!kept) return "dnsd has not served a feed yet: this is what it would be, with the first serial";
  if (kept->digest == shown.digest) return {};
  const std::string before = "dnsd serves serial " + std::to_string(kept->serial);
  if (!is_now)
    return before + "; this is what the files say for that moment, as if it were the next serial, " + serial;
  return before + ", and the files say something else by now: this would be serial " + serial +
         "; zone-edit reload makes it so";
}

int feed(const Session& session, const Options& options) {
  const std::optional<DataDirectory> data = load_or_refuse(session);
  if (!data) return exit_status::refused;
  const Result<std::optional<FeedStamp>> kept = kept_stamp(data->config.startup.state + "/feed.json");
  if (!kept) return refuse(session, kept.failure().message);
  const Instant at = options.at.value_or(session.now);
  const Result<std::optional<FeedStamp>> stamp = stamp_feed(*kept, data->pinned_sets, at);
  if (!stamp) return refuse(session, stamp.failure().message);
  const FeedFormat* format = find_feed_format(options.format);
  const std::optional<std::string> document =
      *stamp ? format->render({data->pinned_sets, **stamp, at}) : std::optional<std::string>();
  if (!document)
    return refuse(session, "there is no feed: no pinned set has an entry, and an empty feed would empty firewalls");
  if (const std::string why = difference(*kept, **stamp, !options.at); !why.empty())
    session.err << "zone-edit: " << why << '\n';
  session.out << *document;
  return exit_status::done;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const FeedFormat& format : feed_formats()) names.emplace_back(format.name);
  return names;
}

}  // namespace

void setup_feed(CLI::App& app, Action& action) {
  const auto options = std::make_shared<Options>();
  app.add_option("--format", options->format, "Which view of it")
      ->check(CLI::IsMember(format_names()))
      ->type_name("FORMAT")
      ->capture_default_str();
  add_instant(app, "--at", options->at, "As it will be, or was by the files of today, at this moment");
  std::string formats;
  for (const FeedFormat& format : feed_formats())
    formats +=
        "  " + std::string(format.name) + std::string(14 - format.name.size(), ' ') + std::string(format.path) + "\n";
  app.footer(
      "Prints exactly the octets that the daemon serves over HTTP, with the serial from its state folder. Where the\n"
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
