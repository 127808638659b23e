// Queries that are prepared together: each step of prepared_query.h over all of them, then the next.
//
// Thread safety: belongs to one thread. No allocation after construction.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "dnsd/answer/prepared_query.h"
#include "dnsd/answer/respond.h"

namespace dnsd {

class QueryBatch {
 public:
  static constexpr unsigned width = 32;

  struct Item {
    PreparedQuery query;
    Client client;
    unsigned number = 0;  // the caller's
    Bytes packet;
  };

  void clear() { size_ = 0; }
  // At most `width` times after clear(). `packet` must outlive the batch.
  void add(unsigned number, Bytes packet, const Client& client) {
    Item& item = items_[size_++];
    item.client = client;
    item.number = number;
    item.packet = packet;
  }

  void prepare(const Snapshot& snapshot) {
    for (Item& item : items()) dnsd::prepare(snapshot, item.packet, item.query);
    for (const Item& item : items()) fetch_node(item.query);
    for (Item& item : items()) find_name(snapshot, item.client, item.query);
    if (snapshot.audiences.empty()) return;
    for (const Item& item : items()) fetch_client(item.client, item.query);
  }

  std::span<Item> items() { return {items_.data(), size_}; }

 private:
  std::array<Item, width> items_;
  size_t size_ = 0;
};

}  // namespace dnsd
