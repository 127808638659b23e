#include "dnsd/snapshot/compile.h"

#include <algorithm>

#include "dnsd/snapshot/feed_names.h"
#include "dnsd/snapshot/pages.h"

namespace dnsd {
namespace {

bool same_names(std::span<const Name> a, std::span<const Name> b) {
  return std::ranges::equal(a, b, [](const Name& x, const Name& y) { return x.view() == y.view(); });
}

// Whose pages a name has; null: none.
const PoolDefinition* pages_pool(std::span<const PoolDefinition> pools, const NameRule& rule) {
  if (!rule.pages || !rule.pool || !page_name(rule.owner, 1)) return nullptr;
  const auto pool = std::ranges::find(pools, *rule.pool, &PoolDefinition::name);
  return pool == pools.end() ? nullptr : &*pool;
}

Result<std::shared_ptr<const CompiledZone>> compile_with_names(const Zone& zone, std::span<const Name> names,
                                                               const NameHash& hash) {
  std::vector<ShapedName> shaped;
  for (const Name& name : names) shaped.push_back({name, static_cast<uint32_t>(shaped.size())});
  return CompiledZone::compile(zone, shaped, hash);
}

// Builds the shapes of one snapshot: each pool, set and audience once, however many names use it.
class ShapeCompiler {
 public:
  ShapeCompiler(const SnapshotInput& input, Instant now, const Snapshot* previous, Snapshot& out)
      : input_(input), now_(now), previous_(previous), out_(out) {}

  // In the order of shaped_names().
  std::vector<Shape> shapes_of(const ZoneInput& zone) {
    std::vector<Shape> shapes;
    for (const NameRule& rule : zone.names) {
      Shape shape;
      shape.rule = static_cast<uint32_t>(&rule - zone.names.data());
      if (rule.pool) shape.pool = pool_of(zone, *rule.pool);
      if (!rule.pool && !rule.pinned.empty()) shape.pinned = pinned_of(rule.pinned.front().name);
      if (rule.pool && !rule.pinned.empty()) shape.audience = audience_of(rule.pinned);
      shape.hints_follow = rule.hints == Hints::follow;
      shapes.push_back(shape);
    }
    for (const NameRule& rule : zone.names) add_pages(zone, rule, shapes);
    for (const NameRule& rule : zone.names) add_feed_names(zone, rule, shapes);
    return shapes;
  }

  // Pools that existed keep their cursors; new ones take numbers that are free.
  void assign_slots() {
    std::vector<std::string> fresh;
    std::vector<bool> taken(previous_ ? previous_->rotation_slots / 2 : 0);
    for (const ZoneInput& zone : input_.zones) {
      for (const PoolDefinition& pool : zone.pools) {
        const std::string key = slot_key(zone, pool.name);
        if (previous_ && previous_->slot_of_pool.contains(key)) {
          const uint32_t slot = out_.slot_of_pool[key] = previous_->slot_of_pool.at(key);
          taken[slot / 2] = true;
        } else {
          fresh.push_back(key);
        }
      }
    }
    size_t next = 0;
    for (const std::string& key : fresh) {
      while (next < taken.size() && taken[next]) ++next;
      if (next == taken.size()) taken.push_back(true);
      taken[next] = true;
      out_.slot_of_pool[key] = static_cast<uint32_t>(2 * next);
    }
    out_.rotation_slots = static_cast<uint32_t>(2 * taken.size());
  }

 private:
  void add_pages(const ZoneInput& zone, const NameRule& rule, std::vector<Shape>& shapes) {
    const PoolDefinition* pool = pages_pool(zone.pools, rule);
    if (!pool) return;
    const PoolPages& pages = *out_.pages.emplace_back(std::make_unique<PoolPages>(compile_pages(rule, *pool)));
    Shape shape;
    shape.rule = static_cast<uint32_t>(&rule - zone.names.data());
    for (const PoolPage& page : pages.pages) {
      shape.page = &page;
      shapes.push_back(shape);
    }
    shape.page = nullptr;
    shape.text = &pages.index;
    shapes.push_back(shape);
  }

  // In the order of FeedNames.
  void add_feed_names(const ZoneInput& zone, const NameRule& rule, std::vector<Shape>& shapes) {
    if (!feed_names(rule)) return;
    Shape feed;
    feed.rule = static_cast<uint32_t>(&rule - zone.names.data());
    Shape next = feed, whoami = feed;
    if (!out_.feed_record.empty()) feed.text = &out_.feed_record;
    if (rule.pinned.size() == 1) next.pinned = next_of(rule.pinned.front().name);
    else next.audience = audience_of(rule.pinned, true);
    whoami.whoami = whoami_of(rule);
    shapes.insert(shapes.end(), {feed, next, whoami});
  }

  const Whoami* whoami_of(const NameRule& rule) {
    std::vector<std::string> names;
    std::vector<Whoami::Row> rows;
    for (const NameRule::Set& at_name : rule.pinned) {
      const PinnedSet* set = rule.pool ? find_set(at_name.name) : nullptr;
      for (const PinnedClient& client : set ? set->clients : std::vector<PinnedClient>())
        for (const PinnedClient::Source& source : client.sources)
          rows.push_back({source.prefix, static_cast<uint16_t>(names.size())});
      names.push_back(at_name.name);
    }
    const std::string key = rule.pool.value_or("") + " " + joined(names);
    const Whoami*& known = whoami_[key];
    if (!known)
      known = out_.whoami
                  .emplace_back(
                      std::make_unique<Whoami>(names, std::move(rows), !rule.pool, "pool=" + rule.pool.value_or("")))
                  .get();
    return known;
  }

  static std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += name + " ";
    return text;
  }

  const PinnedAnswers* next_of(const std::string& name) {
    const PinnedAnswers*& known = next_[name];
    if (const PinnedAnswers* set = known ? nullptr : pinned_of(name))
      known = out_.pinned.emplace_back(std::make_unique<PinnedAnswers>(next_answers(*set))).get();
    return known;
  }

  static std::string slot_key(const ZoneInput& zone, const std::string& pool) {
    return to_text(zone.origin()) + " " + pool;
  }

  const CompiledPool* pool_of(const ZoneInput& zone, const std::string& name) {
    const std::string key = slot_key(zone, name);
    std::shared_ptr<const CompiledPool>& known = out_.pools[key];
    const auto pool = std::ranges::find(zone.pools, name, &PoolDefinition::name);
    if (!known && pool != zone.pools.end()) {
      std::shared_ptr<const CompiledPool> before;
      if (previous_ && previous_->pools.contains(key)) before = previous_->pools.at(key);
      known = compile_pool(*pool, out_.slot_of_pool.at(key), std::move(before));
    }
    return known.get();
  }

  const PinnedSet* find_set(const std::string& name) const {
    const auto set = std::ranges::find(input_.pinned_sets, name, &PinnedSet::name);
    return set == input_.pinned_sets.end() ? nullptr : &*set;
  }

  const PromisedSet* find_promised(const std::string& name) const {
    const auto set = std::ranges::find(input_.promised, name, &PromisedSet::name);
    return set == input_.promised.end() ? nullptr : &*set;
  }

  const PinnedAnswers* pinned_of(const std::string& name) {
    const PinnedAnswers*& known = pinned_[name];
    if (const PinnedSet* set = known ? nullptr : find_set(name))
      known =
          out_.pinned.emplace_back(std::make_unique<PinnedAnswers>(compile_pinned(*set, find_promised(name), now_)))
              .get();
    return known;
  }

  // `next`: with what the sets will be after their next change.
  const Audience* audience_of(const std::vector<NameRule::Set>& sets, bool next = false) {
    std::vector<std::string> names;
    for (const NameRule::Set& set : sets) names.push_back(set.name);
    const Audience*& known = audiences_[{names, next}];
    if (known) return known;
    std::vector<PrefixTable::Row> rows;
    auto audience = std::make_unique<Audience>();
    for (const std::string& name : names) {
      const PinnedSet* set = find_set(name);
      if (!set) continue;
      const auto number = static_cast<PrefixTable::Class>(audience->sets.size());
      audience->sets.push_back(next ? next_of(name) : pinned_of(name));
      for (const PinnedClient& client : set->clients)
        for (const PinnedClient::Source& source : client.sources) rows.push_back({source.prefix, number});
    }
    audience->clients = PrefixTable(std::move(rows));
    known = out_.audiences.emplace_back(std::move(audience)).get();
    return known;
  }

  const SnapshotInput& input_;
  const Instant now_;
  const Snapshot* previous_;
  Snapshot& out_;
  std::map<std::string, const PinnedAnswers*> pinned_, next_;
  std::map<std::string, const Whoami*> whoami_;
  std::map<std::pair<std::vector<std::string>, bool>, const Audience*> audiences_;
};

}  // namespace

// The shape of a name is its place in the list.
std::vector<Name> shaped_names(std::span<const PoolDefinition> pools, std::span<const NameRule> names) {
  std::vector<Name> shaped;
  const auto add = [&](const Result<Name>& name) {
    if (name) shaped.push_back(*name);
  };
  for (const NameRule& rule : names) add(rule.owner);
  for (const NameRule& rule : names) {
    const PoolDefinition* pool = pages_pool(pools, rule);
    if (!pool) continue;
    const unsigned count = page_count(rule, *pool);
    for (unsigned n = 1; n <= count; ++n) add(page_name(rule.owner, n));
    add(pages_name(rule.owner));
  }
  for (const NameRule& rule : names) {
    const std::optional<FeedNames> feed = feed_names(rule);
    if (feed) shaped.insert(shaped.end(), {feed->feed, feed->next, feed->whoami});
  }
  return shaped;
}

Result<std::shared_ptr<const CompiledZone>> compile_zone(const Zone& zone, std::span<const PoolDefinition> pools,
                                                         std::span<const NameRule> names, const NameHash& hash) {
  return compile_with_names(zone, shaped_names(pools, names), hash);
}

Result<std::shared_ptr<const CompiledZone>> CompiledZoneCache::get(const ZoneInput& input, const NameHash& hash) {
  if (input.compiled) return input.compiled;
  std::vector<Name> shaped = shaped_names(input.pools, input.names);
  Row& row = rows_[input.zone.get()];
  row.used = true;
  // The weak pointer tells a zone from another one that later lived at the same address.
  if (row.compiled && row.zone.lock() == input.zone && same_names(shaped, row.shaped)) return row.compiled;
  Result<std::shared_ptr<const CompiledZone>> compiled = compile_with_names(*input.zone, shaped, hash);
  if (compiled) row = {input.zone, std::move(shaped), *compiled, true};
  return compiled;
}

void CompiledZoneCache::sweep() {
  std::erase_if(rows_, [](const auto& row) { return !row.second.used; });
  for (auto& [zone, row] : rows_) row.used = false;
}

Result<std::unique_ptr<Snapshot>> compile_snapshot(const SnapshotInput& input, const NameHash& hash, Instant now,
                                                   uint64_t generation, const Snapshot* previous,
                                                   CompiledZoneCache& cache) {
  auto out = std::make_unique<Snapshot>();
  out->generation = generation;
  out->hash = hash;
  out->settings = input.settings;
  out->index.reset(input.zones.size());
  if (input.feed) out->feed_record = feed_record(*input.feed, input.feed_url);
  ShapeCompiler shapes(input, now, previous, *out);
  shapes.assign_slots();
  for (const ZoneInput& zone : input.zones) {
    Result<std::shared_ptr<const CompiledZone>> compiled = cache.get(zone, hash);
    if (!compiled) return Failure{to_text(zone.origin()) + ": " + compiled.failure().message};
    out->index.add((*compiled)->origin(), static_cast<ZoneId>(out->zones.size()), hash);
    out->zones.push_back({*compiled, shapes.shapes_of(zone)});
  }
  return out;
}

Result<std::unique_ptr<Snapshot>> compile_snapshot(const SnapshotInput& input, const NameHash& hash, Instant now,
                                                   uint64_t generation, const Snapshot* previous) {
  CompiledZoneCache none;
  return compile_snapshot(input, hash, now, generation, previous, none);
}

}  // namespace dnsd
