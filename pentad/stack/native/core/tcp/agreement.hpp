// What the two ends of a connection agreed on in their SYNs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pentad/wire/tcp_options.hpp"

namespace pentad::native {

struct tcp_agreement {
  wire::tcp_sequence initial_send;
  wire::tcp_sequence initial_receive;
  std::uint32_t peer_segment_size = 536;  ///< RFC 9293, section 3.7.1: without the option
  std::uint32_t peer_window = 0;          ///< bytes
  std::uint8_t send_scale = 0;
  std::uint8_t receive_scale = 0;
  bool timestamps = false;
  bool sack = false;
  bool ecn = false;
  bool wants_cookie = false;  ///< the peer, for a fast open (RFC 7413)
  std::uint32_t recent_timestamp = 0;
};

/// The least shift with which a whole window can be offered (RFC 7323, section 2.2).
constexpr std::uint8_t scale_for(std::size_t window) noexcept {
  std::uint8_t scale = 0;
  while (scale < wire::tcp_options::largest_window_scale && (window >> scale) > 65535) ++scale;
  return scale;
}

}  // namespace pentad::native
