// What a ledger was like when it was last written, kept beside it: `{"seq":N,"hash":"…"}`, the head of the chain.
//
// The chain shows that no record was changed, but not that the last ones are still there: a backup that was put back
// is a good chain. The witness shows that. It is written after the ledger, so it may lag behind by one append, never
// run ahead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace dnsd {

struct Witness {
  uint64_t seq = 0;  // 0: there were no records yet
  std::string hash;
  bool operator==(const Witness&) const = default;
};

// state/ledger.db -> state/ledger.head
std::string witness_path(const std::string& ledger_path);

// None where there is no such file.
Result<std::optional<Witness>> read_witness(const std::string& path);
Status write_witness(const std::string& path, const Witness& witness);

}  // namespace dnsd
