// pin announce, retire, postpone, cancel, revoke, waive: the verbs of the notice contract. Each writes a row of the
// set's file; whether it may be is judged by the gate, when the edited files are checked.
#include <CLI/CLI.hpp>
#include <memory>

#include "base/text.h"
#include "dnsd/config/pinned_edit.h"
#include "pinned_ips/date_rules.h"
#include "tools/zone_edit/daemon.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/pin_target.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

struct Options {
  std::string set;
  std::optional<IpPrefix> cidr;
  std::optional<DateOrInstant> enabled, retired;
  std::optional<std::string> facility, reason;
  std::vector<std::string> addresses;
  bool standby = false;
  EditOptions edit;
};

struct Request {
  const PinTarget& target;
  const Options& options;
  Instant now;

  const IpPrefix& cidr() const { return *options.cidr; }
};

// What an edit makes of the text of a set's file.
struct Change {
  std::string text;
  std::string done;  // "announced in"
};
using Operation = Result<Change> (*)(const Request& request);

Result<Change> changed(Result<std::string> text, const Request& request, const std::string& done) {
  if (!text) return text.failure();
  return Change{std::move(*text),
                to_text(request.cidr()) + " " + done + " the pinned set '" + request.target.set.name + "'"};
}

Result<Change> change_row(const Request& request, std::vector<MemberPair> pairs, const std::string& done) {
  const Result<size_t> row = request.target.find_row(request.cidr());
  if (!row) return row.failure();
  if (request.options.reason) pairs.push_back({"reason", scalar_text(*request.options.reason)});
  return changed(change_entry(request.target.text, *row, pairs), request, done);
}

std::string list_text(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    const bool quoted = word.find(':') != std::string::npos;
    text += (text.empty() ? "[" : ", ") + (quoted ? "\"" + word + "\"" : word);
  }
  return text + "]";
}

std::vector<MemberPair> new_row(const Request& request, const DateOrInstant& enabled) {
  const Options& options = request.options;
  std::vector<MemberPair> pairs = {{"cidr", prefix_text(request.cidr())}, {"enabled", to_text(enabled)}};
  if (options.retired) pairs.push_back({"retired", to_text(*options.retired)});
  if (options.facility) pairs.push_back({"facility", scalar_text(*options.facility)});
  if (options.reason) pairs.push_back({"reason", scalar_text(*options.reason)});
  if (!options.addresses.empty()) pairs.push_back({options.standby ? "standby" : "addresses", list_text(options.addresses)});
  const bool lone_standby = options.standby && options.addresses.empty() && request.cidr().is_single();
  if (lone_standby) pairs.push_back({"standby", list_text({to_text(request.cidr().address())})});
  return pairs;
}

// A row that is there already is no announcement, whatever the gate would make of it.
Result<Change> announce(const Request& request) {
  if (const Promise* live = request.target.live(request.cidr(), request.now))
    return Failure{to_text(request.cidr()) + " is listed already, as " + live->id +
                   "; zone-edit pin postpone changes its dates"};
  const DateOrInstant enabled = request.options.enabled.value_or(
      earliest_enabled(request.now, request.target.policy(request.now).notice, true));
  return changed(add_entry(request.target.text, new_row(request, enabled)), request, "announced in");
}

Result<Change> retire(const Request& request) {
  const Result<size_t> row = request.target.find_row(request.cidr());
  if (!row) return row.failure();
  const PinnedEntry& entry = request.target.set.entries[*row];
  if (entry.retired)
    return Failure{to_text(request.cidr()) + " is to be retired at " + to_text(*entry.retired) +
                   " already; zone-edit pin postpone changes that"};
  // The second that this takes must not make it too late.
  const Instant last = std::max(request.now + request.target.policy(request.now).whole_notice() + Duration{60},
                                enabled_instant(entry.enabled) + Duration{1});
  const DateOrInstant retired = request.options.retired.value_or(earliest_retired(last, request.target.set.ttl, true));
  return change_row(request, {{"retired", to_text(retired)}}, "to be retired in");
}

Result<Change> postpone(const Request& request) {
  std::vector<MemberPair> pairs;
  if (request.options.enabled) pairs.push_back({"enabled", to_text(*request.options.enabled)});
  if (request.options.retired) pairs.push_back({"retired", to_text(*request.options.retired)});
  return change_row(request, std::move(pairs), "has other dates in");
}

Result<Change> cancel(const Request& request) { return change_row(request, {{"cancelled", "true"}}, "cancelled in"); }
Result<Change> revoke(const Request& request) { return change_row(request, {{"revoked", "true"}}, "revoked in"); }

// Of an entry that is announced; of a prefix that is not, with its announcement.
Result<Change> waive(const Request& request) {
  if (request.target.live(request.cidr(), request.now))
    return change_row(request, {{"waived", "true"}}, "served at once in");
  std::vector<MemberPair> pairs = new_row(request, {false, request.now});
  pairs.push_back({"waived", "true"});
  return changed(add_entry(request.target.text, pairs), request, "announced and served at once in");
}

Result<EditPlan> plan(const Editable& editable, const Options& options, Instant now, Operation operation) {
  const Result<PinTarget> target = find_pin_target(editable, options.set);
  if (!target) return target.failure();
  Result<Change> change = operation({*target, options, std::max(now, target->history.last_at)});
  if (!change) return change.failure();
  EditPlan edit{std::move(change->done), {}};
  if (change->text != target->text) edit.files.push_back({target->path, target->text, std::move(change->text)});
  return edit;
}

CLI::Option* add_moment(CLI::App& app, const std::string& name, std::optional<DateOrInstant>& out, const std::string& help) {
  return app
      .add_option_function<std::string>(name, [&out](const std::string& text) { out = *parse_date_or_instant(text); }, help)
      ->check(CLI::Validator(
          [](const std::string& text) {
            const auto moment = parse_date_or_instant(text);
            return moment ? std::string() : moment.failure().message;
          },
          "DATE"));
}

struct Verb {
  const char* name;
  const char* summary;
  Operation operation;
  const char* footer;
};

std::shared_ptr<Options> add_verb(CLI::App& app, Action& action, const Verb& verb, CLI::App*& sub) {
  const auto options = std::make_shared<Options>();
  sub = add_sub_verb(app, verb.name, verb.summary);
  sub->add_option("SET", options->set, "The pinned set")->type_name("")->required();
  add_prefix(*sub, "CIDR", options->cidr, "The entry's prefix")->type_name("")->required();
  sub->add_option("--reason", options->reason, "Why, for the feed and the ledger")->type_name("TEXT");
  sub->add_flag("--dry-run", options->edit.dry_run, "Say what would happen when, and write nothing");
  sub->footer(verb.footer);
  const std::string name = verb.name;
  const Operation operation = verb.operation;
  sub->callback([&action, options, operation, name] {
    options->edit.actor = actor_text("pin " + name);
    action = [options, operation](const Session& session) {
      return run_edit(session, options->edit, [&](const Editable& editable) {
        return plan(editable, *options, session.now, operation);
      });
    };
  });
  return options;
}

void add_row_options(CLI::App& sub, Options& options) {
  add_moment(sub, "--retired", options.retired, "From when on it is in no cache");
  sub.add_option("--facility", options.facility, "Where it is")->type_name("TEXT");
  sub.add_option("--addresses", options.addresses, "Those of it in service; a lone address stands for itself")
      ->delimiter(',')
      ->type_name("ADDRESS");
  sub.add_flag("--standby", options.standby, "None of it in service: ready to take the place of others");
}

}  // namespace

void setup_pin_edits(CLI::App& app, Action& action) {
  CLI::App* sub = nullptr;
  auto options =
      add_verb(app, action,
               {"announce", "A new entry, after the whole notice", announce,
                "Without --enabled it is the earliest day that the notice allows. The notice counts from the moment\n"
                "at which the daemon has put it into the ledger.\n"
                "\n"
                "Examples:\n"
                "  zone-edit pin announce proxy 203.0.113.7/32 --facility ewr-1 --dry-run\n"
                "  zone-edit pin announce proxy 203.0.113.128/28 --enabled 2027-03-01 --addresses 203.0.113.129"},
               sub);
  add_moment(*sub, "--enabled", options->enabled, "The first day, or instant, at which it may be answered");
  add_row_options(*sub, *options);

  options = add_verb(app, action,
                     {"retire", "An entry goes, after the whole notice", retire,
                      "Without --retired it is the earliest day that the notice allows.\n"
                      "\n"
                      "Example:\n"
                      "  zone-edit pin retire proxy 192.0.2.77/32 --reason 'machine goes'"},
                     sub);
  add_moment(*sub, "--retired", options->retired, "The day from which on it is in no cache, or an instant");

  options = add_verb(app, action,
                     {"postpone", "Other dates of an entry", postpone,
                      "Enabling later is always allowed, earlier only with the whole notice. A later retirement keeps the\n"
                      "host; answers end as announced, unless the change itself has the whole notice.\n"
                      "\n"
                      "Example:\n"
                      "  zone-edit pin postpone proxy 203.0.113.7/32 --enabled 2027-04-01"},
                     sub);
  CLI::Option_group* dates = sub->add_option_group("dates");
  add_moment(*dates, "--enabled", options->enabled, "The first day, or instant, at which it may be answered");
  add_moment(*dates, "--retired", options->retired, "The day from which on it is in no cache, or an instant");
  dates->require_option(1, 2);

  add_verb(app, action,
           {"cancel", "Withdraw an entry before it is enabled", cancel,
            "The feed shows it as cancelled for one notice period; it is never answered.\n"
            "\n"
            "Example:\n"
            "  zone-edit pin cancel proxy 203.0.113.7/32 --reason 'not needed'"},
           sub);
  add_verb(app, action,
           {"revoke", "Stop answering an entry at once: it was lost or hijacked", revoke,
            "No notice: customers should remove it at once, and the feed says so.\n"
            "\n"
            "Example:\n"
            "  zone-edit pin revoke proxy 192.0.2.77/32 --reason 'prefix hijacked'"},
           sub);
  options = add_verb(
      app, action,
      {"waive", "Serve an entry at once, in an emergency", waive,
       "A breach of the promise: refused unless the set says allow_waiver: true, and shown in the feed for ever.\n"
       "\n"
       "Example:\n"
       "  zone-edit pin waive proxy 203.0.113.7/32 --reason 'site lost'"},
      sub);
  add_row_options(*sub, *options);
}

}  // namespace dnsd
