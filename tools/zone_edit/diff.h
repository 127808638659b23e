// What an edit would change, in the form of `diff -u`.
#pragma once

#include <string>
#include <string_view>

namespace dnsd {

// Empty where both texts are the same. Right for any texts, shortest for those that differ here and there, as edits
// make them.
std::string unified_diff(const std::string& path, std::string_view before, std::string_view after);

}  // namespace dnsd
