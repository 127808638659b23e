// explain: what would be answered, and why.
#include <CLI/CLI.hpp>
#include <memory>

#include "tools/zone_edit/explain_output.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/verbs.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

struct Options {
  std::string name;
  std::string type;
  std::optional<IpAddress> client;
  std::optional<IpPrefix> client_subnet;
  std::optional<Instant> at;
};

int run_explain(const Session& session, const Options& options) {
  const std::optional<DataDirectory> data = load_or_refuse(session);
  if (!data) return exit_status::refused;
  // What cannot be parsed was a usage error.
  const ExplainQuestion question{*Name::parse(options.name), *parse_type(options.type),
                                 options.client.value_or(IpAddress()), options.client_subnet,
                                 options.at.value_or(session.now)};
  const Result<Explanation> explanation = explain(*data, question);
  if (!explanation) return refuse(session, explanation.failure().message);
  const bool client_given = options.client.has_value();
  if (session.json) print_json(session, to_json(*explanation, question, client_given));
  else session.out << to_text(*explanation, question, client_given);
  return exit_status::done;
}

}  // namespace

void setup_explain(CLI::App& app, Action& action) {
  const auto options = std::make_shared<Options>();
  add_name(app, "NAME", options->name, "A domain name, with or without the final dot")->required();
  add_type(app, "TYPE", options->type, "A, AAAA, MX, …, or TYPE65280")->required();
  add_address(app, "--client", options->client, "The address that asks: a resolver's, mostly");
  add_prefix(app, "--ecs", options->client_subnet, "For whom it asks, by EDNS Client Subnet (RFC 7871)");
  add_instant(app, "--at", options->at, "At this moment, by the files of today");
  app.footer(
      "Asks the very function that answers queries, on the files as they are now, and shows what led to the answer: "
      "the\n"
      "zone, what matched, the rule, which network of which customer the client is in and how far around it all get the "
      "same,\n"
      "every member of the pool or entry of the pinned set with the reason why it is handed out or not, how often and "
      "until\n"
      "when, and the answer itself. No daemon is needed.\n"
      "\n"
      "Examples:\n"
      "  zone-edit explain us-street.api.example.com A\n"
      "  zone-edit explain us-street.api.example.com A --client 198.18.5.7\n"
      "  zone-edit explain us-street.api.example.com A --client 9.9.9.9 --ecs 198.18.5.0/24\n"
      "  zone-edit explain proxy.api.example.com AAAA --at 2026-12-24T12:00:00Z");
  app.callback([&action, options] { action = [options](const Session& s) { return run_explain(s, *options); }; });
}

}  // namespace dnsd
