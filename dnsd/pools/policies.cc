#include "dnsd/pools/policies.h"

namespace dnsd {
namespace {

template <typename Policy>
concept KnowsClients = requires(const AnswerList& list, const IpAddress& client, const ClientNetwork& network) {
  Policy::scope(list, client, network);
};

// Calls visit(Policy()) for the row with this number.
template <typename Visit>
void with_policy(PolicyId id, Visit visit) {
  [&]<size_t... I>(std::index_sequence<I...>) {
    (void)((id == I && (visit(std::tuple_element_t<I, Policies>()), true)) || ...);
  }(std::make_index_sequence<std::tuple_size_v<Policies>>());
}

}  // namespace

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

bool knows_clients(PolicyId id) {
  bool knows = false;
  with_policy(id, [&](auto policy) { knows = KnowsClients<decltype(policy)>; });
  return knows;
}

AnswerList answer_list(PolicyId id, std::span<const RingMember> members, unsigned cap) {
  AnswerList list;
  with_policy(id, [&](auto policy) { list = policy.rows(members, cap); });
  return list;
}

unsigned window_scope(PolicyId id, const WindowRequest& request) {
  unsigned scope = 0;
  with_policy(id, [&](auto policy) {
    if constexpr (KnowsClients<decltype(policy)>) scope = policy.scope(request.list, request.client, request.network);
  });
  return scope;
}

}  // namespace dnsd
