// What a rotation policy is: a name, how the list of answers of a ring is made, and which of them a query gets.
//
//   struct Policy {
//     static constexpr std::string_view name;
//     static AnswerList rows(std::span<const RingMember>, unsigned cap);             // when a snapshot is compiled
//     static Window start(const WindowRequest&, RotationState::Cursor&, Random&);    // for each query
//   };
#pragma once

#include <cstdint>

#include "dnsd/pools/answer_list.h"
#include "dnsd/pools/client_network.h"
#include "dnsd/pools/rotation.h"

namespace dnsd {

struct WindowRequest {
  const AnswerList& list;  // at least one row
  const IpAddress& client;
  const ClientNetwork& network;  // how much of the client counts
};

}  // namespace dnsd
