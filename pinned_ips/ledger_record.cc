#include "pinned_ips/ledger_record.h"

#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 8> kinds = {"begin",    "policy", "announce", "reschedule",
                                                   "describe", "cancel", "revoke",   "waive"};

Json addresses_json(const std::vector<IpAddress>& addresses) {
  Json list = Json::array();
  for (const IpAddress& address : addresses) list.push_back(to_text(address));
  return list;
}

Json policy_json(const PinnedPolicy& policy) {
  return {{"notice", policy.notice.seconds},
          {"quarantine", policy.quarantine.seconds},
          {"retention", policy.retention.seconds},
          {"max_ipv4", policy.max_entries[0]},
          {"max_ipv6", policy.max_entries[1]},
          {"allow_waiver", policy.allow_waiver}};
}

// What is at its default is left out: a line is short, and equal records have equal lines.
class Writer {
 public:
  explicit Writer(Json& json) : json_(json) {}
  void text(const char* key, const std::string& value) {
    if (!value.empty()) json_[key] = value;
  }
  void flag(const char* key, bool value) {
    if (value) json_[key] = true;
  }
  template <typename Moment>
  void moment(const char* key, const std::optional<Moment>& value) {
    if (value) json_[key] = to_text(*value);
  }

 private:
  Json& json_;
};

void write_edit(const PinEdit& edit, Json& json) {
  Writer out(json);
  out.text("set", edit.set);
  out.text("entry", edit.entry);
  const bool announces = edit.kind == EditKind::announce;
  if (announces) json["cidr"] = to_text(edit.cidr);
  if (announces || edit.kind == EditKind::reschedule) {
    json["enabled"] = to_text(edit.enabled);
    out.moment("retired", edit.retired);
    json["ttl"] = edit.ttl;
  }
  out.moment("published", edit.published);
  out.text("facility", edit.facility);
  out.text("reason", edit.reason);
  out.flag("genesis", edit.genesis);
  out.flag("waived", edit.waived);
  if (!edit.addresses.empty()) json["addresses"] = addresses_json(edit.addresses);
  if (!edit.standby.empty()) json["standby"] = addresses_json(edit.standby);
  if (edit.kind == EditKind::policy) json["policy"] = policy_json(edit.policy);
  if (edit.kind == EditKind::begin) json["serial"] = edit.serial;
}

// Reads members and remembers the first that is not as it should be.
class LineReader {
 public:
  explicit LineReader(const Json& json) : json_(json) {}

  const std::string& wrong() const { return wrong_; }

  void number(const char* key, uint64_t& into, bool required = true) {
    if (const Json* value = find(key, required); value && value->is_number_unsigned()) {
      into = value->get<uint64_t>();
    } else if (value) {
      fail(key);
    }
  }
  void text(const char* key, std::string& into, bool required = false) {
    if (const Json* value = find(key, required); value && value->is_string()) {
      into = value->get<std::string>();
    } else if (value) {
      fail(key);
    }
  }
  void flag(const char* key, bool& into) {
    if (const Json* value = find(key, false); value && value->is_boolean()) {
      into = value->get<bool>();
    } else if (value) {
      fail(key);
    }
  }
  // What `parse` makes of the text.
  template <typename T, typename Parse>
  void parsed(const char* key, T& into, Parse parse, bool required = true) {
    std::string text_value;
    text(key, text_value, required);
    if (text_value.empty()) return;
    const auto value = parse(text_value);
    if (value) {
      into = *value;
    } else {
      fail(key);
    }
  }
  void addresses(const char* key, std::vector<IpAddress>& into) {
    const Json* list = find(key, false);
    if (!list) return;
    if (!list->is_array()) return fail(key);
    for (const Json& item : *list) {
      const Result<IpAddress> address = IpAddress::parse(item.is_string() ? item.get<std::string>() : std::string());
      if (!address) return fail(key);
      into.push_back(*address);
    }
  }
  void policy(const char* key, PinnedPolicy& into) {
    const Json* object = find(key, true);
    if (!object) return;
    LineReader in(*object);
    uint64_t most[2] = {}, seconds[3] = {};
    in.number("notice", seconds[0]);
    in.number("quarantine", seconds[1]);
    in.number("retention", seconds[2]);
    in.number("max_ipv4", most[0]);
    in.number("max_ipv6", most[1]);
    in.flag("allow_waiver", into.allow_waiver);
    constexpr uint64_t longest = uint64_t{36500} * 86400;
    for (const uint64_t s : seconds)
      if (s > longest) in.fail(key);
    if (most[0] > 1000000 || most[1] > 1000000) in.fail(key);
    if (!in.wrong().empty()) return fail(key);
    into.notice.seconds = static_cast<int64_t>(seconds[0]);
    into.quarantine.seconds = static_cast<int64_t>(seconds[1]);
    into.retention.seconds = static_cast<int64_t>(seconds[2]);
    into.max_entries = {static_cast<unsigned>(most[0]), static_cast<unsigned>(most[1])};
  }

 private:
  const Json* find(const char* key, bool required) {
    const auto found = json_.is_object() ? json_.find(key) : json_.end();
    if (json_.is_object() && found != json_.end()) return &*found;
    if (required) fail(key);
    return nullptr;
  }
  void fail(const char* key) {
    if (wrong_.empty()) wrong_ = key;
  }

  const Json& json_;
  std::string wrong_;
};

template <typename T>
void read_optional(LineReader& in, const char* key, std::optional<T>& into, Result<T> (*parse)(std::string_view)) {
  T value{};
  bool there = false;
  in.parsed(key, value, [&](const std::string& text) {
    Result<T> result = parse(text);
    there = result.ok();
    return result;
  }, false);
  if (there) into = value;
}

void read_edit(LineReader& in, PinEdit& edit) {
  in.text("set", edit.set, edit.kind != EditKind::begin);
  in.text("entry", edit.entry, edit.kind > EditKind::policy);
  const bool announces = edit.kind == EditKind::announce;
  if (announces) in.parsed("cidr", edit.cidr, IpPrefix::parse);
  if (announces || edit.kind == EditKind::reschedule) {
    in.parsed("enabled", edit.enabled, parse_date_or_instant);
    read_optional(in, "retired", edit.retired, parse_date_or_instant);
    uint64_t ttl = 0;
    in.number("ttl", ttl);
    edit.ttl = static_cast<uint32_t>(ttl);
  }
  read_optional(in, "published", edit.published, parse_date_or_instant);
  in.text("facility", edit.facility);
  in.text("reason", edit.reason);
  in.flag("genesis", edit.genesis);
  in.flag("waived", edit.waived);
  in.addresses("addresses", edit.addresses);
  in.addresses("standby", edit.standby);
  if (edit.kind == EditKind::policy) in.policy("policy", edit.policy);
  if (edit.kind == EditKind::begin) in.number("serial", edit.serial);
}

bool has_moments(EditKind kind) { return kind == EditKind::announce || kind == EditKind::reschedule; }

}  // namespace

std::string_view to_text(EditKind kind) { return kinds[static_cast<size_t>(kind)]; }

bool counts_notice(EditKind kind) {
  return kind != EditKind::describe && kind != EditKind::revoke && kind != EditKind::cancel;
}

std::string to_text(const LedgerRecord& record) {
  Json json;
  json["seq"] = record.seq;
  json["batch"] = record.batch;
  json["at"] = to_text(record.at);
  json["actor"] = record.actor;
  json["edit"] = std::string(to_text(record.edit.kind));
  write_edit(record.edit, json);
  if (record.edit.kind == EditKind::policy) json["effective_at"] = to_text(record.effective_at);
  if (has_moments(record.edit.kind) || record.edit.kind == EditKind::waive)
    json["enabled_at"] = to_text(record.enabled_at);
  Writer out(json);
  out.moment("last_answer_at", record.last_answer_at);
  out.moment("retired_at", record.retired_at);
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Result<LedgerRecord> parse_ledger_record(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return Failure{"this is no JSON object: '" + printable(text.substr(0, 80)) + "'"};
  LineReader in(json);
  LedgerRecord record;
  in.number("seq", record.seq);
  in.number("batch", record.batch);
  in.parsed("at", record.at, parse_instant);
  in.text("actor", record.actor, true);
  std::string kind;
  in.text("edit", kind, true);
  const auto found = std::ranges::find(kinds, kind);
  if (found == kinds.end()) return Failure{"there is no edit '" + printable(kind) + "'"};
  record.edit.kind = static_cast<EditKind>(found - kinds.begin());
  read_edit(in, record.edit);
  record.effective_at = record.at;
  if (record.edit.kind == EditKind::policy) in.parsed("effective_at", record.effective_at, parse_instant);
  if (has_moments(record.edit.kind) || record.edit.kind == EditKind::waive)
    in.parsed("enabled_at", record.enabled_at, parse_instant);
  if (has_moments(record.edit.kind)) {
    read_optional(in, "last_answer_at", record.last_answer_at, parse_instant);
    read_optional(in, "retired_at", record.retired_at, parse_instant);
  }
  if (!in.wrong().empty()) return Failure{"\"" + in.wrong() + "\" is missing or not what it should be"};
  if (record.last_answer_at.has_value() != record.retired_at.has_value())
    return Failure{"\"last_answer_at\" and \"retired_at\" come together or not at all"};
  return record;
}

}  // namespace dnsd
