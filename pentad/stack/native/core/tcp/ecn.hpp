// Explicit congestion notification of a connection (RFC 3168, section 6.1): routers mark packets,
// the receiver echoes the marks, the sender slows down and says so.
#pragma once

#include "pentad/wire/ip_ecn.hpp"
#include "pentad/wire/tcp_flags.hpp"

namespace pentad::native {

/// Linux: net.ipv4.tcp_ecn.
enum class ecn_use : std::uint8_t { never, always, when_asked };

class ecn_state {
 public:
  void agree(bool both) noexcept { agreed_ = both; }
  bool is_agreed() const noexcept { return agreed_; }

  /// A segment has come whose packet was marked so (section 6.1.3).
  void arrived(wire::ip_ecn mark, wire::tcp_flags flags) noexcept {
    if (!agreed_) return;
    if (flags.has(wire::tcp_cwr)) echoes_ = false;
    if (mark == wire::ip_ecn::congestion_experienced) echoes_ = true;
  }

  /// The window was made smaller: the next new segment says so (section 6.1.2).
  void slowed_down() noexcept { tells_ = agreed_; }
  bool tells() const noexcept { return tells_; }

  /// What a segment carries; `fresh`: bytes that are sent for the first time, which alone may be
  /// marked by routers (sections 6.1.4 and 6.1.5).
  wire::tcp_flags flags(bool fresh) noexcept {
    wire::tcp_flags set;
    if (echoes_) set |= wire::tcp_ece;
    if (fresh && tells_) {
      set |= wire::tcp_cwr;
      tells_ = false;
    }
    return set;
  }
  wire::ip_ecn mark(bool fresh) const noexcept {
    return agreed_ && fresh ? wire::ip_ecn::capable_0 : wire::ip_ecn::not_capable;
  }

 private:
  bool agreed_ = false;
  bool echoes_ = false;
  bool tells_ = false;
};

/// A SYN that asks for it, and an answer that agrees (section 6.1.1).
inline bool asks_for_ecn(wire::tcp_flags syn) noexcept {
  return syn.has(wire::tcp_ece) && syn.has(wire::tcp_cwr);
}
inline bool agrees_to_ecn(wire::tcp_flags syn_ack) noexcept {
  return syn_ack.has(wire::tcp_ece) && !syn_ack.has(wire::tcp_cwr);
}

}  // namespace pentad::native
