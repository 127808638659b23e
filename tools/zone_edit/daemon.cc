#include "tools/zone_edit/daemon.h"

#include <pwd.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tools/zone_edit/daemon_client.h"

namespace dnsd {
namespace {

std::vector<std::string> texts(const Json& json, const char* key) {
  std::vector<std::string> list;
  if (!json.is_object() || !json.contains(key) || !json[key].is_array()) return list;
  for (const Json& item : json[key])
    if (item.is_string()) list.push_back(item.get<std::string>());
  return list;
}

}  // namespace

std::optional<std::string> state_folder_or_refuse(const Session& session) {
  Diagnostics defects;
  const std::optional<ServerConfig> config = read_server_config(session.config, defects);
  if (config) return config->startup.state;
  refuse(session, "the configuration cannot be read", defects);
  return std::nullopt;
}

std::string actor_text(const std::string& verb) {
  const passwd* user = ::getpwuid(::getuid());
  return "zone-edit " + verb + " by " + (user ? std::string(user->pw_name) : "user " + std::to_string(::getuid()));
}

ReloadResult reload_daemon(const std::string& state_folder, const ReloadRequest& request) {
  using Outcome = ReloadResult::Outcome;
  Json command = {{"command", "reload"}, {"actor", request.actor}};
  if (request.accept_clock) command["accept_clock"] = true;
  const DaemonReply reply = ask_daemon(control_socket(state_folder), command, reload_timeout);
  ReloadResult result;
  if (reply.outcome != DaemonReply::Outcome::answered) {
    result.outcome = reply.outcome == DaemonReply::Outcome::not_running ? Outcome::not_running : Outcome::unknown;
    result.reason = reply.reason;
    return result;
  }
  const Json json = Json::parse(reply.answer, nullptr, false);
  const bool loaded = json.is_object() && json.contains("ok") && json["ok"].is_boolean() && json["ok"].get<bool>();
  result.outcome = loaded ? Outcome::loaded : Outcome::refused;
  result.errors = texts(json, "errors");
  result.warnings = texts(json, "warnings");
  if (loaded && json.contains("generation") && json["generation"].is_number_unsigned())
    result.generation = json["generation"].get<uint64_t>();
  return result;
}

Json reload_json(const ReloadResult& result) {
  using Outcome = ReloadResult::Outcome;
  Json json;
  switch (result.outcome) {
    case Outcome::loaded:
      json["outcome"] = "loaded";
      json["generation"] = result.generation;
      break;
    case Outcome::refused:
      json["outcome"] = "refused";
      json["errors"] = result.errors;
      break;
    case Outcome::not_running: json["outcome"] = "not running"; break;
    case Outcome::unknown: json["outcome"] = "unknown"; break;
  }
  if (!result.warnings.empty()) json["warnings"] = result.warnings;
  if (!result.reason.empty()) json["reason"] = result.reason;
  return json;
}

}  // namespace dnsd
