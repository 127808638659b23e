// Keeps the contract: the ledger on disk, the feed's issues that follow from it, and the public documents.
//
//   prepare   the records of a load, and the issue they make, in memory only
//   commit    on disk, all or nothing
//   show      the documents; the feed shows nothing that is not on disk
//
// state/feed.json bears the last stamp that was shown, so that a clock that was set back does not take an issue back, and
// a ledger that is another one, or gone, is seen.
// Thread safety: one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "dnsd/http/http_server.h"
#include "dnsd/ledger/ledger_store.h"
#include "pinned_ips/chronicle.h"

namespace dnsd {

class ContractKeeper {
 public:
  // Precondition: this process holds the state folder's lock. A ledger that cannot be trusted is a failure that says
  // the way out; so is a feed that was shown and that the ledger does not lead to.
  static Result<std::unique_ptr<ContractKeeper>> open(const std::string& state_folder);

  const History& history() const { return chronicle_->history(); }
  const std::shared_ptr<const Chronicle>& chronicle() const { return chronicle_; }
  // The contract's time never lies before this.
  Instant not_before() const { return not_before_; }

  struct Prepared {
    std::vector<LedgerRecord> records;
    std::shared_ptr<const Chronicle> chronicle;
  };
  Result<Prepared> prepare(std::vector<LedgerRecord> records, Instant now) const;
  Status commit(Prepared prepared);

  // Null: nobody is served, the stamp is kept all the same. The server must outlive the keeper.
  void serve_by(HttpServer* server) { server_ = server; }
  // What holds at `now`. After a failure the documents before it stay in service.
  Status show(const std::string& public_url, Instant now);

  const std::optional<FeedStamp>& shown() const { return shown_; }

 private:
  ContractKeeper(std::string state_folder, LedgerStore store)
      : state_folder_(std::move(state_folder)), store_(std::move(store)) {}
  Status restore();

  const std::string state_folder_;
  LedgerStore store_;
  std::shared_ptr<const Chronicle> chronicle_;
  std::optional<FeedStamp> shown_;  // as feed.json has it
  Instant not_before_;
  HttpServer* server_ = nullptr;
};

}  // namespace dnsd
