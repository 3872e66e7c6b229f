// The kinds of options in a TCP header, as IANA numbers them.
#pragma once

#include <cstdint>

namespace pentad::wire {

enum class tcp_option_kind : std::uint8_t {
  end_of_list = 0,
  no_operation = 1,
  maximum_segment_size = 2,
  window_scale = 3,
  sack_permitted = 4,
  sack = 5,
  timestamps = 8,
  md5 = 19,
  user_timeout = 28,
  fast_open = 34,
  experimental = 254,  ///< RFC 6994
};

}  // namespace pentad::wire
