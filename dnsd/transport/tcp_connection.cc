#include "dnsd/transport/tcp_connection.h"

#include "dnsd/snapshot/snapshot.h"

namespace dnsd {

TcpConnection::Turn TcpConnection::turn(WorkerState& state, const TcpLimits& limits, uint16_t idle_timeout,
                                        MutableBytes scratch) {
  const Client client{client_, stream_.is_tls() ? Transport::tls : Transport::tcp, idle_timeout};
  Turn turn;
  turn.active = send();
  if (!failed_ && may_receive(limits)) receive(state.counters);
  if (!failed_ && frames_wait_ && answer(state, limits, client, scratch) > 0) turn.active = true;
  if (!failed_ && send()) turn.active = true;
  turn.over = failed_ || (input_ended_ && is_idle());
  turn.more = !turn.over && pending() < limits.pending_octets && (frames_wait_ || (more_waits_ && !input_ended_));
  return turn;
}

// Receives what fits into the reader's room. Where that became full there may be more, which TLS may already have
// taken from the socket.
void TcpConnection::receive(Counters& counters) {
  const bool was_secured = stream_.is_secured();
  const Stream::Moved received = stream_.receive(reader_.room());
  if (stream_.is_secured() && !was_secured) {
    counters.add(Counter::tls_handshakes);
    if (stream_.is_resumed()) counters.add(Counter::tls_resumptions);
  }
  reader_.filled(received.octets);
  frames_wait_ = received.octets > 0;
  more_waits_ = received.then == Stream::Then::full;
  input_ended_ = received.then == Stream::Then::ended;  // a half-close: what was asked is still answered
  failed_ = received.then == Stream::Then::failed;
}

// How many queries were answered.
unsigned TcpConnection::answer(WorkerState& state, const TcpLimits& limits, const Client& client,
                               MutableBytes scratch) {
  const Publisher::Guard snapshot = state.reader.read();
  if (!snapshot) {
    failed_ = true;
    return 0;
  }
  state.rotation.fit(snapshot->rotation_slots);
  const Instant now = clock_now(state);
  unsigned answered = 0;
  while (answered < limits.queries_per_turn && pending() < limits.pending_octets) {
    Bytes query;
    const FrameReader::Next next = reader_.next(query);
    if (next == FrameReader::Next::frame && answer_one(query, state, *snapshot, client, now, scratch)) {
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
bool TcpConnection::answer_one(Bytes query, WorkerState& state, const Snapshot& snapshot, const Client& client,
                               Instant now, MutableBytes scratch) {
  const bool tls = client.transport == Transport::tls;
  state.counters.add(tls ? Counter::tls_queries : Counter::tcp_queries);
  const size_t octets = respond(snapshot, state.rotation, query, client, now, scratch.subspan(2));
  if (octets == 0) return false;
  store16(scratch.data(), static_cast<uint16_t>(octets));
  state.counters.count_response(tls ? Counter::tls_responses : Counter::tcp_responses, scratch.data() + 2);
  output_.insert(output_.end(), scratch.begin(), scratch.begin() + static_cast<ptrdiff_t>(2 + octets));
  return true;
}

// Whether the client took a fair part of what waited.
bool TcpConnection::send() {
  if (pending() == 0) return false;
  const Stream::Moved sent = stream_.send(Bytes(output_).subspan(sent_));
  failed_ = sent.then == Stream::Then::failed;
  sent_ += sent.octets;
  taken_ += sent.octets;
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
