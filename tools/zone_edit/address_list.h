// The ADDRESS… of a verb: words of the command line, or where the only one is "-" the lines of the standard input.
//
//   zone-edit pool drain us-street -      198.51.100.7   # rack 3
//                                         198.51.100.8
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "tools/zone_edit/session.h"

namespace dnsd {

struct GivenAddress {
  IpAddress address;
  uint32_t line = 0;  // of the standard input; 0: of the command line
};

// "standard input, line 3: ", for a message about one of them; empty for one of the command line.
std::string origin_text(const GivenAddress& given);

// At least one word, each an address or "-". `out` must outlive the parsing.
CLI::Option* add_addresses(CLI::App& app, const std::string& name, std::vector<std::string>& out,
                           const std::string& help);

// A usage error where "-" is not alone, to be thrown; nothing otherwise.
void check_dash_is_alone(const CLI::Option& option, const std::vector<std::string>& words);

// What the words stand for, each once. None where a line is no address, where one is given twice, or where there is
// none at all: that was told, and what is left to do is to return exit_status::refused.
std::optional<std::vector<GivenAddress>> read_addresses(const Session& session, const std::vector<std::string>& words);

}  // namespace dnsd
