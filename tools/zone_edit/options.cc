#include "tools/zone_edit/options.h"

#include "base/text.h"
#include "tools/zone_edit/verbs.h"
#include "zones/name.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

template <typename Parse, typename Out>
CLI::Option* add_parsed(CLI::App& app, const std::string& name, Parse parse, Out take, const std::string& help) {
  CLI::Option* option = app.add_option_function<std::string>(
      name, [parse, take](const std::string& text) { take(*parse(text)); }, help);
  return option->check([parse](const std::string& text) {
    const auto value = parse(text);
    return value ? std::string() : value.failure().message;
  });
}

}  // namespace

CLI::Option* add_instant(CLI::App& app, const std::string& name, std::optional<Instant>& out,
                         const std::string& help) {
  const auto parse = [](const std::string& text) { return parse_date_or_instant(text); };
  return add_parsed(
             app, name, parse, [&out](const DateOrInstant& when) { out = when.instant; }, help)
      ->type_name("INSTANT");
}

CLI::Option* add_address(CLI::App& app, const std::string& name, std::optional<IpAddress>& out,
                         const std::string& help) {
  const auto parse = [](const std::string& text) { return IpAddress::parse(text); };
  return add_parsed(
             app, name, parse, [&out](const IpAddress& address) { out = address.unmapped(); }, help)
      ->type_name("ADDRESS");
}

CLI::Option* add_prefix(CLI::App& app, const std::string& name, std::optional<IpPrefix>& out, const std::string& help) {
  const auto parse = [](const std::string& text) { return IpPrefix::parse(text); };
  return add_parsed(
             app, name, parse, [&out](const IpPrefix& prefix) { out = prefix; }, help)
      ->type_name("PREFIX");
}

CLI::Option* add_name(CLI::App& app, const std::string& name, std::string& out, const std::string& help) {
  return app.add_option(name, out, help)->type_name("")->check([](const std::string& text) {
    const Result<Name> parsed = Name::parse(text);
    return parsed ? std::string() : parsed.failure().message;
  });
}

CLI::Option* add_type(CLI::App& app, const std::string& name, std::string& out, const std::string& help) {
  return app.add_option(name, out, help)->type_name("")->check([](const std::string& text) {
    return parse_type(text) ? std::string()
                            : "'" + printable(text) + "' is not a type of records; A, MX, TYPE65280 are";
  });
}

CLI::App* add_sub_verb(CLI::App& app, const std::string& name, const std::string& summary) {
  app.require_subcommand(1);
  return app.add_subcommand(name, summary)->group("Verbs");
}

void set_only_action(CLI::App& app, Action& action, int (*given)(const Session&), const char* footer) {
  app.footer(footer);
  app.callback([&action, given] { action = given; });
}

}  // namespace dnsd
