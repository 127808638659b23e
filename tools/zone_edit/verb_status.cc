// status: what the running daemon serves, and what changes next.
#include <nlohmann/json.hpp>

#include "tools/zone_edit/daemon.h"
#include "tools/zone_edit/daemon_client.h"
#include "tools/zone_edit/table.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

// A value as text, whatever its kind: a daemon of another version may say less or more.
std::string value_text(const Json& json, const char* key) {
  if (!json.is_object() || !json.contains(key) || json[key].is_null()) return {};
  return json[key].is_string() ? json[key].get<std::string>() : json[key].dump();
}

const Json& list_of(const Json& json, const char* key) {
  static const Json none = Json::array();
  return json.is_object() && json.contains(key) && json[key].is_array() ? json[key] : none;
}

// "2026-12-24T12:00:00Z (in 33d)"
std::string moment_text(const std::string& text, Instant now) {
  const Result<Instant> instant = parse_instant(text);
  return instant ? text + " (" + distance_text(*instant, now) + ")" : text;
}

std::string table_of(const Json& list, std::vector<const char*> keys, std::vector<std::string> headings) {
  Table table(std::move(headings));
  for (const Json& row : list) {
    std::vector<std::string> cells;
    for (const char* key : keys) cells.push_back(value_text(row, key));
    table.add(std::move(cells));
  }
  return table.empty() ? std::string() : "\n" + table.to_text();
}

// "\n" -> "\n  "
std::string indented(const std::string& text) {
  std::string out = "  ";
  for (const char c : text) (out += c) += c == '\n' ? "  " : "";
  return out;
}

// A counter, or counters of one kind by name.
void add_counters(const std::string& name, const Json& value, Table& table) {
  if (!value.is_object()) return table.add({name, value.dump()});
  for (const auto& [key, number] : value.items()) table.add({name + " " + key, number.dump()});
}

void print_last_reload(const Session& session, const Json& last) {
  const bool ok = value_text(last, "ok") == "true";
  session.out << "last reload  " << (ok ? "all well, " : "REFUSED, ")
              << moment_text(value_text(last, "at"), session.now) << '\n';
  for (const char* kind : {"errors", "warnings"})
    for (const Json& line : list_of(last, kind))
      if (line.is_string()) session.out << indented(line.get<std::string>()) << '\n';
}

// Nothing where the clock is right.
void print_clock(const Session& session, const Json& clock) {
  constexpr int64_t most = 60;  // seconds, as in ContractClock
  const bool is_frozen = value_text(clock, "frozen") == "true";
  const bool is_behind = !is_frozen && clock.contains("behind_seconds") && clock["behind_seconds"].is_number_integer() &&
                         clock["behind_seconds"].get<int64_t>() > most;
  if (!is_frozen && !is_behind) return;
  session.out << "clock        "
              << (is_frozen ? "FROZEN: it stepped by " + value_text(clock, "step_seconds") + " s"
                            : "WRONG: " + value_text(clock, "behind_seconds") + " s behind what was recorded")
              << "; pinned sets stay as they were at " << value_text(clock, "now") << " until it is right"
              << (is_frozen ? ", or `zone-edit reload --accept-clock` says that it is" : "") << '\n';
}

// Sockets, workers and what the kernel lost; advice comes last, where it is seen.
void print_transport(const Session& session, const Json& transport) {
  session.out << table_of(list_of(transport, "sockets"),
                          {"address", "receive_buffer", "receive_buffer_asked", "send_buffer", "send_buffer_asked"},
                          {"SOCKET", "RECEIVE BUFFER", "ASKED", "SEND BUFFER", "ASKED"})
              << table_of(list_of(transport, "workers"), {"worker", "core", "udp_queries"},
                          {"WORKER", "CORE", "UDP QUERIES"});
  Table kernel({"KERNEL, SINCE START", "NUMBER"});
  if (transport.contains("kernel") && transport["kernel"].is_object())
    for (const auto& [name, value] : transport["kernel"].items()) add_counters(name, value, kernel);
  if (!kernel.empty()) session.out << '\n' << kernel.to_text();
  for (const Json& line : list_of(transport, "advice"))
    if (line.is_string()) session.out << "\nadvice: " << line.get<std::string>() << '\n';
}

void print_status(const Session& session, const Json& status) {
  const std::string next = value_text(status, "next_change");
  session.out << "dnsd         " << value_text(status, "version") << '\n'
              << "generation   " << value_text(status, "generation") << ", loaded "
              << moment_text(value_text(status, "loaded_at"), session.now) << '\n'
              << "next change  " << (next.empty() ? "none is scheduled" : moment_text(next, session.now)) << '\n';
  if (status.contains("clock") && status["clock"].is_object()) print_clock(session, status["clock"]);
  if (status.contains("last_reload") && status["last_reload"].is_object())
    print_last_reload(session, status["last_reload"]);
  session.out << table_of(list_of(status, "zones"), {"zone", "records", "names"}, {"ZONE", "RECORDS", "NAMES"})
              << table_of(list_of(status, "pools"), {"zone", "pool", "ipv4", "ipv6"},
                          {"ZONE", "POOL", "IPV4 IN SERVICE", "IPV6 IN SERVICE"});
  if (status.contains("queries") && status["queries"].is_object()) {
    Table table({"QUERIES", "NUMBER"});
    for (const auto& [name, value] : status["queries"].items()) add_counters(name, value, table);
    if (!table.empty()) session.out << '\n' << table.to_text();
  }
  if (status.contains("transport") && status["transport"].is_object()) print_transport(session, status["transport"]);
}

int status(const Session& session) {
  const std::optional<std::string> state = state_folder_or_refuse(session);
  if (!state) return exit_status::refused;
  const DaemonReply reply = ask_daemon(control_socket(*state), {{"command", "status"}}, status_timeout);
  if (reply.outcome != DaemonReply::Outcome::answered) return refuse(session, reply.reason);
  const Json json = Json::parse(reply.answer, nullptr, false);
  if (!json.is_object()) return refuse(session, "dnsd's answer is not a status: is it another version?");
  if (session.json) {
    print_json(session, json);
  } else {
    print_status(session, json);
  }
  return exit_status::done;
}

}  // namespace

void setup_status(CLI::App& app, Action& action) {
  set_only_action(
      app, action, status,
      "Asks the running daemon over the control socket in its state folder: its generation and since when, the next\n"
      "scheduled change, whether the last reload went well, zones, pools and how many of each are in service, "
      "counters\n"
      "of queries, what the kernel lost and what to do about it. Refused (1) where dnsd is not running.\n"
      "\n"
      "Examples:\n"
      "  zone-edit status\n"
      "  zone-edit status --json | jq .generation");
}

}  // namespace dnsd
