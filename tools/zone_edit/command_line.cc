#include "tools/zone_edit/command_line.h"

#include "base/text.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

constexpr const char* overview =
    "Looks at the data directory of dnsd, changes it, and talks to the running daemon.\n"
    "An edit changes only the octets concerned, is checked together with everything else before it is written, and\n"
    "takes effect at once if dnsd runs. Two edits at a time wait for each other.";

constexpr const char* examples =
    "Examples:\n"
    "  zone-edit check\n"
    "  zone-edit pool drain us-street 198.51.100.7\n"
    "  zone-edit record add api.example.com www 300 A 192.0.2.80\n"
    "  zone-edit explain us-street.api.example.com A --client 198.18.5.7\n"
    "  zone-edit pool --help        what a verb does, with examples\n"
    "\n"
    "Exit status: 0 done; 1 refused, the reason is on the standard error and nothing was written; 2 usage.";

void add_globals(CLI::App& app, Session& session, std::optional<Instant>& pretended_now) {
  app.add_option("--config", session.config, "The daemon's configuration")
      ->envname("DNSD_CONFIG")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_flag("--json", session.json, "Print JSON, for scripts");
  add_instant(app, "--now", pretended_now, "As if it were this moment")->group("");
}

// The verb, and the sub-verb, that were given.
std::string chosen_path(const CLI::App& app) {
  std::string path = app.get_name();
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    path += " " + at->get_name();
  }
  return path;
}

std::string listed(const std::vector<std::string_view>& names) {
  std::string text = names.size() == 1 ? "there is" : "there are";
  for (const std::string_view name : names) text.append(name == names.front() ? " " : ", ").append(name);
  return text;
}

// What is wrong where a verb or sub-verb should stand; empty where one was given. A word that is none ends up among
// those that nobody expected.
std::string missing_verb(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  if (at->get_require_subcommand_min() == 0) return {};
  const std::vector<std::string> words = app.remaining(true);
  std::vector<std::string_view> known;
  for (const CLI::App* sub : at->get_subcommands([](const CLI::App*) { return true; }))
    known.push_back(sub->get_name());
  if (known.empty()) return {};
  if (words.empty()) return ": say what to do; " + listed(known);
  const std::string_view near = closest(words.front(), known);
  const std::string text = ": there is no '" + printable(words.front()) + "'; ";
  return text + (near.empty() ? listed(known) : "did you mean '" + std::string(near) + "'?");
}

int usage_error(const CLI::App& app, const CLI::ParseError& error, std::ostream& err) {
  const std::string miss = missing_verb(app);
  const std::string path = chosen_path(app);
  err << path << (miss.empty() ? ": " + std::string(error.what()) : miss) << '\n' << path << " --help says more\n";
  return exit_status::usage;
}

}  // namespace

int run_zone_edit(int argc, const char* const* argv, Instant now, std::ostream& out, std::ostream& err) {
  Session session{.now = now, .out = out, .err = err};
  std::optional<Instant> pretended_now;
  Action action;
  CLI::App app(overview, "zone-edit");
  app.fallthrough();
  app.get_formatter()->column_width(28);
  app.get_formatter()->label("SUBCOMMAND", "VERB");
  add_globals(app, session, pretended_now);
  for (const Verb& verb : verbs())
    verb.setup(*add_sub_verb(app, std::string(verb.name), std::string(verb.summary)), action);
  app.footer(examples);  // now, for verbs inherit what was set before
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help
    return app.exit(success, out, err);
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error, err);
  }
  if (pretended_now) session.now = *pretended_now;
  return action(session);
}

}  // namespace dnsd
