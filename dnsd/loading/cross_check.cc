#include "dnsd/loading/cross_check.h"

#include "dnsd/loading/cross_check_context.h"

namespace dnsd {
namespace {

using namespace cross_checks;

using Check = void (*)(Context&);
constexpr Check checks[] = {
    zones_are_distinct,
    sets_are_distinct,
    references_exist,
    pools_are_used,
    pools_have_members_in_service,
    weights_can_be_kept,
    sites_are_said_of_all,
    sites_are_spelled_alike,
    shaped_names_are_free,
    shaped_names_are_unsigned,
    hints_are_signed_as_written,
    pages_are_free,
    addresses_have_one_meaning,
    pinned_addresses_have_one_meaning,
    clients_are_of_one_set,
    clients_match_by_client_subnet,
    pinned_sets_fit,
    pinned_sets_answer,
    standbys_are_enough,
    what_is_out_is_known,
};

}  // namespace

void cross_check(const DataDirectory& data, Instant now, const OpenFile& open, Diagnostics& diagnostics) {
  Context context(data, now, open, diagnostics);
  for (const Check check : checks) check(context);
}

}  // namespace dnsd
