// Room for a batch of datagrams and for the answers to them, with the system calls that fill and send it.
//
// Queries have a slot each; answers stand close together, one after the other, in the order of the queries. The
// message headers are built once: before a batch only those that the last one used are set back.
// Thread safety: belongs to one thread. No allocation after construction.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "dnsd/answer/respond.h"
#include "dnsd/transport/counters.h"
#include "dnsd/transport/peer_address.h"

namespace dnsd {

class UdpBatch {
 public:
  static constexpr unsigned width = 32;
  static constexpr size_t query_room = 2048;  // a query of more octets is cut, and dropped

  UdpBatch();
  UdpBatch(const UdpBatch&) = delete;
  UdpBatch& operator=(const UdpBatch&) = delete;

  // Takes up to `width` datagrams that wait; how many. 0: none wait, or an error.
  unsigned receive(int fd);

  // Of the datagrams received, index < the number of the last receive().
  Bytes query(unsigned index) const { return {slot(index), received_[index].msg_len}; }
  bool is_cut(unsigned index) const { return received_[index].msg_hdr.msg_flags & MSG_TRUNC; }
  const PeerAddress& peer(unsigned index) const { return peers_[index]; }

  // Room for the next answer, at least max_udp_response octets.
  MutableBytes room() { return MutableBytes(answers_).subspan(answers_end_); }
  // The answer to query `index` has been put to the start of room(); it leaves from the address that was asked.
  // Once at most for each query.
  void reply(unsigned index, size_t octets);
  // Sends the answers, skipping those whose destination the kernel refuses. Of one larger than the way out allows only
  // what cut_answer() leaves is sent, so that the client asks again over TCP.
  void send(int fd, Counters& counters);

 private:
  // Slots are a cache line more than 2 KiB apart: at exactly 2 KiB they would all compete for the same few lines.
  static constexpr size_t stride = query_room + 64;
  // One IP_PKTINFO or IPV6_PKTINFO.
  union Control {
    cmsghdr header;
    std::array<uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> octets;
  };

  const uint8_t* slot(unsigned index) const { return &queries_[index * stride]; }
  bool cut(unsigned reply, Counters& counters);
  static void keep_source_only(cmsghdr& header, const PeerAddress& peer);

  std::vector<uint8_t> queries_;
  std::vector<uint8_t> answers_;
  size_t answers_end_ = 0;
  unsigned used_ = 0;     // headers the last receive() changed
  unsigned replies_ = 0;  // headers of sent_ in use
  std::array<mmsghdr, width> received_{};
  std::array<mmsghdr, width> sent_{};
  std::array<iovec, width> query_places_{};
  std::array<iovec, width> answer_places_{};
  std::array<PeerAddress, width> peers_;
  std::array<Control, width> controls_{};
};

}  // namespace dnsd
