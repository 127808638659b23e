// simulate: what a pool's answers do to its members, and who would see what is being edited.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "tools/zone_edit/find.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/replay_report.h"
#include "tools/zone_edit/simulate_report.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

struct Options {
  std::string pool;
  std::string zone;
  SimulationSettings settings;
  std::vector<std::string> remove;
  std::string svg;
  std::string log;
  std::string served;
};

// ---- simulate POOL -------------------------------------------------------------------------------------------

// The pool as the daemon would compile it; one that no name uses is in no snapshot.
Result<std::shared_ptr<const CompiledPool>> compiled(const DataDirectory& data, const FoundPool& found, Instant now) {
  CompiledZoneCache cache;
  const auto snapshot = compile_snapshot(snapshot_input(data), NameHash(1, 2), now, 1, nullptr, cache);
  if (!snapshot) return snapshot.failure();
  for (size_t z = 0; z < data.zones.size(); ++z) {
    const ZoneConfig& zone = data.zones[z].config;
    if (&zone != found.zone) continue;
    for (size_t i = 0; i < zone.names.size(); ++i) {
      if (zone.names[i].pool != found.pool->name) continue;
      const CompiledPool* used = (*snapshot)->zones[z].shapes[i].pool;
      const auto row = std::ranges::find((*snapshot)->pools, used, [](const auto& p) { return p.second.get(); });
      return row->second;
    }
  }
  return compile_pool(*found.pool, 0);
}

// The pool without some of its members.
Result<PoolDefinition> without(const PoolDefinition& pool, const std::vector<std::string>& addresses) {
  PoolDefinition rest = pool;
  for (const std::string& text : addresses) {
    const IpAddress address = IpAddress::parse(text)->unmapped();  // what cannot be parsed was a usage error
    if (std::ranges::find(pool.members, address, &PoolMember::address) == pool.members.end())
      return Failure{"the pool " + pool.name + " has no member " + to_text(address)};
    std::erase_if(rest.members, [&](const PoolMember& m) { return m.address == address; });
  }
  if (rest.members.empty()) return Failure{"nothing would be left of the pool " + pool.name};
  return rest;
}

int run_simulation(const Session& session, const Options& options) {
  const std::optional<DataDirectory> data = load_or_refuse(session);
  if (!data) return exit_status::refused;
  const Result<FoundPool> found = find_pool(zone_configs(*data), options.pool, options.zone);
  if (!found) return refuse(session, found.failure().message);
  const PoolDefinition& pool = *found->pool;
  const auto made = compiled(*data, *found, session.now);
  if (!made) return refuse(session, made.failure().message);
  const Result<PoolDefinition> rest = without(pool, options.remove);
  if (!rest) return refuse(session, rest.failure().message);
  const SimulationReport report{to_text(found->zone->origin), pool, options.settings,
                                simulate(pool, **made, options.settings, options.remove.empty() ? nullptr : &*rest)};
  if (report.rings.empty()) return refuse(session, "no member of the pool " + pool.name + " is in service");
  if (!options.svg.empty()) {
    const Status written = replace_file(options.svg, simulation_svg(report));
    if (!written) return refuse(session, written.failure().message);
  }
  if (session.json)
    print_json(session, simulation_json(report));
  else
    session.out << simulation_text(report, terminal_style());
  return exit_status::done;
}

// ---- simulate --log FILE -------------------------------------------------------------------------------------

int run_replay(const Session& session, const Options& options) {
  const std::optional<DataDirectory> edited = load_or_refuse(session);
  if (!edited) return exit_status::refused;
  const Session of_served{options.served, session.json, session.now, session.out, session.err};
  const std::optional<DataDirectory> served = load_or_refuse(of_served);
  if (!served) return exit_status::refused;
  const Result<std::string> content = read_file(options.log);
  if (!content) return refuse(session, content.failure().message);
  Result<Replay> replay = Replay::make(*served, *edited, session.now);
  if (!replay) return refuse(session, replay.failure().message);
  const QueryLogSummary log =
      read_query_log(*content, options.log, [&](const LoggedQuery& query) { replay->take(query); });
  for (const std::string& defect : log.first_defects) session.err << defect << '\n';
  if (log.defects > log.first_defects.size())
    session.err << options.log << ": " << log.defects - log.first_defects.size()
                << " more entries that were not understood\n";
  if (log.queries == 0) return refuse(session, "there is no query in " + options.log);
  const ReplayResult result = replay->result();
  if (session.json)
    print_json(session, replay_json(result, log, options.log));
  else
    session.out << replay_text(result, log, options.log);
  return exit_status::done;
}

int run(const Session& session, const Options& options) {
  return options.log.empty() ? run_simulation(session, options) : run_replay(session, options);
}

template <typename Number>
void add_number(CLI::App& app, const char* name, Number& out, Number least, Number most, const char* help) {
  app.add_option(name, out, help)->type_name("N")->check(CLI::Range(least, most))->capture_default_str();
}

void add_settings(CLI::App& app, SimulationSettings& s) {
  add_number(app, "--queries", s.queries, uint64_t{1}, uint64_t{100'000'000},
             "Queries of clients to their resolvers, in all");
  add_number(app, "--resolvers", s.resolvers, 1u, 1'000'000u, "Resolvers between them and the servers");
  add_number(app, "--clients", s.clients, 1u, 10'000'000u, "Networks of clients that answers are counted over");
  add_number(app, "--seed", s.seed, uint64_t{0}, UINT64_MAX, "Another seed, other chances");
  add_number(app, "--hours", s.hours, 0.01, 1000.0, "How long");
  add_number(app, "--workers", s.workers, 1u, 256u, "Of each server");
  add_number(app, "--servers", s.servers, 1u, 64u, "That answer for the zone");
}

}  // namespace

void setup_simulate(CLI::App& app, Action& action) {
  const auto options = std::make_shared<Options>();
  CLI::Option* pool = app.add_option("POOL", options->pool, "A pool's name")->type_name("");
  CLI::Option* zone =
      app.add_option("--zone", options->zone, "Where several zones have such a pool")->type_name("ZONE");
  add_settings(app, options->settings);
  CLI::Option* remove =
      app.add_option("--remove", options->remove, "Who sees another answer if this member leaves; repeatable")
          ->type_name("ADDRESS")
          ->allow_extra_args(false)
          ->take_all()
          ->check([](const std::string& text) {
            const Result<IpAddress> address = IpAddress::parse(text);
            return address ? std::string() : address.failure().message;
          });
  CLI::Option* svg = app.add_option("--svg", options->svg, "Write the bar chart here")->type_name("FILE");
  CLI::Option* log =
      app.add_option("--log", options->log, "Replay this query log: text or dnstap")->type_name("FILE");
  CLI::Option* served =
      app.add_option("--served", options->served, "The configuration that is served, for --log")->type_name("FILE");
  log->needs(served)->excludes(pool)->excludes(zone)->excludes(remove)->excludes(svg);
  served->needs(log);
  app.footer(
      "Asks the very code that answers, as the workers of all servers, and shows what becomes of the members: their "
      "exact\n"
      "share and what is handed out; how often each comes first; the load that resolvers make of it, where clients "
      "use\n"
      "any address of an answer or the first one; sites; how soon all members are seen; with --remove, who is "
      "touched.\n"
      "With --log, every query of a log is put to the files as served and as edited (--config): who would see a "
      "change?\n"
      "A line of the log is 'time client name type'. No daemon is needed, and nothing is sent.\n"
      "\n"
      "Examples:\n"
      "  zone-edit simulate us-street\n"
      "  zone-edit simulate us-street --resolvers 10 --hours 24 --svg shares.svg\n"
      "  zone-edit simulate us-street --remove 198.51.100.7\n"
      "  zone-edit simulate --log queries.log --served /etc/dnsd/dnsd.yaml --config new/dnsd.yaml");
  app.callback([&action, options] {
    if (options->pool.empty() && options->log.empty()) throw CLI::RequiredError("POOL, or --log FILE");
    action = [options](const Session& s) { return run(s, *options); };
  });
}

}  // namespace dnsd
