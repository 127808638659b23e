// What the pages of a pool (pages.h) answer, ready to copy.
//
// Each member has its page by its place in the file, whether it is in service or not: one that comes or goes changes its
// own page and no other.
//
// Thread safety: immutable, any number of readers.
#pragma once

#include <vector>

#include "dnsd/pools/pool_definition.h"
#include "dnsd/snapshot/answer_sets.h"

namespace dnsd {

struct PoolPages {
  std::vector<PoolPage> pages;  // page-1 is the first
  // The TXT record at pages.OWNER: "count=5" "generation=9f3c21aa". The generation is a digest of what the pages list:
  // the same on every server, another whenever a page is.
  std::vector<uint8_t> index;
};

// Precondition: the rule has pages of this pool.
PoolPages compile_pages(const NameRule& rule, const PoolDefinition& pool);

}  // namespace dnsd
