// record: records of a zone's master file.
#include <CLI/CLI.hpp>
#include <memory>

#include "base/atomic_file.h"
#include "base/text.h"
#include "tools/zone_edit/edit.h"
#include "tools/zone_edit/find.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/record_list.h"
#include "tools/zone_edit/verbs.h"
#include "zones/rr_types.h"
#include "zones/ttl_text.h"
#include "zones/zone_edit.h"

namespace dnsd {
namespace {

struct Options {
  std::string zone;
  std::string name;
  std::vector<std::string> words;  // [TTL] TYPE RDATA…
  std::vector<std::string> rdata;  // --rdata, one record each
  EditOptions edit;
};

// The words as what they mean.
struct Wanted {
  std::optional<uint32_t> ttl;
  uint16_t type = 0;
  std::vector<std::string> rdata;  // of each record
};

bool begins_with_digit(const std::string& word) { return !word.empty() && word[0] >= '0' && word[0] <= '9'; }

Result<Wanted> wanted_of(const Options& options) {
  Wanted wanted;
  auto word = options.words.begin();
  const auto end = options.words.end();
  if (word != end && begins_with_digit(*word)) {
    const Result<uint32_t> ttl = parse_ttl(*word);
    if (!ttl) return ttl.failure();
    wanted.ttl = *ttl;
    ++word;
  }
  if (word != end && equal_ignoring_case(*word, "IN")) ++word;
  if (word == end) return Failure{"the type is missing: [TTL] TYPE RDATA"};
  const std::optional<uint16_t> type = parse_type(*word);
  if (!type) return Failure{"'" + printable(*word) + "' is not a type of records; A, MX, TYPE65280 are"};
  if (is_meta_type(*type)) return Failure{type_text(*type) + " is a type of questions, not of records"};
  wanted.type = *type;
  std::string rdata;
  for (++word; word != end; ++word) rdata.append(rdata.empty() ? "" : " ").append(*word);
  if (!rdata.empty()) wanted.rdata.push_back(std::move(rdata));
  wanted.rdata.insert(wanted.rdata.end(), options.rdata.begin(), options.rdata.end());
  return wanted;
}

using Operation = Result<std::string> (*)(const MasterFile& file, NameView owner, const Wanted& wanted);

Result<std::string> add(const MasterFile& file, NameView owner, const Wanted& wanted) {
  std::string text(file.text);
  for (const std::string& rdata : wanted.rdata) {
    Result<std::string> edited = add_record({text, file.options, file.open}, owner, wanted.ttl, wanted.type, rdata);
    if (!edited) return edited;
    text = std::move(*edited);
  }
  return text;
}

Result<std::string> set(const MasterFile& file, NameView owner, const Wanted& wanted) {
  return set_records(file, owner, wanted.ttl, wanted.type, wanted.rdata);
}

Result<std::string> remove(const MasterFile& file, NameView owner, const Wanted& wanted) {
  if (wanted.rdata.empty()) return remove_records(file, owner, wanted.type);
  std::string text(file.text);
  for (const std::string& rdata : wanted.rdata) {
    Result<std::string> edited = remove_records({text, file.options, file.open}, owner, wanted.type, rdata);
    if (!edited) return edited;
    text = std::move(*edited);
  }
  return text;
}

std::string done_text(NameView owner, const Wanted& wanted, const char* participle) {
  const std::string of = to_text(owner) + " " + type_text(wanted.type);
  if (wanted.rdata.empty()) return of + " " + participle;
  std::string text;
  for (const std::string& rdata : wanted.rdata) text.append(text.empty() ? "" : ", ").append(of + " " + rdata);
  return text + " " + participle;
}

Result<EditPlan> plan(const Editable& editable, const Options& options, const Wanted& wanted, Instant now,
                      Operation operation, const char* participle) {
  const Result<const ZoneConfig*> zone = find_zone(zone_configs(editable.zones), options.zone);
  if (!zone) return zone.failure();
  const Result<Name> owner = find_owner(options.name, **zone);
  if (!owner) return owner.failure();
  const Result<std::string> text = read_file((*zone)->records);
  if (!text) return text.failure();
  const ZoneFileOptions file_options{
      .path = (*zone)->records, .shown_path = {}, .origin = (*zone)->origin, .names_elsewhere = {}};
  const OpenFile open = [](const std::string& path) { return read_file(path); };
  Result<std::string> edited = operation({*text, file_options, open}, *owner, wanted);
  if (!edited) return edited.failure();
  EditPlan result{done_text(*owner, wanted, participle), {}};
  if (*edited == *text) return result;
  if (wanted.type != rr_type::SOA) {  // who writes the SOA record chooses its serial
    edited = raise_serial({*edited, file_options, open}, now);
    if (!edited) return edited.failure();
  }
  result.files.push_back({(*zone)->records, *text, std::move(*edited)});
  return result;
}

// A sub-verb that edits.
void add_edit(CLI::App& app, Action& action, const std::string& name, const std::string& summary, Operation operation,
              const char* participle, bool needs_rdata, const std::string& footer) {
  const auto options = std::make_shared<Options>();
  CLI::App* sub = add_sub_verb(app, name, summary);
  add_name(*sub, "ZONE", options->zone, "The zone's name, as api.example.com")->required();
  sub->add_option("NAME", options->name, "In the zone: www, or whole: www.api.example.com; @ is the zone's own name")
      ->type_name("")
      ->required();
  sub->add_option("RECORD", options->words, needs_rdata ? "[TTL] TYPE RDATA…, as in a master file" : "TYPE [RDATA…]")
      ->type_name("")
      ->required();
  sub->add_option("--rdata", options->rdata, "One more record's RDATA, in one word; may be given several times")
      ->allow_extra_args(false)
      ->type_name("TEXT");
  sub->add_flag("--dry-run", options->edit.dry_run, "Show the change and write nothing");
  sub->footer(footer);
  sub->callback([=, &action] {
    const Result<Wanted> wanted = wanted_of(*options);
    if (!wanted) throw CLI::ValidationError(wanted.failure().message);
    if (needs_rdata && wanted->rdata.empty()) throw CLI::ValidationError("the RDATA is missing: [TTL] TYPE RDATA");
    action = [=, wanted = *wanted](const Session& session) {
      return run_edit(session, options->edit, [&](const Editable& editable) {
        return plan(editable, *options, wanted, session.now, operation, participle);
      });
    };
  });
}

const std::string about_edits =
    "Only the octets concerned change: comments, order and layout of the file stay. The SOA's serial is raised. The "
    "whole\n"
    "data directory is checked with the change before it is written, and the daemon is told.\n"
    "An RDATA that begins with '-' goes behind '--'. The shell takes quotes away: write '\"two words\"' for TXT.\n";

void add_list(CLI::App& app, Action& action) {
  const auto filter = std::make_shared<RecordFilter>();
  CLI::App* sub = add_sub_verb(app, "list", "Records of a zone, of a name in it, of a type");
  add_name(*sub, "ZONE", filter->zone, "The zone's name, as api.example.com")->required();
  sub->add_option("NAME", filter->name, "Only this name: www, www.api.example.com, or @ for the zone's own")
      ->type_name("");
  add_type(*sub, "TYPE", filter->type, "Only this type");
  sub->footer(
      "What $INCLUDE and $GENERATE bring is listed too; --json says where each record stands. Addresses of pools "
      "and\n"
      "pinned sets are not records: see pool list, pin list, and explain.\n"
      "\n"
      "Examples:\n"
      "  zone-edit record list api.example.com\n"
      "  zone-edit record list api.example.com @ MX");
  sub->callback(
      [&action, filter] { action = [filter](const Session& session) { return list_records(session, *filter); }; });
}

}  // namespace

void setup_record(CLI::App& app, Action& action) {
  app.footer("Example: zone-edit record add --help");
  add_list(app, action);
  add_edit(app, action, "add", "One record more", add, "added", true,
           about_edits +
               "\n"
               "Without a TTL the record gets that of its RRset, or what holds in the file.\n"
               "\n"
               "Examples:\n"
               "  zone-edit record add api.example.com www 300 A 192.0.2.80\n"
               "  zone-edit record add api.example.com @ MX 30 mail2\n"
               "  zone-edit record add api.example.com hello TXT '\"two words\" and two more'\n"
               "  zone-edit record add api.example.com www A 192.0.2.81 --dry-run");
  add_edit(app, action, "set", "Exactly these records of a name and type, whatever was there", set, "set", true,
           about_edits +
               "\n"
               "Examples:\n"
               "  zone-edit record set api.example.com www 60 A 192.0.2.82\n"
               "  zone-edit record set api.example.com @ MX --rdata '10 mail' --rdata '20 mail.example.net.'");
  add_edit(app, action, "remove", "All records of a name and type, or one of them", remove, "removed", false,
           about_edits +
               "\n"
               "Examples:\n"
               "  zone-edit record remove api.example.com www AAAA\n"
               "  zone-edit record remove api.example.com @ MX 20 mail.example.net.");
}

}  // namespace dnsd
