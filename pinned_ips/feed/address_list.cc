#include "pinned_ips/feed/address_list.h"

#include "pinned_ips/feed/prefix_sets.h"

namespace dnsd {
namespace {

std::vector<IpPrefix> space(const FeedView& view, ListKind kind) {
  switch (kind) {
    case ListKind::allow: return allowed_space(view.sets, view.now);
    case ListKind::current: return answerable_space(view.sets, view.now);
    case ListKind::next: return next_answerable_space(view.sets, view.now);
    case ListKind::removable: return removable_space(view.sets, view.now);
  }
  return {};
}

}  // namespace

std::optional<std::string> address_list(const FeedView& view, ListKind kind, std::optional<Family> family) {
  std::string text;
  for (const IpPrefix& prefix : space(view, kind))
    if (!family || prefix.family() == *family) text += to_text(prefix) + "\n";
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace dnsd
