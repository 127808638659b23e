#include "dnsd/webhooks/outbox.h"

#include <algorithm>

#include "base/text.h"
#include "pinned_ips/feed/digest.h"

namespace dnsd {
namespace {

constexpr int64_t application = 0x444e4f42;  // "DNOB"
constexpr int64_t format = 1;
constexpr int64_t waits = 0, delivered = 1, given_up = 2;  // deliveries.state
constexpr char tables[] =
    "CREATE TABLE targets (name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, disabled INTEGER NOT NULL) STRICT;"
    "CREATE TABLE events (id TEXT PRIMARY KEY, type TEXT NOT NULL, body TEXT NOT NULL) STRICT;"
    // due: when the next attempt is, or when the last one was.
    "CREATE TABLE deliveries (number INTEGER PRIMARY KEY, event TEXT NOT NULL, target TEXT NOT NULL,"
    " state INTEGER NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL, UNIQUE (event, target)) STRICT;"
    "CREATE INDEX waiting ON deliveries (target, due) WHERE state = 0;"
    "CREATE TABLE cursor (value TEXT NOT NULL) STRICT;"
    "INSERT INTO cursor VALUES ('')";
constexpr char way_out[] =
    "move it away and restart dnsd: webhooks of the whole history are then sent again, with the same ids";

// Longer than anybody derives an event again.
constexpr Milliseconds kept = 60 * 86'400'000LL;
// Nothing is ever due later than this, unless the clock was put back.
constexpr Milliseconds latest = 2 * longest_webhook_delay;

bool is_id(std::string_view id) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !id.empty() && id.size() <= 255 && std::all_of(id.begin(), id.end(), good);
}

// Tells whether a target is as it was, without keeping its secrets here.
Result<std::string> fingerprint(const WebhookTarget& target) {
  std::string text = target.url;
  for (const std::string& secret : target.secrets) text += "\n" + secret;
  const Result<Sha256> digest = sha256(text);
  if (!digest) return digest.failure();
  return hex(*digest);
}

}  // namespace

Result<std::unique_ptr<Outbox>> Outbox::open(const std::string& path) {
  Result<std::unique_ptr<Database>> database = Database::open(path, Database::Access::write, way_out);
  if (!database) return database.failure();
  std::unique_ptr<Outbox> outbox(new Outbox(std::move(*database)));
  if (const Status status = outbox->prepare(); !status) return status.failure();
  return outbox;
}

Status Outbox::prepare() {
  const Result<int64_t> objects = database_->number("SELECT count(*) FROM sqlite_schema");
  if (!objects) return objects.failure();
  if (*objects == 0) {
    Result<Transaction> transaction = Transaction::begin(*database_, Transaction::Kind::write);
    if (!transaction) return transaction.failure();
    std::string sql = tables;
    sql += "; PRAGMA application_id = " + std::to_string(application);
    sql += "; PRAGMA user_version = " + std::to_string(format);
    if (const Status status = database_->run(sql.c_str()); !status) return status;
    if (const Status status = transaction->commit(); !status) return status;
  }
  const Result<int64_t> id = database_->number("PRAGMA application_id");
  if (!id) return id.failure();
  if (*id != application) return database_->damaged("a database, but no outbox of webhooks");
  const Result<int64_t> version = database_->number("PRAGMA user_version");
  if (!version) return version.failure();
  if (*version != format) return database_->damaged("an outbox of format " + std::to_string(*version));
  const Result<std::string> check = database_->text("PRAGMA integrity_check(1)");
  if (!check) return check.failure();
  if (*check != "ok") return database_->damaged("damaged: " + *check);
  const Result<std::string> cursor = database_->text("SELECT value FROM cursor");
  if (!cursor) return cursor.failure();
  cursor_ = *cursor;
  return count();
}

Status Outbox::run(std::string_view sql, std::span<const std::string> texts, std::span<const int64_t> numbers) const {
  Result<Statement> statement = database_->prepare(sql);
  if (!statement) return statement.failure();
  int parameter = 0;
  for (const std::string& text : texts) statement->bind(++parameter, text);
  for (const int64_t number : numbers) statement->bind(++parameter, number);
  return statement->run();
}

Status Outbox::count() {
  const Result<int64_t> waiting = database_->number("SELECT count(*) FROM deliveries WHERE state = 0");
  if (!waiting) return waiting.failure();
  const Result<int64_t> disabled = database_->number("SELECT count(*) FROM targets WHERE disabled = 1");
  if (!disabled) return disabled.failure();
  waiting_ = static_cast<uint64_t>(*waiting);
  disabled_ = static_cast<uint64_t>(*disabled);
  return Done{};
}

Status Outbox::enable(const WebhookTarget& target) {
  const Result<std::string> print = fingerprint(target);
  if (!print) return print.failure();
  const std::string texts[] = {target.name, *print};
  return run(
      "INSERT INTO targets VALUES (?1, ?2, 0) ON CONFLICT (name) DO UPDATE SET"
      " disabled = CASE fingerprint WHEN excluded.fingerprint THEN disabled ELSE 0 END,"
      " fingerprint = excluded.fingerprint",
      texts);
}

Result<uint64_t> Outbox::drop_all_but(std::span<const WebhookTarget> targets) {
  std::vector<std::string> others;
  Result<Statement> names = database_->prepare("SELECT name FROM targets");
  if (!names) return names.failure();
  for (;;) {
    const Result<bool> row = names->step();
    if (!row) return row.failure();
    if (!*row) break;
    const std::string_view name = names->text(0);
    if (std::none_of(targets.begin(), targets.end(),
                     [&](const WebhookTarget& target) { return target.name == name; }))
      others.emplace_back(name);
  }
  uint64_t dropped = 0;
  for (const std::string& name : others) {
    const std::span text(&name, 1);
    if (const Status status = run("DELETE FROM targets WHERE name = ?1", text); !status) return status.failure();
    if (const Status status = run("DELETE FROM deliveries WHERE target = ?1 AND state = 0", text); !status)
      return status.failure();
    dropped += static_cast<uint64_t>(database_->changed_rows());
  }
  return dropped;
}

Result<uint64_t> Outbox::use(std::span<const WebhookTarget> targets) {
  const std::lock_guard lock(mutex_);
  Result<Transaction> transaction = Transaction::begin(*database_, Transaction::Kind::write);
  if (!transaction) return transaction.failure();
  for (const WebhookTarget& target : targets) {
    if (const Status status = enable(target); !status) return status.failure();
  }
  const Result<uint64_t> dropped = drop_all_but(targets);
  if (!dropped) return dropped;
  if (const Status status = transaction->commit(); !status) return status.failure();
  if (const Status status = count(); !status) return status.failure();
  return dropped;
}

Status Outbox::enqueue_one(const WebhookEvent& event, Milliseconds now) {
  if (!is_id(event.id))
    return Failure{"'" + printable(event.id) + "' cannot be the id of a webhook: letters, digits, - and _"};
  const std::string texts[] = {event.id, event.type, event.body};
  if (const Status status = run("INSERT OR IGNORE INTO events VALUES (?1, ?2, ?3)", texts); !status) return status;
  const int64_t numbers[] = {now};
  return run(
      "INSERT OR IGNORE INTO deliveries (event, target, state, attempts, due)"
      " SELECT ?1, name, 0, 0, ?2 FROM targets WHERE disabled = 0 ORDER BY name",
      std::span(texts, 1), numbers);
}

Status Outbox::enqueue(std::span<const WebhookEvent> events, const std::string& cursor, Milliseconds now) {
  const std::lock_guard lock(mutex_);
  Result<Transaction> transaction = Transaction::begin(*database_, Transaction::Kind::write);
  if (!transaction) return transaction.failure();
  for (const WebhookEvent& event : events) {
    if (const Status status = enqueue_one(event, now); !status) return status;
  }
  if (const Status status = run("UPDATE cursor SET value = ?1", std::span(&cursor, 1)); !status) return status;
  if (const Status status = forget_old(now); !status) return status;
  if (const Status status = transaction->commit(); !status) return status;
  cursor_ = cursor;
  return count();
}

std::string Outbox::cursor() const {
  const std::lock_guard lock(mutex_);
  return cursor_;
}

Status Outbox::forget_old(Milliseconds now) {
  const int64_t numbers[] = {now - kept};
  if (const Status status = run("DELETE FROM deliveries WHERE state > 0 AND due < ?1", {}, numbers); !status)
    return status;
  return database_->run("DELETE FROM events WHERE id NOT IN (SELECT event FROM deliveries)");
}

Result<std::vector<Delivery>> Outbox::due(const std::string& target, Milliseconds now, size_t most) const {
  const std::lock_guard lock(mutex_);
  Result<Statement> rows = database_->prepare(
      "SELECT number, attempts, id, type, body FROM deliveries JOIN events ON id = event"
      " WHERE state = 0 AND target = ?1 AND (due <= ?2 OR due > ?3) ORDER BY number LIMIT ?4");
  if (!rows) return rows.failure();
  rows->bind(1, target).bind(2, now).bind(3, now + latest).bind(4, static_cast<int64_t>(most));
  std::vector<Delivery> found;
  for (;;) {
    const Result<bool> row = rows->step();
    if (!row) return row.failure();
    if (!*row) return found;
    found.push_back({rows->number(0),
                     target,
                     {std::string(rows->text(2)), std::string(rows->text(3)), std::string(rows->text(4))},
                     static_cast<unsigned>(rows->number(1))});
  }
}

Result<std::optional<Milliseconds>> Outbox::next_due(Milliseconds now) const {
  const std::lock_guard lock(mutex_);
  Result<Statement> rows =
      database_->prepare("SELECT due FROM deliveries WHERE state = 0 AND due > ?1 ORDER BY due LIMIT 1");
  if (!rows) return rows.failure();
  const Result<bool> row = rows->bind(1, now).step();
  if (!row) return row.failure();
  return *row ? std::optional(rows->number(0)) : std::nullopt;
}

Status Outbox::record_one(const DeliveryOutcome& outcome) {
  using Kind = DeliveryOutcome::Kind;
  if (outcome.kind == Kind::gone) return disable(outcome.target, outcome.at);
  const int64_t state = outcome.kind == Kind::delivered ? delivered : outcome.kind == Kind::retry ? waits : given_up;
  const int64_t failed = outcome.kind == Kind::delivered ? 0 : 1;
  const int64_t due = outcome.kind == Kind::retry ? outcome.again : outcome.at;
  const int64_t numbers[] = {outcome.number, state, failed, due};
  return run("UPDATE deliveries SET state = ?2, attempts = attempts + ?3, due = ?4 WHERE number = ?1 AND state = 0",
             {}, numbers);
}

// A target that has changed since it was called is another: what waits for it is sent there.
Status Outbox::disable(const WebhookTarget& target, Milliseconds now) {
  const Result<std::string> print = fingerprint(target);
  if (!print) return print.failure();
  const std::string texts[] = {target.name, *print};
  if (const Status status = run("UPDATE targets SET disabled = 1 WHERE name = ?1 AND fingerprint = ?2", texts);
      !status)
    return status;
  if (database_->changed_rows() == 0) return Done{};
  const int64_t numbers[] = {now, given_up};
  return run("UPDATE deliveries SET due = ?2, state = ?3 WHERE state = 0 AND target = ?1", std::span(texts, 1),
             numbers);
}

Status Outbox::record(std::span<const DeliveryOutcome> outcomes) {
  const std::lock_guard lock(mutex_);
  Result<Transaction> transaction = Transaction::begin(*database_, Transaction::Kind::write);
  if (!transaction) return transaction.failure();
  for (const DeliveryOutcome& outcome : outcomes) {
    if (const Status status = record_one(outcome); !status) return status;
  }
  if (const Status status = transaction->commit(); !status) return status;
  return count();
}

}  // namespace dnsd
