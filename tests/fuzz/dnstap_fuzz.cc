// Query logs, dnstap and text: whatever a file holds, what is taken from it must be a query, and every octet of the
// file must be accounted for by a bounded number of queries and defects.
#include <cstdlib>

#include "tools/zone_edit/dnstap.h"
#include "zones/name.h"

namespace {

using namespace dnsd;

void require(bool condition) {
  if (!condition) std::abort();
}

uint64_t sum;  // of all octets handed out, so that the sanitizer sees them read

void take(const LoggedQuery& query) {
  require(wire_name_length(query.name) == query.name.size());
  require(query.at.seconds >= 0 && query.at <= Instant::far_future());
  require(query.source == query.source.unmapped());
  for (const uint8_t octet : query.name) sum += octet;
  for (const uint8_t octet : query.client_subnet) sum += octet;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  uint64_t taken = 0;
  const auto counting = [&](const LoggedQuery& query) {
    take(query);
    ++taken;
  };
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  const QueryLogSummary summary = read_query_log(content, "log", counting);
  require(summary.queries == taken);
  require(summary.queries + summary.defects + summary.other_messages <= size + 1);
  require(summary.first_defects.size() <= most_defects_named);
  // The same octets as a single frame: most changes to a file spoil its framing.
  if (const auto message = read_dnstap_message({data, size})) require(message->query_message.size() <= size);
  return 0;
}
