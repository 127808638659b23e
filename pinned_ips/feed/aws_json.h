// aws.json: what is to be allowed, in the form of AWS's ip-ranges.json, so that what reads that one reads this one:
// Terraform's aws_ip_ranges with `url =`, Ansible's aws_service_ip_ranges, and many a script.
//
// A set is a service (its name in upper case, which Ansible asks for; Terraform ignores case), a facility a region.
#pragma once

#include <optional>
#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// None where nothing is to be allowed.
std::optional<std::string> aws_json(const FeedView& view);

}  // namespace dnsd
