// feed key: the keys that sign the feed.
#include "tools/zone_edit/verb_feed_key.h"

#include <sys/random.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>

#include "pinned_ips/feed/feed_keys.h"
#include "tools/zone_edit/daemon.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/table.h"

namespace dnsd {
namespace {

// Where the daemon looks for them. A defect elsewhere in the data is no reason to be without a key.
std::optional<std::string> key_folder(const Session& session) {
  const std::optional<std::string> state = state_folder_or_refuse(session);
  return state ? std::optional(*state + "/feed-keys") : std::nullopt;
}

Json key_json(const FeedKeys& keys, const FeedKey& key, Instant now) {
  const std::optional<Instant> until = keys.published_until(key);
  return {{"id", key_id_text(key.key.public_key)},
          {"public_key", key_text(key.key.public_key)},
          {"created_at", to_text(key.created)},
          {"signs_from", to_text(keys.signs_from(key))},
          {"published_until", until ? Json(to_text(*until)) : Json()},
          {"signing", keys.signing_at(now) == &key}};
}

int list(const Session& session, const FeedKeys& keys) {
  if (session.json) {
    Json json = {{"keys", Json::array()}};
    for (const FeedKey& key : keys.all()) json["keys"].push_back(key_json(keys, key, session.now));
    print_json(session, json);
    return exit_status::done;
  }
  if (keys.empty()) {
    session.out << "The feed is not signed: there is no key. zone-edit feed key new makes one.\n";
    return exit_status::done;
  }
  Table table({"KEY", "MADE (UTC)", "SIGNS FROM", "PUBLISHED UNTIL", "NOW", "PUBLIC KEY"});
  for (const FeedKey& key : keys.all()) {
    const std::optional<Instant> until = keys.published_until(key);
    const bool is_over = until && *until <= session.now;
    const char* state = keys.signing_at(session.now) == &key ? "signs" : is_over ? "over" : "published";
    table.add({key_id_text(key.key.public_key), to_text(key.created), to_text(keys.signs_from(key)),
               until ? to_text(*until) : "-", state, key_text(key.key.public_key)});
  }
  session.out << table.to_text();
  return exit_status::done;
}

int feed_key_list(const Session& session) {
  const std::optional<std::string> folder = key_folder(session);
  if (!folder) return exit_status::refused;
  const Result<FeedKeys> keys = FeedKeys::load(*folder);
  return keys ? list(session, *keys) : refuse(session, keys.failure().message);
}

// What happens next, in words.
std::string outlook(const FeedKeys& keys, const FeedKey& made) {
  const std::string signs = to_text(keys.signs_from(made));
  if (&made == &keys.all().front()) return "The feed is signed with it from now on, once dnsd has reloaded.\n";
  return "It is published from now on, once dnsd has reloaded, and signs from " + signs +
         "; the one before it stays published until " + to_text(keys.signs_from(made) + key_overlap) + ".\n";
}

int feed_key_new(const Session& session) {
  const std::optional<std::string> folder = key_folder(session);
  if (!folder) return exit_status::refused;
  // What is there has to be right first: a key beside a broken one would not be used either.
  if (const Result<FeedKeys> before = FeedKeys::load(*folder); !before)
    return refuse(session, before.failure().message);
  std::array<uint8_t, 40> random;
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
    return refuse(session, "the kernel gives no random octets: " + std::system_category().message(errno));
  const Result<FeedKey> made = add_feed_key(*folder, session.now, random);
  if (!made) return refuse(session, made.failure().message);
  const Result<FeedKeys> keys = FeedKeys::load(*folder);
  if (!keys) return refuse(session, keys.failure().message);
  if (session.json) return list(session, *keys);
  const std::string id = key_id_text(made->key.public_key);
  session.out << "Key " << id << " is in " << *folder << ".\n";
  for (const FeedKey& key : keys->all())
    if (key.created == made->created) session.out << outlook(*keys, key);
  session.out << "Copy the folder to every server that serves this feed, and keep a copy in a safe place.\n"
              << "  minisign -Vm ip-ranges.json -P " << key_text(made->key.public_key) << "\n";
  return exit_status::done;
}

}  // namespace

void setup_feed_key(CLI::App& app, Action& action) {
  CLI::App* fresh = add_sub_verb(app, "new", "Makes a key: the first signs at once, a newer one after 14 days");
  fresh->callback([&action] { action = feed_key_new; });
  CLI::App* all = add_sub_verb(app, "list", "The keys, which one signs, and until when they are published");
  all->callback([&action] { action = feed_key_list; });
  app.footer(
      "The keys are in the folder feed-keys of the daemon's state, in minisign's format and without a password.\n"
      "\n"
      "Examples:\n"
      "  zone-edit feed key new\n"
      "  zone-edit feed key list --json | jq -r '.keys[] | select(.signing).public_key'");
}

}  // namespace dnsd
