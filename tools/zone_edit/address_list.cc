#include "tools/zone_edit/address_list.h"

#include <algorithm>
#include <istream>
#include <map>

namespace dnsd {
namespace {

const std::string input_name = "standard input";

// Without the comment and the blanks around.
std::string_view content_of(std::string_view line) {
  static constexpr std::string_view blanks = " \t\r";
  line = line.substr(0, line.find('#'));
  const size_t begin = line.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(blanks) + 1 - begin);
}

std::vector<GivenAddress> read_lines(std::istream& in, Diagnostics& defects) {
  std::vector<GivenAddress> given;
  std::string line;
  for (uint32_t number = 1; std::getline(in, line); ++number) {
    const std::string_view text = content_of(line);
    if (text.empty()) continue;
    if (const Result<IpAddress> address = IpAddress::parse(text)) {
      given.push_back({address->unmapped(), number});
    } else {
      defects.error({input_name, number, 0}, address.failure().message);
    }
  }
  return given;
}

void check_each_once(const std::vector<GivenAddress>& given, Diagnostics& defects) {
  std::map<IpAddress, uint32_t> lines;
  for (const GivenAddress& one : given) {
    const auto [first, fresh] = lines.try_emplace(one.address, one.line);
    if (fresh) continue;
    const std::string twice = to_text(one.address) + " is given twice";
    if (one.line == 0) {
      defects.error({}, twice);
    } else {
      defects.error({input_name, one.line, 0}, twice + ", first in line " + std::to_string(first->second));
    }
  }
}

}  // namespace

std::string origin_text(const GivenAddress& given) {
  return given.line == 0 ? "" : input_name + ", line " + std::to_string(given.line) + ": ";
}

CLI::Option* add_addresses(CLI::App& app, const std::string& name, std::vector<std::string>& out,
                           const std::string& help) {
  return app.add_option(name, out, help)->expected(1, CLI::detail::expected_max_vector_size)->type_name("")->check(
      [](const std::string& text) {
        const Result<IpAddress> address = IpAddress::parse(text);
        return text == "-" || address ? std::string() : address.failure().message;
      });
}

void check_dash_is_alone(const CLI::Option& option, const std::vector<std::string>& words) {
  if (words.size() > 1 && std::ranges::find(words, "-") != words.end())
    throw CLI::ValidationError(option.get_name(),
                               "'-' stands for the lines of the standard input and cannot have others beside it");
}

std::optional<std::vector<GivenAddress>> read_addresses(const Session& session, const std::vector<std::string>& words) {
  Diagnostics defects;
  std::vector<GivenAddress> given;
  const bool from_input = words == std::vector<std::string>{"-"};
  if (from_input) {
    given = read_lines(session.in, defects);
  } else {
    for (const std::string& word : words) given.push_back({IpAddress::parse(word)->unmapped(), 0});
  }
  check_each_once(given, defects);
  defects.sort();
  if (defects.has_errors()) {
    refuse(session, "refused, nothing was written: " + counted(defects.errors(), "error") + " in the addresses", defects);
    return std::nullopt;
  }
  if (given.empty()) {
    refuse(session, "there is no address on the " + input_name);
    return std::nullopt;
  }
  return given;
}

}  // namespace dnsd
