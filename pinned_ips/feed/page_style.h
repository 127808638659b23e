// The page's style sheet: light and dark, from 360 pixels of width on, nothing from elsewhere.
#pragma once

#include <string_view>

namespace dnsd {

std::string_view page_style();

}  // namespace dnsd
