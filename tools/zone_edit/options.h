// Kinds of arguments that several verbs take. A value that cannot be right is a usage error, told by the parser.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/ip_address.h"

namespace dnsd {

// "2026-12-24T15:00:00Z", or "2026-12-24" for its midnight in UTC. `out` must outlive the parsing.
CLI::Option* add_instant(CLI::App& app, const std::string& name, std::optional<Instant>& out,
                         const std::string& help);
CLI::Option* add_address(CLI::App& app, const std::string& name, std::optional<IpAddress>& out,
                         const std::string& help);
// "198.18.5.0/24"; an address stands for itself alone.
CLI::Option* add_prefix(CLI::App& app, const std::string& name, std::optional<IpPrefix>& out, const std::string& help);
// These keep the text; that it can be parsed is checked.
CLI::Option* add_name(CLI::App& app, const std::string& name, std::string& out, const std::string& help);
CLI::Option* add_type(CLI::App& app, const std::string& name, std::string& out, const std::string& help);
// One of the verbs, or sub-verbs of a verb, of which one must be given.
CLI::App* add_sub_verb(CLI::App& app, const std::string& name, const std::string& summary);

}  // namespace dnsd
