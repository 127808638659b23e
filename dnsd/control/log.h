// The log: to standard error, as text or as one JSON object a line. For the slow side only; no query is ever logged.
#pragma once

#include "dnsd/config/server_config.h"

namespace dnsd {

// Call once before the first message; the level can be changed at any time.
void set_up_log(LogFormat format, LogLevel level);
void set_log_level(LogLevel level);

}  // namespace dnsd
