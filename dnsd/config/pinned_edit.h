// Edits of pinned_ips/*.yaml that change only the octets concerned, as yaml_edit.h does it with zones/*.yaml: the result
// is read again and compared with what was there, and a Failure says where to edit by hand.
//
// Whether what is asked for may be is not judged here, but when the file is loaded.
// Thread safety: pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "dnsd/config/yaml_edit_layout.h"

namespace dnsd {

// The text with another entry, the last one. The first pair is its cidr.
Result<std::string> add_entry(std::string_view text, const std::vector<MemberPair>& pairs);

// The text with these keys of the entry at `index` (from 0, in the order of the file) so; the others stay.
Result<std::string> change_entry(std::string_view text, size_t index, const std::vector<MemberPair>& pairs);

// The text with these networks for the client, who is added where there is none of the name.
Result<std::string> add_client_sources(std::string_view text, const std::string& client,
                                       std::span<const IpPrefix> sources);
// The text without these networks of the client; without the client where none of them is left, or none is given.
Result<std::string> remove_client_sources(std::string_view text, const std::string& client,
                                          std::span<const IpPrefix> sources);

// A prefix or address as it is written: in quotes where it has colons.
std::string prefix_text(const IpPrefix& prefix);

}  // namespace dnsd
