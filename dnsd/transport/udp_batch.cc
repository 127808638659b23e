#include "dnsd/transport/udp_batch.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "dnsd/transport/cut_answer.h"

namespace dnsd {

namespace {

// Answers begin on cache lines.
constexpr size_t aligned(size_t octets) { return (octets + 63) & ~size_t{63}; }

}  // namespace

UdpBatch::UdpBatch() : queries_(width * stride), answers_(width * aligned(max_udp_response)) {
  for (unsigned i = 0; i < width; ++i) {
    query_places_[i] = {&queries_[i * stride], query_room};
    msghdr& in = received_[i].msg_hdr;
    in.msg_name = peers_[i].any();
    in.msg_namelen = PeerAddress::room;
    in.msg_iov = &query_places_[i];
    in.msg_iovlen = 1;
    in.msg_control = &controls_[i];
    in.msg_controllen = sizeof(Control);
  }
}

unsigned UdpBatch::receive(int fd, bool segmenting) {
  for (unsigned i = 0; i < used_; ++i) {
    msghdr& in = received_[i].msg_hdr;
    in.msg_namelen = PeerAddress::room;
    in.msg_controllen = sizeof(Control);
  }
  used_ = messages_ = 0;
  answers_end_ = 0;
  segmenting_ = segmenting;
  peers_seen_.clear();
  const int received = ::recvmmsg(fd, received_.data(), width, MSG_DONTWAIT, nullptr);
  if (received > 0) used_ = static_cast<unsigned>(received);
  return used_;
}

// The control message told where the query arrived; it now tells where the answer leaves from. The interface stays
// open, since the way back may be another one, but for link-local peers, who exist on one link only (RFC 4007 6).
void UdpBatch::keep_source_only(cmsghdr& header, const PeerAddress& peer) {
  uint8_t* data = CMSG_DATA(&header);
  if (header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_PKTINFO) {
    const int any_interface = 0;
    std::memcpy(data + offsetof(in_pktinfo, ipi_ifindex), &any_interface, sizeof any_interface);
  } else if (header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_PKTINFO && !peer.is_link_local()) {
    const unsigned any_interface = 0;
    std::memcpy(data + offsetof(in6_pktinfo, ipi6_ifindex), &any_interface, sizeof any_interface);
  }
}

void UdpBatch::reply(unsigned index, size_t octets) {
  const msghdr& in = received_[index].msg_hdr;
  msghdr& out = sent_[messages_].msg_hdr;
  iovec& place = answer_places_[messages_];
  place = {&answers_[answers_end_], octets};
  answers_end_ += aligned(octets);
  out.msg_name = in.msg_name;
  out.msg_namelen = in.msg_namelen;
  out.msg_iov = &place;
  out.msg_iovlen = 1;
  out.msg_control = nullptr;
  out.msg_controllen = in.msg_controllen;
  if (in.msg_controllen >= sizeof(cmsghdr)) {
    keep_source_only(controls_[index].header, peers_[index]);
    out.msg_control = in.msg_control;
  }
  asked_[messages_] = static_cast<uint8_t>(index);
  if (segmenting_ && peers_seen_.add(peers_[index].hash(), static_cast<uint8_t>(messages_))) note_peer(messages_);
  ++messages_;
}

// Another peer may have the same place by its hash.
[[gnu::noinline]] void UdpBatch::note_peer(unsigned reply) {
  if (peers_[asked_[reply]] == peers_[asked_[peers_seen_.before()]]) peers_seen_.found();
}

// Adds the length at which the kernel cuts.
void UdpBatch::segment(msghdr& out, RunControl& control, uint16_t octets) {
  if (out.msg_controllen > 0) std::memcpy(&control, out.msg_control, out.msg_controllen);
  cmsghdr header{};
  header.cmsg_level = IPPROTO_UDP;
  header.cmsg_type = UDP_SEGMENT;
  header.cmsg_len = CMSG_LEN(sizeof octets);
  uint8_t* at = &control.octets[out.msg_controllen];
  std::memcpy(at, &header, sizeof header);
  std::memcpy(at + CMSG_LEN(0), &octets, sizeof octets);
  out.msg_control = &control;
  out.msg_controllen += CMSG_SPACE(sizeof octets);
}

// Whether two replies go to one peer, from the same address.
bool UdpBatch::goes_together(unsigned one, unsigned other) const {
  const msghdr& a = sent_[one].msg_hdr;
  const msghdr& b = sent_[other].msg_hdr;
  return peers_[asked_[one]] == peers_[asked_[other]] && a.msg_controllen == b.msg_controllen &&
         (a.msg_controllen == 0 || std::memcmp(a.msg_control, b.msg_control, a.msg_controllen) == 0);
}

// From a message for each reply to one for each run. The answers of a run need not stand side by side, the kernel
// gathers them: copying them together was not quicker.
void UdpBatch::join_replies() {
  runs_.clear();
  for (unsigned reply = 0; reply < messages_; ++reply) {
    runs_.join_or_add(peers_[asked_[reply]].hash(), answer_places_[reply].iov_len,
                      [&](unsigned run) { return goes_together(reply, runs_[run].first); });
  }
  if (runs_.size() == messages_) return;
  iovec* place = run_places_.data();
  for (unsigned i = 0; i < runs_.size(); ++i) {
    const ReplyRuns::Run& run = runs_[i];
    mmsghdr& message = sent_[i];
    message = sent_[run.first];  // which comes later, or is the same
    if (run.segments == 1) continue;
    message.msg_hdr.msg_iov = place;
    message.msg_hdr.msg_iovlen = run.segments;
    *place++ = answer_places_[run.first];
    for (uint8_t reply = run.first; reply != run.last;) {
      reply = runs_.next(reply);
      *place++ = answer_places_[reply];
    }
    segment(message.msg_hdr, run_controls_[i], static_cast<uint16_t>(run.segment));
    joined_ += run.segments;
  }
  messages_ = runs_.size();
}

// Whether the answer is shorter now.
bool UdpBatch::cut(iovec& place, Counters& counters) {
  uint8_t* octets = static_cast<uint8_t*>(place.iov_base);
  const bool was_truncated = octets[2] & 2;
  const size_t length = cut_answer({octets, place.iov_len});
  if (length == 0 || length == place.iov_len) return false;
  place.iov_len = length;
  counters.add(Counter::udp_cut);
  if (!was_truncated) counters.add(Counter::truncated);
  return true;
}

bool UdpBatch::send(int fd, Counters& counters) {
  const bool segmented = segmenting_;
  joined_ = 0;
  if (segmenting_ && peers_seen_.repeated()) join_replies();
  transmit(fd, std::span(sent_).first(messages_), counters);
  if (joined_ > 0) counters.add(Counter::udp_joined, joined_);
  return segmenting_ == segmented;
}

void UdpBatch::transmit(int fd, std::span<mmsghdr> messages, Counters& counters) {
  bool retried = false;
  while (!messages.empty()) {
    const auto number = static_cast<unsigned>(messages.size());
    const int sent = ::sendmmsg(fd, messages.data(), number, MSG_NOSIGNAL | MSG_DONTWAIT);
    msghdr& first = messages[0].msg_hdr;
    if (sent > 0) {
      messages = messages.subspan(static_cast<size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
      if (retried) {
        for (const mmsghdr& left : messages) counters.add(Counter::udp_send_errors, left.msg_hdr.msg_iovlen);
        return;
      }
      retried = true;
    } else if (errno == EINTR) {
      continue;
    } else if (first.msg_iovlen > 1) {
      if (errno == EIO) segmenting_ = false;
      transmit_one_by_one(fd, first, counters);
      messages = messages.subspan(1);
    } else if (errno != EMSGSIZE || !cut(*first.msg_iov, counters)) {
      counters.add(Counter::udp_send_errors);
      messages = messages.subspan(1);
    }
  }
}

void UdpBatch::transmit_one_by_one(int fd, const msghdr& run, Counters& counters) {
  for (size_t i = 0; i < run.msg_iovlen; ++i) {
    msghdr& out = single_[i].msg_hdr;
    out = run;
    out.msg_iov = &run.msg_iov[i];
    out.msg_iovlen = 1;
    out.msg_controllen -= CMSG_SPACE(sizeof(uint16_t));
    if (out.msg_controllen == 0) out.msg_control = nullptr;
  }
  joined_ -= static_cast<unsigned>(run.msg_iovlen);
  transmit(fd, std::span(single_).first(run.msg_iovlen), counters);
}

}  // namespace dnsd
