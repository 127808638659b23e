#include "dnsd/transport/udp.h"

#include <linux/sock_diag.h>
#include <netinet/udp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <string>

#include "dnsd/snapshot/snapshot.h"

namespace dnsd {

namespace {

// Kernels before 4.18 do not know the option, and would send the answers of a run as one datagram.
bool can_segment(int fd) {
  int octets = 0;
  socklen_t size = sizeof octets;
  return ::getsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &octets, &size) == 0;
}

}  // namespace

Status UdpListener::start(uv_loop_t& loop) {
  int failed = uv_poll_init(&loop, &poll_, socket_.get());
  if (failed) return Failure{std::string("cannot wait for UDP datagrams: ") + uv_strerror(failed)};
  open_ = true;
  segmenting_ = segmenting_ && can_segment(socket_.get());
  if (segmenting_) state_.counters.add(Counter::udp_segmenting);
  poll_.data = this;
  failed = uv_poll_start(&poll_, UV_READABLE, on_poll);
  if (failed) return Failure{std::string("cannot wait for UDP datagrams: ") + uv_strerror(failed)};
  return Done{};
}

void UdpListener::close() {
  if (!open_) return;
  open_ = false;
  drain();
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), nullptr);
}

// Asked of the socket when somebody wants to know; SO_RXQ_OVFL would tell with each datagram, and cost there.
uint64_t UdpListener::overflow() const {
  std::array<uint32_t, SK_MEMINFO_VARS> figures{};
  socklen_t size = sizeof figures;
  if (::getsockopt(socket_.get(), SOL_SOCKET, SO_MEMINFO, figures.data(), &size) != 0) return 0;
  return figures[SK_MEMINFO_DROPS];
}

void UdpListener::on_poll(uv_poll_t* poll, int status, int) {
  UdpListener& self = *static_cast<UdpListener*>(poll->data);
  if (status < 0) self.listen_again();
  self.drain();
}

// libuv stops polling a descriptor that reports an error; reading the error clears it.
void UdpListener::listen_again() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  uv_poll_start(&poll_, UV_READABLE, on_poll);
}

void UdpListener::drain() {
  for (int batch = 0; batch < most_batches; ++batch) {
    const unsigned received = batch_.receive(socket_.get(), segmenting_);
    if (received == 0) return;
    answer(received);
    if (!batch_.send(socket_.get(), state_.counters)) give_up_segmenting();
    if (received < few) return;
  }
}

// For good: what the device or its IPsec cannot do now it cannot do later, and each attempt costs a system call.
void UdpListener::give_up_segmenting() {
  segmenting_ = false;
  state_.counters.subtract(Counter::udp_segmenting);
  state_.counters.add(Counter::udp_segmenting_refused);
}

void UdpListener::answer(unsigned received) {
  state_.counters.add(Counter::udp_queries, received);
  const Publisher::Guard snapshot = state_.reader.read();
  if (!snapshot) {
    state_.counters.add(Counter::udp_dropped, received);
    return;
  }
  state_.rotation.fit(snapshot->rotation_slots);
  const Instant now = clock_now(state_);
  QueryBatch& queries = state_.queries;
  queries.clear();
  for (unsigned i = 0; i < received; ++i)
    if (is_answerable(i)) queries.add(i, batch_.query(i), {batch_.peer(i).address(), Transport::udp});
  queries.prepare(*snapshot);
  for (QueryBatch::Item& item : queries.items()) answer_one(*snapshot, now, item);
}

bool UdpListener::is_answerable(unsigned index) {
  if (!batch_.is_cut(index) && batch_.peer(index).port() != 0) return true;
  // Larger than any query, or from where nobody can be answered.
  state_.counters.add(batch_.is_cut(index) ? Counter::udp_receive_truncated : Counter::udp_dropped);
  return false;
}

void UdpListener::answer_one(const Snapshot& snapshot, Instant now, QueryBatch::Item& item) {
  Counters& counters = state_.counters;
  const MutableBytes room = batch_.room();
  const size_t octets = respond_prepared(snapshot, state_.rotation, item.query, item.client, now, room);
  if (octets == 0) return counters.add(Counter::udp_dropped);
  counters.count_response(Counter::udp_responses, room.data());
  batch_.reply(item.number, octets);
}

}  // namespace dnsd
