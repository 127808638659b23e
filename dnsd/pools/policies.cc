#include "dnsd/pools/policies.h"

namespace dnsd {

std::vector<std::string_view> policy_names() {
  return std::apply([](auto... policy) { return std::vector<std::string_view>{decltype(policy)::name...}; },
                    Policies());
}

std::optional<PolicyId> find_policy(std::string_view name) {
  const std::vector<std::string_view> names = policy_names();
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<PolicyId>(i);
  return std::nullopt;
}

}  // namespace dnsd
