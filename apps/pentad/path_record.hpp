// What `pentad path` finds out: the time of each hop of each message, and their percentiles.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "apps/pentad/path_message.hpp"
#include "pentad/socket/stream_socket.hpp"

namespace pentad::command {

/// The hops in the order in which a message and its answer pass them. On the way in Linux has one
/// stamp, at the nic: then `..._nic_to_stack` is empty and the rest of the way in is one hop.
enum class hop : std::uint8_t {
  near_socket_to_stack,
  near_stack_to_nic,
  wire,  ///< there and back: what remains of the round trip
  far_nic_to_stack,
  far_nic_to_program,
  far_program,
  far_socket_to_stack,
  far_stack_to_nic,
  near_nic_to_stack,
  near_nic_to_program,
  round_trip,  ///< from the program to the program
};
inline constexpr std::size_t hop_count = 11;

/// `near socket to stack` and so on.
std::string_view name_of(hop which) noexcept;

class path_record {
 public:
  /// One message, by this host's clock: its way out and its answer's way in, and what the far side
  /// says by its own. Clocks are never mixed: durations are.
  void add(const hop_times& out, const hop_times& in, const far_times& far);

  /// How many messages there are.
  std::size_t count() const noexcept { return count_; }

  /// The `percent`-th percentile (nearest rank) of a hop's times; empty if it is not known.
  hop_duration percentile(hop which, double percent) const;

  /// Of the message that was added last.
  hop_duration last(hop which) const noexcept { return last_[static_cast<std::size_t>(which)]; }

 private:
  std::size_t count_ = 0;
  std::array<hop_duration, hop_count> last_{};
  std::array<std::vector<std::chrono::nanoseconds>, hop_count> all_;
};

}  // namespace pentad::command
