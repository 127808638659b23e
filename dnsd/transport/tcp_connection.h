// One TCP connection: octets in, messages cut out of them, answers in the order of the queries, octets out.
//
// It does its work in turns and never blocks; who holds it (tcp.h) waits for the socket and the clock.
// Thread safety: belongs to one thread.
#pragma once

#include <vector>

#include "base/ip_address.h"
#include "base/file_descriptor.h"
#include "dnsd/transport/frame_reader.h"
#include "dnsd/transport/tcp_limits.h"
#include "dnsd/transport/worker_state.h"

namespace dnsd {

class TcpConnection {
 public:
  // Octets that the scratch memory of turn() must have: a length prefix and the longest answer.
  static constexpr size_t scratch_octets = FrameReader::most_octets;

  // `socket` is connected and non-blocking; `client` is its other end, unmapped.
  TcpConnection(FileDescriptor socket, const IpAddress& client) : socket_(std::move(socket)), client_(client) {}

  struct Turn {
    bool active = false;  // a query was answered, or the client took a fair part of what waits for it
    bool more = false;    // there is work at hand: another turn is due without waiting for the socket
    bool over = false;    // nothing more will come of this connection
  };
  // Sends what waits, receives once, answers up to limits.queries_per_turn queries.
  Turn turn(WorkerState& state, const TcpLimits& limits, MutableBytes scratch);

  bool wants_to_read(const TcpLimits& limits) const {
    return !input_ended_ && !frames_wait_ && pending() < limits.pending_octets;
  }
  bool wants_to_write() const { return pending() > 0; }
  // No complete query and no answer is in hand.
  bool is_idle() const { return !frames_wait_ && pending() == 0; }
  // Nor a part of a query.
  bool is_at_rest() const { return is_idle() && reader_.empty(); }

  int fd() const { return socket_.get(); }
  const IpAddress& client() const { return client_; }
  void close() { socket_.reset(); }

 private:
  // A client that takes this much within the idle timeout is slow, one that takes less is stalled.
  static constexpr size_t fair_part = size_t{16} << 10;

  size_t pending() const { return output_.size() - sent_; }
  bool receive();
  unsigned answer(WorkerState& state, const TcpLimits& limits, MutableBytes scratch);
  bool answer_one(Bytes query, WorkerState& state, const Snapshot& snapshot, Instant now, MutableBytes scratch);
  bool send();

  FileDescriptor socket_;
  IpAddress client_;
  FrameReader reader_;
  std::vector<uint8_t> output_;  // from sent_ on it waits
  size_t sent_ = 0;
  size_t taken_ = 0;          // by the client since it last counted as active
  bool frames_wait_ = false;  // the reader may hold complete messages
  bool input_ended_ = false;  // the client sent FIN, or what nobody can answer
  bool failed_ = false;       // the socket reported an error
};

}  // namespace dnsd
