#include "dnsd/snapshot/publisher.h"

#include <algorithm>

#include "dnsd/snapshot/snapshot.h"

namespace dnsd {

Publisher::Publisher() = default;

Publisher::~Publisher() { delete current_.load(); }

void Publisher::publish(std::unique_ptr<const Snapshot> next) {
  const Snapshot* old = current_.exchange(next.release());
  const std::lock_guard lock(mutex_);
  if (old) old_.emplace_back(old);
}

size_t Publisher::reclaim() {
  const std::lock_guard lock(mutex_);
  std::erase_if(old_, [this](const std::unique_ptr<const Snapshot>& old) {
    return std::ranges::none_of(readers_, [&](const Reader* r) { return r->slot_.load() == old.get(); });
  });
  return old_.size();
}

Publisher::Reader::Reader(Publisher& publisher) : publisher_(publisher) {
  const std::lock_guard lock(publisher_.mutex_);
  publisher_.readers_.push_back(this);
}

Publisher::Reader::~Reader() {
  const std::lock_guard lock(publisher_.mutex_);
  std::erase(publisher_.readers_, this);
}

}  // namespace dnsd
