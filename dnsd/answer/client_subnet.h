// EDNS Client Subnet (RFC 7871): for whom a resolver asks.
//
//   FAMILY (2) | SOURCE PREFIX-LENGTH (1) | SCOPE PREFIX-LENGTH (1) | ADDRESS …        (section 6)
#pragma once

#include "base/bytes.h"
#include "base/ip_address.h"
#include "dnsd/snapshot/server_settings.h"

namespace dnsd {

constexpr size_t client_subnet_scope_at = 3;

// Whom an answer is for.
struct ClientNetworkAddress {
  IpAddress address;  // bits beyond `bits` are 0
  unsigned bits = 0;
  bool by_option = false;  // named by the option; otherwise who sent the query
};

// Whether the data of an option has the form that it must have in a query.
bool is_client_subnet(Bytes data);

// Whether the option is taken from this resolver.
bool takes_client_subnet(const ClientSubnetSettings& settings, const IpAddress& resolver);

// `option` is empty where there is none to be used. A SOURCE of 0 bits asks for privacy: the resolver itself is then
// the client (7.1.2). Precondition: is_client_subnet(option), or empty.
ClientNetworkAddress client_network(Bytes option, const IpAddress& source);

}  // namespace dnsd
