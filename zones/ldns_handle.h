// Owners for what ldns allocates.
#pragma once

#include <ldns/ldns.h>

#include <cstdlib>
#include <memory>

namespace dnsd {

struct LdnsFree {
  void operator()(ldns_rr* rr) const { ldns_rr_free(rr); }
  void operator()(char* text) const { std::free(text); }
};
using LdnsRecord = std::unique_ptr<ldns_rr, LdnsFree>;
using LdnsText = std::unique_ptr<char, LdnsFree>;

}  // namespace dnsd
