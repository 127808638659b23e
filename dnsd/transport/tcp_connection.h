// One connection over TCP or TLS: octets in, messages cut out of them, answers in the order of the queries, octets out.
//
// It does its work in turns and never blocks; who holds it (tcp.h) waits for the socket and the clock.
// Thread safety: belongs to one thread.
#pragma once

#include <vector>

#include "base/ip_address.h"
#include "dnsd/answer/respond.h"
#include "dnsd/transport/frame_reader.h"
#include "dnsd/transport/stream.h"
#include "dnsd/transport/tcp_limits.h"
#include "dnsd/transport/worker_state.h"

namespace dnsd {

class TcpConnection {
 public:
  // Octets that the scratch memory of turn() must have: a length prefix and the longest answer.
  static constexpr size_t scratch_octets = FrameReader::most_octets;

  // `client` is the other end of the stream, unmapped.
  TcpConnection(Stream stream, const IpAddress& client) : stream_(std::move(stream)), client_(client) {}

  struct Turn {
    bool active = false;  // a query was answered, or the client took a fair part of what waits for it
    bool more = false;    // there is work at hand: another turn is due without waiting for the socket
    bool over = false;    // nothing more will come of this connection
  };
  // Sends what waits, receives once, answers up to limits.queries_per_turn queries. `idle_timeout` is how long the
  // connection may be idle after them, in the units of Client::idle_timeout.
  Turn turn(WorkerState& state, const TcpLimits& limits, uint16_t idle_timeout, MutableBytes scratch);

  // What to wait for at the socket. Where TLS must send before it can go on, what arrives waits: else the loop would
  // wake for it again and again.
  bool wants_to_read(const TcpLimits& limits) const {
    return may_receive(limits) && !stream_.receive_waits_to_write();
  }
  bool wants_to_write() const { return pending() > 0 || stream_.receive_waits_to_write(); }
  // No complete query and no answer is in hand.
  bool is_idle() const { return !frames_wait_ && pending() == 0; }
  // Nor a part of a query.
  bool is_at_rest() const { return is_idle() && reader_.empty(); }

  int fd() const { return stream_.fd(); }
  const IpAddress& client() const { return client_; }
  const Stream& stream() const { return stream_; }
  void close() { stream_.close(); }

 private:
  // A client that takes this much within the idle timeout is slow, one that takes less is stalled.
  static constexpr size_t fair_part = size_t{16} << 10;

  bool may_receive(const TcpLimits& limits) const {
    return !input_ended_ && !frames_wait_ && pending() < limits.pending_octets;
  }
  size_t pending() const { return output_.size() - sent_; }
  void receive(Counters& counters);
  unsigned answer(WorkerState& state, const TcpLimits& limits, const Client& client, MutableBytes scratch);
  bool answer_one(Bytes query, WorkerState& state, const Snapshot& snapshot, const Client& client, Instant now,
                  MutableBytes scratch);
  bool send();

  Stream stream_;
  IpAddress client_;
  FrameReader reader_;
  std::vector<uint8_t> output_;  // from sent_ on it waits
  size_t sent_ = 0;
  size_t taken_ = 0;          // by the client since it last counted as active
  bool frames_wait_ = false;  // the reader may hold complete messages
  bool more_waits_ = false;   // the stream may hold octets that its socket does not tell of
  bool input_ended_ = false;  // the client sent FIN, or what nobody can answer
  bool failed_ = false;       // the socket reported an error
};

}  // namespace dnsd
