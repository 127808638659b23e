// The file of secrets that sign what is sent to a webhook: whsec_ and base64, one a line, the newest first. All sign,
// so that a subscriber can change to a new one when it likes. Empty lines and what follows a # are passed over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace dnsd {

// Empty where anything was reported as an error; no message repeats a secret.
std::vector<std::string> parse_webhook_secrets(std::string_view text, const std::string& shown_path,
                                               Diagnostics& diagnostics);

// The same from a file, which nobody but its owner and its group may read. `place` is where the configuration names
// it.
std::vector<std::string> read_webhook_secrets(const std::string& path, const Place& place, Diagnostics& diagnostics);

}  // namespace dnsd
