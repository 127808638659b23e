// What was promised, and what the files ask for beside it.
#include <filesystem>

#include "dnsd/ledger/ledger_store.h"
#include "dnsd/loading/data_directory.h"
#include "pinned_ips/reconcile.h"

namespace dnsd {

// With a set missing, each of its entries would seem to be deleted: its own defects are enough then.
void Loader::load_promises(DataDirectory& data, Instant now, Diagnostics& found) {
  History known;
  if (history_) {
    known = history_();
  } else {
    Result<History> read = read_history(data.config.startup.state);
    if (!read) return found.error(data.config.place, read.failure().message);
    known = std::move(*read);
  }
  if (!data.pinned_sets_complete) return;
  const LineSource line = [this](const Place& place) {
    const Result<std::string> text = open(place.file);
    return text ? std::string(line_of(*text, place.line)) : std::string();
  };
  const size_t errors = found.errors();
  Reconciled reconciled = reconcile(known, data.pinned_sets, std::max(now, known.last_at), actor_, line, found);
  if (found.errors() > errors) return;
  data.promised = std::move(reconciled.history);
  data.records = std::move(reconciled.records);
}

}  // namespace dnsd
