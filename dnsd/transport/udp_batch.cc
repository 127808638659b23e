#include "dnsd/transport/udp_batch.h"

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
    sent_[i].msg_hdr.msg_iov = &answer_places_[i];
    sent_[i].msg_hdr.msg_iovlen = 1;
  }
}

unsigned UdpBatch::receive(int fd) {
  for (unsigned i = 0; i < used_; ++i) {
    msghdr& in = received_[i].msg_hdr;
    in.msg_namelen = PeerAddress::room;
    in.msg_controllen = sizeof(Control);
  }
  used_ = replies_ = 0;
  answers_end_ = 0;
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
  msghdr& out = sent_[replies_].msg_hdr;
  answer_places_[replies_] = {&answers_[answers_end_], octets};
  answers_end_ += aligned(octets);
  out.msg_name = in.msg_name;
  out.msg_namelen = in.msg_namelen;
  out.msg_control = nullptr;
  out.msg_controllen = in.msg_controllen;
  if (in.msg_controllen >= sizeof(cmsghdr)) {
    keep_source_only(controls_[index].header, peers_[index]);
    out.msg_control = in.msg_control;
  }
  ++replies_;
}

// Whether the reply is shorter now.
bool UdpBatch::cut(unsigned reply, Counters& counters) {
  iovec& place = answer_places_[reply];
  uint8_t* octets = static_cast<uint8_t*>(place.iov_base);
  const bool was_truncated = octets[2] & 2;
  const size_t length = cut_answer({octets, place.iov_len});
  if (length == 0 || length == place.iov_len) return false;
  place.iov_len = length;
  counters.add(Counter::udp_cut);
  if (!was_truncated) counters.add(Counter::truncated);
  return true;
}

void UdpBatch::send(int fd, Counters& counters) {
  bool retried = false;
  for (unsigned done = 0; done < replies_;) {
    const int sent = ::sendmmsg(fd, &sent_[done], replies_ - done, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      done += static_cast<unsigned>(sent);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
      if (retried) {
        counters.add(Counter::udp_send_errors, replies_ - done);
        return;
      }
      retried = true;
    } else if (errno != EINTR && (errno != EMSGSIZE || !cut(done, counters))) {
      counters.add(Counter::udp_send_errors);
      ++done;
    }
  }
}

}  // namespace dnsd
