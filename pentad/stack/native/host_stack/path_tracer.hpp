// When packets of sockets with path tracing pass the hops of one host: the clock that its core does
// not have, and who is told.
#pragma once

#include <map>

#include "pentad/runtime/event_loop.hpp"
#include "pentad/stack/native/core/passage_observer.hpp"
#include "pentad/stack/traced_messages.hpp"

namespace pentad::native {

/// A socket that is told of its messages on their way out.
class traced_sender {
 public:
  /// What it has sent up to `position`, as it counts, has passed.
  virtual void passed(std::uint32_t position, passed_hop hop, wall_time when) = 0;

 protected:
  ~traced_sender() = default;
};

class path_tracer {
 public:
  explicit path_tracer(event_loop& loop) noexcept : loop_(loop) {}

  /// Of a simulated host virtual time, so that a run can be repeated; else CLOCK_REALTIME.
  wall_time now() const;

  /// A number for `sender`, until it is removed. Never 0.
  std::uint32_t add(traced_sender& sender);
  void remove(std::uint32_t number) noexcept { senders_.erase(number); }
  bool is_on() const noexcept { return !senders_.empty(); }

  /// What packets carry of a message.
  static constexpr std::uint64_t mark(std::uint32_t number, std::uint32_t position) noexcept {
    return std::uint64_t{number} << 32 | position;
  }

  void passed(std::uint64_t mark, passed_hop hop, wall_time when);

 private:
  event_loop& loop_;
  std::map<std::uint32_t, traced_sender*> senders_;
  std::uint32_t last_number_ = 0;
};

/// What is known of a message that was received.
hop_times times_of(const packet_passage& passage, wall_time read) noexcept;

}  // namespace pentad::native
