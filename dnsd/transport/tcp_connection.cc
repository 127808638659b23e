#include "dnsd/transport/tcp_connection.h"

#include <sys/socket.h>

#include <cerrno>

#include "dnsd/answer/respond.h"
#include "dnsd/snapshot/snapshot.h"

namespace dnsd {

namespace {

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

TcpConnection::Turn TcpConnection::turn(WorkerState& state, const TcpLimits& limits, MutableBytes scratch) {
  Turn turn;
  turn.active = send();
  const bool filled = !failed_ && wants_to_read(limits) && receive();
  if (!failed_ && frames_wait_ && answer(state, limits, scratch) > 0) turn.active = true;
  if (!failed_ && send()) turn.active = true;
  turn.over = failed_ || (input_ended_ && is_idle());
  turn.more = !turn.over && pending() < limits.pending_octets && (frames_wait_ || (filled && !input_ended_));
  return turn;
}

// Receives what fits into the reader's room; whether that was full, so that there may be more.
bool TcpConnection::receive() {
  const MutableBytes room = reader_.room();
  const ssize_t received = ::recv(socket_.get(), room.data(), room.size(), MSG_DONTWAIT);
  if (received < 0) {
    failed_ = !would_block(errno);
    return false;
  }
  if (received == 0) {
    input_ended_ = true;  // a half-close (RFC 9293 3.6): what was asked is still answered
    return false;
  }
  reader_.filled(static_cast<size_t>(received));
  frames_wait_ = true;
  return static_cast<size_t>(received) == room.size();
}

// How many queries were answered.
unsigned TcpConnection::answer(WorkerState& state, const TcpLimits& limits, MutableBytes scratch) {
  const Publisher::Guard snapshot = state.reader.read();
  if (!snapshot) {
    failed_ = true;
    return 0;
  }
  state.rotation.fit(snapshot->rotation_slots);
  const Instant now = clock_now();
  unsigned answered = 0;
  while (answered < limits.queries_per_turn && pending() < limits.pending_octets) {
    Bytes query;
    const FrameReader::Next next = reader_.next(query);
    if (next == FrameReader::Next::frame && answer_one(query, state, *snapshot, now, scratch)) {
      ++answered;
      continue;
    }
    frames_wait_ = false;
    if (next != FrameReader::Next::incomplete) input_ended_ = true;  // no DNS: what follows cannot be trusted
    break;
  }
  return answered;
}

// False where the client must not be answered.
bool TcpConnection::answer_one(Bytes query, WorkerState& state, const Snapshot& snapshot, Instant now,
                               MutableBytes scratch) {
  state.counters.add(Counter::tcp_queries);
  const Client client{client_, Transport::tcp};
  const size_t octets = respond(snapshot, state.rotation, query, client, now, scratch.subspan(2));
  if (octets == 0) return false;
  store16(scratch.data(), static_cast<uint16_t>(octets));
  state.counters.count_response(Counter::tcp_responses, scratch.data() + 2);
  output_.insert(output_.end(), scratch.begin(), scratch.begin() + static_cast<ptrdiff_t>(2 + octets));
  return true;
}

// Whether the client took a fair part of what waited.
bool TcpConnection::send() {
  if (pending() == 0) return false;
  const ssize_t sent = ::send(socket_.get(), &output_[sent_], pending(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0) {
    failed_ = !would_block(errno);
    return false;
  }
  sent_ += static_cast<size_t>(sent);
  taken_ += static_cast<size_t>(sent);
  if (pending() > 0 && taken_ < fair_part) return false;
  taken_ = 0;
  if (pending() > 0) {
    output_.erase(output_.begin(), output_.begin() + static_cast<ptrdiff_t>(sent_));
  } else if (output_.capacity() > fair_part) {
    output_ = {};
  } else {
    output_.clear();
  }
  sent_ = 0;
  return true;
}

}  // namespace dnsd
